"""What is stored of a visitor: what, where, and for how long."""

import streamlit as st

from fmnist_core.boards.board import HOSTED_DAYS
from fmnist_core.models.taught import LIFETIME
from fmnist_core.recipes.host import Limits
from fmnist_core.runs.store import TRASH_SECONDS
from fmnist_core.translation import say
from fmnist_core.wording import megabytes
from pages.shared.engine_work import KEPT_BYTES
from pages.shared.language.choice import COOKIE as LANGUAGE_COOKIE
from pages.shared.resources import run_store
from pages.shared.visitor import COOKIE


def privacy(limits: Limits) -> None:
    """Show what is stored in each place, for how long, and who could see it."""
    st.markdown(
        say(
            "There are no accounts, no statistics and no advertisements, and your browser asks no "
            "other server than this one. What you draw, photograph or upload is read by the models "
            "on this host, goes nowhere else, and is kept on its disk only where you add it to a "
            "board. (A file of more than 1 MB passes through a nameless temporary one while it "
            "arrives.)"
        )
    )
    for column, (place, kept) in zip(st.columns(3), _places(limits).items(), strict=True):
        with column.container(border=True, height="stretch"):
            lines = [f"- **{what}**: {how_long}" for what, how_long in kept.items()]
            st.markdown("\n".join([f"#### {place}\n", *lines]))
    disk = (
        say("The folder of runs is mirrored to a store that the operator of this host named.")
        if run_store().mirror
        else say("A host whose disk is not kept forgets what is on it at every restart.")
    )
    known = say(
        "Files carry the SHA-256 of your id, never the id itself. Whoever runs this host can read "
        "its disk, and sees your network address, as with every website; the app itself writes "
        "down no addresses, only errors."
    )
    st.caption(f"{disk} {known}")
    st.page_link(
        "pages/runs.py",
        label=say("To delete everything of yours: Runs"),
        icon=":material/delete_forever:",
    )


def _places(limits: Limits) -> dict[str, dict[str, str]]:
    """Return by place what is kept there, and for how long."""
    runs = boards = sweeps = say("until you delete them")
    if limits.days_kept is not None:
        runs = say(
            "{days} days after their end, unless pinned or opened by their link",
            days=limits.days_kept,
        )
        if limits.kept_bytes is not None:
            runs = say(
                "{days} days after their end, unless pinned or opened by their link; the oldest "
                "sooner where all take over {size}",
                days=limits.days_kept,
                size=megabytes(limits.kept_bytes),
            )
        sweeps = say("{days} days, and until the next sweep is made", days=limits.days_kept)
        boards = say("{days} days, and until the next board is opened", days=HOSTED_DAYS)
    return {
        say("In your browser"): {
            say("A random id, by which your runs are yours"): say(
                "a year, in the cookie `{cookie}`", cookie=COOKIE
            ),
            say("Your language, where you have chosen one"): say(
                "a year, in the cookie `{cookie}`", cookie=LANGUAGE_COOKIE
            ),
            say("The strokes of a drawing"): say("until the tab is closed"),
        },
        say("In this host's memory"): {
            say("Uploads, photos, choices, lessons"): say(
                "some minutes longer than the tab is open"
            ),
            say("The latest answers about pictures, under nobody's name"): say(
                "until there are {size} of newer ones, or a restart", size=megabytes(KEPT_BYTES)
            ),
        },
        say("On this host's disk, in the folder of runs"): {
            say("Runs (recipe, curves, weights, notes)"): runs,
            say("Deleted runs"): say("{hours} hours in the trash", hours=TRASH_SECONDS // 3600),
            say("Sweeps"): sweeps,
            say("Boards (nicknames, drawings of 28×28 pixels)"): boards,
            say("Copies of models that you taught"): say(
                "{hours:.0f} hours", hours=LIFETIME / 3600
            ),
            say("Missions passed, wrong labels found"): say("until you delete everything of yours"),
        },
    }
