"""The item is found on plain, tiled and shaded grounds, by the shipped network."""

import cv2
import numpy as np
import pytest

from fmnist_core.preprocessing import segmentation
from fmnist_core.preprocessing.item import Overrides, Trace
from fmnist_core.preprocessing.masks import overlap, rotate
from fmnist_core.preprocessing.prepare import prepare
from tests.support.scenes import ITEM, found_share, scene


def cut(rgb: np.ndarray) -> np.ndarray:
    soft = segmentation.segment(rgb, Overrides(), Trace())
    assert soft is not None
    return soft > segmentation.LEVEL


@pytest.mark.parametrize("ground", ["plain", "tiles", "shadow", "wall and floor"])
def test_the_item_is_found(ground: str) -> None:
    assert found_share(cut(scene(ground))) > 0.9


def test_a_light_item_on_a_dark_ground_is_found() -> None:
    assert found_share(cut(255 - scene("plain"))) > 0.9


def test_an_item_that_leaves_the_picture_keeps_its_body() -> None:
    rgb = scene("plain")[:, :100]  # the right sleeve is cut off
    assert cut(rgb)[ITEM[:, :100] > 0].mean() > 0.9


def test_a_small_item_is_looked_at_closely() -> None:
    small = cv2.resize(scene("plain"), (40, 54), interpolation=cv2.INTER_AREA)
    rgb = np.full((160, 120, 3), 215, np.uint8)
    rgb[50:104, 40:80] = small
    truth = np.zeros((160, 120), bool)
    truth[50:104, 40:80] = cv2.resize(ITEM, (40, 54)) > 0
    assert overlap(cut(rgb), truth) > 0.8


def test_the_result_is_the_same_every_time_and_lies_between_0_and_1() -> None:
    first, second = (segmentation.item_likelihood(scene("tiles")) for _ in range(2))
    assert np.array_equal(first, second)
    assert first.dtype == np.float32
    assert 0 <= first.min() < first.max() <= 1


@pytest.mark.parametrize(
    ("wish", "stages"),
    [
        (Overrides(), ["Item or ground", "Background removed"]),
        (Overrides(mask="border"), ["Item or ground", "Background removed"]),
        (Overrides(mask="none"), []),
    ],
)
def test_a_visitor_chooses_how_the_background_is_found(wish: Overrides, stages: list[str]) -> None:
    trace = Trace()
    soft = segmentation.segment(scene("plain"), wish, trace)
    assert soft is not None
    assert [stage.name for stage in trace.stages] == stages
    assert soft.all() if wish.mask == "none" else found_share(soft > 0.5) > 0.9


def test_the_network_sees_a_square_of_shares_and_its_answer_gets_the_size_of_the_photo(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen = []

    class Network:
        inputs = ("picture",)

        def __call__(self, picture: np.ndarray) -> dict[str, np.ndarray]:
            seen.append(picture)
            return {"likelihood": picture[..., :1]}

    monkeypatch.setattr(segmentation, "_network", Network)
    rgb = np.full((60, 90, 3), 255, np.uint8)
    rgb[:, 45:] = (51, 0, 0)
    found = segmentation._look(rgb)
    assert found.shape == (60, 90)
    assert (found[0, 0], found[-1, -1]) == (1, np.float32(0.2))
    (square,) = seen
    assert (square.shape, square.dtype) == ((1, 128, 128, 3), np.float32)


@pytest.mark.parametrize(("edge", "looks"), [(40, 2), (70, 2), (72, 1), (0, 1)])
def test_an_item_is_looked_at_again_unless_it_fills_the_picture(
    edge: int, looks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # With 15 % on each side, 70 pixels become 90, whose square is 81 %; 72 become 94, 88 %.
    seen, start = [], (100 - edge) // 2

    def look(rgb: np.ndarray) -> np.ndarray:
        seen.append(rgb.shape[:2])
        soft = np.full(rgb.shape[:2], 0.1, np.float32)
        soft[start : start + edge, start : start + edge] = 0.9
        return soft

    monkeypatch.setattr(segmentation, "_look", look)
    found = segmentation.item_likelihood(np.zeros((100, 100, 3), np.uint8))
    assert len(seen) == looks
    assert seen[0] == found.shape == (100, 100)
    assert (found.min() == 0) == (looks == 2)  # what was not looked at again is ground


def test_a_higher_threshold_takes_less() -> None:
    rgb = scene("shadow")
    areas = []
    for threshold in (0.1, 0.5, 0.9):
        soft = segmentation.segment(rgb, Overrides(threshold=threshold), Trace())
        assert soft is not None
        areas.append((soft > threshold).sum())
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > areas[2]


def test_nothing_is_found_on_a_bare_surface_unless_it_is_asked_for() -> None:
    bare = np.full((90, 120, 3), 140, np.uint8)
    assert segmentation.segment(bare, Overrides(), Trace()) is None
    whole = segmentation.segment(bare, Overrides(mask="none"), Trace())
    assert whole is not None
    assert whole.shape == (90, 120)
    assert (whole == 1).all()


def two_items() -> np.ndarray:
    wide = np.concatenate([scene("plain"), scene("plain", (120, 50, 50))], axis=1)
    return np.pad(wide, ((10, 10), (10, 10), (0, 0)), mode="edge")


def test_the_boxes_of_several_items_are_told_from_left_to_right() -> None:
    item = prepare(two_items(), "photo")
    left, right = item.parts
    assert left[0] + left[2] / 2 == pytest.approx(0.25, abs=0.05)
    assert right[0] + right[2] / 2 == pytest.approx(0.73, abs=0.05)
    assert prepare(scene("plain"), "photo").parts == []


def test_a_chosen_item_is_prepared_alone_and_as_if_nothing_else_were_there() -> None:
    picture = two_items()
    alone = prepare(scene("plain"), "photo").array
    chosen = prepare(picture, "photo", Overrides(crop=prepare(picture, "photo").parts[0])).array
    assert overlap(chosen > 0, alone > 0) > 0.85


@pytest.mark.parametrize("rotation", [90, 45])
def test_a_photo_is_turned_after_the_search(rotation: int) -> None:
    """The corners that turning adds are ground, whatever the picture shows at its edges."""
    tiles = scene("tiles")
    turned = prepare(tiles, "photo", Overrides(rotation=rotation, mirror=False)).array
    expected = rotate(prepare(tiles, "photo", Overrides(mirror=False)).array, rotation)
    area = (turned > 0).sum() / max(cv2.boundingRect((turned > 0).astype(np.uint8))[2:]) ** 2
    whole = (expected > 0).sum() / max(cv2.boundingRect((expected > 0).astype(np.uint8))[2:]) ** 2
    assert area == pytest.approx(whole, abs=0.12)


def test_a_box_holds_its_part_with_room_and_stays_inside_the_picture() -> None:
    mask = np.zeros((50, 100), bool)
    mask[10:20, 60:100] = mask[0:50, 10:30] = True
    mask[0, 50] = True  # a speck is no item
    left, right = segmentation.boxes(mask)
    assert left == pytest.approx((0.07, 0, 0.26, 1))
    assert right == pytest.approx((0.57, 0.17, 0.43, 0.26))
    mask[:, 60:] = False
    assert segmentation.boxes(mask) == []  # one item, and a speck
    assert segmentation.boxes(mask & False) == []
