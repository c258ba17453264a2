import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs import bundles
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
    assert run.about.owned_by("visitor")
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


def test_a_member_may_be_as_long_as_it_says_and_not_one_byte_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = save(WEIGHTS)
    content = archive(weights=weights)
    assert len(content) < len(weights)
    monkeypatch.setattr(bundles, "MOST_BYTES", len(weights))
    assert import_bundle(content, RunStore(tmp_path), "visitor").recipe == RECIPE
    monkeypatch.setattr(bundles, "MOST_BYTES", len(weights) - 1)
    with pytest.raises(RunError, match=r"^other/other\.safetensors is too large\.$"):
        import_bundle(content, RunStore(tmp_path), "visitor")


def test_a_bundle_may_be_as_large_as_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_BYTES", 2_000_000)
    for size, words in ((2_000_000, "no archive"), (2_000_001, r"larger than 2 MB\.$")):
        with pytest.raises(RunError, match=words):
            import_bundle(bytes(size), RunStore(tmp_path), "visitor")


def test_a_bundle_may_have_two_hundred_files(tmp_path: Path) -> None:
    more = tuple(map(str, range(199)))
    assert import_bundle(archive(more=more[:198]), RunStore(tmp_path), "visitor")
    with pytest.raises(RunError, match="too many files"):
        import_bundle(archive(more=more), RunStore(tmp_path), "visitor")


def test_of_a_members_name_only_the_end_is_shown(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("x" * 90 + "-recipe.json", " " * 40_000)
        found.writestr("a.safetensors", save(WEIGHTS))
    with pytest.raises(RunError, match=r"^x{28}-recipe\.json is too large\.$"):
        import_bundle(packed.getvalue(), RunStore(tmp_path), "visitor")


@pytest.mark.parametrize(("length", "good"), [(100_000, True), (100_008, False)])
def test_the_head_of_the_weights_has_a_longest_length(
    length: int, good: bool, tmp_path: Path
) -> None:
    plain = save(WEIGHTS)
    known = int.from_bytes(plain[:8], "little")
    head = plain[8 : 8 + known].ljust(length)
    weights = length.to_bytes(8, "little") + head + plain[8 + known :]
    if good:
        assert import_bundle(archive(weights=weights), RunStore(tmp_path), "visitor")
    else:
        with pytest.raises(RunError, match="no safetensors"):
            import_bundle(archive(weights=weights), RunStore(tmp_path), "visitor")
