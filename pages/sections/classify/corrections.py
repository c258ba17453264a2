"""What a visitor may correct by hand when the program read a picture wrongly."""

from typing import Any, get_args

import streamlit as st

from fmnist_core.preprocessing.item import Item, KindWish, MaskMode, Overrides
from fmnist_core.translation import mark, say
from pages.components import crop_box

_KINDS = {
    "auto": mark("Automatic"),
    "drawing": mark("Drawing"),
    "photo": mark("Photo"),
    "dataset": mark("Data set image"),
}
_MASKS = {
    "auto": mark("Automatic"),
    "border": mark("Unlike the border"),
    "none": mark("Keep it all"),
}
_SWITCH = {"auto": mark("Automatic"), "yes": mark("Yes"), "no": mark("No")}
_DECIDED = {"yes": True, "no": False}
_FIELDS = ("kind", "rotation", "mirror", "invert", "threshold", "fill", "mask", "lift")
_DEFAULTS: dict[str, Any] = {"rotation": 0, "invert": False, "threshold": 0}  # else "auto"


def _key(place: str, field: str) -> str:
    return f"correct_{place}_{field}"


def wishes(place: str, usual: KindWish = "auto") -> tuple[KindWish, Overrides]:
    """Return the kind and the overrides chosen at `place`; `usual` is the kind if none was."""

    def value(field: str) -> Any:  # noqa: ANN401 - each field has its own type
        return st.session_state.get(_key(place, field))

    kind = value("kind")
    mask: MaskMode = value("mask") if value("mask") in get_args(MaskMode) else "auto"
    return (
        kind if kind in _KINDS else usual,
        Overrides(
            crop=crop_box.chosen(_key(place, "crop")),
            rotation=float(value("rotation") or 0),
            mask=mask,
            threshold=(value("threshold") or 0) / 100 or None,
            mirror=_DECIDED.get(value("mirror")),
            invert=bool(value("invert")),
            fill=_DECIDED.get(value("fill")),
            lift=_DECIDED.get(value("lift")),
        ),
    )


def corrections(place: str, item: Item, usual: KindWish = "auto") -> None:
    """Show the controls that make sense for `item`; `wishes` reads them in the next run."""
    for field in _FIELDS:
        start = usual if field == "kind" else _DEFAULTS.get(field, "auto")
        st.session_state.setdefault(_key(place, field), start)
    marking, controls = st.columns([1, 2], gap="medium")
    with marking:
        st.caption(
            say(
                "Drag a rectangle around the item, or press the arrow keys to move one and Shift "
                "with them to size it. A click or Delete takes it away."
            )
        )
        # The first stage is the picture as it came, before any crop.
        crop_box.crop_box(item.stages[0].image, _key(place, "crop"))
    with controls:
        _choice(
            place,
            "kind",
            say("What it is"),
            _KINDS,
            say("Each kind is prepared in its own way."),
        )
        st.slider(say("Turn"), -180, 180, step=5, format="%d°", **_kept(place, "rotation"))
        _choice(place, "mirror", say("Mirrored"), _SWITCH, say("In the data, shoes point left."))
        if item.kind == "drawing":
            _choice(
                place, "fill", say("Inside filled"), _SWITCH, say("The data shows no outlines.")
            )
        if item.kind == "photo":
            _choice(
                place,
                "mask",
                say("Background"),
                _MASKS,
                say("How the item is told from its ground."),
            )
            _choice(
                place,
                "lift",
                say("White shown as light grey"),
                _SWITCH,
                say("White items vanish."),
            )
        if item.kind != "dataset":
            st.slider(
                say("Threshold"),
                0,
                95,
                step=5,
                format="%d %%",
                help=say(
                    "How unlike its ground a point must be to belong to the item. 0 is automatic."
                ),
                **_kept(place, "threshold"),
            )
        st.toggle(say("Swap light and dark"), **_kept(place, "invert"))
        st.button(
            say("Back to automatic"),
            key=_key(place, "reset"),
            icon=":material/restart_alt:",
            on_click=forget,
            args=(place,),
        )


def choose_part(place: str, item: Item) -> None:
    """Let the visitor tap the one that counts where several items were found in a photo."""
    crop, kept = _key(place, "crop"), _key(place, "parts")
    if item.parts:
        st.session_state[kept] = item.parts
    parts = st.session_state.get(kept, [])
    if not parts:
        return
    st.markdown(
        say(
            "**{count} items found.** Tap the one that counts; tap beside it for all.",
            count=len(parts),
        )
    )
    crop_box.crop_box(item.stages[0].image, crop, parts)


def forget(place: str) -> None:
    """Go back to what the program decides at `place`."""
    for field in _FIELDS:
        st.session_state.pop(_key(place, field), None)
    crop_box.forget(_key(place, "crop"))


def _kept(place: str, field: str) -> dict[str, Any]:
    return {"key": _key(place, field), "persist_state": "session"}


def _choice(place: str, field: str, label: str, options: dict[str, str], why: str) -> None:
    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: say(options[option]),
        help=why,
        required=True,
        wrap=True,
        **_kept(place, field),
    )
