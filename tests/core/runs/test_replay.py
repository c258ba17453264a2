"""What a run keeps of its moments: exact answers, thinned out, unharmed by damaged files."""

from pathlib import Path

import numpy as np
import pytest

from fmnist_core import files
from fmnist_core.runs import replay
from fmnist_core.runs.replay import Moment, OwnItem


def moment(epoch: int, batch: int = 0, *, items: int = 4) -> Moment:
    probabilities = np.full((items, 10), 0.02, np.float32)
    probabilities[np.arange(items), np.arange(items)] = 0.82
    filters = np.arange(18, dtype=np.float32).reshape(2, 3, 3) - 9
    own = np.eye(10, dtype=np.float32)[3]
    answers = probabilities.argmax(1).astype(np.uint8)
    return Moment(epoch, batch, 8, replay.quantised(probabilities), answers, filters, own)


def keep(folder: Path, *moments: Moment, items: int = 4) -> None:
    (folder / replay.FOLDER).mkdir()
    arrays: dict[str, np.ndarray] = {
        "indices": np.arange(items) + 70,
        "labels": np.arange(items).astype(np.uint8),
    }
    files.write_arrays(folder / replay.FOLDER / replay.ITEMS_FILE, arrays.items())
    for each in moments:
        replay.write(folder, each)


def test_what_was_kept_comes_back_in_order(tmp_path: Path) -> None:
    keep(tmp_path, moment(2), moment(0, 4), moment(1))
    found = replay.read(tmp_path)
    assert found is not None
    assert [each.position for each in found.moments] == [0.5, 1.0, 2.0]
    first = found.moments[0]
    assert first.answers.tolist() == [0, 1, 2, 3]
    assert first.probabilities[1].tolist() == [5, 209, *[5] * 8]
    np.testing.assert_allclose(first.filters, moment(0).filters, atol=9 / 254)
    assert first.own is not None
    assert first.own.argmax() == 3
    assert found.indices.tolist() == [70, 71, 72, 73]


def test_a_run_from_before_there_was_replay_has_none(tmp_path: Path) -> None:
    assert replay.read(tmp_path) is None


def test_a_damaged_moment_is_left_out(tmp_path: Path) -> None:
    keep(tmp_path, moment(1), moment(2), moment(3))
    replay.moment_path(tmp_path, 2, 0).write_bytes(b"PK\x03\x04nonsense")
    replay.write(tmp_path, moment(3, items=5))  # more answers than there are items
    (tmp_path / replay.FOLDER / "note.npz").write_bytes(b"")
    found = replay.read(tmp_path)
    assert found is not None
    assert [each.epoch for each in found.moments] == [1]


@pytest.mark.parametrize(
    "items",
    [
        {"indices": np.array([60_000]), "labels": np.zeros(1, np.uint8)},
        {"indices": np.array([1]), "labels": np.array([10], np.uint8)},
        {"indices": np.array([1, 2]), "labels": np.zeros(1, np.uint8)},
        {"indices": np.array([1.5]), "labels": np.zeros(1, np.uint8)},
    ],
)
def test_items_that_do_not_exist_are_not_replayed(
    tmp_path: Path, items: dict[str, np.ndarray]
) -> None:
    keep(tmp_path, moment(1, items=1), items=1)
    files.write_arrays(tmp_path / replay.FOLDER / replay.ITEMS_FILE, items.items())
    assert replay.read(tmp_path) is None


def test_classes_take_turns(tmp_path: Path) -> None:
    order = replay.balanced_order(np.array([7, 7, 7, 2, 2, 5]))
    assert order.tolist() == [3, 5, 0, 4, 1, 2]


def test_thinning_keeps_first_last_best_and_even_steps() -> None:
    assert replay.kept([1, 2, 3, 4, 5], 5) == {1, 2, 3, 4, 5}
    assert replay.kept(range(1, 11), 6, (7,)) == {1, 4, 7, 8, 10}
    assert replay.kept([], 3) == set()
    # Nothing can go below what must stay.
    assert replay.kept([3, 5, 9], 1) == {3, 9}


def test_what_thinning_drops_is_never_wanted_later() -> None:
    present: list[int] = []
    for epoch in range(1, 1001):
        present = sorted(replay.kept([*present, epoch], 20))
        assert len(present) <= 20
    assert present == sorted(replay.kept(range(1, 1001), 20))


def test_the_own_item_is_kept_as_it_was(tmp_path: Path) -> None:
    array = np.arange(784, dtype=np.uint8).reshape(28, 28)
    replay.write_own_item(tmp_path, OwnItem(array, "your drawing"))
    found = replay.read_own_item(tmp_path)
    assert found is not None
    assert found.name == "your drawing"
    assert (found.array == array).all()


def test_an_own_item_of_another_shape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="uint8 of shape"):
        replay.write_own_item(tmp_path, OwnItem(np.zeros((3, 3), np.uint8), "x"))
    np.savez(tmp_path / replay.OWN_FILE, array=np.zeros((5, 5), np.uint8))
    assert replay.read_own_item(tmp_path) is None
