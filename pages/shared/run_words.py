"""How the pages speak of runs: a word, a colour and an icon per status."""

from fmnist_core.runs.status import Status

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
