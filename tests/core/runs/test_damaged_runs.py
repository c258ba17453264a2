"""Whatever stands in a run's files, everything that reads them gets a value or a RunError."""

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fmnist_core import files
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs import history, replay
from fmnist_core.runs.replay import FOLDER, ITEMS_FILE, Moment, OwnItem
from fmnist_core.runs.rows import BatchRow, EpochRow, ResumeRow, to_json, valid_rows
from fmnist_core.runs.run import ABOUT, CONTROL, EVALUATION, HISTORY, RECIPE, STATUS, VALIDATION
from fmnist_core.runs.status import RunError, summary
from fmnist_core.runs.store import RunStore
from tests.support.hostile_values import anything, damaged, spoiled

TEXTS: dict[str, dict[str, object]] = {
    ABOUT: {"owner": "a" * 64, "name": "A", "created": 1.0, "sweep": "", "note": "n", "tags": []},
    STATUS: {"status": "running", "epoch": 1, "batch": 2, "batches": 3, "updated": 1.0,
             "holder": {"host": "h", "pid": 1, "since": 1.0}},
    CONTROL: {"command": "stop", "learning_rate": 0.1, "asked": "a"},
    RECIPE: Recipe(layers=(Flatten(), Dense(units=10, activation="softmax"))).to_dict(),
}  # fmt: skip
ROWS = [
    to_json(BatchRow(epoch=1, batch=2, batches=4, loss=0.5)),
    to_json(ResumeRow(epoch=1, batch=0)),
    to_json(EpochRow(epoch=1, loss=0.5, val_accuracy=0.5, seconds=1.0)),
]
ARRAYS: dict[str, dict[str, np.ndarray]] = {
    VALIDATION: {
        "epoch": np.array(1),
        "confusion": np.zeros((10, 10), np.int64),
        "sample_indices": np.arange(3),
        "sample_probabilities": np.zeros((3, 10), np.float32),
    },
    EVALUATION: {
        "test_probabilities": np.zeros((3, 10), np.float32),
        "validation_probabilities": np.zeros((3, 10), np.float32),
    },
    f"{FOLDER}/{ITEMS_FILE}": {"indices": np.arange(5), "labels": np.arange(5).astype(np.uint8)},
}
MOMENT = Moment(
    1, 0, 4, np.zeros((5, 10), np.uint8), np.zeros(5, np.uint8), np.zeros((2, 3, 3), np.float32),
    np.zeros(10, np.float32),
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    """A store with one run that has every file."""
    store = RunStore(tmp_path / "store")
    run = store.create(Recipe.from_dict(TEXTS[RECIPE]), "visitor")
    (run.folder / HISTORY).write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (run.folder / FOLDER).mkdir()
    for name, arrays in ARRAYS.items():
        files.write_arrays(run.folder / name, arrays.items())
    replay.write(run.folder, MOMENT)
    replay.write_own_item(run.folder, OwnItem(np.zeros((28, 28), np.uint8), "drawing"))
    return store


def read_all(store: RunStore) -> None:
    """Everything that pages ask of a run."""
    run = store.all()[0]
    status = run.status()
    assert json.dumps(summary(status))
    assert 0 <= status.progress <= 1
    assert (status.present_epoch, status.active) is not None
    about = run.about
    assert str((run.control(), about.note, about.tags, about.sweep, about.kept, about.pinned))
    rows = valid_rows(run.history()[0])
    curves = history.Curves.of(rows)
    assert curves.best is None or curves.epochs
    assert history.to_csv(history.condensed(rows, 4))
    assert history.smoothed(curves.epoch["loss"], 0.5) is not None
    run.validation()
    run.evaluation()
    replay.read(run.folder)
    assert isinstance(store.held(run), bool)
    assert len(store.of("visitor")) <= 1
    for act in (
        lambda: run.recipe,
        lambda: run.request("pause"),
        lambda: run.extend(50),
        lambda: run.set_learning_rate(0.5),
    ):
        try:
            act()
        except RunError as error:
            assert str(error)
    store.mark_interrupted()
    store.clean_up(None, 10**12)


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=25)
@given(data=st.data())
def test_any_values_in_a_file(store: RunStore, name: str, data: st.DataObject) -> None:
    run = store.all()[0]
    for other, content in TEXTS.items():
        (run.folder / other).write_text(json.dumps(content))
    (run.folder / name).write_text(json.dumps(data.draw(spoiled(TEXTS[name]))))
    read_all(store)


@settings(max_examples=25)
@given(st.lists(st.sampled_from(ROWS).flatmap(spoiled) | anything, max_size=5))
def test_any_values_in_a_history(store: RunStore, lines: list[object]) -> None:
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (store.all()[0].folder / HISTORY).write_text(text)
    read_all(store)


