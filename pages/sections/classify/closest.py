"""The training images that a model finds most like the picture, and how typical the picture is."""

import logging
from concurrent.futures import Future

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models import typicality
from fmnist_core.models.catalogue import Model
from fmnist_core.models.typicality import HELD_OUT, Reference
from fmnist_core.translation import say
from pages.components.picture_row import Picture, picture_row
from pages.shared.resources import classifier_of, engine, images

_COUNT = 6
_LOOK_SECONDS = 1.0
_log = logging.getLogger(__name__)


def closest(model: Model, array: np.ndarray) -> None:
    """Show what `model` saw in training that is most like `array`, uint8 (28, 28).

    A model's first question takes the engine some seconds; until then a line says so.
    """
    measuring = measure(model)
    if not measuring.done():
        st.fragment(_wait, run_every=_LOOK_SECONDS)(measuring)
        return
    if measuring.cancelled() or measuring.exception():
        _log.warning("no closest images for %s: %s", model.name, measuring)
        _measure.clear(*_key(model), model)  # asked again with the next picture
        return
    _row(model, measuring.result(), array)


def measure(model: Model) -> Future[Reference]:
    """Return the model's reference, perhaps still in the making; it is made once for everybody."""
    return _measure(*_key(model), model)


def _key(model: Model) -> tuple[str, int]:
    # A run that continued has a new file under the old name.
    return str(model.folder), model.tflite_file.stat().st_mtime_ns if model.ready else 0


@st.cache_resource(show_spinner=False, max_entries=16)
def _measure(folder: str, changed: int, _model: Model) -> Future[Reference]:
    return engine().call(typicality.of_model, _model)


def _wait(measuring: Future[Reference]) -> None:
    if measuring.done():
        st.rerun()
    st.caption(
        say(
            "The closest training images are being looked up. For a model's first picture this "
            "takes some seconds."
        )
    )


def _row(model: Model, reference: Reference, array: np.ndarray) -> None:
    features = classifier_of(model).features(array)
    train = images("train")
    percentile = float(reference.percentile(features)[0])
    picture_row(
        [
            Picture(train.images[index], say(CLASS_NAMES[train.labels[index]]))
            for index in reference.nearest(features, _COUNT)[0]
        ],
        key="closest",
        label=say("Closest training images"),
        caption=say(
            "The closest of {count:,} training images, as {model} sees them. {typical}",
            count=len(reference.indices),
            model=model.title,
            typical=in_words(percentile),
        ),
        small=True,
    )


def in_words(percentile: float) -> str:
    """Return how typical something is, from the share in per cent of images that are less so."""
    if percentile < 1:
        return say(
            "This item is farther from them than 99 % of {count:,} other data set images.",
            count=HELD_OUT,
        )
    return say(
        "This item is more typical than {share:.0f} % of {count:,} other data set images.",
        share=percentile,
        count=HELD_OUT,
    )
