"""Where files lie: the only place that counts parent folders."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
ASSETS = ROOT / "assets"
RUNS = ROOT / "runs"  # unless FMNIST_RUNS names another folder
BUILD = ROOT / "build"  # what the programs in release/ keep between two calls