@pytest.mark.parametrize("name", [*TEXTS, HISTORY])
@settings(max_examples=15)
@given(data=st.data())
def test_damaged_bytes_in_a_text(store: RunStore, name: str, data: st.DataObject) -> None:
    path = store.all()[0].folder / name
    good = json.dumps(TEXTS.get(name, ROWS[0])).encode()
    path.write_bytes(data.draw(damaged(good)))
    read_all(store)


@pytest.mark.parametrize("name", [*ARRAYS, f"{FOLDER}/00001-0000000.npz", replay.OWN_FILE])
@settings(max_examples=25)
@given(data=st.data())
def test_damaged_bytes_in_arrays(store: RunStore, name: str, data: st.DataObject) -> None:
    path = store.all()[0].folder / name
    good = path.with_suffix(".good")
    if not good.exists():
        path.rename(good)
    path.write_bytes(data.draw(damaged(good.read_bytes())))
    read_all(store)


SHAPES = ((), (0,), (1,), (3,), (10,), (3, 10), (10, 10), (2, 3, 3), (3, 3, 3, 3))
odd_arrays = st.builds(
    np.zeros,
    st.sampled_from(SHAPES),
    st.sampled_from(["f4", "i8", "u1", "?", "U3", "S2", "c8", "M8[s]", "V4"]),
) | st.sampled_from([np.array(np.inf), np.array(np.nan), np.array("x"), np.full((3, 10), np.nan)])


@pytest.mark.parametrize("name", [*ARRAYS, f"{FOLDER}/00001-0000000.npz", replay.OWN_FILE])
@settings(max_examples=25)
@given(data=st.data())
def test_other_arrays_than_expected(store: RunStore, name: str, data: st.DataObject) -> None:
    path = store.all()[0].folder / name
    good = path.with_suffix(".good")
    if not good.exists():
        path.rename(good)
    arrays = files.read_arrays(good) or {}
    for _ in range(data.draw(st.integers(1, 3))):
        arrays[data.draw(st.sampled_from(sorted(arrays)))] = data.draw(odd_arrays)
    files.write_arrays(path, arrays.items())
    read_all(store)


def npy(header: str) -> bytes:
    text = header.encode("latin-1")
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text


@pytest.mark.parametrize(
    "member",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }"),
        npy("(" * 5000),
        npy("{'descr': [('a', '<f8', (2,))], 'fortran_order': 1, 'shape': 'x'}"),
        npy("\0"),
        b"",
        b"\x93NUMPY\7\7",
    ],
    ids=range(8),
)
def test_a_file_of_arrays_that_lies_is_none(tmp_path: Path, member: bytes) -> None:
    path = tmp_path / "x.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", member)
    assert files.read_arrays(path) is None


def single(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content", [single(np.zeros(3)), b"\x80\4.", b"PK\5\6" + bytes(18), b"PK\3\4", b""]
)
def test_what_is_no_file_of_named_arrays_is_none_or_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(content)
    assert not files.read_arrays(path)


def test_a_number_that_is_no_json_makes_a_file_damaged(store: RunStore) -> None:
    run = store.all()[0]
    for number in ("NaN", "-Infinity", "1e999"):
        (run.folder / CONTROL).write_text(f'{{"learning_rate": {number}}}')
        assert files.read_json(run.folder / CONTROL) is None
        run.set_learning_rate(0.5)
        assert run.control().learning_rate == 0.5


def test_an_integer_of_400_digits_is_no_number_of_a_run(store: RunStore) -> None:
    run = store.all()[0]
    (run.folder / STATUS).write_text(f'{{"status": "queued", "epoch": 1{"0" * 400}}}')
    assert run.status().epoch == 0


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("answers", np.array(3)),
        ("batches", np.array(np.inf)),
        ("filters", np.zeros((2, 2, 3, 3), np.int8)),
    ],
)
def test_a_moment_with_arrays_of_another_shape_is_left_out(
    store: RunStore, name: str, array: np.ndarray
) -> None:
    path = replay.moment_path(store.all()[0].folder, 1, 0)
    files.write_arrays(path, {**(files.read_arrays(path) or {}), name: array}.items())
    assert replay.read(store.all()[0].folder) is None


def test_a_validation_after_an_endless_epoch_is_none(store: RunStore) -> None:
    path = store.all()[0].folder / VALIDATION
    files.write_arrays(path, {**ARRAYS[VALIDATION], "epoch": np.array(np.inf)}.items())
    assert store.all()[0].validation() is None
