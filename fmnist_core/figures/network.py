"""A drawing of a network as SVG: one block a layer, sized by what comes out of it."""

import math
from collections.abc import Iterable
from html import escape
from typing import NamedTuple

from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.layer import Layer, Shape, describe
from fmnist_core.recipes.recipe import INPUT_SHAPE, Recipe
from fmnist_core.translation import say

CONVOLUTION, POOLING, DENSE, NORMALISATION, OTHER, BROKEN = (
    "#3b82d0",
    "#8a8f98",
    "#dc7718",
    "#1a9e77",
    "#9b6bd0",
    "#d64545",
)

HEIGHT, FLOOR = 172, 118  # the blocks stand on the line y = FLOOR, labels are below it
CELL = 92
TALLEST = 80
SLANT = 0.28


class Block(NamedTuple):
    """One column of the drawing; no shape means that nothing comes out."""

    name: str
    shape: Shape | None
    color: str
    skips: bool = False


def network_svg(recipe: Recipe) -> str:
    """Return the network as a stand-alone SVG of `HEIGHT` pixels height.

    Text takes the colour of its surroundings (`currentColor`), so that it reads on a light and on
    a dark page. A layer where the design breaks is drawn as a red gap, the layers behind it are
    not. Nothing in it is a visitor's own text.
    """
    blocks = [Block(say("Image"), INPUT_SHAPE, POOLING), *_blocks(recipe)]
    width = CELL * len(blocks) + 8
    parts = [_block(block, 4 + CELL * at) for at, block in enumerate(blocks)]
    arrows = [_arrow(4 + CELL * at) for at in range(1, len(blocks))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{HEIGHT}" '
        f'viewBox="0 0 {width} {HEIGHT}" role="img" font-size="11" text-anchor="middle" '
        f'fill="currentColor"><title>{escape(summary(recipe))}</title>'
        f"{''.join(parts)}{''.join(arrows)}</svg>"
    )


def _blocks(recipe: Recipe) -> Iterable[Block]:
    if not recipe.layers:
        return
    for row in recipe.rows():
        color = BROKEN if row.error else _color(row.layer)
        skips = row.layer.label() == "ResidualBlock" and not row.error
        yield Block(row.layer.label(), row.shape, color, skips)


def _color(layer: Layer) -> str:
    name = layer.label()
    for part, color in (
        ("Pooling", POOLING),
        ("Flatten", POOLING),
        ("Conv", CONVOLUTION),
        ("Residual", CONVOLUTION),
        ("Dense", DENSE),
        ("Normalization", NORMALISATION),
    ):
        if part in name:
            return color
    return OTHER


def _block(block: Block, left: float) -> str:
    center = left + CELL / 2
    if block.shape is None:
        figure = (
            f'<rect x="{center - 24}" y="{FLOOR - 64}" width="48" height="64" rx="6" '
            f'fill="none" stroke="{BROKEN}" stroke-width="2" stroke-dasharray="5 4"/>'
            f'<text x="{center}" y="{FLOOR - 24}" font-size="22" fill="{BROKEN}">?</text>'
        )
    elif len(block.shape) == 3:
        figure = _box(block, center)
    else:
        figure = _bar(block, center)
    first, second = _two_lines(block.name)
    shape = describe(block.shape) if block.shape else escape(say("does not fit"))
    labels = f'<text x="{center}" y="{FLOOR + 18}" font-weight="600">{first}'
    if second:
        labels += f'<tspan x="{center}" dy="13">{second}</tspan>'
    labels += f'</text><text x="{center}" y="{FLOOR + 48}" opacity="0.75">{shape}</text>'
    return f"<g>{figure}{labels}</g>"


def _box(block: Block, center: float) -> str:
    """Height and slant follow the image's side, thickness the number of channels."""
    assert block.shape is not None
    side, _, channels = block.shape
    height = 10 + (TALLEST - 10) * min(1.0, side / INPUT_SHAPE[0])
    width = 4 + 3.6 * math.log2(channels)
    slant = SLANT * height
    x, y = center - (width + slant) / 2, FLOOR - height
    look = f'fill="{block.color}" stroke="{block.color}" stroke-linejoin="round"'
    top = f"M{x:.1f} {y:.1f}l{slant:.1f} {-slant / 2:.1f}h{width:.1f}l{-slant:.1f} {slant / 2:.1f}z"
    right = (
        f"M{x + width:.1f} {y:.1f}l{slant:.1f} {-slant / 2:.1f}v{height:.1f}"
        f"l{-slant:.1f} {slant / 2:.1f}z"
    )
    figure = (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" {look} '
        f'fill-opacity="0.85"/><path d="{top}" {look} fill-opacity="0.3"/>'
        f'<path d="{right}" {look} fill-opacity="0.5"/>'
    )
    if block.skips:
        rise = y - slant / 2 - 6
        figure += (
            f'<path d="M{center - 40} {FLOOR - 8}V{rise + 6:.1f}q0 -6 6 -6h68q6 0 6 6V{FLOOR - 8}" '
            f'fill="none" stroke="{block.color}" stroke-width="1.5" stroke-dasharray="3 3"/>'
        )
    return figure


def _bar(block: Block, center: float) -> str:
    """A flat output is a bar, higher for more numbers; ten outputs are the ten classes."""
    assert block.shape is not None
    units = block.shape[0]
    look = f'fill="{block.color}" fill-opacity="0.85"'
    if units == 10 and "Dense" in block.name:
        return "".join(
            f'<circle cx="{center}" cy="{FLOOR - 4.0 - 8 * at}" r="3.2" {look}/>'
            for at in range(10)
        )
    height = min(TALLEST + 20, 8 + 7.5 * math.log2(units))
    return (
        f'<rect x="{center - 5}" y="{FLOOR - height:.1f}" width="10" height="{height:.1f}" '
        f'rx="2" {look}/>'
    )


def _arrow(x: float) -> str:
    y = FLOOR - 22
    return (
        f'<path d="M{x - 5} {y}h9m-4 -4l4 4l-4 4" fill="none" stroke="currentColor" '
        'opacity="0.45" stroke-width="1.4"/>'
    )


def _two_lines(name: str) -> tuple[str, str]:
    """Split a long Keras name such as GlobalAveragePooling2D before one of its words."""
    if len(name) <= 13:
        return name, ""
    breaks = [at for at in range(4, len(name) - 3) if name[at].isupper() and name[at:] != "2D"]
    at = min(breaks, key=lambda at: abs(at - len(name) / 2), default=len(name))
    return name[:at], name[at:]
