"""What `benchmarks.fuzz` feeds: an entrance each, good inputs to begin from, and how to spoil them.

A target takes bytes. It returns where the entrance read them or refused them by the error that it
documents; whatever else it raises is a finding.
"""

import base64
import contextlib
import io
import json
import random
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock, patch

import numpy as np

from fmnist_core import files
from fmnist_core.__main__ import SENTENCES, parser
from fmnist_core.boards.board import Board
from fmnist_core.guide.journal import KINDS, Journal
from fmnist_core.guide.stroke import read_points, with_stroke
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import ModelError
from fmnist_core.preprocessing import decoding
from fmnist_core.preprocessing.decode import decode
from fmnist_core.preprocessing.open_picture import PictureError
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.presets import DENSE_BASICS, PRESETS
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.run import ABOUT, CONTROL, HISTORY, RECIPE, STATUS
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import SweepError
from fmnist_core.sweeps.sweep import Sweep
from pages.components.crop_box import read as read_box
from pages.components.item_map import corners, numbers
from pages.components.quick_pad import _number
from pages.sections.train import design, layers
from pages.shared.collection import parse_reference
from pages.shared.item_choice import _number as test_image
from pages.shared.visitor import valid
from tests.core.preprocessing.test_hostile_pictures import FILES
from tests.core.recipes.test_hostile_recipes import read as read_recipe
from tests.core.runs import test_damaged_runs as damaged_runs
from tests.core.runs.test_hostile_bundles import WEIGHTS, bundle, imported
from tests.core.sweeps.test_hostile_plans import GRID, PLAN, carried_out
from tests.support.hostile_values import HUGE

# Without a Streamlit that runs, the canvas cannot be imported; only what it sent is looked at.
with patch.dict(sys.modules, {"streamlit_drawable_canvas": MagicMock()}):
    from pages.sections.classify import canvas

Spoil = Callable[[bytes, random.Random], bytes]
_VALUES: tuple[Any, ...] = (
    *HUGE,
    None,
    True,
    False,
    0,
    -1,
    0.5,
    1e308,
    "",
    "\0",
    "../../etc",
    "nan",
    [],
    {},
    [[]],
)


@dataclass(frozen=True)
class Target:
    """An entrance: what reads the bytes, good ones, and a change that keeps their form, if any.

    `seconds` of a processor are what one input may take.
    """

    read: Callable[[bytes], None]
    good: Sequence[bytes]
    spoil: Spoil | None = None
    seconds: float = 2.0


# Ways to change an input that a change of its bytes would only make unreadable.


def spoil_json(content: bytes, chance: random.Random) -> bytes:
    """Return the JSON with one of its parts replaced, removed, doubled or put elsewhere."""
    data = json.loads(content)
    places = list(_places(data))
    if not places:
        return json.dumps(chance.choice(_VALUES)).encode()
    room, key = chance.choice(places)
    other, there = chance.choice(places)
    match chance.randrange(4):
        case 0:
            room[key] = chance.choice(_VALUES)
        case 1:
            del room[key]
        case 2:
            room[key] = json.loads(json.dumps(other[there]))
        case _ if isinstance(room, list):
            room.insert(key, json.loads(json.dumps(other[there])))
        case _:
            room[chance.choice(("a", "", "kind", str(there)))] = room[key]
    return json.dumps(data).encode()


