"""The item is found on plain, tiled and shaded grounds."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing import segmentation
from fmnist_core.preprocessing.item import Overrides, Trace
from fmnist_core.preprocessing.masks import overlap

ITEM = np.zeros((160, 120), np.uint8)
cv2.fillPoly(ITEM, [np.array([[25, 30], [95, 30], [110, 60], [85, 70], [85, 140], [35, 140],
                              [35, 70], [10, 60]])], 1)  # fmt: skip


def scene(ground: str, colour: tuple[int, int, int] = (40, 60, 110)) -> np.ndarray:
    rng = np.random.default_rng(0)
    picture = np.full((160, 120, 3), 215.0)
    if ground == "tiles":
        picture[::40] = picture[:, ::40] = 120
    elif ground == "shadow":
        picture *= np.linspace(0.6, 1.1, 120)[None, :, None]
    elif ground == "wall and floor":
        picture[100:] = (150, 110, 70)
    picture[ITEM > 0] = colour
    return np.clip(picture + rng.normal(0, 5, picture.shape), 0, 255).astype(np.uint8)


def found_share(mask: np.ndarray) -> float:
    return overlap(mask, ITEM > 0)


@pytest.mark.parametrize("ground", ["plain", "tiles", "shadow", "wall and floor"])
def test_the_item_is_found(ground: str) -> None:
    rgb = scene(ground)
    assert found_share(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.93


def test_a_light_item_on_a_dark_ground_is_found() -> None:
    rgb = 255 - scene("plain")
    assert found_share(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.93


def test_an_item_of_nearly_its_grounds_colour_is_found_from_the_middle() -> None:
    rgb = scene("plain", (190, 190, 196))
    rgb[:30] = rgb[-18:] = (60, 90, 60)  # what is unlike the border's colours is not the item
    assert found_share(segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]) > 0.9


def test_an_item_that_leaves_the_picture_keeps_its_body() -> None:
    rgb = scene("plain")[:, :100]  # the right sleeve is cut off
    mask = segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]
    assert mask[ITEM[:, :100] > 0].mean() > 0.9


def test_the_result_is_the_same_every_time() -> None:
    rgb = scene("tiles")
    first = segmentation.find_item(rgb, segmentation.border_mask(rgb))[0]
    assert np.array_equal(first, segmentation.find_item(rgb, segmentation.border_mask(rgb))[0])


@pytest.mark.parametrize(
    ("wish", "stages"),
    [
        (Overrides(), ["First guess", "Background removed"]),
        (Overrides(mask="border"), ["First guess"]),
        (Overrides(mask="none"), []),
    ],
)
def test_a_visitor_chooses_how_the_background_is_found(wish: Overrides, stages: list[str]) -> None:
    trace = Trace()
    mask, *_ = segmentation.segment(scene("plain"), wish, trace)
    assert [stage.name for stage in trace.stages] == stages
    assert mask.all() if wish.mask == "none" else found_share(mask) > 0.9


def test_nothing_is_found_on_a_bare_surface_unless_it_is_asked_for() -> None:
    bare = np.full((90, 120, 3), 140, np.uint8)
    assert segmentation.segment(bare, Overrides(), Trace()) == []
    (whole,) = segmentation.segment(bare, Overrides(mask="none"), Trace())
    assert whole.shape == (90, 120)
    assert whole.all()
