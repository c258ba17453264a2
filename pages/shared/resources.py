"""What all visitors share, made once per server process: data, classifiers, runs, the engine."""

import gc
import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from fmnist_core.data.fashion_mnist import DatasetError, Images, Split, load
from fmnist_core.recipes import host
from fmnist_core.runs.mirror import MirrorError
from fmnist_core.translation import say

if TYPE_CHECKING:
    from fmnist_core.boards.board import BoardStore
    from fmnist_core.engine.engine import Engine
    from fmnist_core.models.catalogue import Model
    from fmnist_core.models.classifier import Classifier
    from fmnist_core.models.taught import TaughtCopies
    from fmnist_core.runs.store import RunStore
    from fmnist_core.sweeps.conductor import Conductor
    from fmnist_core.sweeps.sweep import SweepStore

# Imported in the background after the first page, so that the later pages open at once.
HEAVY_MODULES = (
    "pandas",
    "plotly.graph_objects",
    "cv2",
    "distributed",
    "ai_edge_litert.interpreter",
)
# After the script of the first page; by then the browser has drawn it.
WARM_UP_DELAY_SECONDS = 1.0


@contextmanager
def guard() -> Iterator[None]:
    """Show a missing data file or store of runs as a message on the page, and end it there."""
    try:
        yield
    except DatasetError as error:
        st.error(
            say("**The data set cannot be read.** {error}", error=error),
            icon=":material/database_off:",
        )
        st.stop()
    except MirrorError as error:
        st.error(str(error), icon=":material/cloud_off:")
        st.stop()


def images(split: Split) -> Images:
    """Return one split, read-only and shared; ends the page with a message if it is damaged."""
    with guard():
        return load(split)


@st.cache_resource(show_spinner=False)
def run_store() -> "RunStore":
    """Return the folder of runs (environment variable FMNIST_RUNS, else `runs/`)."""
    from fmnist_core.runs.store import RunStore

    return RunStore()


@st.cache_resource(show_spinner=False)
def taught_copies() -> "TaughtCopies":
    """Return the folder of taught copies, below the runs."""
    from fmnist_core.models.taught import TaughtCopies

    return TaughtCopies(run_store().root)


@st.cache_resource(show_spinner=False)
def sweep_store() -> "SweepStore":
    """Return the folder of sweeps, beside the runs."""
    from fmnist_core.sweeps.sweep import SweepStore

    return SweepStore(run_store())


@st.cache_resource(show_spinner=False)
def board_store() -> "BoardStore":
    """Return the folder of boards, beside the runs."""
    from fmnist_core.boards.board import BoardStore

    return BoardStore(run_store())


@st.cache_resource(show_spinner=False)
def conductor() -> "Conductor":
    """Return what carries sweeps out; it works only while one goes on."""
    from fmnist_core.sweeps.conductor import Conductor

    return Conductor(engine(), sweep_store())


_engines: list["Engine"] = []


@st.cache_resource(show_spinner=False)
def engine() -> "Engine":
    """Return the engine; it starts in the background and says so in its `state()`."""
    from fmnist_core.engine.engine import Engine

    _engines[:] = [Engine.start()]
    return _engines[0]


def engine_if_started() -> "Engine | None":
    """Return the engine if a page has needed it by now: until then nobody has a run going."""
    return engine() if _engines else None


def classifier(name: str) -> "Classifier":
    """Return the classifier of a shipped model or of a run, loaded once and thread-safe.

    Raises models.ModelError for an unknown name and for a model without usable weights.
    """
    from fmnist_core.models import catalogue

    # A name may come from a URL, so it never means a folder.
    return classifier_of(catalogue.find(name, run_store(), folders=False))


def classifier_of(model: "Model") -> "Classifier":
    """Return a model's classifier, loaded once; a stroke is answered sooner without the search.

    Raises models.ModelError for a model without usable weights.
    """
    # A run that continued has a new file under the old name.
    changed = model.tflite_file.stat().st_mtime_ns if model.ready else 0
    return _classifier(str(model.folder), changed, model)


@st.cache_resource(show_spinner=False, max_entries=32)
def _classifier(folder: str, changed: int, _model: "Model") -> "Classifier":
    return _model.classifier()


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Prepare the later pages in the background, once per server process."""
    timer = threading.Timer(WARM_UP_DELAY_SECONDS, _prepare)
    timer.daemon = True
    timer.start()


def _prepare() -> None:
    from fmnist_core.preprocessing import open_picture

    # This thread never calls st.
    if not host.economical():
        for name in HEAVY_MODULES:
            importlib.import_module(name)
        open_picture.get_ready()
    # Streamlit collects garbage after every script run; what never dies need not be walked each
    # time. A rerun takes 8 ms with this and 38 ms without.
    gc.collect()
    gc.freeze()
