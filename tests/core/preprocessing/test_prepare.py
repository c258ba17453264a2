"""Pictures become what the data set would have shown, whatever was brought."""

import io
from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from fmnist_core.preprocessing import readings
from fmnist_core.preprocessing.item import Item, Overrides
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.prepare import _box, _grey, _surroundings, prepare

Colour = int | tuple[int, int, int]

SHIRT = np.array(
    [[70, 40], [130, 40], [185, 90], [165, 115], [140, 95], [140, 190], [60, 190], [60, 95],
     [35, 115], [15, 90]]
)  # fmt: skip
SHOE = np.array([[20, 110], [90, 100], [130, 50], [180, 50], [180, 150], [20, 150]])


def outline(
    points: np.ndarray, ink: Colour = 0, ground: Colour = 255, width: int = 3
) -> np.ndarray:
    picture = np.full((200, 200, 3), ground, np.uint8)
    colour = tuple(np.broadcast_to(ink, 3).tolist())
    return cv2.polylines(picture, [points], True, colour, width, cv2.LINE_AA)


def photo(points: np.ndarray, item: int = 60, ground: int = 200, seed: int = 0) -> np.ndarray:
    picture = np.full((200, 200, 3), ground, np.uint8)
    cv2.fillPoly(picture, [points], (item, item, item))
    noise = np.random.default_rng(seed).normal(0, 7, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def filled_share(item: Item) -> float:
    """How much of the 28×28 is not background."""
    return float((item.array > 40).mean())


@pytest.mark.parametrize(
    ("ink", "ground", "width"),
    [
        (0, 255, 3),
        (0, 255, 12),
        (255, 0, 3),
        ((200, 30, 30), (250, 250, 210), 1),
        ((60, 60, 200), (30, 30, 60), 5),
    ],
)
def test_strokes_of_any_colour_on_any_ground_give_the_same_filled_item(
    ink: Colour, ground: Colour, width: int
) -> None:
    item = prepare(outline(SHIRT, ink, ground, width))
    assert item.kind == "drawing"
    assert item.array.shape == (28, 28)
    assert item.array.dtype == np.uint8
    assert 0.45 < filled_share(item) < 0.75
    assert item.array[14, 14] > 60  # inside the body
    assert item.array[27, 0] == 0  # a corner


def test_an_open_outline_is_closed_and_filled() -> None:
    drawn = outline(SHIRT)
    drawn[30:50, 85:115] = 255  # no neckline
    assert prepare(drawn).array[14, 14] > 60


def test_filling_can_be_switched_off() -> None:
    assert prepare(outline(SHIRT), overrides=Overrides(fill=False)).array[18, 14] == 0


def test_grey_shading_keeps_its_order() -> None:
    drawn = cv2.fillPoly(np.full((200, 200, 3), 255, np.uint8), [SHIRT], (180, 180, 180))
    drawn[100:190, 60:100] = 40  # the left half of the body is darker
    array = prepare(drawn).array
    assert array[20, 10] > array[20, 17] + 40


def test_a_photo_loses_its_background_to_true_zero_and_fills_the_square() -> None:
    item = prepare(photo(SHIRT))
    assert item.kind == "photo"
    corners = item.array[[0, 0, -1, -1], [0, -1, 0, -1]]
    assert not corners.any()
    # 170 wide and 150 tall in the picture: the longest edge becomes 28.
    assert item.array.any(axis=0).sum() == 28
    assert abs(int(item.array[16, 14]) - (255 - 60)) < 25  # darkness is what negation makes of it


def test_a_white_garment_is_shown_as_light_grey_and_said_so() -> None:
    item = prepare(photo(SHIRT, item=245, ground=90))
    assert 60 < item.array[16, 14] < 130
    assert any("White" in note for note in item.notes)
    plain = prepare(photo(SHIRT, item=245, ground=90), overrides=Overrides(lift=False))
    assert plain.array[16, 14] < 30


@pytest.mark.parametrize("make", [photo, outline])
def test_toes_point_left_whichever_way_they_pointed(
    make: Callable[[np.ndarray], np.ndarray],
) -> None:
    right = np.stack([200 - SHOE[:, 0], SHOE[:, 1]], 1)
    for points, mirrored in ((SHOE, False), (right, True)):
        item = prepare(make(points))
        upper = item.array[:13].astype(float).sum(0)
        assert (upper * np.arange(28)).sum() / upper.sum() > 14  # the shaft is on the right
        assert any("Mirrored" in note for note in item.notes) is mirrored


def test_the_likeliest_reading_says_whether_to_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.ndarray] = []
    monkeypatch.setattr(readings, "points_right", seen.append)
    item = prepare(outline(SHIRT))
    assert len(item.readings) > 1
    assert [np.array_equal(image, item.array) for image in seen] == [True]


