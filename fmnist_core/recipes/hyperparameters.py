"""The hyperparameters' vocabulary, each word with one sentence of what it does."""

from dataclasses import dataclass

from fmnist_core.recipes.options import Options, integer, real, switch
from fmnist_core.translation import mark

OPTIMIZERS = {
    "sgd": mark("Plain gradient steps; with momentum still the best for long runs."),
    "adam": mark("Adapts the step of every weight; the safe first choice."),
    "adamw": mark("Adam with weight decay done right."),
    "nadam": mark("Adam with Nesterov's look-ahead."),
    "rmsprop": mark("Scales steps by the recent gradient size; older than Adam."),
    "lion": mark(
        "Uses only the sign of the gradient; wants a learning rate about ten times smaller."
    ),
    "muon": mark(
        "Orthogonalises the step of each weight matrix; learns fast, costs more per step."
    ),
    "schedule_free_adamw": mark("Averages its own path, so that no schedule is needed."),
}
# What Keras calls their classes.
KERAS_OPTIMIZERS = {
    "sgd": "SGD",
    "adam": "Adam",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "rmsprop": "RMSprop",
    "lion": "Lion",
    "muon": "Muon",
    "schedule_free_adamw": "ScheduleFreeAdamW",
}
SCHEDULES = {
    "constant": mark("The learning rate stays as it is."),
    "cosine": mark("Falls smoothly from the learning rate to zero."),
    "one_cycle": mark("Climbs to the learning rate over 30 % of the run, then falls to zero."),
    "reduce_on_plateau": mark(
        "Divides by five when validation loss has not improved for two epochs."
    ),
}
INITIALIZERS = {
    "glorot_uniform": mark("Keras's default; balances the signal for tanh and softmax."),
    "glorot_normal": mark("As above, drawn from a bell curve."),
    "he_normal": mark("Made for ReLU networks (He et al. 2015)."),
    "he_uniform": mark("As above, drawn evenly."),
    "lecun_normal": mark("Made for SELU networks."),
    "orthogonal": mark("Starts every matrix as a rotation."),
}
PRECISIONS = {
    "float32": mark("Full precision; works everywhere."),
    "mixed_bfloat16": mark(
        "Half-width multiplications; twice as fast where the processor has them."
    ),
}


@dataclass(frozen=True)
class Augmentation(Options):
    """How each training image is varied before the network sees it."""

    flip: bool = switch(False, mark("Mirror half of the images left to right."))
    shift: int = integer(0, 0, 8, mark("Move by up to this many pixels each way."))
    rotate: int = integer(0, 0, 45, mark("Turn by up to this many degrees each way."))
    zoom: float = real(0.0, 0, 0.5, mark("Grow or shrink by up to this share."))
    erase: float = real(0.0, 0, 1, mark("Share of images that lose a random rectangle."))
    field: float = real(
        0.0, 0, 1, mark("Share of images redrawn as outlines, silhouettes and photo-like versions.")
    )

    def __bool__(self) -> bool:
        return self != Augmentation()
