"""The training images that a model finds most like the picture, and how typical the picture is."""

from pathlib import Path

import numpy as np
import streamlit as st

from fmnist_core import typicality
from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.models import Model
from fmnist_core.typicality import Reference
from pages.shared.picture_row import Picture, picture_row
from pages.shared.resources import classifier_of, images

_COUNT = 6


def closest(model: Model, array: np.ndarray) -> None:
    """Show what `model` saw in training that is most like `array`, uint8 (28, 28).

    Shows nothing for a model without reference features.
    """
    file = model.folder / typicality.FILE
    reference = _reference(str(model.folder), file.stat().st_mtime_ns) if file.is_file() else None
    if reference is None:
        return
    features = classifier_of(model).features(array)
    train = images("train")
    percentile = float(reference.percentile(features)[0])
    picture_row(
        [
            Picture(train.images[index], CLASS_NAMES[train.labels[index]])
            for index in reference.nearest(features, _COUNT)[0]
        ],
        key="closest",
        label="Closest training images",
        caption=f"What {model.title} saw in training that is most like it. {in_words(percentile)}",
        small=True,
    )


def in_words(percentile: float) -> str:
    """Return how typical something is, from the share in per cent of images that are less so."""
    if percentile < 1:
        return "It is less typical than almost every image of the data set."
    return f"It is more typical than {percentile:.0f} % of the data set's images."


@st.cache_resource(show_spinner=False, max_entries=16)
def _reference(folder: str, changed: int) -> Reference | None:
    return typicality.load(Path(folder))
