"""The stand-alone script: it learns exactly what training a recipe in the app learns."""

import gzip
import inspect
import itertools
import random
import runpy
import struct
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fmnist_core import translation
from fmnist_core.augmentation import augment
from fmnist_core.data.fashion_mnist import Images
from fmnist_core.models.build import build
from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.hyperparameters import INITIALIZERS
from fmnist_core.recipes.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    Dense,
    DepthwiseConv2D,
    Dropout,
    Flatten,
    GlobalAveragePooling2D,
    LayerNormalization,
    MaxPooling2D,
    ResidualBlock,
    SeparableConv2D,
)
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.presets import PRESETS
from fmnist_core.recipes.recipe import OPTIMIZERS, PRECISIONS, SCHEDULES, Augmentation, Recipe
from fmnist_core.runs.rows import EpochRow, epoch_rows
from fmnist_core.runs.store import RunStore
from fmnist_core.training import train
from fmnist_core.training.script import _call, script
from fmnist_core.training.script_augmentation import _FIELD_MODULES

DENSE = Recipe(
    name="Tiny",
    layers=(Flatten(), Dense(units=8), Dropout(rate=0.2), Dense(units=10, activation="linear")),
    epochs=2,
    train_examples=70,  # with batches of 16: the last one is short
    validation_examples=30,
    batch_size=16,
    seed=7,
)
EVERYTHING = Recipe(
    name='Quotes """ and \\ and {braces}',
    layers=(
        Conv2D(filters=4, strides=2, padding="same"),
        ResidualBlock(filters=4, dropout=0.1),
        ResidualBlock(filters=6, strides=2, activation="elu"),
        SeparableConv2D(filters=4, activation="linear", use_bias=False),
        BatchNormalization(momentum=0.9),
        Activation(activation="leaky_relu"),
        DepthwiseConv2D(),
        LayerNormalization(),
        GlobalAveragePooling2D(),
        Dense(units=10, activation="softmax"),
    ),
    initializer="he_normal",
    optimizer="sgd",
    learning_rate=0.05,
    momentum=0.9,
    nesterov=True,
    weight_decay=0.001,
    schedule="one_cycle",
    batch_size=16,
    epochs=2,
    label_smoothing=0.1,
    train_examples=70,
    validation_examples=30,
    augmentation=Augmentation(flip=True, shift=2, rotate=10, zoom=0.1, erase=0.5, field=0.3),
    early_stopping=5,
    weight_averaging=0.5,
    seed=3,
)
CASES = {
    "dense": DENSE,
    "everything": EVERYTHING,
    "cosine": DENSE.changed(schedule="cosine", optimizer="adamw", weight_decay=0.01),
    "plateau without validation": DENSE.changed(
        schedule="reduce_on_plateau", validation_examples=0, optimizer="rmsprop", momentum=0.5
    ),
}


