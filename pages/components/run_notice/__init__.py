"""Says that a run has ended where a visitor in another tab sees it: title, notification."""

from collections.abc import Mapping

from pages.components.register import register

_component = register(__file__)


def run_notice(ended: Mapping[str, str], *, key: str, offer: bool = False) -> None:
    """Tell of runs that have ended, id -> what to say, each once in a browser tab.

    The title of a hidden tab says it until somebody looks, and the browser's own notification if
    it may. With `offer` there is a button that asks for that permission while it is undecided.
    """
    _component(key=key, width="content", data={"ended": dict(ended), "offer": offer})
