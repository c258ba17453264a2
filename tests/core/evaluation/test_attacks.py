"""Gradients of real Keras networks, and attacks along them."""

import numpy as np
import pytest

from fmnist_core.evaluation import attacks
from fmnist_core.evaluation.adversarial import METHODS
from fmnist_core.evaluation.attacks import EPSILONS, Attack, attack_item, attacked, loss_gradient
from fmnist_core.models.keras_models import Weights

IMAGE = np.random.default_rng(0).integers(60, 190, (28, 28), np.uint8)


@pytest.fixture(scope="module")
def linear(tmp_path_factory: pytest.TempPathFactory) -> tuple[Weights, np.ndarray]:
    """Return a linear network as it is stored, and its weights (784, 10)."""
    import keras

    inputs = keras.Input((28, 28, 1))
    outputs = keras.layers.Dense(10, activation="softmax")(keras.layers.Flatten()(inputs))
    model = keras.Model(inputs, outputs)
    weights = np.random.default_rng(1).normal(0, 0.05, (784, 10)).astype(np.float32)
    model.set_weights([weights, np.zeros(10, np.float32)])
    folder = tmp_path_factory.mktemp("linear")
    model.save(folder / "model.keras")
    return Weights(str(folder), 0), weights


def test_the_gradient_is_that_of_the_cross_entropy(linear: tuple[Weights, np.ndarray]) -> None:
    stored, weights = linear
    image = IMAGE.astype(np.float32)[None] / 255
    found = loss_gradient(stored)(image, np.array([4]))
    logits = image.reshape(1, -1) @ weights
    shares = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    shares[0, 4] -= 1
    assert found == pytest.approx((shares @ weights.T).reshape(1, 28, 28), abs=1e-6)


def test_both_attacks_end_at_the_strongest_change_of_a_linear_network(
    linear: tuple[Weights, np.ndarray],
) -> None:
    stored, weights = linear
    logits = IMAGE.reshape(-1) / 255 @ weights
    label = int(logits.argmax())
    found = attack_item(stored, IMAGE, label, False, 0)
    assert found.fgsm.shape == found.pgd.shape == (len(EPSILONS), 28, 28)
    assert (found.fgsm[0] == IMAGE).all()
    assert (found.pgd[0] == IMAGE).all()
    moved = np.abs(found.pgd.astype(int) - IMAGE).max(axis=(1, 2))
    assert (moved <= EPSILONS).all()
    for images in (found.fgsm, found.pgd):
        after = images[EPSILONS.index(16)].reshape(-1) / 255 @ weights
        assert after.argmax() != label


def test_a_target_is_reached(linear: tuple[Weights, np.ndarray]) -> None:
    stored, weights = linear
    logits = IMAGE.reshape(-1) / 255 @ weights
    target = int(logits.argmin())
    found = attack_item(stored, IMAGE, target, True, 0)
    assert (found.pgd[-1].reshape(-1) / 255 @ weights).argmax() == target


def test_a_sample_is_attacked_at_each_severity(linear: tuple[Weights, np.ndarray]) -> None:
    stored, _ = linear
    images = np.repeat(IMAGE[None], 3, axis=0)
    found = attacked(stored, images, np.array([0, 1, 2]), "fgsm", 0)
    change = np.abs(found.astype(int) - IMAGE).max(axis=(1, 2, 3))
    assert change.tolist() == [0, 1, 2, 4, 8, 16]


def test_each_method_has_its_own_images() -> None:
    found = Attack(np.zeros((16, 28, 28)), np.ones((16, 28, 28)))
    assert not found.images("fgsm").any()
    assert found.images("pgd").all()


def test_many_images_are_attacked_part_by_part_and_it_is_said_how_far(
    linear: tuple[Weights, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    stored, _ = linear
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28), np.uint8)
    labels = np.arange(5)
    whole = {method: attacked(stored, images, labels, method, 3) for method in METHODS}
    said: list[float] = []
    monkeypatch.setattr(attacks, "AT_ONCE", 2)
    monkeypatch.setattr(attacks, "step", lambda done, *_, **__: said.append(done))
    parts = attacked(stored, images, labels, "fgsm", 3)
    assert np.array_equal(parts, whole["fgsm"])
    assert said == pytest.approx([at / 15 for at in range(15)])
    assert not np.array_equal(whole["fgsm"], whole["pgd"])
