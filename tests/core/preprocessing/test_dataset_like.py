"""A picture that shows an image of the data set, however enlarged or coloured, gives it back."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from fmnist_core.data.fashion_mnist import load
from fmnist_core.preprocessing import colour_maps, dataset_like
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.prepare import prepare

BOOT = load("test").images[0]
MIXED = Image.Resampling


def enlarged(edge: int, how: Image.Resampling, image: np.ndarray = BOOT) -> np.ndarray:
    return np.asarray(Image.fromarray(image).resize((edge, edge), how).convert("RGB"))


def coloured(name: str, edge: int = 280) -> np.ndarray:
    table = np.rint(colour_maps.tables()[name]).astype(np.uint8)
    return cv2.resize(table[BOOT], (edge, edge), interpolation=cv2.INTER_NEAREST)


def as_jpeg(rgb: np.ndarray, quality: int) -> np.ndarray:
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", quality=quality)
    return np.asarray(open_picture(stream.getvalue()))


def differs(picture: np.ndarray) -> float:
    """The mean difference of what is prepared from the data set's own image, in levels."""
    item = prepare(picture)
    assert item.kind == "dataset"
    return float(np.abs(item.array.astype(int) - BOOT).mean())


@pytest.mark.parametrize("edge", [28, 56, 100, 280, 512])
def test_an_image_enlarged_in_blocks_comes_back_exactly(edge: int) -> None:
    assert differs(enlarged(edge, MIXED.NEAREST)) == 0


@pytest.mark.parametrize("how", [MIXED.BILINEAR, MIXED.BICUBIC, MIXED.LANCZOS])
def test_a_smoothly_enlarged_image_comes_back(how: Image.Resampling) -> None:
    assert differs(enlarged(100, how)) < 1.5


def test_a_negative_is_negated_and_jpeg_forgiven() -> None:
    assert differs(enlarged(280, MIXED.NEAREST, 255 - BOOT)) == 0
    assert differs(as_jpeg(enlarged(280, MIXED.BILINEAR), 60)) < 1


@pytest.mark.parametrize("name", ["viridis", "magma", "jet", "hot", "coolwarm", "bone"])
def test_a_colour_map_is_undone(name: str) -> None:
    picture = coloured(name)
    found = dataset_like.find(picture)
    assert found is not None
    assert found.map_name == name
    assert differs(picture) < 1
    assert "Colours undone" in [stage.name for stage in prepare(picture).stages]


def test_padding_and_a_page_around_are_stripped() -> None:
    assert differs(np.repeat(np.pad(BOOT, 2)[..., None], 3, axis=2)) == 0
    page = np.full((400, 500, 3), 255, np.uint8)
    page[60:340, 150:430] = enlarged(280, MIXED.NEAREST)
    assert differs(page) == 0


@pytest.mark.parametrize("turned", [False, True])
def test_an_image_on_a_page_of_its_own_ground_is_found_around_its_item(turned: bool) -> None:
    image = np.zeros((28, 28), np.uint8)
    image[:, 9:19] = np.random.default_rng(0).integers(80, 256, (28, 10))
    page = np.zeros((400, 500, 3), np.uint8)
    page[60:340, 150:430] = enlarged(280, MIXED.NEAREST, image.T if turned else image)
    item = prepare(page)
    assert item.kind == "dataset"
    assert np.array_equal(item.array, image.T if turned else image)


def test_a_plots_frame_ticks_title_and_colour_bar_are_stripped() -> None:
    page = np.full((480, 640, 3), 255, np.uint8)
    page[60:424, 80:444] = coloured("viridis", 364)
    cv2.rectangle(page, (79, 59), (444, 424), (0, 0, 0), 1)
    for at in range(80, 444, 65):
        cv2.line(page, (at, 425), (at, 429), (0, 0, 0), 1)
        cv2.putText(page, "5", (at, 445), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (0, 0, 0))
    cv2.putText(page, "Ankle boot", (200, 45), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (0, 0, 0))
    bar = np.rint(colour_maps.tables()["viridis"][::-1]).astype(np.uint8)
    page[60:424, 480:498] = cv2.resize(bar[:, None], (18, 364))
    assert differs(page) < 1
    assert prepare(page).stages[1].name == "Stripped"


@pytest.mark.parametrize("thickness", [2, 6, 20, -1])
def test_a_drawing_is_none(thickness: int) -> None:
    sheet = np.full((280, 280, 3), 255, np.uint8)
    points = np.array([[60, 60], [220, 60], [250, 120], [200, 130], [200, 240], [80, 240]])
    if thickness < 0:
        cv2.fillPoly(sheet, [points], (0, 0, 0))
    else:
        cv2.polylines(sheet, [points], True, (0, 0, 0), thickness, cv2.LINE_AA)
    assert dataset_like.find(sheet) is None


@pytest.mark.parametrize(("fourth", "even"), [(10, True), (34, True), (35, False)])
def test_the_ground_is_what_the_corners_have_and_even_if_all_four_do(
    fourth: int, even: bool
) -> None:
    rgb = np.full((112, 168, 3), 200, np.uint8)
    for rows in (slice(0, 2), slice(110, 112)):
        for columns in (slice(0, 2), slice(166, 168)):
            rgb[rows, columns] = 10
    rgb[110:, 166:] = fourth
    ground, found = dataset_like._ground(rgb)
    assert (ground.tolist(), found) == ([10, 10, 10], even)


def test_noise_and_an_even_sheet_are_none() -> None:
    rng = np.random.default_rng(0)
    assert dataset_like.find(rng.integers(0, 256, (280, 280, 3), np.uint8)) is None
    assert dataset_like.find(np.full((280, 280, 3), 90, np.uint8)) is None


@pytest.mark.parametrize(
    ("name", "level", "colour"),
    [
        ("jet", 0, (0, 0, 127.5)),
        ("jet", 255, (127.5, 0, 0)),
        ("jet", 51, (0, 255 * 0.3, 255)),
        ("jet", 204, (255, 255 * 0.11 / 0.27, 0)),
        ("hot", 0, (255 * 0.0416, 0, 0)),
        ("hot", 255, (255, 255, 255)),
        ("hot", 153, (255, 255 * (0.6 - 0.365079) / (0.746032 - 0.365079), 0)),
        ("coolwarm", 0, (0x3B, 0x4C, 0xC0)),
        ("Blues", 255, (0x08, 0x30, 0x6B)),
        ("grey", 7, (7, 7, 7)),
    ],
)
def test_a_level_has_matplotlibs_colour(name: str, level: int, colour: tuple[float, ...]) -> None:
    assert colour_maps.tables()[name][level] == pytest.approx(colour, abs=0.01)
