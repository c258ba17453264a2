import numpy as np
import pytest

from fmnist_core.augmentation.augment import augment
from fmnist_core.augmentation.synthetic import opened_in_front, render
from fmnist_core.data import fashion_mnist
from fmnist_core.recipes.recipe import Augmentation


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def vary(images: np.ndarray, chosen: Augmentation, generator: np.random.Generator) -> np.ndarray:
    return augment(images, np.arange(len(images)) % 10, chosen, generator)


@pytest.fixture
def images() -> np.ndarray:
    return rng(7).integers(0, 256, (64, 28, 28), np.uint8)


def test_everything_off_returns_an_equal_copy(images: np.ndarray) -> None:
    varied = vary(images, Augmentation(), rng())
    assert np.array_equal(varied, images)
    assert not np.shares_memory(varied, images)


def test_flip_mirrors_about_half_and_leaves_the_rest(images: np.ndarray) -> None:
    varied = vary(images, Augmentation(flip=True), rng())
    mirrored = (varied == images[:, :, ::-1]).all((1, 2))
    same = (varied == images).all((1, 2))
    assert (mirrored ^ same).all()
    assert 20 <= mirrored.sum() <= 44


def test_shift_moves_a_dot_by_every_offset_up_to_the_limit_and_no_further() -> None:
    dots = np.zeros((500, 28, 28), np.uint8)
    dots[:, 10, 15] = 200
    varied = vary(dots, Augmentation(shift=2), rng())
    assert (varied.sum((1, 2)) == 200).all()
    _, rows, columns = np.nonzero(varied)
    assert set(zip(rows, columns, strict=True)) == {
        (y, x) for y in range(8, 13) for x in range(13, 18)
    }


def test_shift_brings_background_in() -> None:
    white = np.full((50, 28, 28), 255, np.uint8)
    varied = vary(white, Augmentation(shift=8), rng())
    assert {int(value) for value in np.unique(varied)} == {0, 255}


def test_erase_changes_one_rectangle_in_the_given_share() -> None:
    black = np.zeros((400, 28, 28), np.uint8)
    varied = vary(black, Augmentation(erase=0.25), rng())
    touched = varied.any((1, 2))
    assert 70 <= touched.sum() <= 130
    for image in varied[touched]:
        height = np.ptp(np.flatnonzero(image.any(1))) + 1
        width = np.ptp(np.flatnonzero(image.any(0))) + 1
        assert 5 <= height <= 16
        assert 5 <= width <= 16


def test_rotation_turns_about_the_middle_within_the_limit() -> None:
    bar = np.zeros((100, 28, 28), np.uint8)
    bar[:, 13:15, 4:24] = 255
    varied = vary(bar, Augmentation(rotate=10), rng())
    assert (varied[:, 13, 13] > 200).all()
    rows = varied[:, :, 22].argmax(1)
    # 8.5 pixels out, 10 degrees are 1.5 pixels.
    assert 11 <= rows.min() < 13 < rows.max() <= 15


def test_zoom_changes_the_size_both_ways() -> None:
    square = np.zeros((100, 28, 28), np.uint8)
    square[:, 7:21, 7:21] = 255
    widths = (vary(square, Augmentation(zoom=0.25), rng())[:, 14] > 127).sum(1)
    assert 10 <= widths.min() < 13
    assert 15 < widths.max() <= 18


def test_the_generator_alone_decides(images: np.ndarray) -> None:
    everything = Augmentation(flip=True, shift=2, rotate=5, zoom=0.1, erase=0.5, field=0.5)
    first = vary(images, everything, rng(3))
    assert np.array_equal(first, vary(images, everything, rng(3)))
    assert not np.array_equal(first, vary(images, everything, rng(4)))


def test_field_keeps_the_given_share_of_originals() -> None:
    images = fashion_mnist.load("train").images[:200]
    varied = vary(images, Augmentation(field=0.5), rng())
    kept = (varied == images).all((1, 2)).sum()
    assert 75 <= kept <= 125


def test_field_renderings_fill_the_frame_and_keep_the_background_mostly_empty() -> None:
    images = fashion_mnist.load("train").images[:200]
    generator = rng()
    rendered = np.stack([render(image, at % 10, generator) for at, image in enumerate(images)])
    assert rendered.dtype == np.uint8
    longest = [
        max(np.ptp(np.flatnonzero(image.any(axis))) + 1 for axis in (0, 1)) for image in rendered
    ]
    assert np.median(longest) == 28
    assert min(longest) >= 14
    assert (rendered == 0).mean() > 0.35


@pytest.mark.parametrize("value", [0, 255])
def test_field_survives_an_empty_or_full_image(value: int) -> None:
    image = np.full((28, 28), value, np.uint8)
    generator = rng()
    for at in range(30):
        assert render(image, at % 10, generator).shape == (28, 28)


def test_a_plain_coat_gets_its_opening_and_nothing_else() -> None:
    coat = np.zeros((28, 28), np.uint8)
    coat[:, 4:24] = 120
    generator = rng()
    for _ in range(40):
        opened = opened_in_front(coat, generator)
        rows, columns = np.nonzero(opened != coat)
        assert len(rows) >= 5
        assert np.ptp(rows) >= 12
        assert {13, 14, 15, 16} >= set(columns.tolist())
        assert (opened[:, :4] == 0).all()


def test_an_empty_image_has_no_opening() -> None:
    empty = np.zeros((28, 28), np.uint8)
    assert opened_in_front(empty, rng()) is empty
