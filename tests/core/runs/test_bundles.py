import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.bundles import import_bundle
from fmnist_core.runs.status import RunError
from fmnist_core.runs.store import RunStore

RECIPE = Recipe(name="Other", layers=(Flatten(), Dense(units=10, activation="softmax")), epochs=2)
WEIGHTS = {
    "000.kernel": np.zeros((784, 10), np.float32),
    "001.bias": np.zeros(10, np.float32),
}


def archive(
    recipe: str = RECIPE.to_json(), weights: bytes = save(WEIGHTS), more: tuple[str, ...] = ()
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("other/other-recipe.json", recipe)
        found.writestr("other/other.safetensors", weights)
        for name in more:
            found.writestr(name, "{}")
    return packed.getvalue()


def test_a_bundle_becomes_a_waiting_run_of_the_visitors(tmp_path: Path) -> None:
    store = RunStore(tmp_path)
    run = import_bundle(archive(), store, "visitor")
    assert run.recipe == RECIPE
    assert run.owned_by("visitor")
    assert run.status().status == "queued"
    assert (run.folder / "imported.safetensors").read_bytes() == save(WEIGHTS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no archive"),
        (archive()[:-30], "no archive"),
        (archive(recipe="{"), "recipe is refused. The recipe is not JSON"),
        (archive(recipe=json.dumps({"epochs": 0})), "epochs is 0"),
        (archive(recipe=" " * 40_000), "other-recipe.json is too large"),
        (archive(weights=b"pickle"), "no safetensors"),
        (archive(weights=b"\xff" * 100), "no safetensors"),
        (archive(weights=(2).to_bytes(8, "little") + b"[]"), "no safetensors"),
        (
            archive(weights=(27).to_bytes(8, "little") + b'{"a": {"dtype": "F32"}}'),
            "no safetensors",
        ),
        (archive(weights=save({"a": np.zeros(3, np.float64)})), "no safetensors"),
        (archive(weights=save({"a": np.zeros(3, np.float32)})), "3 weights; .* has 7,850"),
        (archive(more=("b-recipe.json",)), r"2 files \*-recipe.json"),
        (archive(more=tuple(map(str, range(300)))), "too many files"),
    ],
)
def test_what_is_no_bundle_is_refused_in_words_and_leaves_nothing(
    tmp_path: Path, content: bytes, words: str
) -> None:
    store = RunStore(tmp_path)
    with pytest.raises(RunError, match=words):
        import_bundle(content, store, "visitor")
    assert store.all() == []


def test_the_hosts_limits_hold_for_what_is_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    with pytest.raises(RunError, match="the shared host allows 50"):
        import_bundle(
            archive(recipe=RECIPE.changed(epochs=60).to_json()), RunStore(tmp_path), "visitor"
        )
