"""Fine-tunes a private copy of a model on a visitor's own labelled items, and measures the cost.

Only the last layer learns, the one that decides from the features: that takes a second where
learning in every layer takes minutes on a shared processor, and the features stay those of 55,000
images. It rehearses the data set meanwhile (replay), with its own earlier answers as the target, so
that it changes no more than the new items ask for (Li and Hoiem 2016, arXiv:1606.09282).
Runs on the engine, in a folder like a run's (see `taught.py`); the items are never written.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core import files
from fmnist_core.augmentation.augment import augment
from fmnist_core.data.fashion_mnist import CLASS_NAMES, Images, load
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.classifier import Classifier
from fmnist_core.models.voting import vote
from fmnist_core.recipes.recipe import Augmentation
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import this_process
from fmnist_core.training.head import Head, New
from fmnist_core.training.progress import Mailbox
from fmnist_core.translation import mark

MOST_LESSONS = 20
COPIES = 8  # of each reading: as it is, and moved and turned a little
REPLAY = 3000  # training images that are rehearsed; the number stands in a sentence below, too
CLEAN = 2000  # validation images for the forgetting meter; the same
KEPT_ASIDE = 5000  # the last training images are never rehearsed
FILE = "taught.json"
# Nobody draws or photographs an item twice in quite the same place.
VARIED = Augmentation(shift=1, rotate=6, zoom=0.06)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lesson:
    """An item and what its owner says it is.

    `readings` is uint8 (n, 28, 28), the ways it was read, the likeliest first; `label` is 0 to 9.
    """

    readings: np.ndarray
    label: int


@dataclass(frozen=True)
class Outcome:
    """What teaching did: probabilities float32 (lessons, 10) before and after, labels (lessons,).

    `clean_before` and `clean_after` are accuracies, 0 to 1, on `clean_count` validation images.
    """

    labels: np.ndarray
    before: np.ndarray
    after: np.ndarray
    clean_before: float
    clean_after: float
    clean_count: int
    steps: int
    seconds: float

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain data; `read` gives it back."""
        arrays = {"labels": self.labels, "before": self.before, "after": self.after}
        plain = {key: array.tolist() for key, array in arrays.items()}
        return {**self.__dict__, **plain}


def read(folder: Path) -> Outcome | None:
    """Return what was written beside a taught copy, or None when it is missing or damaged."""
    content = files.read_json(folder / FILE)
    try:
        assert content is not None
        found = Outcome(
            np.array(content["labels"], np.int64),
            np.array(content["before"], np.float32),
            np.array(content["after"], np.float32),
            float(content["clean_before"]),
            float(content["clean_after"]),
            int(content["clean_count"]),
            int(content["steps"]),
            float(content["seconds"]),
        )
    except (AssertionError, KeyError, TypeError, ValueError):
        return None
    shape = (len(found.labels), len(CLASS_NAMES)) if found.labels.ndim == 1 else None
    return found if found.before.shape == found.after.shape == shape else None


def teach(folder: str, base: Model, lessons: Sequence[Lesson], train: Images | None = None) -> None:
    """Fine-tune a copy of `base` on the lessons and write it into `folder`.

    Blocks for some seconds; all that happens, failures too, is in the folder's status. `train` is
    Fashion-MNIST's training images unless given. Ends early when the folder's control says so or
    the folder is gone.
    """
    copy = Run(Path(folder))
    try:
        if copy.status().status != "queued":  # stopped while it waited
            return
        outcome = _teach(copy, base, lessons, train or load("train"))
        if outcome is None:
            copy.set_status("stopped", mark("Stopped before it had learned; nothing was kept."))
            return
        files.write_json(copy.folder / FILE, outcome.as_json())
        copy.set_status("finished", seconds=outcome.seconds)
    except Exception as error:
        if not copy.folder.is_dir():
            return  # thrown away
        _log.exception("teaching %s failed", copy.id)
        known = isinstance(error, ModelError)
        what = str(error) if known else f"Teaching broke off with a {type(error).__name__}."
        copy.set_status("failed", what)


