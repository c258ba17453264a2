"""Charts of how large each layer's weights and gradients are while a network learns."""

import numpy as np

from fmnist_core.figures.echarts import Option, axis, chart
from fmnist_core.runs.layer_statistics import LayerStatistics
from fmnist_core.translation import say

HEIGHT = 300
# From the layer that sees the image to the one that answers; both read on light and dark pages.
FIRST, LAST = np.array([0x3B, 0x82, 0xD0]), np.array([0xE0, 0x7B, 0x1A])
SYMBOLS = ("circle", "diamond", "rect", "triangle")
SMALLEST = 1e-9  # a logarithmic axis has no zero


def by_layer(found: LayerStatistics, sizes: np.ndarray, name: str) -> Option:
    """Return `sizes`, (epochs, layers), of `found` as a line a layer on a logarithmic axis."""
    count = len(found.names)
    series = [
        {
            "type": "line",
            "name": layer,
            "data": [
                [epoch, max(float(f"{size:.4g}"), SMALLEST)]
                for epoch, size in zip(found.epochs, sizes[:, at], strict=True)
                if np.isfinite(size)
            ],
            "symbol": SYMBOLS[at % len(SYMBOLS)],
            "symbolSize": 6,
            "itemStyle": {"color": _color(at / max(1, count - 1))},
        }
        for at, layer in enumerate(found.names)
    ]
    return chart(
        axis(say("epochs"), 28, min=1, max=max(2, found.epochs[-1]), minInterval=1),
        axis(name, 52, lines=True, type="log"),
        series,
        top=52,
        legend={"top": 0, "left": 0, "type": "scroll"},
        tooltip={"trigger": "item", "formatter": "{a}: {c}"},
    )


def _color(depth: float) -> str:
    red, green, blue = (FIRST + depth * (LAST - FIRST)).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"