def _places(data: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401
    if not isinstance(data, dict | list):
        return []
    keys = list(data) if isinstance(data, dict) else list(range(len(data)))
    return [place for key in keys for place in ((data, key), *_places(data[key]))]


def spoil_link(content: bytes, chance: random.Random) -> bytes:
    """Return a link to a recipe with a part changed."""
    packed = base64.urlsafe_b64decode(content + b"=" * (-len(content) % 4))
    changed = spoil_json(zlib.decompressobj().decompress(packed, 50_000), chance)
    return base64.urlsafe_b64encode(zlib.compress(changed)).rstrip(b"=")


def spoil_zip(content: bytes, chance: random.Random) -> bytes:
    """Return the archive, packed anew, with bytes or a part of one of its files changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)[:100_000]) for name in archive.namelist()[:20]]
    at = chance.randrange(len(members))
    name, member = members[at]
    if name.endswith(".json") and chance.random() < 0.5:
        member = spoil_json(member, chance)
    elif member:
        spoilt = bytearray(member)
        for _ in range(chance.randrange(1, 4)):
            spoilt[chance.randrange(min(len(spoilt), 300))] = chance.randrange(256)
        member = bytes(spoilt)
    members[at] = (name, member)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, member in members:
            archive.writestr(name, member)
    return packed.getvalue()


def headed(spoil: Spoil) -> Spoil:
    """Return `spoil` for inputs whose first byte says which file they are."""
    return lambda content, chance: content[:1] + spoil(content[1:], chance)


# Entrances


def read_link(content: bytes) -> None:
    """A link to a recipe."""
    with contextlib.suppress(RecipeError):
        recipe = Recipe.from_link(content.decode("latin-1"))
        assert Recipe.from_link(recipe.to_link()) == recipe


def read_sweep(content: bytes) -> None:
    """A sweep's file, and the same data as JSON."""
    with contextlib.suppress(SweepError):
        carried_out(Plan.from_toml(content))
    with contextlib.suppress(SweepError, ValueError, RecursionError):
        data = json.loads(content)
        try:
            carried_out(Plan.from_dict(data))
        except ValueError as error:  # not one of JSON's
            raise AssertionError from error


def read_picture(content: bytes) -> None:
    """A picture's file, by the function that the process with limits calls."""
    with contextlib.suppress(PictureError, MemoryError):
        picture = decode(content)
        assert picture.mode == "RGB"
        assert 1 <= max(picture.size) <= 800


def read_reply(content: bytes) -> None:
    """What comes out of the process that opens pictures, should one have taken it over."""
    process = SimpleNamespace(stdin=io.BytesIO(), stdout=io.BytesIO(content))
    with contextlib.suppress(OSError, ValueError, decoding.struct.error):
        found = decoding._answer(b"", cast("subprocess.Popen[bytes]", process))
        assert (
            isinstance(found, decoding.Refusal)
            or len(found.pixels) == 3 * found.size[0] * found.size[1]
        )


class Folder:
    """A store of runs with one run, a sweep, a board and a journal, whose files are replaced."""

    TEXTS = (ABOUT, STATUS, CONTROL, RECIPE, HISTORY)
    ARRAYS = tuple(damaged_runs.ARRAYS)

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="fuzz"))
        store = RunStore(self.root / "store")
        run = store.create(Recipe.from_dict(damaged_runs.TEXTS[RECIPE]), "visitor")
        self.run = run.folder
        (self.run / damaged_runs.FOLDER).mkdir()
        self.store = store
        self.board = Board(self.root / "board")
        self.sweep = Sweep(self.root / "sweep")
        self.journal = Journal(self.root, "visitor")
        member = self.board.folder / "members" / ("a" * 64 + ".json")
        drawing = self.board.folder / "drawings" / "d.json"
        others = (
            self.sweep.folder / "plan.json",
            self.sweep.folder / "status.json",
            self.sweep.folder / "trials.json",
            self.board.folder / "board.json",
            member,
            drawing,
            self.journal.path,
        )
        for path in others:
            path.parent.mkdir(parents=True, exist_ok=True)
        self.files = [*(self.run / name for name in self.TEXTS), *others]
        pixels = base64.b64encode(bytes(784)).decode()
        trial = {"number": 1, "values": {"seed": 1}, "run": "r", "state": "finished"}
        about = {"name": "B", "owner": "a" * 64, "seconds": 60, "created": 1.0, "hidden": ["d"]}
        shown = {"owner": "a" * 64, "pixels": pixels, "answer": 3, "share": 0.5, "time": 1.0}
        deeds = {kind: {"train-1": {"time": 1.0}} for kind in KINDS}
        content: list[object] = [
            *(damaged_runs.TEXTS[name] for name in self.TEXTS[:-1]),
            damaged_runs.ROWS[0],
            PLAN.to_dict(),
            {"status": "running", "owner": "a" * 64, "created": 1.0, "seconds": 2.0},
            {"trials": [{**trial, "accuracies": [0.5, 0.6], "seconds": 2.0, "images": 60}]},
            about,
            {"nickname": "Ada", "joined": 1.0},
            shown,
            deeds,
        ]
        self.good = [json.dumps(one).encode() for one in content]
        self.arrays = [self.run / name for name in self.ARRAYS]

    def read_text(self, content: bytes) -> None:
        """One of the text files, the others being good; the first byte says which."""
        at = content[0] % len(self.files) if content else 0
        of_run = at < len(self.TEXTS)
        for path, good in list(zip(self.files, self.good, strict=True))[
            : len(self.TEXTS) if of_run else None
        ]:
            path.write_bytes(good + b"\n")
        self.files[at].write_bytes(content[1:] + b"\n")
        if of_run:
            damaged_runs.read_all(self.store)
        elif self.files[at].parent == self.sweep.folder:
            self._read_sweep()
        else:
            self._read_board_and_journal()

    def _read_sweep(self) -> None:
        with contextlib.suppress(SweepError):
            self.sweep.plan.check()
        assert self.sweep.status().seconds >= 0
        self.sweep.keep(self.sweep.trials())
        assert isinstance(self.sweep.owned_by("visitor"), bool)

    def _read_board_and_journal(self) -> None:
        assert str((self.board.name, self.board.seconds, self.board.closed))
        assert isinstance(self.board.owned_by("visitor"), bool)
        self.board.entries(self.store, hidden=True)
        assert all(0 <= one.answer < 10 for one in self.board.drawings())
        assert isinstance(self.board.nickname("visitor"), str | None)
        for kind in KINDS:
            self.journal.entries(kind)
        self.journal.note("mission", "first")

    def read_arrays(self, content: bytes) -> None:
        """One of the files of arrays; the first byte says which."""
        for path, good in list(zip(self.files, self.good, strict=True))[: len(self.TEXTS)]:
            path.write_bytes(good + b"\n")
        for name, arrays in damaged_runs.ARRAYS.items():
            files.write_arrays(self.run / name, arrays.items())
        damaged_runs.replay.write(self.run, damaged_runs.MOMENT)
        paths = [*self.arrays, damaged_runs.replay.moment_path(self.run, 1, 0)]
        if content:
            paths[content[0] % len(paths)].write_bytes(content[1:])
        damaged_runs.read_all(self.store)

    def good_arrays(self) -> list[bytes]:
        """Return good inputs of `read_arrays`."""
        self.read_arrays(b"")
        paths = [*self.arrays, damaged_runs.replay.moment_path(self.run, 1, 0)]
        return [bytes([at]) + path.read_bytes() for at, path in enumerate(paths)]

    def read_bundle(self, content: bytes) -> None:
        """A bundle."""
        store = RunStore(self.root / "bundles")
        if imported(content, store):
            shutil.rmtree(store.root)


