"""A runs folder of its own for every test. Tests of the core need nothing else, no Streamlit.

Properties are tried on the same examples every time.
"""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None, deadline=None, max_examples=50)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder that FMNIST_RUNS names during this test."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("FMNIST_RUNS", str(folder))
    return folder
