"""What this visitor has done, read from their runs and their journal."""

from pathlib import Path

import streamlit as st

from fmnist_core.guide.deeds import Deeds, Past, deeds_of, finds_wrong_label, past_of
from fmnist_core.guide.journal import Journal
from fmnist_core.runs.run import ABOUT, EVALUATION, HISTORY, RECIPE, Run
from pages.shared.resources import images, run_store
from pages.shared.visitor import visitor_id


def deeds_of_visitor(journal: Journal) -> Deeds:
    """Return the visitor's runs and the entries of their `journal`."""
    pasts = [_past(str(run.folder), _stamp(run)) for run in run_store().of(visitor_id())]
    return deeds_of([past for past in pasts if past is not None], journal)


def note_guess(index: int, guess: int, label: int, answer: int, doubted: bool) -> bool:
    """Note a guess at test image `index` in the journal if it found a wrong label; return that."""
    if not finds_wrong_label(guess, label, answer, doubted):
        return False
    details = {"label": label, "guess": guess}
    Journal(run_store().root, visitor_id()).note("wrong_label", f"test-{index}", **details)
    return True


def _stamp(run: Run) -> tuple[int, ...]:
    found = []
    for name in (HISTORY, EVALUATION, ABOUT, RECIPE):
        try:
            found.append((run.folder / name).stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)


# Evaluations are half a megabyte each: read again only when something was written.
@st.cache_resource(max_entries=500, show_spinner=False)
def _past(folder: str, stamp: tuple[int, ...]) -> Past | None:
    return past_of(Run(Path(folder)), images("test").labels)
