import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from fmnist_core.data import statistics
from fmnist_core.data.fashion_mnist import load

# Two trousers and one bag, two pixels of which are not background.
IMAGES = np.zeros((3, 28, 28), np.uint8)
IMAGES[0, 0, 0], IMAGES[0, 0, 1] = 100, 200
IMAGES[1, 0, 0] = 50
LABELS = np.array([1, 1, 8], np.uint8)


def test_ink_is_the_share_of_pixels_that_are_not_background() -> None:
    assert statistics.ink(IMAGES) == pytest.approx([2 / 784, 1 / 784, 0])


def test_brightness_leaves_the_background_out_and_is_zero_for_an_empty_image() -> None:
    assert statistics.brightness(IMAGES).tolist() == [150, 50, 0]


def test_class_images_are_the_mean_and_population_deviation_of_each_pixel() -> None:
    found = statistics.class_images(IMAGES, LABELS)
    assert found.counts.tolist() == [0, 2, 0, 0, 0, 0, 0, 0, 1, 0]
    assert found.mean[1, 0, :3].tolist() == [75, 100, 0]
    assert found.deviation[1, 0, :3].tolist() == [25, 100, 0]
    assert found.mean[8].max() == 0
    assert np.isnan(found.mean[0]).all(), "a class without images has no average"


def test_blocks_add_up_to_the_same_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    data = load("test")
    images, labels = data.images[:700], data.labels[:700]
    monkeypatch.setattr(statistics, "BLOCK", 64)
    found = statistics.class_images(images, labels)
    sneakers = images[labels == 7].astype(np.float64)
    np.testing.assert_allclose(found.mean[7], sneakers.mean(axis=0), atol=1e-4)
    np.testing.assert_allclose(found.deviation[7], sneakers.std(axis=0), atol=1e-4)
    odd = statistics.oddness(images, labels, found.mean)
    expected = np.sqrt(((sneakers - found.mean[7]) ** 2).mean(axis=(1, 2)))
    np.testing.assert_allclose(odd[labels == 7], expected, rtol=1e-5)
    histogram = statistics.pixel_histogram(images, labels)
    assert histogram.sum(axis=0).tolist() == np.bincount(images.ravel(), minlength=256).tolist()
    assert histogram[7, 0] == (sneakers == 0).sum()


def test_both_splits_are_balanced() -> None:
    assert statistics.class_counts(load("train").labels).tolist() == [6000] * 10
    assert statistics.class_counts(load("test").labels).tolist() == [1000] * 10


def test_extent_is_the_share_of_the_bounding_box() -> None:
    images = np.zeros((3, 28, 28), np.uint8)
    images[0, 4:11, 2:16] = 1
    images[1, 27, 0] = images[1, 0, 27] = 5
    assert statistics.extent(images).tolist() == pytest.approx([7 * 14 / 784, 1, 0])


@given(images=arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=6)), data=st.data())
def test_figures_of_any_images_are_those_of_numpy(images: np.ndarray, data: st.DataObject) -> None:
    labels = data.draw(arrays(np.uint8, len(images), elements=st.integers(0, 9)))
    found = statistics.class_images(images, labels)
    histogram = statistics.pixel_histogram(images, labels)
    odd = statistics.oddness(images, labels, found.mean)
    for label in np.unique(labels):
        mine = images[labels == label].astype(np.float64)
        assert found.counts[label] == len(mine)
        np.testing.assert_allclose(found.mean[label], mine.mean(0), rtol=1e-6)
        np.testing.assert_allclose(found.deviation[label], mine.std(0), rtol=1e-6, atol=1e-5)
        np.testing.assert_array_equal(histogram[label], np.histogram(mine, np.arange(257))[0])
        apart = np.sqrt(np.square(mine - mine.mean(0)).mean((1, 2)))
        np.testing.assert_allclose(odd[labels == label], apart, rtol=1e-4, atol=1e-4)
    assert histogram.sum() == images.size
    for image, ink, extent, brightness in zip(
        images,
        statistics.ink(images),
        statistics.extent(images),
        statistics.brightness(images),
        strict=True,
    ):
        assert ink == pytest.approx((image > 0).mean())
        rows, columns = np.nonzero(image)
        box = (np.ptp(rows) + 1) * (np.ptp(columns) + 1) if len(rows) else 0
        assert extent == pytest.approx(box / image.size)
        assert brightness == pytest.approx(image[image > 0].mean() if len(rows) else 0)
