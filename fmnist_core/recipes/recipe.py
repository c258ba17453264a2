"""The recipe: the complete, frozen, comparable description of one experiment."""

import base64
import binascii
import json
import math
import zlib
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from fmnist_core.recipes.host import LOCAL, Limits
from fmnist_core.recipes.hyperparameters import (
    INITIALIZERS,
    OPTIMIZERS,
    PRECISIONS,
    SCHEDULES,
    Augmentation,
)
from fmnist_core.recipes.layer import Layer, LayerError, Shape
from fmnist_core.recipes.layers import Activation, Dense, layer_from_dict, layer_to_dict
from fmnist_core.recipes.options import Options, RecipeError, choice, integer, real, switch, text
from fmnist_core.shapes import CLASSES, SIDE
from fmnist_core.translation import mark, say

INPUT_SHAPE: Shape = (SIDE, SIDE, 1)
LONGEST_JSON = 32_768  # bytes; the largest sensible recipe is under 10,000
# By the number that is limited: the sentence for a recipe beyond it.
_TOO_LARGE = {
    "parameters": mark(
        "The recipe needs {value:,} parameters; {host} allows {most:,}. Use fewer units, filters "
        "or epochs, or pool earlier."
    ),
    "multiply_adds": mark(
        "The recipe needs {value:,} multiply-adds an image; {host} allows {most:,}. Use fewer "
        "units, filters or epochs, or pool earlier."
    ),
    "memory_bytes": mark(
        "The recipe needs {value:,} bytes of memory; {host} allows {most:,}. Use fewer units, "
        "filters or epochs, or pool earlier."
    ),
    "epochs": mark(
        "The recipe needs {value:,} epochs; {host} allows {most:,}. Use fewer units, filters or "
        "epochs, or pool earlier."
    ),
}


class Row(NamedTuple):
    """One line of the architecture table; `error` explains where a design breaks."""

    layer: Layer
    shape: Shape | None
    parameters: int
    multiply_adds: int
    error: str | None


