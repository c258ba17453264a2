"""GrabCut's guesses, from which the segmentation network begins to learn."""

import numpy as np
import pytest

from fmnist_core.release.segmentation import grabcut
from tests.support.scenes import found_share, scene


@pytest.mark.parametrize("ground", ["plain", "tiles", "shadow", "wall and floor"])
def test_the_item_is_found_and_trusted(ground: str) -> None:
    mask, trust = grabcut.find_item(scene(ground))
    assert found_share(mask) > 0.93
    assert trust == 1.0


def test_a_light_item_on_a_dark_ground_is_found() -> None:
    assert found_share(grabcut.find_item(255 - scene("plain"))[0]) > 0.93


def test_an_item_of_nearly_its_grounds_colour_is_found_from_the_middle() -> None:
    rgb = scene("plain", (190, 190, 196))
    rgb[:30] = rgb[-18:] = (60, 90, 60)  # what is unlike the border's colours is not the item
    assert found_share(grabcut.find_item(rgb)[0]) > 0.9


def test_a_picture_of_nothing_is_hardly_trusted() -> None:
    assert grabcut.find_item(np.full((60, 60, 3), 90, np.uint8))[1] == 0.05
