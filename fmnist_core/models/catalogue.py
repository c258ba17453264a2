"""Models: trained networks, shipped or from finished runs, found by the names people use."""

import logging
import os
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.litert import InferenceError
from fmnist_core.models.card import Card, CardError
from fmnist_core.models.classifier import Classifier
from fmnist_core.paths import ASSETS
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.presets import slug
from fmnist_core.recipes.recipe import LONGEST_JSON, Recipe
from fmnist_core.runs.run import LITERT, MODEL, RECIPE, Run
from fmnist_core.runs.status import RunError, RunNotFound
from fmnist_core.runs.store import ID, RunStore
from fmnist_core.translation import mark, say

DEFAULT_ROOT = ASSETS / "models"

# Best for visitors' pictures first; the reference presets follow in their own order.
_ORDER = (
    "field",
    "best",
    "compact",
    "lightning",
    "dense-basics",
    "wide-cnn-on-20000",
    "128-64-with-logits",
    "three-convolutions",
    "300-100-with-sgd",
)

_log = logging.getLogger(__name__)


class ModelError(Exception):
    """A model cannot be found or used; the message says what there is instead."""


@dataclass(frozen=True)
class Model:
    """A trained network. `name` is its slug or its run's id; `card` is None for runs."""

    name: str
    title: str
    folder: Path
    recipe: Recipe
    card: Card | None = None

    @property
    def keras_file(self) -> Path:
        """The network with its best weights, for Keras."""
        return self.folder / MODEL

    @property
    def tflite_file(self) -> Path:
        """The same function for LiteRT, with the features as its second output."""
        return self.folder / LITERT

    @property
    def ready(self) -> bool:
        """Whether its weights are here; a model too large to ship has only its card."""
        return self.tflite_file.is_file()

    @property
    def parameters(self) -> int:
        """The number of its weights."""
        return self.card.parameters if self.card else self.recipe.parameters

    @property
    def no_weights(self) -> str:
        """What to say, and to do, where its weights are not here."""
        if self.card:
            return say(
                "{title} comes without weights: train it on the Train page first.",
                title=self.title,
            )
        return say(
            "{title} has no finished network yet: let its first epoch end.", title=self.title
        )

    def digest(self, file: str) -> str | None:
        """Return the SHA-256 that its card gives of a file, "" if none; None for runs, our own."""
        return self.card.sha256.get(file, "") if self.card else None

    def classifier(self) -> Classifier:
        """Return the network, opened and, for a shipped model, checked against its card.

        Raises ModelError when its weights are missing, altered or damaged.
        """
        if not self.ready:
            raise ModelError(self.no_weights)
        digest = self.digest(LITERT)
        if digest == "":
            raise ModelError(
                say("{title}: its card gives no SHA-256 of model.tflite.", title=self.title)
            )
        try:
            return Classifier(self.tflite_file, digest)
        except InferenceError as error:
            raise ModelError(
                say("{title} cannot be used. {reason}", title=self.title, reason=error)
            ) from None


def _read_shipped(folder: Path) -> Model:
    try:
        card = Card.read(folder / "card.json")
        with (folder / RECIPE).open("rb") as stream:
            recipe = Recipe.from_json(stream.read(LONGEST_JSON + 1))
    except (CardError, RecipeError) as error:
        raise ModelError(f"The shipped model {folder.name} cannot be used. {error}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The recipe of {folder} cannot be read: {error}.") from None
    return Model(folder.name, card.title, folder, recipe, card)


def shipped(root: Path | None = None) -> dict[str, Model]:
    """Return the models that come with the app by name, the best for visitors' pictures first.

    They lie in `root`, by default where the environment variable FMNIST_MODELS says, else in
    `assets/models`. A damaged one is left out and logged, so that the others stay usable.
    """
    root = root or Path(os.environ.get("FMNIST_MODELS") or DEFAULT_ROOT)
    found = {}
    for path in root.glob("*/card.json"):
        try:
            found[path.parent.name] = _read_shipped(path.parent)
        except ModelError as error:
            _log.warning("%s", error)
    rank = {name: position for position, name in enumerate(_ORDER)}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))


def from_run(run: Run) -> Model:
    """Return a run's network as a model; raises ModelError while it has none."""
    try:
        model = Model(run.id, run.status().name, run.folder, run.recipe)
    except RunError as error:
        raise ModelError(str(error)) from None
    if not model.ready:
        raise ModelError(model.no_weights)
    return model


def _from_folder(folder: Path) -> Model:
    if (folder / "card.json").is_file():
        return _read_shipped(folder)
    return from_run(Run(folder.resolve()))


def _is_folder_of_one(name: str) -> bool:
    try:
        return bool(name.strip()) and (Path(name) / RECIPE).is_file()
    except (OSError, ValueError):  # a name too long for the file system, or with a NUL in it
        return False


def find(
    name: str, store: RunStore | None = None, *, folders: bool = True, root: Path | None = None
) -> Model:
    """Return the model that `name` means, in any case.

    A shipped model's name or title, a run's id in `store`, a run's or model's folder (unless
    `folders` is False, as for names from a URL), or the unambiguous beginning of a shipped
    model's name. Raises ModelError listing the known names.
    """
    known = shipped(root)
    # A path is never taken for the name that is left without its punctuation.
    wanted = "" if {"/", "\\"} & set(name) else slug(name)
    titles = {slug(model.title): model for model in known.values()}
    if model := known.get(wanted) or titles.get(wanted):
        return model
    if store is not None:
        try:
            return from_run(store.get(name.strip()))
        except RunNotFound:
            pass
    if folders and _is_folder_of_one(name):
        return _from_folder(Path(name))
    starting = [key for key in known if wanted and key.startswith(wanted)]
    if len(starting) == 1:
        return known[starting[0]]
    shown = repr(name if len(name) <= 60 else f"{name[:60]}…")
    what = (
        say("{name} could be {names}.", name=shown, names=say(" or ").join(starting))
        if starting
        else say("There is no such run or copy; it may have been deleted.")
        if ID.fullmatch(name.strip())
        else say("{name} is the name of no model.", name=shown)
    )
    also = (
        mark("Shipped models: {names}; a run's id or folder will also do.")
        if folders
        else mark("Shipped models: {names}; a run's id will also do.")
    )
    names = ", ".join(known) or say("none at present")
    raise ModelError(f"{what} {say(also, names=names)}")