def test_a_data_set_image_passes_through_unchanged_and_a_negated_one_is_put_right() -> None:
    original = np.zeros((28, 28), np.uint8)
    original[:, 6:22] = 150
    original[5:9, 10:18] = 220
    assert prepare(original).kind == "dataset"
    assert np.array_equal(prepare(original).array, original)
    assert np.array_equal(prepare(255 - original).array, original)


def test_a_canvas_with_transparent_ground_is_understood() -> None:
    canvas = np.zeros((200, 200, 4), np.uint8)
    canvas[..., 3] = 255 - outline(SHIRT)[..., 0]  # black strokes on nothing
    assert np.array_equal(prepare(canvas).array, prepare(outline(SHIRT)).array)


def test_each_of_a_pair_is_also_shown_by_itself_lying_down() -> None:
    picture = np.full((200, 200, 3), 255, np.uint8)
    for middle in (60, 140):
        cv2.ellipse(picture, (middle, 100), (28, 80), 0, 0, 360, (0, 0, 0), 4)
    names = [name for name, _ in prepare(picture).readings]
    assert names[-2:] == ["first of the pair", "second of the pair"]
    lying = prepare(picture).readings[-1].array > 0
    assert lying.any(axis=0).sum() == 28
    assert lying.any(axis=1).sum() < 14


@pytest.mark.parametrize("level", [0, 128, 255])
@pytest.mark.parametrize("kind", ["auto", "drawing"])
def test_a_blank_canvas_is_empty(level: int, kind: str) -> None:
    item = prepare(np.full((280, 280, 3), level, np.uint8), kind)  # type: ignore[arg-type]
    assert item.empty
    assert not item.array.any()
    assert prepare(np.full((28, 28), level, np.uint8)).empty


def test_a_photo_of_a_bare_surface_is_empty_and_a_faint_item_is_not() -> None:
    rng = np.random.default_rng(0)
    surface = np.linspace(120, 200, 200)[:, None, None] + rng.normal(0, 4, (200, 150, 3))
    assert prepare(surface.astype(np.uint8)).empty
    surface[60:140, 40:110] -= 30
    assert not prepare(surface.astype(np.uint8)).empty


@pytest.mark.parametrize("kind", ["auto", "drawing", "photo", "dataset"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 90), (28, 28), (200, 2), (64, 64, 4)])
def test_no_picture_makes_it_fail(kind: str, shape: tuple[int, ...]) -> None:
    noise = np.random.default_rng(0).integers(0, 255, shape, np.uint8)
    for picture in (noise, np.zeros_like(noise)):
        assert prepare(picture, kind).array.shape == (28, 28)  # type: ignore[arg-type]


def test_every_stage_is_a_picture_with_a_reason_and_the_last_is_what_the_network_gets() -> None:
    for picture in (outline(SHIRT), photo(SHIRT)):
        item = prepare(picture)
        assert len(item.stages) >= 5
        for stage in item.stages:
            assert stage.image.dtype == np.uint8
            assert stage.why.endswith(".")
        assert np.array_equal(item.stages[-1].image, item.array)
        assert np.array_equal(item.readings[0].array, item.array)


def test_overrides_crop_turn_mirror_and_invert() -> None:
    drawn = np.full((200, 400, 3), 255, np.uint8)
    drawn[:, :200] = outline(SHIRT)
    drawn[:, 200:] = outline(SHOE)
    cropped = prepare(drawn, overrides=Overrides(crop=(0, 0, 0.5, 1)))
    assert np.array_equal(cropped.array, prepare(outline(SHIRT)).array)
    plain = prepare(outline(SHOE), overrides=Overrides(mirror=False)).array
    turned = prepare(outline(SHOE), overrides=Overrides(rotation=90, mirror=False)).array
    difference = np.abs(np.rot90(plain, -1).astype(int) - turned)
    assert difference.mean() < 12
    mirrored = prepare(outline(SHOE), overrides=Overrides(mirror=True)).array
    assert np.array_equal(mirrored, plain[:, ::-1])
    inverted = prepare(photo(SHIRT), overrides=Overrides(invert=True, mirror=False))
    plain = prepare(photo(SHIRT), overrides=Overrides(mirror=False)).array
    assert np.array_equal(inverted.array, np.where(plain > 0, 255 - plain, 0))
    shown = {stage.name: stage.image for stage in inverted.stages}
    assert np.array_equal(shown["Inverted"], inverted.array)


SHARES = st.floats(0, 1)