def read_message(content: bytes) -> None:
    """What a browser sends in the place of any component's message."""
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError):
        return
    points = read_points(sent)
    if points is not None:
        assert with_stroke(np.zeros((28, 28), np.uint8), points, 255).shape == (28, 28)
    box = read_box(sent)
    assert box is None or all(0 <= side <= 1 for side in box)
    assert len(numbers(sent, 70_000, 3)) <= 3
    region = corners(sent)
    assert region is None or region.max() <= 65_535
    assert isinstance(_number(sent), int)
    assert isinstance(valid(sent), bool)
    memory: dict[str, Any] = {}
    canvas._remember(memory, cast("Any", SimpleNamespace(image_bytes=b"x", json_data=sent)))
    state: dict[str, Any] = {"builder_session": "mine"}
    with _session(state):
        design.load(DENSE_BASICS.recipe)
        layers.take(sent)
        assert json.dumps(layers.rows(design.current(), state.get("builder_refused")))


@contextlib.contextmanager
def _session(state: dict[str, Any], **address: str) -> Any:  # noqa: ANN401
    kept = design.st, layers.st
    fake = SimpleNamespace(session_state=state, query_params=address)
    design.st = layers.st = cast("Any", fake)
    try:
        yield
    finally:
        design.st, layers.st = kept


