"""What is stored of a visitor: what, where, and for how long."""

import streamlit as st

from fmnist_core.boards.board import HOSTED_DAYS
from fmnist_core.models.taught import LIFETIME
from fmnist_core.recipes.host import Limits
from fmnist_core.runs.store import TRASH_SECONDS
from fmnist_core.wording import megabytes
from pages.shared.engine_work import KEPT_BYTES
from pages.shared.resources import run_store
from pages.shared.visitor import COOKIE


def privacy(limits: Limits) -> None:
    """Show what is stored in each place, for how long, and who could see it."""
    st.markdown(
        "There are no accounts, no statistics and no advertisements, and your browser asks no "
        "other server than this one. What you draw, photograph or upload is read by the models on "
        "this host, goes nowhere else, and is kept on its disk only where you add it to a board. "
        "(A file of more than 1 MB passes through a nameless temporary one while it arrives.)"
    )
    for column, (place, kept) in zip(st.columns(3), _places(limits).items(), strict=True):
        with column.container(border=True, height="stretch"):
            lines = [f"- **{what}**: {how_long}" for what, how_long in kept.items()]
            st.markdown("\n".join([f"#### {place}\n", *lines]))
    disk = (
        "The folder of runs is mirrored to a store that the operator of this host named."
        if run_store().mirror
        else "A host whose disk is not kept forgets what is on it at every restart."
    )
    st.caption(
        f"{disk} Files carry the SHA-256 of your id, never the id itself. Whoever runs this host "
        "can read its disk, and sees your network address, as with every website; the app itself "
        "writes down no addresses, only errors."
    )
    st.page_link(
        "pages/runs.py",
        label="To delete everything of yours: Runs",
        icon=":material/delete_forever:",
    )


def _places(limits: Limits) -> dict[str, dict[str, str]]:
    """Return by place what is kept there, and for how long."""
    runs = boards = sweeps = "until you delete them"
    if limits.days_kept is not None:
        runs = f"{limits.days_kept} days after their end, unless pinned or opened by their link"
        if limits.kept_bytes is not None:
            runs += f"; the oldest sooner where all take over {megabytes(limits.kept_bytes)}"
        sweeps = f"{limits.days_kept} days, and until the next sweep is made"
        boards = f"{HOSTED_DAYS} days, and until the next board is opened"
    return {
        "In your browser": {
            "A random id, by which your runs are yours": f"a year, in the cookie `{COOKIE}`",
            "The strokes of a drawing": "until the tab is closed",
        },
        "In this host's memory": {
            "Uploads, photos, choices, lessons": "some minutes longer than the tab is open",
            "The latest answers about pictures, under nobody's name": (
                f"until there are {megabytes(KEPT_BYTES)} of newer ones, or a restart"
            ),
        },
        "On this host's disk, in the folder of runs": {
            "Runs (recipe, curves, weights, notes)": runs,
            "Deleted runs": f"{TRASH_SECONDS // 3600} hours in the trash",
            "Sweeps": sweeps,
            "Boards (nicknames, drawings of 28×28 pixels)": boards,
            "Copies of models that you taught": f"{LIFETIME / 3600:.0f} hours",
            "Missions passed, wrong labels found": "until you delete everything of yours",
        },
    }