@given(
    shape=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    crop=st.tuples(SHARES, SHARES, SHARES, SHARES),
)
def test_what_is_marked_is_never_empty_and_lies_in_its_surroundings(
    shape: tuple[int, int], crop: tuple[float, float, float, float]
) -> None:
    box = _box(shape, Overrides(crop=crop))
    picture = np.arange(shape[0] * shape[1]).reshape(shape)
    marked = picture[box]
    assert marked.size
    around, inside = _surroundings(shape, box)
    assert np.array_equal(picture[around][inside], marked)


def test_a_mark_at_the_very_edge_is_prepared() -> None:
    for crop in ((1.0, 0.0, 0.5, 1.0), (0.0, 1.0, 1.0, 0.0)):
        for kind in ("drawing", "photo"):
            item = prepare(outline(SHIRT), kind, Overrides(crop=crop))
            assert item.array.shape == (28, 28)


@pytest.mark.parametrize(
    ("crop", "rows", "columns"),
    [
        (None, slice(0, 50), slice(0, 100)),
        ((0.25, 0.5, 0.5, 0.25), slice(25, 38), slice(25, 75)),
        ((0.999, 0, 0, 0), slice(0, 2), slice(99, 101)),
        ((-1, -1, 3, 3), slice(0, 100), slice(0, 200)),
    ],
)
def test_a_mark_is_shares_of_the_picture(
    crop: tuple[float, float, float, float] | None, rows: slice, columns: slice
) -> None:
    assert _box((50, 100, 3), Overrides(crop=crop)) == (rows, columns)


def test_a_sixth_of_the_marked_is_looked_at_around_it() -> None:
    around, inside = _surroundings((60, 100), (slice(6, 36), slice(0, 60)))
    assert around == (slice(1, 41), slice(0, 70))
    assert inside == (slice(5, 35), slice(0, 60))


@pytest.mark.parametrize("turned", [360.0, -720.0])
def test_a_whole_turn_changes_nothing(turned: float) -> None:
    for make in (photo, outline):
        item = prepare(make(SHIRT), overrides=Overrides(rotation=turned))
        assert np.array_equal(item.array, prepare(make(SHIRT)).array)
        assert "Turned" not in [stage.name for stage in item.stages]
    turned_a_little = prepare(photo(SHIRT), overrides=Overrides(rotation=359.0))
    assert "Turned" in [stage.name for stage in turned_a_little.stages]


def test_each_lifted_item_is_told_why_whatever_else_was_noted() -> None:
    pages = [Image.fromarray(photo(SHIRT, item=245, ground=90)) for _ in range(2)]
    stream = io.BytesIO()
    pages[0].save(stream, "TIFF", save_all=True, append_images=pages[1:])
    item = prepare(open_picture(stream.getvalue()))
    assert len(item.notes) >= 2
    assert "first is looked at" in item.notes[0]
    (why,) = [stage.why for stage in item.stages if stage.name == "Lifted"]
    assert why.startswith("White clothes were left out")


def test_an_enlarged_image_of_the_data_set_is_shown_in_the_numbers_it_has() -> None:
    original = np.zeros((28, 28), np.uint8)
    original[4:24, 6:22] = 151
    original[10:14, 10:18] = 220
    item = prepare(np.repeat(original.repeat(8, 0).repeat(8, 1)[..., None], 3, 2))
    assert item.kind == "dataset"
    (back,) = [stage.image for stage in item.stages if stage.name == "Back to 28×28"]
    assert np.array_equal(back[..., 0], original)
    assert np.array_equal(item.array, original)


@pytest.mark.parametrize(
    ("size", "crop", "part"),
    [
        ((100, 200), None, np.s_[:, :]),
        ((100, 200), (0.25, 0.5, 0.5, 0.25), np.s_[50:75, 50:150]),
        ((448, 896), None, np.s_[::4, ::4]),
    ],
)
def test_a_photo_without_background_is_kept_to_its_edges_or_to_what_is_marked(
    size: tuple[int, int], crop: tuple[float, float, float, float] | None, part: tuple[slice, slice]
) -> None:
    grey = np.random.default_rng(0).integers(0, 200, (size[0] // 4, size[1] // 4), np.uint8)
    grey = grey.repeat(4, 0).repeat(4, 1)
    wish = Overrides(mask="none", crop=crop)
    stages = prepare(np.stack([grey] * 3, 2), "photo", wish).stages
    (whole,) = [stage.image for stage in stages if stage.name == "On white, trimmed"]
    assert np.array_equal(whole, grey[part])


def test_ink_is_shown_black_on_white() -> None:
    assert _grey(np.array([[0, 0.2, 1]])).tolist() == [[255, 204, 0]]
    assert _grey(np.array([[False, True]])).tolist() == [[255, 0]]
