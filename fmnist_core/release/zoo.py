"""Trains the shipped models from their recipes, looking at validation only."""

import os
from pathlib import Path

import numpy as np

from fmnist_core import files
from fmnist_core.data.fashion_mnist import Images, load
from fmnist_core.paths import BUILD
from fmnist_core.recipes import presets
from fmnist_core.release.machine import watched
from fmnist_core.release.photos import read
from fmnist_core.runs.run import ABOUT, MODEL, RECIPE, Run

WORKSHOP = BUILD / "zoo"
AVERAGED = ("best",)  # presets that go on after their recipe, their weights being averaged
DISTILLED = ("compact", "best")  # presets that go on after that, learning from what Best answers


class ZooError(Exception):
    """A shipped model cannot be made; the message says what is missing and what to do."""


def open_run(
    name: str,
    workshop: Path | None = None,
    epochs: int | None = None,
    precision: str | None = None,
) -> Run:
    """Return the run that trains the preset of that name, made when there is none yet.

    A new run has the preset's `epochs` and `precision`, unless told otherwise. It lies in
    `workshop`, by default where FMNIST_ZOO says, else in build/zoo. Raises RecipeError for an
    unknown name and ZooError when the run there is of another recipe.
    """
    preset = presets.find(name)
    root = workshop or Path(os.environ.get("FMNIST_ZOO") or WORKSHOP)
    run = Run(root.absolute() / preset.name)
    if not (run.folder / RECIPE).exists():
        recipe = preset.recipe.changed(
            epochs=epochs or preset.recipe.epochs, precision=precision or preset.recipe.precision
        )
        run.folder.mkdir(parents=True, exist_ok=True)
        with files.replacing(run.folder / RECIPE) as stream:
            stream.write(recipe.to_json().encode())
        files.write_json(run.folder / ABOUT, {"name": preset.title})
        run.set_status("queued")
    found = run.recipe
    wanted = preset.recipe.changed(
        epochs=epochs or found.epochs, precision=precision or found.precision
    )
    if found != wanted:
        raise ZooError(
            f"{run.folder} was begun with another recipe than the preset {preset.title} has now. "
            "Move the folder away to train anew."
        )
    return run


def train(run: Run, photos: Path | None = None) -> None:
    """Train from the run's checkpoint, or from the start, to the end; look at validation only.

    A recipe that redraws its images as visitors' pictures learns from real ones in the end: from
    those in the folder `photos`. Blocks. Raises PhotosError when they are missing, and ZooError
    with the reason when training does not reach its end.
    """
    from fmnist_core.training import train as training

    real = read(photos) if run.recipe.augmentation.field else []
    with watched() as machine:
        if run.status().status != "finished":
            training.train(run, load("train"), blind=True)
        status = run.status()
        if status.status not in ("finished", "stopped"):
            raise ZooError(f"{status.name} is {status.status}: {status.reason}")
        if run.folder.name in AVERAGED:
            from fmnist_core.release.weight_averaging import average

            average(run, load("train"))
        if run.folder.name in DISTILLED:
            from fmnist_core.release.distillation import distil

            distil(run, load("train"))
        if real:
            from fmnist_core.release.field_training import teach

            teach(run, real, load("train"))
    machine.add_to(run.folder)
    if run.recipe.label_smoothing and run.folder.name not in AVERAGED:  # these are calibrated
        calibrate(run, load("train"))


def calibrate(run: Run, images: Images) -> None:
    """Rescale the outputs of the last layer so that confidence fits validation.

    Label smoothing leaves a network wrongly sure. A few answers may change, but none of a network
    that learns from more than the data set. `images` are the training images; their last ones are
    for validation.
    """
    import keras

    from fmnist_core.models import calibration, convert

    count = run.recipe.validation_examples
    if not count:
        return
    model = keras.models.load_model(run.folder / MODEL)
    kernel, bias = model.layers[-1].get_weights()
    features = keras.Model(model.inputs, model.layers[-1].input)
    inputs = images.images[-count:, ..., None].astype(np.float32) / 255
    logits = features.predict(inputs, verbose=0) @ kernel + bias
    fit = calibration.fit_temperature if run.recipe.augmentation.field else calibration.fit
    scale, shift = fit(logits, images.labels[-count:])
    model.layers[-1].set_weights([kernel * scale, bias * scale + shift])
    convert.save_model(model, run.recipe, run.folder)
