import numpy as np
import pytest

from fmnist_core.evaluation.adversarial import fgsm, pgd, random_signs

RNG = np.random.default_rng(3)
IMAGES = RNG.integers(0, 256, (4, 28, 28), np.uint8)
LABELS = np.array([0, 1, 0, 1])
# A linear network of two classes: the logit of class 1 less that of class 0 is w · x.
W = RNG.choice((-2.0, 3.0), (28, 28)).astype(np.float32)


def margin(images: np.ndarray) -> np.ndarray:
    """Return how much surer the linear network is of class 1 than of class 0."""
    return (images.astype(np.float64) / 255 * W).sum(axis=(1, 2))


def linear(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Return the gradient of its cross-entropy, (p - label) w, worked out by hand."""
    # Scaled down, because a probability of exactly 0 or 1 would leave no direction.
    logits = (images * W).sum(axis=(1, 2)) / 1000
    return (1 / (1 + np.exp(-logits)) - labels)[:, None, None] * W


def worst(epsilon: int) -> np.ndarray:
    """Return the worst change of a linear network: every pixel to the end of its reach."""
    sign = np.where(LABELS == 0, 1, -1)[:, None, None] * np.sign(W)
    return np.clip(IMAGES + epsilon * sign, 0, 255).astype(np.uint8)


def test_fgsm_finds_the_worst_change_of_a_linear_network() -> None:
    attacked = fgsm(linear, IMAGES, LABELS, 8)
    assert attacked.dtype == np.uint8
    assert (attacked == worst(8)).all()


def test_pgd_ends_at_the_same_worst_change() -> None:
    assert (pgd(linear, IMAGES, LABELS, 8, steps=10) == worst(8)).all()


@pytest.mark.parametrize("attack", [fgsm, pgd])
def test_no_pixel_leaves_the_reach_of_its_image(attack: object) -> None:
    epsilon = np.array([0, 1, 5, 300])
    moved = np.abs(attack(linear, IMAGES, LABELS, epsilon).astype(int) - IMAGES)  # type: ignore[operator]
    assert (moved[0] == 0).all()
    assert (moved.max(axis=(1, 2)) <= epsilon).all()


def test_a_targeted_attack_goes_towards_its_class() -> None:
    towards = fgsm(linear, IMAGES, np.ones(4, int), 8, targeted=True)
    assert (margin(towards) > margin(IMAGES)).all()
    assert (fgsm(linear, IMAGES, np.zeros(4, int), 8) == towards).all()


def test_a_random_change_of_the_same_size_hurts_far_less() -> None:
    harm = np.abs(margin(fgsm(linear, IMAGES, LABELS, 8)) - margin(IMAGES))
    chance = np.abs(margin(random_signs(IMAGES, 8, seed=0)) - margin(IMAGES))
    assert (np.abs(random_signs(IMAGES, 8, seed=0).astype(int) - IMAGES) <= 8).all()
    assert (chance < harm / 5).all()


def test_pgd_climbs_where_one_step_overshoots() -> None:
    # A loss with its top at 100.4 grey levels: a step of 50 from 90 lands beyond it.
    def hill(images: np.ndarray, _labels: np.ndarray) -> np.ndarray:
        return 100.4 / 255 - images

    flat = np.full((1, 28, 28), 90, np.uint8)
    assert (fgsm(hill, flat, LABELS[:1], 50) == 140).all()
    reached = pgd(hill, flat, LABELS[:1], 50, steps=100).astype(int)
    assert np.abs(reached - 100.4).max() < 2


@pytest.mark.parametrize("targeted", [False, True])
def test_pgd_starts_anywhere_within_reach_and_goes_two_and_a_half_times_as_far(
    targeted: bool,
) -> None:
    seen: list[np.ndarray] = []

    def gradient(images: np.ndarray, _labels: np.ndarray) -> np.ndarray:
        seen.append(images * 255 - 128)
        return np.full_like(images, (-1.0) ** len(seen))  # back and forth

    images = np.full((2, 28, 28), 128, np.uint8)
    pgd(gradient, images, np.zeros(2, int), 40, steps=10, targeted=targeted)
    start = seen[0]
    assert -40 <= start.min() < -39
    assert 39 < start.max() <= 40
    assert abs(start.mean()) < 2
    moved = (seen[1] - start)[np.abs(start) < 30]
    assert moved == pytest.approx(10 if targeted else -10, abs=1e-3)
