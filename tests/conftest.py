"""A runs folder of its own for every test. Tests of the core need nothing else, no Streamlit."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples everywhere and each time: what failed once fails again.
settings.register_profile(
    "same",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("same")


@pytest.fixture(autouse=True)
def runs_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the empty folder that FMNIST_RUNS names during this test."""
    folder = tmp_path / "runs"
    folder.mkdir()
    monkeypatch.setenv("FMNIST_RUNS", str(folder))
    return folder
