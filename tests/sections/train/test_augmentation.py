"""The preview of augmentation: real images above what the network would see of them."""

import numpy as np

from fmnist_core.recipes.recipe import Augmentation
from pages.sections.train.augmentation import DRAWS, ENLARGE, preview

LABELS = np.arange(20, dtype=np.uint8) % 10
IMAGES = np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8)


def inner(sheet: np.ndarray, row: int, column: int) -> np.ndarray:
    """Return one 28×28 image of the sheet."""
    cell = 30 * ENLARGE
    part = sheet[row * cell : (row + 1) * cell, column * cell : (column + 1) * cell]
    return part[::ENLARGE, ::ENLARGE][1:-1, 1:-1]


def test_without_augmentation_the_sheet_is_one_row_of_originals() -> None:
    sheet = preview(IMAGES, LABELS, Augmentation(), draw=0)
    assert sheet.shape == (30 * ENLARGE, 300 * ENLARGE)
    for label in range(10):
        assert np.array_equal(inner(sheet, 0, label), IMAGES[label])


def test_varied_rows_follow_below_the_originals() -> None:
    sheet = preview(IMAGES, LABELS, Augmentation(flip=True), draw=0)
    assert sheet.shape[0] == (1 + DRAWS) * 30 * ENLARGE
    for row in range(1, 1 + DRAWS):
        for label in range(10):
            shown = inner(sheet, row, label)
            same, mirrored = IMAGES[label], IMAGES[label][:, ::-1]
            assert np.array_equal(shown, same) or np.array_equal(shown, mirrored)


def test_another_draw_differs_and_the_same_draw_does_not() -> None:
    chosen = Augmentation(shift=4)
    first, again, other = (preview(IMAGES, LABELS, chosen, draw) for draw in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
