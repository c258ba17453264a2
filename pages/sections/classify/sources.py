"""The ways to bring a picture: sketch pad, canvas, files, camera, an example, a test image.

Each is a fragment, so a stroke reruns the answer and not the page.
"""

import zlib
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist_core.data.examples import Example, examples
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models.catalogue import Model
from fmnist_core.preprocessing.open_picture import PictureError, open_picture
from fmnist_core.translation import mark, say
from pages.components.encoding import png
from pages.components.example_gallery import example_gallery
from pages.components.quick_pad import quick_pad
from pages.sections.classify.answering import classify, waiting
from pages.sections.classify.canvas import canvas, tools
from pages.sections.classify.stroke import stroke_on
from pages.sections.classify.uploads import uploads
from pages.shared.collection import class_images
from pages.shared.resources import images

Source = Callable[[Sequence[Model]], None]


def _sides() -> tuple[DeltaGenerator, DeltaGenerator]:
    left, right = st.columns(2, gap="large")
    return left, right


def _ghost(key: str) -> np.ndarray | None:
    """Let the visitor choose a class to trace; return its faint mean, uint8 (280, 280)."""
    label = st.selectbox(
        say("Trace a faint average"),
        range(10),
        index=None,
        format_func=lambda label: say(CLASS_NAMES[label]),
        placeholder=say("Nothing to trace"),
        key=key,
        persist_state="session",
        help=say(
            "The average of 6,000 training images lies under your strokes; it is not classified."
        ),
    )
    if label is None:
        return None
    faint = 255 - 0.45 * class_images("train").mean[label]
    return cv2.resize(faint.astype(np.uint8), (280, 280), interpolation=cv2.INTER_CUBIC)


@st.fragment
def sketch(models: Sequence[Model]) -> None:
    """Draw on the quick pad: the answer follows the stroke."""
    left, right = _sides()
    # Directly below the pad on a phone, so the choice of what to trace comes after the answer.
    place = right.container()
    with right:
        ghost = _ghost("trace_sketch")
    with left:
        drawn = quick_pad(None if ghost is None else png(ghost, 280))
    if drawn.picture is None:
        message = say("Draw something: the bars move while you draw.")
        waiting(models, place, message, drawn.number)
    else:
        classify(drawn.picture, models, place, name="sketch", kind="drawing", number=drawn.number)


@st.fragment
def drawable(models: Sequence[Model]) -> None:
    """Draw on the canvas with shapes and colours: the answer follows each stroke."""
    drawn_with(models, *tools(lambda: _ghost("trace_canvas")))


@st.fragment
def drawn_with(models: Sequence[Model], brush: dict[str, Any], traced: np.ndarray | None) -> None:
    """Show canvas and answer; a stroke reruns no more than these."""
    left, right = _sides()
    with left:
        drawn = canvas(brush, traced)
    if drawn is None:
        waiting(models, right, say("Draw something: the answer follows each stroke."))
    else:
        number = zlib.crc32(drawn.tobytes())
        classify(drawn, models, right, name="canvas", kind="drawing", number=number)


@st.fragment
def files(models: Sequence[Model]) -> None:
    """Upload pictures, several at once."""
    left, right = _sides()
    uploads(models, left, right)


@st.fragment
def camera(models: Sequence[Model]) -> None:
    """Take a picture with the camera."""
    left, right = _sides()
    with left:
        shot = st.camera_input(
            say("Take a picture"),
            key="camera",
            help=say("One item on a plain ground, filling most of the frame, works best."),
        )
    if shot is None:
        waiting(models, right, say("Take a picture of one item on a plain ground."))
        return
    try:
        picture = open_picture(shot.getvalue())
    except PictureError as error:
        left.error(str(error), icon=":material/broken_image:")
        waiting(models, right, say("Take another picture."))
        return
    classify(picture, models, right, name="camera", kind="auto")


GROUPS = {"drawing": mark("Drawings"), "photo": mark("Photos"), "hard": mark("Hard ones")}


