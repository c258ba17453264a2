"""A runs folder of its own for every test. Tests of the core need nothing else, no Streamlit."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder that FMNIST_RUNS names during this test."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("FMNIST_RUNS", str(folder))
    return folder