def read_address(content: bytes) -> None:
    """A parameter of a page's address, in the place of each that is read."""
    asked = content.decode(errors="replace")
    store = RunStore(tempfile.gettempdir())
    number = test_image(asked)
    assert number is None or 0 <= number < 10_000
    for split in ("train", "test"):
        reference = parse_reference(asked, cast("Any", split))
        assert reference is None or 0 <= reference.index < 60_000
    with contextlib.suppress(RunError):
        assert store.get(asked).folder.parent == store.root
    with contextlib.suppress(ModelError):
        assert catalogue.find(asked, store, folders=False).name
    for key in ("recipe", "preset"):
        state: dict[str, Any] = {}
        with _session(state, **{key: asked}):
            design.follow_url()
            assert design.address(design.current())


def read_words(content: bytes) -> None:
    """A command line, up to the verb: what it asks for is not done."""
    words = content.decode("utf-8", "replace").split("\n")
    with contextlib.redirect_stdout(io.StringIO()):  # --help
        try:
            parser().parse_args(words)
        except SENTENCES as error:
            assert str(error)
        except SystemExit as end:
            assert end.code == 0


def targets() -> dict[str, Target]:
    """Return all targets by name."""
    folder = Folder()
    recipes = [preset.recipe for preset in PRESETS.values()]
    layers_sent = {"session": "mine", "edit": 1, "layers": DENSE_BASICS.recipe.to_dict()["layers"]}
    messages: list[object] = [
        layers_sent,
        [[1.0, 2.0], [3, 4.5], [20, 27.5]],
        [0.1, 0.2, 0.5, 0.5],
        [1, 2, 3, 69_999],
        {"number": 1, "picture": "data:image/png;base64,"},
        {"objects": [{"type": "path", "path": [["M", 1, 2]]}], "version": "4"},
        "A" * 22,
    ]
    addresses = ("test-7", "own", "train 12", "best", "dense-basics", "A" * 22, "3,4", "\u0663")
    picture, sentence = decoding.REPLY.pack(0, 2, 1, 6) + bytes(6), decoding.REPLY.pack(2, 0, 0, 1)
    plans = (PLAN, GRID)
    lines = (
        "train\n--preset\nbest\n--epochs\n3",
        "predict\nbest\nx.jpg\n--kind\nphoto",
        "zoo\ntime",
    )
    return {
        "recipe": Target(read_recipe, [one.to_json().encode() for one in recipes], spoil_json),
        "link": Target(read_link, [one.to_link().encode() for one in recipes], spoil_link),
        "address": Target(read_address, [one.encode() for one in addresses]),
        "message": Target(read_message, [json.dumps(one).encode() for one in messages], spoil_json),
        "sweep": Target(
            read_sweep,
            [
                *(plan.to_toml().encode() for plan in plans),
                *(json.dumps(plan.to_dict()).encode() for plan in plans),
            ],
            spoil_json,
        ),
        "folder": Target(
            folder.read_text,
            [bytes([at]) + content for at, content in enumerate(folder.good)],
            headed(spoil_json),
        ),
        "arrays": Target(folder.read_arrays, folder.good_arrays(), headed(spoil_zip)),
        "bundle": Target(folder.read_bundle, [bundle(weights=WEIGHTS)], spoil_zip),
        "picture": Target(read_picture, list(FILES.values()), seconds=5.0),
        "reply": Target(read_reply, [picture, sentence + b"x"]),
        "words": Target(read_words, [line.encode() for line in lines]),
    }