@st.fragment
def example(models: Sequence[Model]) -> None:
    """Pick one of our own drawings and photos, for a visitor without a picture at hand."""
    known = examples()
    left, right = _sides()
    with left:
        st.session_state.setdefault("example_group", "drawing")
        group = st.segmented_control(
            say("Examples"),
            list(GROUPS),
            format_func=lambda name: say(GROUPS[name]),
            key="example_group",
            persist_state="session",
            required=True,
            label_visibility="collapsed",
        )
        shown = [found for found in known.values() if _group(found) == group]
        chosen = example_gallery(shown, "example_chosen")
        st.caption(
            say(
                "Drawn and rendered for this app; no model was trained on them. {which}",
                which=_sentence(known[chosen]) if chosen else say("Click one."),
            )
        )
    if chosen is None:
        waiting(models, right, say("Click an example to see what it is taken for."))
        return
    classify(known[chosen].picture(), models, right, name=f"example_{chosen}")


def _group(found: Example) -> str:
    return "hard" if found.hard else found.kind


def _sentence(found: Example) -> str:
    """Return what the example is, in bold, and what is hard about it."""
    what = say("This one: **{title}**.", title=say(found.title))
    return f"{what} {say(found.hard)}" if found.hard else what


@st.fragment
def test_image(models: Sequence[Model]) -> None:
    """Pick one of the 10,000 test images, which no model was trained on."""
    test = images("test")
    left, right = _sides()
    with left:
        number, again = st.columns([2, 1], vertical_alignment="bottom")
        index = number.number_input(
            say("Test image"), 0, len(test) - 1, step=1, key="test_index", persist_state="session"
        )
        again.button(
            say("Another one"),
            icon=":material/shuffle:",
            width="stretch",
            on_click=_another,
            args=(len(test),),
        )
        truth = int(test.labels[index])
        array = test.images[index]
        label = say(CLASS_NAMES[truth])
        stroke = st.toggle(
            say("Add a stroke"),
            key="test_stroke",
            persist_state="session",
            help=say("Draw one short stroke on the image. Can you change the answer?"),
        )
        if stroke:
            array = stroke_on(array, int(index), truth)
        else:
            large = cv2.resize(array, (336, 336), interpolation=cv2.INTER_NEAREST)
            st.image(large, alt=say("Test image {index}, {label}", index=index, label=label))
        st.caption(say("Test image {index}: {label}", index=index, label=label))
    st.session_state["test_link"] = str(index)
    if st.query_params.get("test") != str(index):
        st.query_params["test"] = str(index)
    classify(array, models, right, name="test", kind="dataset", truth=truth, number=index)


def _another(count: int) -> None:
    st.session_state["test_index"] = int(np.random.default_rng().integers(count))


SOURCES: dict[str, tuple[str, Source]] = {
    "sketch": (mark(":material/draw: Sketch pad"), sketch),
    "canvas": (mark(":material/shapes: Canvas"), drawable),
    "upload": (mark(":material/upload: Upload"), files),
    "camera": (mark(":material/photo_camera: Camera"), camera),
    "example": (mark(":material/gallery_thumbnail: Examples"), example),
    "test": (mark(":material/grid_view: Test image"), test_image),
}


def choose_source() -> Source:
    """Return the way that the visitor chose; a link with `?test=INDEX` chooses the test image."""
    _follow_link()
    chosen = st.segmented_control(
        say("Where the picture comes from"),
        list(SOURCES),
        format_func=lambda name: say(SOURCES[name][0]),
        key="classify_source",
        persist_state="session",
        required=True,
        label_visibility="collapsed",
    )
    if chosen != "test" and "test" in st.query_params:
        del st.query_params["test"]
    return SOURCES[str(chosen)][1]


def _follow_link() -> None:
    st.session_state.setdefault("classify_source", "sketch")
    asked = st.query_params.get("test")
    if asked is None or asked == st.session_state.get("test_link"):
        return
    st.session_state["test_link"] = asked
    if asked.isdecimal() and len(asked) < 6 and int(asked) < len(images("test")):
        st.session_state["classify_source"] = "test"
        st.session_state["test_index"] = int(asked)
    else:
        st.warning(
            say("The link names no test image: it takes a number from 0 to 9,999."),
            icon=":material/link_off:",
        )
        del st.query_params["test"]
