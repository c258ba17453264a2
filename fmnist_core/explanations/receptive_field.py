"""Which pixels of the image a unit can see."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fmnist_core.shapes import SIDE

if TYPE_CHECKING:
    import keras


@dataclass(frozen=True)
class ReceptiveField:
    """What each unit of a feature map sees, the same in both directions.

    Unit `i` sees pixels `first + jump * i` to `last + jump * i`, both included; what lies outside
    the image is the border of zeros.
    """

    jump: int = 1
    first: int = 0
    last: int = 0

    @property
    def size(self) -> int:
        """How many pixels wide and high it is."""
        return self.last - self.first + 1

    def pixels(self, unit: int) -> tuple[int, int]:
        """Return the first and the last pixel inside the image that a unit sees."""
        shift = self.jump * unit
        return max(0, self.first + shift), min(SIDE - 1, self.last + shift)

    def centre(self, unit: int) -> float:
        """Return the pixel in the middle of what a unit sees; it may lie outside the image."""
        return (self.first + self.last) / 2 + self.jump * unit

    def windowed(self, window: int, strides: int, before: int) -> "ReceptiveField":
        """Return the field behind a window of that size that begins `before` units outside."""
        return ReceptiveField(
            self.jump * strides,
            self.first - before * self.jump,
            self.last + (window - 1 - before) * self.jump,
        )


def padding_before(size: int, window: int, strides: int, padding: str) -> int:
    """Return how many zeros TensorFlow puts before the first of `size` units."""
    if padding != "same":
        return 0
    total = max((math.ceil(size / strides) - 1) * strides + window - size, 0)
    return total // 2


def window_of(layer: Any) -> tuple[int, int, str] | None:  # noqa: ANN401 - a Keras layer
    """Return window, strides and padding of a layer that slides one over an image, or None."""
    window = getattr(layer, "kernel_size", None) or getattr(layer, "pool_size", None)
    if window is None:
        return None
    return int(window[0]), int(layer.strides[0]), str(layer.padding)


def receptive_fields(model: "keras.Model") -> list[ReceptiveField | None]:
    """Return the field of each of the model's layers; None where a unit sees the whole image."""
    fields: dict[int, ReceptiveField | None] = {id(model.inputs[0]): ReceptiveField()}
    found: list[ReceptiveField | None] = [ReceptiveField()]
    for layer in model.layers[1:]:
        sources = layer.input if isinstance(layer.input, list) else [layer.input]
        known = [fields.get(id(source)) for source in sources]
        field = _after(layer, sources[0], known)
        fields[id(layer.output)] = field
        found.append(field)
    return found


def _after(layer: Any, source: Any, known: list[ReceptiveField | None]) -> ReceptiveField | None:  # noqa: ANN401
    before = [field for field in known if field is not None]
    if len(before) < len(known) or len(layer.output.shape) != 4:
        return None
    # Where branches join, a unit sees what any of them sees.
    field = ReceptiveField(
        before[0].jump, min(f.first for f in before), max(f.last for f in before)
    )
    if window := window_of(layer):
        return field.windowed(window[0], window[1], padding_before(source.shape[1], *window))
    return field
