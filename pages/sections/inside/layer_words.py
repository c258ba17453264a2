"""What the Inside page says of a layer, in words."""

from fmnist_core.explanations.feature_maps import LayerOutput
from fmnist_core.recipes.layers import LAYERS
from fmnist_core.translation import mark, say, say_count

# What Keras layers do that are no entry of the architecture by themselves.
_TEXTS = {
    "InputLayer": mark("The item itself: each pixel from 0, background, to 1."),
    "Add": mark("Adds what came by the shortcut to what the branch has made of it."),
}


def about(layer: LayerOutput) -> str:
    """Return what a layer does, what it gives and what its colours mean."""
    known = LAYERS.get(layer.kind)
    text = _TEXTS.get(layer.kind) or (known.meaning() if known else "")
    words = [say(text)] if text else []
    words.append(_gives(layer))
    if layer.parameters:
        words.append(say("{count:,} weights.", count=layer.parameters))
    if layer.activation != "linear":
        words.append(say("Its activation is {name}.", name=layer.activation))
    words.append(say("Orange is above zero, blue below, black is zero."))
    return " ".join(words)


def _gives(layer: LayerOutput) -> str:
    if layer.values.ndim != 3:
        return say(
            "It gives {count:,} numbers, each of which sees the whole item.", count=layer.channels
        )
    height, width, channels = layer.values.shape
    if layer.field is None:
        return say_count(
            "It gives {number} map of {height}×{width} units.",
            "It gives {number} maps of {height}×{width} units.",
            channels,
            height=height,
            width=width,
        )
    return say_count(
        "It gives {number} map of {height}×{width} units, each of which sees {size}×{size} pixels.",
        "It gives {number} maps of {height}×{width} units, each of which sees {size}×{size} "
        "pixels.",
        channels,
        height=height,
        width=width,
        size=layer.field.size,
    )