@dataclass(frozen=True)
class Recipe(Options):
    """One experiment: architecture, hyperparameters, data options and seed."""

    name: str = text("Untitled", 60, mark("What you call this experiment."))
    layers: tuple[Layer, ...] = ()
    initializer: str = choice(
        "glorot_uniform", tuple(INITIALIZERS), mark("How the first random weights are drawn.")
    )
    optimizer: str = choice("adam", tuple(OPTIMIZERS), mark("How gradients become steps."))
    learning_rate: float = real(1e-3, 1e-6, 10, mark("The size of a step."))
    momentum: float = real(0.0, 0, 0.999, mark("How much of the last SGD or RMSprop step goes on."))
    nesterov: bool = switch(False, mark("SGD looks ahead along its momentum before it steps."))
    weight_decay: float = real(
        0.0, 0, 1, mark("Pulls every weight towards zero a little each step.")
    )
    schedule: str = choice("constant", tuple(SCHEDULES), mark("How the learning rate changes."))
    batch_size: int = integer(32, 1, 2048, mark("Images per step."))
    epochs: int = integer(10, 1, 1000, mark("Passes over the training images."))
    label_smoothing: float = real(
        0.0, 0, 0.5, mark("Share of certainty taken from the true label.")
    )
    train_examples: int = integer(55_000, 10, 60_000, mark("The first so many training images."))
    validation_examples: int = integer(
        5000, 0, 20_000, mark("The last so many training images, kept aside to judge each epoch.")
    )
    augmentation: Augmentation = field(default_factory=Augmentation)
    early_stopping: int = integer(
        0, 0, 100, mark("Stop after so many epochs without a better validation loss; 0 is off.")
    )
    weight_averaging: float = real(
        0.0, 0, 0.9999, mark("Share kept in a running average of the weights; 0 is off.")
    )
    seed: int = integer(0, 0, 2**31 - 1, mark("Makes chance repeatable: same seed, same curves."))
    precision: str = choice("float32", tuple(PRECISIONS), mark("The numbers used for multiplying."))

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.train_examples + self.validation_examples > 60_000:
            raise RecipeError(
                say(
                    "Recipe: {training:,} training and {validation:,} validation images overlap; "
                    "together they must be at most 60,000.",
                    training=self.train_examples,
                    validation=self.validation_examples,
                )
            )
        if self.early_stopping and not self.validation_examples:
            raise RecipeError(
                say(
                    "Recipe: early_stopping needs validation images; set validation_examples "
                    "above 0."
                )
            )
        if self.nesterov and not (self.optimizer == "sgd" and self.momentum):
            raise RecipeError(
                say(
                    "Recipe: nesterov needs the sgd optimizer with a momentum above 0, such as 0.9."
                )
            )

    # Architecture

    def rows(self) -> list[Row]:
        """Return the architecture table; the row where the design breaks says why, then it ends."""
        rows: list[Row] = []
        shape = INPUT_SHAPE
        for layer in self.layers:
            try:
                after = layer.output_shape(shape)
            except LayerError as error:
                return [*rows, Row(layer, None, 0, 0, str(error))]
            rows.append(
                Row(layer, after, layer.parameters(shape), layer.multiply_adds(shape), None)
            )
            shape = after
        if message := self._ending(shape):
            last = rows[-1] if rows else Row(Dense(), None, 0, 0, None)
            rows[-1:] = [last._replace(error=message)]
        return rows

    def _ending(self, shape: Shape) -> str | None:
        if not self.layers or shape != (CLASSES,):
            return say(
                "The network must end with {classes} numbers, one a class: make the last layer "
                "Dense with {classes} units.",
                classes=CLASSES,
            )
        if self._last_activation() not in ("softmax", "linear"):
            return say(
                "The last activation must be softmax (probabilities) or linear (logits), not "
                "{activation}.",
                activation=self._last_activation(),
            )
        return None

    def _last_activation(self) -> str:
        last = self.layers[-1]
        return last.activation if isinstance(last, (Dense, Activation)) else "other"

    @property
    def error(self) -> str | None:
        """What is wrong with the architecture, in words; None when it can be built."""
        return next((row.error for row in self.rows() if row.error), None)

    @property
    def from_logits(self) -> bool:
        """Whether the network puts out logits, which softmax turns into probabilities."""
        return self._last_activation() == "linear"

    @property
    def parameters(self) -> int:
        """The number of weights, trainable or not."""
        return sum(row.parameters for row in self.rows())

    @property
    def multiply_adds(self) -> int:
        """The multiply-adds of dense and convolution kernels for one image."""
        return sum(row.multiply_adds for row in self.rows())

    @property
    def memory_bytes(self) -> int:
        """An estimate of what training adds to an idle worker, in bytes.

        Weights, gradients, the optimizer's moments, the best copy and the average, all float32;
        and for each image of a batch every activation kept for the way back, twice.
        """
        moments = 1 if self.optimizer in ("sgd", "lion") else 2
        copies = 3 + moments + bool(self.weight_averaging)
        activations = 0
        for row in self.rows():
            if row.shape is not None:
                activations += math.prod(row.shape) * (4 if hasattr(row.layer, "dropout") else 1)
        return 4 * (self.parameters * copies + 2 * activations * self.batch_size)

    def check(self, limits: Limits = LOCAL) -> None:
        """Raise RecipeError when the design is invalid or larger than `limits` allow."""
        if len(self.layers) > limits.layers:
            raise RecipeError(
                say(
                    "The network has {count} layers; {host} allows {most}.",
                    count=len(self.layers),
                    host=say(limits.name),
                    most=limits.layers,
                )
            )
        if self.error:
            raise RecipeError(self.error)
        for name, refusal in _TOO_LARGE.items():
            value, most = getattr(self, name), getattr(limits, name)
            if value > most:
                raise RecipeError(say(refusal, value=value, host=say(limits.name), most=most))

    # JSON and links

    @classmethod
    def from_dict(cls, data: object) -> Self:
        """Return the recipe that JSON data describes; raise RecipeError with the reason if bad."""
        if isinstance(data, dict):
            data = dict(data)
            layers = data.pop("layers", [])
            if not isinstance(layers, list) or len(layers) > LOCAL.layers:
                raise RecipeError(
                    say(
                        "Recipe: layers must be a JSON list of at most {most} layers.",
                        most=LOCAL.layers,
                    )
                )
            data["layers"] = tuple(layer_from_dict(layer) for layer in layers)
            data["augmentation"] = Augmentation.from_dict(data.get("augmentation", {}))
        return super().from_dict(data)

    def to_dict(self) -> dict[str, Any]:
        """Return the recipe as JSON data."""
        layers = [layer_to_dict(layer) for layer in self.layers]
        data = {**super().to_dict(), "layers": layers, "augmentation": self.augmentation.to_dict()}
        return {"name": data.pop("name"), "layers": data.pop("layers"), **data}

    def to_json(self) -> str:
        """Return the recipe as indented JSON text."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, source: str | bytes) -> Self:
        """Return the recipe in JSON text; raise RecipeError with the reason if it is refused."""
        if len(source) > LONGEST_JSON:
            raise RecipeError(
                say(
                    "The recipe is {size:,} bytes of JSON; at most {most:,} are read.",
                    size=len(source),
                    most=LONGEST_JSON,
                )
            )
        try:
            data = json.loads(source)
        except (ValueError, RecursionError) as error:
            reason = str(error)[:100]
            raise RecipeError(say("The recipe is not JSON: {reason}.", reason=reason)) from None
        return cls.from_dict(data)

    def to_link(self) -> str:
        """Return the recipe as text that is safe in a URL; defaults are left out for shortness."""
        plain = type(self)().to_dict()
        data = {key: value for key, value in self.to_dict().items() if value != plain[key]}
        packed = zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 9)
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")

    @classmethod
    def from_link(cls, link: str) -> Self:
        """Return the recipe in a link; raise RecipeError when it is damaged or refused."""
        try:
            packed = base64.urlsafe_b64decode(link.encode("ascii") + b"=" * (-len(link) % 4))
            inflate = zlib.decompressobj()
            # Bounded, because a few kilobytes can inflate to gigabytes.
            source = inflate.decompress(packed, LONGEST_JSON)
        except (ValueError, binascii.Error, zlib.error):
            damaged = say("The recipe in the link is damaged; copy the whole link.")
            raise RecipeError(damaged) from None
        if not inflate.eof:
            raise RecipeError(say("The recipe in the link is cut short or too long."))
        return cls.from_json(source)

    def changed(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields' own types
        """Return a copy with some fields changed; raise RecipeError when they do not fit."""
        return replace(self, **changes)
