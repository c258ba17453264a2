"""How the pages speak of runs: a word and a colour per status, times, links, safe names."""

import re

import streamlit as st

from fmnist_core.runs.store import Status

# Status of the run -> what the visitor reads, the badge's colour, and its icon.
STATUSES = {
    "queued": ("Waiting", "gray", ":material/hourglass_empty:"),
    "starting": ("Warming up", "blue", ":material/bolt:"),
    "running": ("Training", "green", ":material/play_arrow:"),
    "pausing": ("Pausing", "orange", ":material/pause:"),
    "paused": ("Paused", "orange", ":material/pause:"),
    "stopping": ("Stopping", "orange", ":material/stop:"),
    "stopped": ("Stopped", "gray", ":material/stop:"),
    "finished": ("Finished", "blue", ":material/check:"),
    "failed": ("Failed", "red", ":material/error:"),
    "interrupted": ("Interrupted", "orange", ":material/power_off:"),
}


def word(status: str) -> str:
    """Return what a status is called on screen."""
    return STATUSES[status][0]


def badge(status: Status) -> str:
    """Return a status as a coloured badge in Markdown."""
    words, color, icon = STATUSES[status.status]
    return f":{color}-badge[{icon} {words}]"


def plain(text: str) -> str:
    """Return what a visitor typed so that Markdown shows it as it is: no links, no pictures."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~$:&^=])", r"\\\1", text)


def page_address(page: str, query: str) -> str:
    """Return the full address of a page of this app, for copying into a message."""
    # Every page sits beside the others, wherever the app is mounted.
    base = (st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    return f"{base}/{page}?{query}"
