"""The maker of the precomputed files: it makes again what is shipped, and knows what it made."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist_core.__main__ import main
from fmnist_core.data.atlas import FOLDER
from fmnist_core.release.atlas import making


def test_the_label_checks_are_made_again_and_the_rest_of_the_index_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(making, "WORKSHOP", tmp_path / "workshop")
    for name in ("answers.npz", "about.json"):
        shutil.copy(FOLDER / name, tmp_path)
    assert main(["atlas", "labels", "--to", str(tmp_path), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    before, after = (json.loads((one / "about.json").read_text()) for one in (FOLDER, tmp_path))
    assert after == before | made
    assert made["labels"]["train_issues"] == before["labels"]["train_issues"]
    with np.load(FOLDER / "labels.npz") as shipped, np.load(tmp_path / "labels.npz") as fresh:
        for name in ("train_issue", "test_issue"):
            assert np.array_equal(shipped[name], fresh[name])
