import base64
import io

import numpy as np
import pytest
from PIL import Image

from pages.components.contact_sheet import contact_sheet
from pages.components.encoding import MARGIN, sprite


def unpack(text: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(text))))


def test_the_sprite_holds_every_image_row_by_row_with_a_black_margin() -> None:
    images = np.random.default_rng(0).integers(1, 256, (5, 28, 28), np.uint8)
    sheet = unpack(sprite(images))
    side = 28 + 2 * MARGIN
    assert sheet.shape == (2 * side, 3 * side), "five images: three across, two down"
    tiles = sheet.reshape(2, side, 3, side).swapaxes(1, 2).reshape(6, side, side)
    np.testing.assert_array_equal(tiles[:5, MARGIN:-MARGIN, MARGIN:-MARGIN], images)
    assert tiles[5].max() == 0
    assert tiles[:, :MARGIN].max() == tiles[:, :, -MARGIN:].max() == 0


def test_a_sheet_may_be_in_colour() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 28, 28, 3), np.uint8)
    sheet = unpack(sprite(images))
    np.testing.assert_array_equal(sheet[MARGIN : MARGIN + 28, MARGIN : MARGIN + 28], images[0])


def test_no_images_make_an_empty_sheet() -> None:
    assert unpack(sprite(np.zeros((0, 28, 28), np.uint8))).max() == 0


@pytest.mark.parametrize(
    "given",
    [{"captions": ["a"]}, {"ids": [1]}, {"colors": ["red"]}, {"marks": ["✓"]}],
)
def test_lengths_that_differ_are_refused_by_name(given: dict[str, list[str]]) -> None:
    arguments = {"captions": ["a", "b"], **given}
    with pytest.raises(ValueError, match=f"2 images need as many {next(iter(given))}, not 1"):
        contact_sheet(np.zeros((2, 28, 28), np.uint8), key="sheet", **arguments)  # type: ignore[arg-type]
