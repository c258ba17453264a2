"""Which run to replay: the visitor's own, one that a link names, or a shipped model's."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from fmnist_core.models import catalogue
from fmnist_core.paths import ASSETS
from fmnist_core.runs import replay
from fmnist_core.runs.replay import Replay
from fmnist_core.runs.run import HISTORY, Run
from fmnist_core.runs.status import RunError
from fmnist_core.translation import mark, say
from pages.shared.resources import run_store
from pages.shared.visitor import visitor_id

_KEY = "replay_model"
# Runs that were recorded for visitors who have none of their own yet.
EXAMPLES = ASSETS / "replays"


@dataclass(frozen=True)
class Past:
    """A training that is over or under way: `name` is what an address calls it."""

    name: str
    title: str
    folder: Path
    shipped: bool = False

    @property
    def stamp(self) -> int:
        """Changes with every moment that is kept or thinned out; 0 while there is none."""
        try:
            return (self.folder / replay.FOLDER).stat().st_mtime_ns
        except OSError:
            return 0


def choose_past() -> Past | None:
    """Return what the visitor picked (`?model=NAME`), or None if nothing was ever trained."""
    known = _known()
    asked = st.query_params.get("model", "")
    if asked and asked not in known:
        with suppress(RunError):
            if found := _of_run(run_store().get(asked), mark("{name} (a shared run)")):
                known[asked] = found
        if asked not in known:
            st.warning(
                say(
                    "The link names no run that can be replayed; it may have been deleted, or has "
                    "not finished its first epoch."
                ),
                icon=":material/link_off:",
            )
    if not known:
        return None
    st.session_state[_KEY] = asked if asked in known else next(iter(known))
    name = st.selectbox(
        say("Run"),
        list(known),
        key=_KEY,
        format_func=lambda name: known[name].title,
        on_change=_write_address,
    )
    return known[name]


def replay_of(past: Past) -> Replay | None:
    """Return the moments that were kept, or None; read once as long as nothing is added."""
    return _replay(str(past.folder), past.stamp) if past.stamp else None


@st.cache_resource(max_entries=16, show_spinner=False)
def _replay(folder: str, stamp: int) -> Replay | None:
    return replay.read(Path(folder))


def _known() -> dict[str, Past]:
    """Return own runs (newest first), examples, shipped models; those with moments first."""
    found = [_of_run(run, mark("{name} (your run)")) for run in run_store().of(visitor_id())]
    for folder in sorted(EXAMPLES.glob("*/")):
        with suppress(RunError):
            recipe = Run(folder).recipe
            title = say(
                "{name}, {epochs} epochs (recorded example)",
                name=recipe.name,
                epochs=recipe.epochs,
            )
            found.append(Past(f"example-{folder.name}", title, folder, shipped=True))
    found += [
        Past(model.name, say("{name} (shipped)", name=model.title), model.folder, shipped=True)
        for model in catalogue.shipped().values()
    ]
    pasts = [past for past in found if past is not None]
    return {past.name: past for past in sorted(pasts, key=lambda past: not past.stamp)}


def _of_run(run: Run, title: str) -> Past | None:
    if not (run.folder / HISTORY).is_file():
        return None
    return Past(run.id, say(title, name=run.status().name), run.folder)


def _write_address() -> None:
    st.query_params["model"] = st.session_state[_KEY]
