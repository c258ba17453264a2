"""Whatever comes as a bundle: a run with plain weights, or one sentence and nothing left behind."""

import io
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from safetensors.numpy import save

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.bundles import import_bundle
from fmnist_core.runs.run import IMPORTED
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore
from tests.support.hostile_values import damaged

RECIPE = Recipe(layers=(Flatten(), Dense(units=10, activation="softmax")))
WEIGHTS = save({"kernel": np.zeros((784, 10), np.float32), "bias": np.zeros(10, np.float32)})


def bundle(
    method: int = zipfile.ZIP_DEFLATED, name: str = "a/a", weights: bytes = WEIGHTS
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        archive.writestr(f"{name}-recipe.json", RECIPE.to_json())
        archive.writestr(f"{name}.safetensors", weights)
    return packed.getvalue()


def imported(content: bytes, store: RunStore) -> bool:
    before = {run.id for run in store.all()}
    try:
        run = import_bundle(content, store, "visitor")
    except RunError as error:
        assert 0 < len(str(error)) < 600
        assert {run.id for run in store.all()} == before
        return False
    assert run.folder.parent == store.root
    assert {path.name for path in run.folder.iterdir()} == {
        "recipe.json", "about.json", "status.json", IMPORTED
    }  # fmt: skip
    return True


@given(damaged(bundle()))
def test_a_damaged_bundle_is_imported_or_refused(tmp_path: Path, content: bytes) -> None:
    imported(content, RunStore(tmp_path))


@given(damaged(WEIGHTS[:400]))
def test_damaged_weights_are_imported_or_refused(tmp_path: Path, start: bytes) -> None:
    imported(bundle(weights=start + WEIGHTS[400:]), RunStore(tmp_path))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_to_pack_than_our_own_are_refused(tmp_path: Path, method: int) -> None:
    # The head of an LZMA stream may ask for a dictionary of 4 GB.
    assert not imported(bundle(method), RunStore(tmp_path))


@pytest.mark.parametrize("name", ["../../up", "/root/up", "C:\\up", "é" * 300, "\n[x](y)"])
def test_the_names_in_a_bundle_name_no_file_here(tmp_path: Path, name: str) -> None:
    assert imported(bundle(name=name), RunStore(tmp_path / "runs"))
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_bomb_costs_no_more_than_the_largest_bundle(tmp_path: Path) -> None:
    content = bundle(weights=bytes(100_000_000))
    assert len(content) < 200_000
    tracemalloc.start()
    assert not imported(content, RunStore(tmp_path))
    assert tracemalloc.get_traced_memory()[1] < 150_000_000
    tracemalloc.stop()


def test_an_archive_that_says_it_has_millions_of_files_is_refused_at_once(tmp_path: Path) -> None:
    entry = b"PK\1\2" + bytes(42)
    count = 200_000
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count & 0xFFFF, count & 0xFFFF,
                      len(entry) * count, 0, 0)  # fmt: skip
    begin = time.process_time()
    assert not imported(entry * count + end, RunStore(tmp_path))
    assert time.process_time() - begin < 1


def test_a_damaged_stream_and_a_directory_before_the_file_are_no_archive(tmp_path: Path) -> None:
    content = bundle()
    at = content.index(b"recipe.json") + len(b"recipe.json")
    broken = content[:at] + b"\xff" * 30 + content[at + 30 :]  # zlib.error
    moved = content[4:]  # ValueError: negative seek value
    for spoiled in (broken, moved):
        with pytest.raises(RunError, match="no archive that can be read"):
            import_bundle(spoiled, RunStore(tmp_path), "visitor")
