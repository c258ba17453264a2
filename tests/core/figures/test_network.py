"""The drawing of a network: valid SVG that says in text what it shows."""

import re
import xml.etree.ElementTree as ET

import pytest

from fmnist_core.figures.network import _two_lines, network_svg
from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.layers import LAYERS, Conv2D, Dense, Flatten, ResidualBlock
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import Recipe

SVG = "{http://www.w3.org/2000/svg}"


def texts(recipe: Recipe) -> list[str]:
    root = ET.fromstring(network_svg(recipe))
    return ["".join(node.itertext()) for node in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("name", PRESETS)
def test_every_layer_is_drawn_with_its_name_and_output(name: str) -> None:
    recipe = PRESETS[name].recipe
    shown = texts(recipe)
    assert shown[:2] == ["Image", "28×28×1"]
    assert [text for text in shown if text in LAYERS] == [layer.label() for layer in recipe.layers]
    assert shown[-1] == "10"


def test_a_break_is_drawn_as_a_gap_and_nothing_behind_it() -> None:
    recipe = Recipe(layers=(Flatten(), Conv2D(), Dense(units=10)))
    assert texts(recipe)[-3:] == ["?", "Conv2D", "does not fit"]


def test_an_empty_network_is_only_the_image() -> None:
    assert texts(Recipe()) == ["Image", "28×28×1"]


def test_a_visitors_text_is_not_in_the_drawing() -> None:
    assert "script" not in network_svg(Recipe(name="<script>alert(1)</script>"))


def test_the_summary_names_each_step() -> None:
    recipe = PRESETS["dense-basics"].recipe
    assert summary(recipe) == "image 28×28×1 → Flatten 784 → Dense 128 → Dense 10"


@pytest.mark.parametrize("name", PRESETS)
def test_every_block_stands_on_the_floor_and_inside_the_drawing(name: str) -> None:
    recipe = PRESETS[name].recipe
    root = ET.fromstring(network_svg(recipe))
    width = float(root.attrib["width"])
    assert width == 92 * (len(recipe.layers) + 1) + 8
    blocks = list(root.iter(f"{SVG}rect"))
    for block in blocks:
        left, top, wide, high = (float(block.attrib[key]) for key in ("x", "y", "width", "height"))
        assert 0 <= left < left + wide <= width
        assert 0 <= top < top + high
        assert top + high == pytest.approx(118, abs=0.11)
    last = [float(circle.attrib["cy"]) for circle in root.iter(f"{SVG}circle")]
    assert last == [114 - 8 * at for at in range(10)]
    assert len(blocks) == len(recipe.layers)  # and the image, but not the ten circles


def test_blocks_grow_with_their_image_their_channels_and_their_numbers() -> None:
    layers = (Conv2D(filters=1), Conv2D(filters=64, strides=2), Flatten(), Dense(units=128))
    root = ET.fromstring(network_svg(Recipe(layers=(*layers, Dense(units=10)))))
    sizes = [
        (float(block.attrib["width"]), float(block.attrib["height"]))
        for block in root.iter(f"{SVG}rect")
    ]
    assert sizes == [
        (4.0, 80.0),
        (4.0, 75.0),
        (25.6, 40.0),
        (10.0, 100.0),  # 9,216 numbers: the tallest
        (10.0, 60.5),
    ]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Conv2D", ("Conv2D", "")),
        ("ResidualBlock", ("ResidualBlock", "")),
        ("SeparableConv2D", ("Separable", "Conv2D")),
        ("GlobalAveragePooling2D", ("GlobalAverage", "Pooling2D")),
        ("BatchNormalization", ("Batch", "Normalization")),
    ],
)
def test_a_long_name_takes_two_lines(name: str, lines: tuple[str, str]) -> None:
    assert _two_lines(name) == lines


def test_only_a_residual_block_has_a_way_around_it() -> None:
    layers = (Conv2D(filters=4), ResidualBlock(filters=4), Flatten(), Dense(units=10))
    dashed = network_svg(Recipe(layers=layers)).count('stroke-dasharray="3 3"')
    assert dashed == 1
    broken = (Flatten(), ResidualBlock(filters=4))
    assert 'stroke-dasharray="3 3"' not in network_svg(Recipe(layers=broken))


def test_an_arrow_leads_into_every_block_but_the_first() -> None:
    recipe = PRESETS["dense-basics"].recipe
    arrows = re.findall(r'd="M(\d+) 96h9m-4 -4l4 4l-4 4"', network_svg(recipe))
    assert [int(x) for x in arrows] == [91 + 92 * at for at in range(len(recipe.layers))]


@pytest.mark.parametrize("name", ["three-convolutions", "best"])
def test_the_top_and_the_side_of_a_box_lean_back_from_its_front(name: str) -> None:
    root = ET.fromstring(network_svg(PRESETS[name].recipe))
    number = r"(-?[\d.]+)"
    for at, group in enumerate(root.iter(f"{SVG}g")):
        shapes = list(group)
        if [shape.tag for shape in shapes[:3]] != [f"{SVG}rect", f"{SVG}path", f"{SVG}path"]:
            continue
        left, top, wide, high = (
            float(shapes[0].attrib[key]) for key in ("x", "y", "width", "height")
        )
        moves = rf"M{number} {number}l{number} {number}h{number}l{number} {number}z"
        x, y, across, up, width, back, down = map(
            float,
            re.fullmatch(moves, shapes[1].attrib["d"]).groups(),  # type: ignore[union-attr]
        )
        assert (x, y, width) == (left, top, wide)
        assert (back, down) == (-across, -up)
        assert across > 0 > up
        assert left + (wide + across) / 2 == pytest.approx(4 + 92 * at + 46, abs=0.2)
        side = rf"M{number} {number}l{number} {number}v{number}l{number} {number}z"
        x, y, *lean, height, back, down = map(
            float,
            re.fullmatch(side, shapes[2].attrib["d"]).groups(),  # type: ignore[union-attr]
        )
        assert (x, y) == (pytest.approx(left + wide, abs=0.11), top)
        assert (lean, height, back, down) == ([across, up], high, -across, -up)
