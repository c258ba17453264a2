"""The hyperparameters' vocabulary, each word with one sentence of what it does."""

from dataclasses import dataclass

from fmnist_core.recipes.options import Options, integer, real, switch

OPTIMIZERS = {
    "sgd": "Plain gradient steps; with momentum still the best for long runs.",
    "adam": "Adapts the step of every weight; the safe first choice.",
    "adamw": "Adam with weight decay done right.",
    "nadam": "Adam with Nesterov's look-ahead.",
    "rmsprop": "Scales steps by the recent gradient size; older than Adam.",
    "lion": "Uses only the sign of the gradient; wants a learning rate about ten times smaller.",
    "muon": "Orthogonalises the step of each weight matrix; learns fast, costs more per step.",
    "schedule_free_adamw": "Averages its own path, so that no schedule is needed.",
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
    "constant": "The learning rate stays as it is.",
    "cosine": "Falls smoothly from the learning rate to zero.",
    "one_cycle": "Climbs to the learning rate over 30 % of the run, then falls to zero.",
    "reduce_on_plateau": "Divides by five when validation loss has not improved for two epochs.",
}
INITIALIZERS = {
    "glorot_uniform": "Keras's default; balances the signal for tanh and softmax.",
    "glorot_normal": "As above, drawn from a bell curve.",
    "he_normal": "Made for ReLU networks (He et al. 2015).",
    "he_uniform": "As above, drawn evenly.",
    "lecun_normal": "Made for SELU networks.",
    "orthogonal": "Starts every matrix as a rotation.",
}
PRECISIONS = {
    "float32": "Full precision; works everywhere.",
    "mixed_bfloat16": "Half-width multiplications; twice as fast where the processor has them.",
}


@dataclass(frozen=True)
class Augmentation(Options):
    """How each training image is varied before the network sees it."""

    flip: bool = switch(False, "Mirror half of the images left to right.")
    shift: int = integer(0, 0, 8, "Move by up to this many pixels each way.")
    rotate: int = integer(0, 0, 45, "Turn by up to this many degrees each way.")
    zoom: float = real(0.0, 0, 0.5, "Grow or shrink by up to this share.")
    erase: float = real(0.0, 0, 1, "Share of images that lose a random rectangle.")
    field: float = real(
        0.0, 0, 1, "Share of images redrawn as outlines, silhouettes and photo-like versions."
    )

    def __bool__(self) -> bool:
        return self != Augmentation()
