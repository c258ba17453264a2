"""A trained model as a Jupyter notebook that was run: its recipe, its accuracy, its mistakes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fmnist_core.data.fashion_mnist import CLASS_NAMES, FOLDER
from fmnist_core.exports import run_cells
from fmnist_core.exports.formats import ExportError
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import epoch_rows
from fmnist_core.runs.run import Run
from fmnist_core.training.script import script
from fmnist_core.translation import mark

RUN_SECONDS = 300
# Written with values in them; pages translate them by `retold`.
NO_WEIGHTS = mark("{title} has no weights to show: train it first.")
CELL_FAILED = mark("The notebook is not offered: a cell failed ({reason}).")
DATA = "FASHION_MNIST"  # the environment variable that names a folder of the four files
_MAIN = "\n\ndef main():"  # what the script does on the command line the notebook does in cells

_LOAD = f"""\
import os

# Downloaded, unless {DATA} in the environment names a folder of the four IDX files.
folder = os.environ.get("{DATA}")
(images, labels), (test_images, test_labels) = load_data(folder and Path(folder))
CLASSES = {list(CLASS_NAMES)}
print(images.shape, test_images.shape)"""
_MODEL = """\
trained = Path("{name}.keras")  # lies beside this notebook in the bundle
if trained.exists():
    model = keras.models.load_model(trained)
else:
    model = build_model()
    train(model, images, labels, EPOCHS)
print(f"{{model.count_params():,}} parameters")"""
_TEST = """\
outputs = model.predict(to_input(test_images), batch_size=256, verbose=0)
answers = outputs.argmax(axis=1)
print(f"{np.mean(answers == test_labels):.2%} of {len(test_labels):,} test images are right")"""
_CONFUSION = """\
confusion = np.zeros((10, 10), int)
np.add.at(confusion, (test_labels, answers), 1)
print("true class (rows) and answer (columns, in the same order)")
for name, row in zip(CLASSES, confusion):
    print(f"{name:<12}", *(f"{count:>5}" for count in row))"""
_MISTAKES = """\
from PIL import Image

# The mistakes that the network was surest of: 6 rows of 10.
surest = np.argsort(-np.where(answers == test_labels, -np.inf, outputs.max(axis=1)))[:60]
for index in surest[:10]:
    print(f"image {index}: {CLASSES[test_labels[index]]}, taken for {CLASSES[answers[index]]}")
sheet = test_images[surest].reshape(6, 10, 28, 28).swapaxes(1, 2).reshape(168, 280)
Image.fromarray(sheet).resize((840, 504), Image.NEAREST)"""


def notebook(folder: str) -> bytes:
    """Return the model in a shipped model's or run's `folder` as .ipynb, executed just now.

    The cells load the trained network, where it lies beside them, and look at all test images.
    Raises ExportError where a cell fails or takes too long.
    """
    model = catalogue.find(folder)
    if not (model.ready and model.keras_file.is_file()):
        raise ExportError(NO_WEIGHTS.format(title=model.title))
    name = slug(model.title) or "model"
    texts = [
        ("", script(model.recipe).split(_MAIN)[0].strip()),
        ("## Data\n\n60,000 training and 10,000 test images of clothes, 28×28 grey levels.", _LOAD),
        (_trained(model), _MODEL.format(name=name)),
        ("## The test images\n\nThe network has learned from none of them.", _TEST),
        ("", _CONFUSION),
        ("", _MISTAKES),
    ]
    outputs = _run([source for _, source in texts], model.keras_file, f"{name}.keras")
    cells = [_cell("markdown", _head(model))]
    for number, ((words, source), output) in enumerate(zip(texts, outputs, strict=True), 1):
        if words:
            cells.append(_cell("markdown", words))
        cells.append({**_cell("code", source), "execution_count": number, "outputs": output})
    content = {
        "cells": [{**cell, "id": _id(at, cell)} for at, cell in enumerate(cells)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python", "version": sys.version.split()[0]},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1).encode()


def _head(model: Model) -> str:
    return (
        f"# {_plain(model.title)}\n\nTrained in Fashion-MNIST Lab from seed {model.recipe.seed} on "
        f"the first {model.recipe.train_examples:,} training images. The outputs below are from "
        "running every cell once, from top to bottom."
    )


def _trained(model: Model) -> str:
    rows = epoch_rows(Run(model.folder).history()[0])
    best = Curves.of(rows).best
    lines = ["## The network", ""]
    if best is not None:
        lines += [
            f"It was trained for {rows[-1].epoch} epochs; epoch {rows[best].epoch} was right on "
            f"{rows[best].val_accuracy:.2%} of {model.recipe.validation_examples:,} validation "
            "images and is the one that was kept.",
        ]
    return "\n".join([*lines, "Without the trained file the next cell trains it anew."])


def _plain(title: str) -> str:
    """Return a visitor's title without what Markdown or HTML would read something into."""
    return "".join(letter if letter.isalnum() or letter in " -.,()%+" else " " for letter in title)


def _cell(kind: str, source: str) -> dict[str, Any]:
    return {"cell_type": kind, "metadata": {}, "source": source}


def _id(at: int, cell: dict[str, Any]) -> str:
    return f"{at}-" + hashlib.sha256(cell["source"].encode()).hexdigest()[:8]


def _run(cells: list[str], weights: Path, name: str) -> list[list[dict[str, Any]]]:
    """Return the outputs of each cell, run in a process and a folder of their own."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        shutil.copyfile(weights, here / name)
        (here / "cells.json").write_text(json.dumps(cells), encoding="utf-8")
        try:
            done = subprocess.run(
                [sys.executable, "-I", run_cells.__file__, "cells.json"],
                cwd=here,
                env={**os.environ, DATA: str(FOLDER), "TF_CPP_MIN_LOG_LEVEL": "3"},
                capture_output=True,
                text=True,
                timeout=RUN_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise ExportError(mark("The notebook took too long to run; try again.")) from None
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise ExportError(CELL_FAILED.format(reason=reason[:200]))
        found: list[list[dict[str, Any]]] = json.loads((here / "outputs.json").read_text())
        return found
