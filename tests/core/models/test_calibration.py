import numpy as np
import pytest

from fmnist_core.models import calibration


def answers(seed: int = 0, count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    """Return logits (count, 10) and labels drawn from their probabilities: well calibrated."""
    generator = np.random.default_rng(seed)
    logits = 2 * generator.standard_normal((count, 10))
    honest = calibration.softmax(logits)
    return logits, np.array([generator.choice(10, p=row) for row in honest])


def distance(scaled: np.ndarray, logits: np.ndarray) -> float:
    return float(np.abs(scaled - calibration.softmax(logits)).mean())


def test_honest_answers_are_left_as_they_are() -> None:
    honest, labels = answers()
    assert distance(calibration.fit(honest, labels).probabilities(honest), honest) < 0.01


def test_timid_answers_regain_their_confidence() -> None:
    honest, labels = answers()
    timid = honest / 2
    assert distance(calibration.softmax(timid), honest) > 0.04
    assert distance(calibration.fit(timid, labels).probabilities(timid), honest) < 0.01


def test_one_class_that_is_always_too_likely_is_held_back() -> None:
    honest, labels = answers()
    biased = honest + np.log(5) * np.eye(10)[0]
    scaling = calibration.fit(biased, labels)
    assert distance(scaling.probabilities(biased), honest) < 0.01
    assert scaling.shift[0] - scaling.shift[1:].mean() < -1


def test_a_class_whose_logits_are_too_large_is_scaled_down() -> None:
    honest, labels = answers()
    loud = honest * (1 + np.eye(10)[0])
    scaling = calibration.fit(loud, labels)
    assert scaling.scale[0] / scaling.scale[1:].mean() == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("certain", [False, True])
def test_no_other_scale_or_shift_loses_less(certain: bool) -> None:
    logits, labels = answers(count=200)
    if certain:  # of all, and once it is a mistake
        labels = np.arange(200) % 10
        logits = 2000.0 * np.eye(10)[np.r_[3, labels[1:]]]
    start = np.r_[np.ones(10), np.zeros(10)]

    def loss(values: np.ndarray) -> float:
        scores = logits * values[:10] + values[10:]
        sums = scores.max(1) + np.log(np.exp(scores - scores.max(1, keepdims=True)).sum(1))
        lost = (sums - scores[np.arange(200), labels]).mean()
        return float(lost + calibration.RIDGE * ((values - start) ** 2).sum())

    found = np.concatenate(calibration._vector_scaling(logits, labels))
    assert np.isfinite(found).all()
    for change in 1e-3 * np.r_[np.eye(20), -np.eye(20)]:
        assert loss(found) < loss(found + change)


def test_mean_confidence_becomes_the_accuracy() -> None:
    logits, labels = answers()
    bold = 2 * logits
    scaled = calibration.fit(bold, labels).probabilities(bold)
    accuracy = (scaled.argmax(1) == labels).mean()
    assert scaled.max(1).mean() == pytest.approx(accuracy, abs=1e-6)


def test_the_matching_temperature_undoes_a_factor() -> None:
    logits, _ = answers()
    confidence = calibration.softmax(logits).max(1).mean()
    temperature = calibration.matching_temperature(logits / 2, confidence)
    assert temperature == pytest.approx(0.5, abs=1e-3)


def test_one_temperature_changes_no_answer_and_makes_confidence_accuracy() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 10, 500)
    logits = 0.3 * rng.normal(size=(500, 10))
    right = rng.random(500) < 0.8
    logits[np.arange(500), np.where(right, labels, (labels + 1) % 10)] += 2
    scaling = calibration.fit_temperature(logits, labels)
    found = scaling.probabilities(logits)
    assert (found.argmax(1) == logits.argmax(1)).all()
    assert found.max(1).mean() == pytest.approx((found.argmax(1) == labels).mean(), abs=1e-3)


@pytest.mark.parametrize(("factor", "found"), [(100, 4), (0.01, 0.25)])
def test_temperatures_stay_between_a_quarter_and_four(factor: float, found: float) -> None:
    logits, labels = answers()
    accuracy = (logits.argmax(1) == labels).mean()
    temperature = calibration.matching_temperature(logits * factor, accuracy)
    assert temperature == pytest.approx(found, rel=1e-6)


def test_softmax_does_not_overflow_and_sums_to_one() -> None:
    found = calibration.softmax(np.array([[1000.0, 1000.0, -1000.0], [0.0, np.log(3), -np.inf]]))
    assert found == pytest.approx(np.array([[0.5, 0.5, 0], [0.25, 0.75, 0]]))


def test_few_images_change_little() -> None:
    logits = np.eye(10)[:2] * 3.0
    scaling = calibration._vector_scaling(logits, np.array([0, 1]))
    # At the least of loss and ridge together every slope is zero: (p - y) · x / n = -2 r (s - 1).
    wrong = (scaling.probabilities(logits) - np.eye(10)[:2]) / 2
    assert (wrong * logits).sum(0) == pytest.approx(-2e-3 * (scaling.scale - 1), abs=1e-8)
    assert wrong.sum(0) == pytest.approx(-2e-3 * scaling.shift, abs=1e-8)