def _images(count: int, seed: int) -> Images:
    """Return images that a network can learn: a bright row tells the class."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
    images[np.arange(count), labels * 2 + 4] = 250
    return Images(images, labels)


IMAGES = _images(100, 1)


def trained_here(recipe: Recipe, folder: Path) -> list[EpochRow]:
    """Return the history rows of the epochs as the app trains the recipe."""
    run = RunStore(folder / "runs").create(recipe, "visitor")
    train.train(run, IMAGES, IMAGES)
    assert run.status().status == "finished", run.status().reason
    return epoch_rows(run.history()[0])


@pytest.mark.parametrize("name", CASES)
def test_script_learns_what_the_app_learns(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = CASES[name]
    monkeypatch.chdir(tmp_path)
    Path("network.py").write_text(script(recipe), encoding="utf-8")
    code = runpy.run_path("network.py")
    model = code["build_model"]()
    assert model.count_params() == recipe.parameters
    history = code["train"](model, IMAGES.images, IMAGES.labels, recipe.epochs).history

    rows = trained_here(recipe, tmp_path)
    assert history["loss"] == pytest.approx([row.loss for row in rows], rel=1e-3)
    assert history["loss"][0] == pytest.approx(rows[0].loss, rel=1e-4)
    if recipe.validation_examples:
        assert history["val_loss"] == pytest.approx([row.val_loss for row in rows], rel=1e-3)


@pytest.mark.parametrize("initializer", INITIALIZERS)
def test_a_network_begins_with_the_scripts_weights_whatever_other_threads_draw(
    initializer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    none, some = Dropout(rate=0.0), Dropout(rate=0.5)
    layers = (none, *EVERYTHING.layers[:3], some, *EVERYTHING.layers[3:])
    recipe = EVERYTHING.changed(layers=layers, initializer=initializer, seed=5)
    scope: dict[str, Any] = {"__name__": "network"}
    exec(script(recipe), scope)
    expected = scope["build_model"]().variables
    # What draws from Python's shared numbers gets others each time.
    monkeypatch.setattr("random.randint", random.SystemRandom().randint)
    found = build(recipe).variables
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert np.array_equal(one.numpy(), other.numpy())


def test_script_runs_on_its_own_from_a_folder_of_idx_files(tmp_path: Path) -> None:
    for split, images in (("train", IMAGES), ("t10k", IMAGES)):
        pixels = struct.pack(">4i", 2051, len(images), 28, 28) + images.images.tobytes()
        labels = struct.pack(">2i", 2049, len(images)) + images.labels.tobytes()
        (tmp_path / f"{split}-images-idx3-ubyte.gz").write_bytes(gzip.compress(pixels))
        (tmp_path / f"{split}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))
    (tmp_path / "network.py").write_text(script(DENSE), encoding="utf-8")
    # -I: nothing from this repository can be imported.
    done = subprocess.run(
        [sys.executable, "-I", "network.py", "--data", ".", "--epochs", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert f"Parameters: {DENSE.parameters}\n" in done.stdout
    loss = float(done.stdout.split("Training loss by epoch: [")[1].split("]")[0])
    assert loss == pytest.approx(trained_here(DENSE, tmp_path)[0].loss, rel=1e-4)


STRENGTHS: dict[str, Any] = {
    "flip": True,
    "shift": 2,
    "rotate": 10,
    "zoom": 0.1,
    "erase": 0.5,
    "field": 0.5,
}
AUGMENTATIONS = [
    Augmentation(**dict(zip(STRENGTHS, chosen, strict=True)))
    for chosen in itertools.product(*((type(on)(0), on) for on in STRENGTHS.values()))
]


def test_scripts_of_every_preset_and_every_augmentation_are_clean_code(tmp_path: Path) -> None:
    recipes = [preset.recipe for preset in PRESETS.values()]
    recipes += [
        DENSE.changed(augmentation=augmentation, label_smoothing=0.1 * (number % 2))
        for number, augmentation in enumerate(AUGMENTATIONS)
    ]
    for number, recipe in enumerate(recipes):
        (tmp_path / f"network_{number}.py").write_text(script(recipe), encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    common = ["--isolated", "--line-length=100", "--no-cache", str(tmp_path)]
    for command in (["check", "--select=E,F,W,I,B,UP"], ["format", "--diff"]):
        done = subprocess.run(
            [*ruff, *command, *common], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]


@pytest.mark.parametrize(("length", "lines"), [(85, 1), (86, 3), (90, 3), (91, 4)])
def test_a_call_has_a_hundred_columns_before_it_is_broken(length: int, lines: int) -> None:
    text = textwrap.indent(_call("x = f", ["a", "b" * (length - 1)], "()"), "    ")
    assert len(text.splitlines()) == lines
    assert max(map(len, text.splitlines())) <= 100


def test_scripts_of_every_combination_of_options_compile() -> None:
    judged: tuple[dict[str, int], ...] = ({"validation_examples": 0}, {}, {"early_stopping": 3})
    combinations = list(
        itertools.product(OPTIMIZERS, SCHEDULES, PRECISIONS, judged, (0.0, 0.1), (0.0, 0.9))
    )
    # The garments drawn from nothing are 1,400 lines that no other option changes.
    quick = itertools.cycle(one for one in AUGMENTATIONS if not one.field)
    for optimizer, schedule, precision, validation, smoothing, averaging in combinations:
        recipe = DENSE.changed(
            optimizer=optimizer,
            schedule=schedule,
            precision=precision,
            label_smoothing=smoothing,
            weight_averaging=averaging,
            weight_decay=smoothing,
            momentum=0.9 * (optimizer in ("sgd", "rmsprop")),
            nesterov=optimizer == "sgd" and bool(smoothing),
            augmentation=next(quick),
            **validation,
        )
        compile(script(recipe), "network.py", "exec")


def test_pasted_augmentation_varies_images_as_the_app_does() -> None:
    images, labels = IMAGES.images[:3], IMAGES.labels[:3]
    for chosen in filter(None, AUGMENTATIONS):
        if chosen.field and sum(map(bool, chosen.to_dict().values())) > 2:
            continue  # 1,400 lines that the others do not change take long to compile
        scope: dict[str, Any] = {"__name__": "network"}
        exec(script(DENSE.changed(augmentation=chosen)), scope)
        found = scope["augment"](images, labels, scope["AUGMENTATION"], np.random.default_rng(5))
        expected = augment.augment(images, labels, chosen, np.random.default_rng(5))
        assert np.array_equal(found, expected), chosen


def test_every_pasted_file_says_so_in_its_first_line() -> None:
    for module in (augment, *_FIELD_MODULES):
        assert inspect.getsource(module).startswith("# Pasted into the exported script, ")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_is_one_that_keras_has(optimizer: str) -> None:
    import keras

    source = script(DENSE.changed(optimizer=optimizer))
    name = source.split("optimizer=keras.optimizers.")[1].split("(")[0]
    assert hasattr(keras.optimizers, name)


def test_script_holds_only_the_augmentation_that_is_on() -> None:
    flipped = script(DENSE.changed(augmentation=Augmentation(flip=True)))
    assert "varied[mirrored, :, ::-1]" in flipped
    assert "def _erase" not in flipped
    assert "cv2" not in flipped


def test_mixed_precision_keeps_the_last_layer_in_float32() -> None:
    source = script(DENSE.changed(precision="mixed_bfloat16"))
    assert 'set_dtype_policy("mixed_bfloat16")' in source
    assert 'layers.Dense(10, dtype="float32")(x)' in source
    assert source.count("dtype=") == 1
    assert "dtype=" not in script(DENSE)


def test_a_script_has_no_part_that_its_recipe_does_not_need() -> None:
    plain = script(DENSE)
    for part in ("def residual_block", "opencv", "ReduceLROnPlateau", "EarlyStopping"):
        assert part not in plain
    assert "def residual_block" in script(EVERYTHING)
    turned = script(DENSE.changed(augmentation=Augmentation(rotate=10)))
    assert "pip install keras tensorflow opencv-python-headless\n" in turned
    falling = DENSE.changed(schedule="reduce_on_plateau")
    assert 'ReduceLROnPlateau("val_loss", ' in script(falling)
    assert 'ReduceLROnPlateau("loss", ' in script(falling.changed(validation_examples=0))
    assert 'EarlyStopping("val_loss", patience=3)' in script(DENSE.changed(early_stopping=3))


def test_a_script_names_what_differs_from_what_keras_assumes_alone() -> None:
    sgd = DENSE.changed(optimizer="sgd", learning_rate=0.5)
    assert "keras.optimizers.SGD(learning_rate=0.5)," in script(sgd)
    assert ("keras.optimizers.SGD(learning_rate=0.5, weight_decay=0.25, momentum=0.9),") in script(
        sgd.changed(weight_decay=0.25, momentum=0.9)
    )


def test_there_is_no_script_of_a_broken_design() -> None:
    with pytest.raises(RecipeError, match="flat list"):
        script(DENSE.changed(layers=(MaxPooling2D(), Dense(units=10))))


def test_a_script_is_english_whoever_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = PRESETS["wide-cnn-on-20000"].recipe
    english = script(recipe)
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])
    assert summary(recipe).startswith("Bild 28×28×1")
    assert script(recipe) == english