def _teach(copy: Run, base: Model, lessons: Sequence[Lesson], train: Images) -> Outcome | None:
    from fmnist_core.models import convert
    from fmnist_core.models.build import build
    from fmnist_core.models.keras_models import load as open_weights
    from fmnist_core.models.keras_models import weights_of

    started = time.monotonic()
    progress = _Progress(copy)
    classifier = base.classifier()
    rng = np.random.default_rng(base.recipe.seed)
    if not progress.tell(0.05, mark("Opening a copy of the model")):
        return None
    recipe = base.recipe.changed(precision="float32", name=copy.recipe.name)
    network = build(recipe)
    network.set_weights(open_weights(weights_of(base)).get_weights())
    if not progress.tell(0.2, mark("Rehearsing 3,000 images of the data set")):
        return None
    known = max(1, len(train) - KEPT_ASIDE)
    replayed = rng.choice(known, min(REPLAY, known), replace=False)
    targets, old = classifier.predict(train.images[replayed])
    readings, owners, labels = varied(lessons, rng)
    head = Head.of(network)
    if np.abs(head.probabilities(old[:100]) - targets[:100]).max() > 0.01:
        raise ModelError(f"{base.title} cannot be taught: its answer is not its last dense layer.")
    new = New(classifier.features(readings), owners, labels)
    learning = mark("Learning")
    steps = head.learn(new, old, targets, lambda done: progress.tell(0.4 + 0.3 * done, learning))
    if steps is None or not progress.tell(0.7, mark("Saving the copy")):
        return None
    head.write(network)
    convert.save_model(network, recipe, copy.folder)
    taught = Model(copy.id, recipe.name, copy.folder, recipe).classifier()
    if not progress.tell(0.85, mark("Measuring on 2,000 validation images what it forgot")):
        return None
    clean, clean_labels = train.images[-CLEAN:], train.labels[-CLEAN:]
    return Outcome(
        labels=np.array([lesson.label for lesson in lessons]),
        before=probabilities(classifier, lessons),
        after=probabilities(taught, lessons),
        clean_before=_accuracy(classifier, clean, clean_labels),
        clean_after=_accuracy(taught, clean, clean_labels),
        clean_count=len(clean),
        steps=steps,
        seconds=time.monotonic() - started,
    )


class _Progress:
    """Writes how far teaching is into the copy's status, and reads whether to go on."""

    def __init__(self, copy: Run) -> None:
        self._copy, self._mailbox = copy, Mailbox(copy)
        copy.set_status("running", holder=this_process(), started=time.time(), batches=100)

    def tell(self, share: float, words: str) -> bool:
        """Report 0 to 1 with what is being done; return False when it should end."""
        control = self._mailbox.poll()
        if control and control.command:
            return False
        self._copy.set_status("running", words, batch=round(100 * share))
        return True


def varied(
    lessons: Sequence[Lesson], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return all readings and varied copies of them, whose each is, and the lessons' labels."""
    readings, owners = _together(lessons)
    labels = np.array([lesson.label for lesson in lessons])
    copies = (augment(readings, labels[owners], VARIED, rng) for _ in range(COPIES - 1))
    sets = [readings, *copies]
    return np.concatenate(sets), np.tile(owners, COPIES), labels


def probabilities(classifier: Classifier, lessons: Sequence[Lesson]) -> np.ndarray:
    """Return float32 (lessons, 10): what each lesson's readings say together, as on the page."""
    readings, owners = _together(lessons)
    return vote(classifier.probabilities(readings), owners)


def _together(lessons: Sequence[Lesson]) -> tuple[np.ndarray, np.ndarray]:
    """Return all lessons' readings in a row, and whose each is."""
    counts = [len(lesson.readings) for lesson in lessons]
    return np.concatenate([lesson.readings for lesson in lessons]), np.repeat(
        np.arange(len(lessons)), counts
    )


def _accuracy(classifier: Classifier, images: np.ndarray, labels: np.ndarray) -> float:
    return float((classifier.probabilities(images).argmax(1) == labels).mean())
