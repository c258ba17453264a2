"""Which map is shown, whose answers colour it, and where other pictures belong on it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data import atlas, projection
from fmnist_core.models import feature_map
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.feature_map import FeatureMap
from fmnist_core.runs.run import LITERT
from fmnist_core.translation import language, mark, say
from pages.components.item_map import Points, packed
from pages.shared import collection
from pages.shared.engine_work import work
from pages.shared.evaluation.evidence import choose_model, evidence
from pages.shared.language.links import follow_link
from pages.shared.markdown import plain
from pages.shared.resources import classifier_of

NAME = "atlas"
TSNE, PCA, FEATURES = mark("Neighbours"), mark("Main axes"), mark("Network")
LAYOUTS = (TSNE, PCA, FEATURES)
UNBIASED, MODEL = mark("Five networks"), mark("A model")
# How many neighbours say where a picture that t-SNE has not seen belongs.
_PLACING = 12


@dataclass(frozen=True)
class Map:
    """What is shown: the packed points, and how to place any image on it.

    `spot` returns uint16 (2,) for a uint8 (28, 28) image. `count` items from `first` on have a
    point. `features` is there when the layout is a network's, `model` when one was chosen.
    `probabilities` is float32 (70000, 10), NaN for items that `judge` has not judged.
    """

    content: bytes
    places: np.ndarray
    first: int
    count: int
    spot: Callable[[np.ndarray], np.ndarray]
    model: Model | None
    features: FeatureMap | None
    probabilities: np.ndarray
    judge: str


@dataclass(frozen=True)
class Choice:
    """What the visitor wants to see: a layout, and the model whose answers count, if one does."""

    layout: str
    model: Model | None


def choose_map() -> Choice:
    """Show the choices and return them."""
    follow_link("layout", LAYOUTS)
    follow_link("answers", (UNBIASED, MODEL))
    with st.container(horizontal=True, vertical_alignment="top"):
        layout = st.segmented_control(
            say("Map by"),
            LAYOUTS,
            format_func=say,
            default=TSNE,
            required=True,
            key="layout",
            bind="query-params",
        )
        judge = UNBIASED
        if layout != FEATURES:
            judge = st.segmented_control(
                say("Answers of"),
                (UNBIASED, MODEL),
                format_func=say,
                default=UNBIASED,
                required=True,
                key="answers",
                bind="query-params",
                help=say(
                    "Colour the points by the answers of five networks that were each trained "
                    "on other images than those they judge, so that all 70,000 answers are "
                    "honest; or by those of one model to the 10,000 test images."
                ),
            )
        model = choose_model() if layout == FEATURES or judge == MODEL else None
    return Choice(str(layout), model)


def make_map(choice: Choice) -> Map | None:
    """Return the map; None, and what to wait for or to do, while there is none.

    Raises AtlasError when a precomputed file is damaged.
    """
    if choice.layout != FEATURES:
        return _of_pixels(choice.layout, choice.model)
    if choice.model is None:
        st.info(say("Train a network first: its view of the test images is drawn here."))
        return None
    return _of_features(choice.model)


def _of_pixels(layout: str, model: Model | None) -> Map:
    found = atlas.layouts()
    if layout == TSNE:
        places, spot = found.tsne, _among_neighbours
        title = say("70,000 items laid out by t-SNE so that similar pictures are neighbours")
    else:
        places, spot = found.pca, _on_components
        title = say("70,000 items by the two main directions in which their pixels differ")
    probabilities, judge = atlas.answers(), say("five networks that never saw the image")
    if model is not None:
        probabilities = np.full((atlas.ITEMS, 10), np.nan, np.float32)
        if known := evidence(model):
            probabilities[atlas.TRAIN :] = known.probabilities
        judge = model.title
    points = Points(layout, title, places, atlas.labels(), probabilities, judge)
    key = (language(), layout, judge, "" if model is None else _stamp(model))
    return Map(
        _content(key, points), places, 0, atlas.ITEMS, spot, model, None, probabilities, judge
    )


def _of_features(model: Model) -> Map | None:
    found = features_of(model)
    known = evidence(model)
    if found is None or known is None:
        return None
    title = say(
        "10,000 test images by the two main directions of {model}'s features", model=model.title
    )
    judge = model.title
    labels = atlas.labels()[atlas.TRAIN :]
    first = atlas.TRAIN
    points = Points(
        f"{FEATURES}:{model.name}", title, found.places, labels, known.probabilities, judge, first
    )

    def spot(image: np.ndarray) -> np.ndarray:
        return found.place(found.reduce(classifier_of(model).features(image)))[0]

    probabilities = np.full((atlas.ITEMS, 10), np.nan, np.float32)
    probabilities[first:] = known.probabilities
    content = _content((language(), FEATURES, model.name, _stamp(model)), points)
    return Map(content, found.places, first, atlas.TEST, spot, model, found, probabilities, judge)


def features_of(model: Model) -> FeatureMap | None:
    """Return a model's features of the test images; None, and progress, while there are none."""
    try:
        classifier_of(model)  # a damaged or missing file is one sentence here
    except ModelError as error:
        st.error(plain(str(error)), icon=":material/error:")
        return None
    digest = model.card.sha256.get(LITERT) if model.card else None
    return work(
        "map_features",
        feature_map.make,
        str(model.tflite_file),
        digest,
        model.tflite_file.stat().st_mtime_ns,
        label=say("Showing {model} all 10,000 test images", model=plain(model.title)),
    )


def _stamp(model: Model) -> str:
    return f"{model.folder}:{(model.folder / 'evaluation.npz').stat().st_mtime_ns}"


@st.cache_resource(show_spinner=False, max_entries=8)
def _content(key: tuple[str, ...], _points: Points) -> bytes:
    return packed(_points, NAME)


def _on_components(image: np.ndarray) -> np.ndarray:
    found = atlas.layouts()
    return found.frame.quantised(found.components.project(image.reshape(1, -1)))[0]


def _among_neighbours(image: np.ndarray) -> np.ndarray:
    near, distances = collection.neighbour_index().nearest(image, _PLACING)
    return projection.among(atlas.layouts().tsne[near], distances).astype(np.uint16)
