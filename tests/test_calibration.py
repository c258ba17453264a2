import numpy as np
import pytest

from fmnist_core import calibration


def answers(seed: int = 0, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return (count, 10) probabilities and labels drawn from them: perfectly calibrated."""
    generator = np.random.default_rng(seed)
    logits = 2 * generator.standard_normal((count, 10))
    honest = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return honest, np.array([generator.choice(10, p=row) for row in honest])


def powered(probabilities: np.ndarray, power: float | np.ndarray) -> np.ndarray:
    raised = probabilities**power
    return raised / raised.sum(1, keepdims=True)


def test_honest_answers_are_left_as_they_are() -> None:
    honest, labels = answers()
    scaled = calibration.fit(honest, labels).probabilities(honest)
    assert np.abs(scaled - honest).mean() < 0.01


def test_timid_answers_regain_their_confidence() -> None:
    honest, labels = answers()
    timid = powered(honest, 0.5)
    scaled = calibration.fit(timid, labels).probabilities(timid)
    assert np.abs(timid - honest).mean() > 0.04
    assert np.abs(scaled - honest).mean() < 0.01


def test_one_class_that_is_always_too_likely_is_held_back() -> None:
    honest, labels = answers()
    biased = honest * np.r_[5, np.ones(9)]
    biased /= biased.sum(1, keepdims=True)
    scaling = calibration.fit(biased, labels)
    assert np.abs(scaling.probabilities(biased) - honest).mean() < 0.01
    assert scaling.shift[0] - scaling.shift[1:].mean() < -1


def test_mean_confidence_becomes_the_accuracy() -> None:
    honest, labels = answers()
    bold = powered(honest, 2.0)
    scaled = calibration.fit(bold, labels).probabilities(bold)
    accuracy = (scaled.argmax(1) == labels).mean()
    assert scaled.max(1).mean() == pytest.approx(accuracy, abs=1e-6)


def test_the_matching_temperature_undoes_a_power() -> None:
    honest, _ = answers()
    temperature = calibration.matching_temperature(powered(honest, 0.5), honest.max(1).mean())
    assert temperature == pytest.approx(0.5, abs=1e-3)
