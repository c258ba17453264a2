"""Everything of a model in one archive, which is offered only if its own test has passed."""

import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from fmnist_core import files
from fmnist_core.data import examples
from fmnist_core.data.fashion_mnist import load
from fmnist_core.exports import self_test
from fmnist_core.exports.card import model_card
from fmnist_core.exports.formats import FORMATS, ExportError, export
from fmnist_core.exports.notebook import notebook
from fmnist_core.exports.preparation import preparation
from fmnist_core.exports.tensorboard import FILE, event_file
from fmnist_core.exports.web.web_page import fits, web_page
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model
from fmnist_core.models.classifier import Classifier
from fmnist_core.preprocessing.open_picture import open_picture
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.history import to_csv
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.tasks import step
from fmnist_core.training.script import script
from fmnist_core.translation import mark

# Written with values in it; pages translate it by `retold`.
NOT_OFFERED = mark("The exported files are not offered: {said}.")

GOLDEN_IMAGES = 100
GOLDEN_STEP = 8  # every so many of our own drawings and photos
TEST_SECONDS = 120
# More than this lost, a network of 8 bits is not worth its size.
LOST_WITH_INT8 = 0.005


def bundle(folder: str, _changed: int = 0) -> bytes:
    """Return the model in a shipped model's or run's `folder` as a .zip with all formats.

    `_changed` tells a run that was trained on from what it was before.

    Each network has been run in a process of its own, with the runtime that it is for, and gave
    the expected answers; one of 8 bits that loses more than half a point of test accuracy is left
    out. Raises ExportError where one does not agree, and Stopped when nobody waits any more.
    """
    model = catalogue.find(folder)
    name = slug(model.title) or "model"
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        write_golden(model, here)
        int8_accuracy = None
        for at, (key, kind) in enumerate(FORMATS.items()):
            step(at / (len(FORMATS) + 1), mark("Writing {format}"), format=kind.title)
            path = here / f"{name}{kind.ending}"
            path.write_bytes(export(model, key))
            if key == "litert-int8":
                int8_accuracy = _kept_accuracy(model, path)
        (here / "preparation.py").write_text(preparation(), encoding="utf-8")
        step(len(FORMATS) / (len(FORMATS) + 1), mark("Testing every file in a process of its own"))
        check(here)
        texts = {
            "README.md": model_card(model, int8_accuracy),
            f"{name.replace('-', '_')}.py": script(model.recipe),
            f"{name}-recipe.json": model.recipe.to_json(),
            f"{name}-history.csv": to_csv(valid_rows(Run(model.folder).history()[0])),
        }
        for file, text in texts.items():
            (here / file).write_text(text, encoding="utf-8")
        (here / f"{name}.ipynb").write_bytes(notebook(folder))
        if fits(model):
            (here / f"{name}.html").write_bytes(web_page(folder))
        logs = here / "tensorboard"
        logs.mkdir()
        (logs / FILE).write_bytes(event_file(Run(model.folder)))
        return _packed(here, name)


def write_golden(model: Model, folder: Path) -> None:
    """Write the self-test, its inputs and the answers that the app gives to them."""
    images = load("test").images[:GOLDEN_IMAGES]
    probabilities, _ = Classifier(model.tflite_file).predict(images)
    pictures = folder / "pictures"
    pictures.mkdir()
    prepared = []
    named = [one for one in examples.examples().values() if one.label is not None]
    for one in named[::GOLDEN_STEP]:
        path = pictures / f"{one.name}.png"
        one.picture().save(path)
        item = prepare(open_picture(path.read_bytes()))
        prepared.append((f"pictures/{path.name}", item.array))
    golden = [("images", images), ("probabilities", probabilities), *prepared]
    files.write_arrays(folder / "golden.npz", golden)
    source = Path(self_test.__file__).read_text(encoding="utf-8")
    (folder / "self_test.py").write_text(source, encoding="utf-8")


def check(folder: Path) -> str:
    """Run the self-test of a folder as its user would, and return what it said.

    Raises ExportError when a network does not agree, or does not answer in time.
    """
    try:
        done = subprocess.run(
            # Isolated: it sees the installed runtimes, and nothing of this project.
            [sys.executable, "-I", "self_test.py", *self_test.testable(folder)],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=TEST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ExportError(mark("The exported files did not answer in time; try again.")) from None
    if done.returncode:
        said = next((line for line in done.stdout.splitlines() if "agrees" not in line), "")
        raise ExportError(NOT_OFFERED.format(said=said or mark("they do not load")))
    return done.stdout


def _kept_accuracy(model: Model, path: Path) -> float | None:
    """Return the test accuracy of a network of 8 bits; delete one that lost too much: None."""
    images, labels = load("test").images, load("test").labels
    right = [
        float((Classifier(one).predict(images)[0].argmax(1) == labels).mean())
        for one in (model.tflite_file, path)
    ]
    if right[0] - right[1] > LOST_WITH_INT8:
        path.unlink()
        return None
    return right[1]


def _packed(folder: Path, name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            archive.write(path, Path(name, path.relative_to(folder)))
    return packed.getvalue()
