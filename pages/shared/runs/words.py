"""How the pages speak of runs: a word, a colour and an icon per status."""

from fmnist_core.runs.status import Status
from fmnist_core.translation import mark, say

# Status of the run -> what the visitor reads, the badge's colour, and its icon.
STATUSES = {
    "queued": (mark("Waiting"), "gray", ":material/hourglass_empty:"),
    "starting": (mark("Warming up"), "blue", ":material/bolt:"),
    "running": (mark("Training"), "green", ":material/play_arrow:"),
    "pausing": (mark("Pausing"), "orange", ":material/pause:"),
    "paused": (mark("Paused"), "orange", ":material/pause:"),
    "stopping": (mark("Stopping"), "orange", ":material/stop:"),
    "stopped": (mark("Stopped"), "gray", ":material/stop:"),
    "finished": (mark("Finished"), "blue", ":material/check:"),
    "failed": (mark("Failed"), "red", ":material/error:"),
    "interrupted": (mark("Interrupted"), "orange", ":material/power_off:"),
}


def word(status: str) -> str:
    """Return what a status is called on screen."""
    return say(STATUSES[status][0])


def badge(status: Status) -> str:
    """Return a status as a coloured badge in Markdown."""
    words, color, icon = STATUSES[status.status]
    return f":{color}-badge[{icon} {say(words)}]"
