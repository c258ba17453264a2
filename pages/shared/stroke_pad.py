"""A test image to draw one stroke on, and whether that fools the best model."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core import models
from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.figures import percent
from fmnist_core.journal import Journal
from fmnist_core.models import ModelError
from fmnist_core.stroke import LONGEST, fools, read_points, with_stroke
from pages.shared.picture_row import png
from pages.shared.resources import classifier_of, run_store
from pages.shared.visitor import visitor_id

INKS = {"White": 255, "Black": 0}
BEST = "best"
_KEY = "stroke_pad"

_component = st.components.v2.component(
    "stroke_pad",
    html="""
<canvas width="560" height="560" role="img"></canvas>
<p class="left" aria-live="polite"></p>
""",
    css="""
:host { display: block; }
canvas {
  display: block; width: min(100%, 21rem); aspect-ratio: 1; cursor: crosshair;
  touch-action: none; border-radius: 0.375rem; box-shadow: 0 0 0 1px var(--st-border-color);
}
p { margin: 0.375rem 0 0; font: 0.875rem/1.4 var(--st-font); color: var(--st-text-color); }
""",
    js="""
const pads = new WeakMap()

export default function ({ data, parentElement, setStateValue }) {
  const canvas = parentElement.querySelector("canvas")
  if (!canvas || !data) return
  const pad = pads.get(canvas) ?? { points: [] }
  pads.set(canvas, pad)
  const told = parentElement.querySelector(".left")
  const context = canvas.getContext("2d")
  const paint = () => {
    context.imageSmoothingEnabled = false
    context.drawImage(pad.image, 0, 0, 560, 560)
    context.strokeStyle = data.ink > 127 ? "#fff" : "#000"
    context.lineWidth = data.width * 20
    context.lineCap = context.lineJoin = "round"
    context.beginPath()
    pad.points.forEach(([x, y], i) => context[i ? "lineTo" : "moveTo"](x * 20, y * 20))
    context.stroke()
  }
  const length = () => pad.points.reduce((sum, [x, y], i) =>
    i ? sum + Math.hypot(x - pad.points[i - 1][0], y - pad.points[i - 1][1]) : 0, 0)
  const say = () => {
    const left = Math.max(0, data.longest - length())
    told.textContent = pad.points.length
      ? `Ink for ${left.toFixed(0)} pixels left. A new stroke replaces this one.`
      : `Draw one stroke; the ink is enough for ${data.longest} pixels.`
  }
  canvas.setAttribute("aria-label", data.label)
  if (pad.source !== data.picture || pad.id !== data.id) {
    pad.points = []
    pad.id = data.id
    pad.source = data.picture
    pad.image = new Image()
    pad.image.onload = paint
    pad.image.src = data.picture
  } else if (pad.image.complete) paint()
  say()
  const where = (event) => [event.offsetX, event.offsetY].map((value) =>
    Math.round((value / canvas.clientWidth) * 28 * 100) / 100)
  const send = () => setStateValue("stroke", { id: data.id, points: pad.points })
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId)
    pad.points = [where(event)]
    pad.drawing = true
  }
  canvas.onpointermove = (event) => {
    if (!pad.drawing) return
    const point = where(event), last = pad.points.at(-1)
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < 0.4) return
    if (length() >= data.longest || pad.points.length >= 400) return
    pad.points.push(point)
    paint()
    say()
  }
  canvas.onpointerup = canvas.onpointercancel = () => {
    if (!pad.drawing) return
    pad.drawing = false
    paint()
    say()
    if (pad.points.length > 1) send()
  }
}
""",
)


def stroke_on(image: np.ndarray, index: int, truth: int) -> np.ndarray:
    """Return test image `index`, uint8 (28, 28), with the visitor's stroke, once there is one.

    Says what *Best* makes of it, and notes in the visitor's journal when the stroke fooled it.
    """
    ink = INKS[
        st.segmented_control(
            "Ink", list(INKS), default="White", required=True, key="stroke_ink", width="content"
        )
        or "White"
    ]
    _component(
        key=_KEY,
        data={
            "picture": png(image),
            "id": index,
            "ink": ink,
            "width": 1.5,
            "longest": LONGEST,
            "label": f"Test image {index}, {CLASS_NAMES[truth]}: draw one stroke on it",
        },
        on_stroke_change=lambda: None,
    )
    points = _points(st.session_state.get(_KEY, {}).get("stroke"), index)
    if points is None:
        return image
    changed = with_stroke(image, points, ink)
    _judge(image, changed, index, truth)
    return changed


def _points(sent: Any, index: int) -> np.ndarray | None:  # noqa: ANN401 - from the browser
    if not isinstance(sent, dict) or sent.get("id") != index:
        return None
    return read_points(sent.get("points"))


def _judge(image: np.ndarray, changed: np.ndarray, index: int, truth: int) -> None:
    best = models.shipped().get(BEST)
    if best is None:
        return
    try:
        before, after = classifier_of(best).probabilities(np.stack([image, changed]))
    except ModelError:
        return
    told = f"{best.title}: {_said(before)} before, {_said(after)} with your stroke"
    if not fools(before, after, truth):
        wrong = "" if before.argmax() == truth else " It was wrong before: try another image."
        st.caption(f"{told}.{wrong}")
        return
    new = Journal(run_store().root, visitor_id()).note(
        "fooled",
        f"{BEST}-{index}-{int(after.argmax())}",
        told=f"test image {index:,}, {told}",
    )
    st.success(f"Fooled! {told}.", icon=":material/flag:")
    if new:
        st.page_link("pages/missions.py", label="To the missions", icon=":material/flag:")


def _said(probabilities: np.ndarray) -> str:
    top = int(probabilities.argmax())
    return f"{CLASS_NAMES[top]} {percent(float(probabilities[top]))}"
