"""What the segmentation network learns from: photos and masks that change alike."""

import numpy as np

from fmnist_core.release.segmentation.grabcut import STORED, MaskedPhotos
from fmnist_core.release.segmentation.training import build, sample


def photos() -> MaskedPhotos:
    images = np.full((2, STORED, STORED, 3), 220, np.uint8)
    masks = np.zeros((2, STORED, STORED), np.uint8)
    images[:, 60:130, 70:120], masks[:, 60:130, 70:120] = (160, 20, 20), 255
    return MaskedPhotos.laid_out(images, masks, np.ones(2), np.array([0, 10]))


def test_the_ground_is_the_photo_without_its_item() -> None:
    grounds = photos().grounds
    assert grounds.shape == (2, STORED, STORED, 3)
    assert np.abs(grounds.astype(int) - 220).max() < 6


def test_photo_and_mask_are_moved_alike() -> None:
    found = photos()
    for seed in range(12):
        shown, mask = sample(found, 0, np.random.default_rng(seed))
        assert shown.shape == (128, 128, 3)
        assert mask.shape == (64, 64, 1)
        assert 0 <= shown.min() <= shown.max() <= 1
        inside, outside = mask[..., 0] > 0.95, mask[..., 0] < 0.05
        assert inside.any()
        half = shown[::2, ::2].mean(2)
        if outside.sum() > 100:
            assert abs(half[inside].mean() - half[outside].mean()) > 0.01


def test_the_network_gives_a_mask_and_eleven_classes() -> None:
    found = build((4, 4, 6))(np.zeros((1, 128, 128, 3), np.float32))
    assert found["mask"].shape == (1, 64, 64, 1)
    assert found["classes"].shape == (1, 11)
