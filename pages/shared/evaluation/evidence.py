"""What the evaluate page knows of a model: its test probabilities and the figures from them."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np
import streamlit as st

from fmnist_core.evaluation import metrics
from fmnist_core.evaluation.metrics import Evaluation
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.runs.run import EVALUATION, Run
from fmnist_core.runs.status import RunError
from fmnist_core.translation import mark, say
from pages.shared.markdown import plain
from pages.shared.model_choice import model_title
from pages.shared.resources import images, run_store
from pages.shared.visitor import visitor_id

_KEY, _LAST = "evaluate_model", "evaluate_model_last"


@dataclass(frozen=True)
class Evidence:
    """`probabilities` float32 (10000, 10) for the test images in order, and the figures.

    `validation` is float32 (m, 10) for the m last training images, which it validated on, if any.
    """

    probabilities: np.ndarray
    figures: Evaluation
    validation: np.ndarray

    @property
    def right(self) -> np.ndarray:
        """Which answers are right: bool (10000,)."""
        return self.probabilities.argmax(1) == images("test").labels


def evidence(model: Model) -> Evidence | None:
    """Return what is known of a model on the test images, or None before it is evaluated."""
    try:
        stamp = (model.folder / EVALUATION).stat().st_mtime_ns
    except OSError:
        return None
    return _evidence(str(model.folder), stamp)


# Shared and read-only: a copy of every array per visitor and rerun would be half a megabyte each.
@st.cache_resource(max_entries=32, show_spinner=False)
def _evidence(folder: str, stamp: int) -> Evidence | None:
    found = Run(Path(folder)).evaluation()
    labels = images("test").labels
    if found is None or len(found.test_probabilities) != len(labels):
        return None
    found.test_probabilities.setflags(write=False)
    found.validation_probabilities.setflags(write=False)
    return Evidence(
        found.test_probabilities,
        metrics.evaluate(found.test_probabilities, labels),
        found.validation_probabilities,
    )


def evaluated_models() -> dict[str, Model]:
    """Return every model with evidence by name: shipped ones, then the visitor's runs."""
    known = {name: model for name, model in catalogue.shipped().items() if evidence(model)}
    for run in run_store().of(visitor_id()):
        if (found := _of_run(run)) is not None:
            known[run.id] = found
    return known


def choose_model() -> Model | None:
    """Return the model that the visitor picked (`?model=NAME`), or None if there is none yet."""
    known = evaluated_models()
    asked = st.query_params.get("model", "")
    # From page to page the visitor stays with one model.
    if not asked and st.session_state.get(_LAST) in known:
        asked = st.query_params["model"] = st.session_state[_LAST]
    if asked and asked not in known:
        try:
            model = _find(asked)
        except ModelError as error:
            st.warning(plain(str(error)), icon=":material/link_off:")
        else:
            known[model.name] = model
            asked = model.name
    if not known:
        return None
    # The address is what counts, so that a link and the back button show what they say.
    st.session_state[_KEY] = asked if asked in known else next(iter(known))
    name = st.selectbox(
        say("Model"),
        list(known),
        key=_KEY,
        format_func=lambda name: model_title(known[name]),
        on_change=_write_address,
    )
    st.session_state[_LAST] = name
    return known[name]


def _find(name: str) -> Model:
    """Return the evaluated model that an address names; raises ModelError."""
    with suppress(RunError):
        if found := _of_run(run_store().get(name)):
            return found
    model = catalogue.find(name, run_store(), folders=False)
    if evidence(model) is None:
        raise ModelError(
            say(
                "{title} has not been evaluated yet: that happens at the end of its training.",
                title=model.title,
            )
        )
    return model


def _of_run(run: Run) -> Model | None:
    # Without weights too: what was measured can be looked at as long as it is there.
    try:
        found = Model(run.id, run.status().name, run.folder, run.recipe)
    except RunError:
        return None
    return found if evidence(found) else None


def _write_address() -> None:
    st.query_params["model"] = st.session_state[_KEY]


def needed_model(purpose: str) -> Model:
    """Return the chosen model; without any, say what to do and end the page.

    `purpose`, marked for translation, goes on after "Train a network: when its run is finished,
    you "; in German it begins with the verb: "siehst du hier …".
    """
    model = choose_model()
    return _end(mark("No trained model yet"), purpose) if model is None else model


def needed_evidence(purpose: str) -> tuple[Model, Evidence]:
    """Return the chosen model and its evidence, or end the page as `needed_model` does."""
    model = choose_model()
    found = evidence(model) if model else None
    if model is None or found is None:
        return _end(mark("No evaluated model yet"), purpose)
    return model, found


def _end(title: str, purpose: str) -> NoReturn:
    st.info(
        say("Train a network: when its run is finished, you {purpose}", purpose=say(purpose)),
        title=say(title),
        icon=":material/query_stats:",
    )
    st.page_link("pages/train.py", label=say("Train a network"), icon=":material/model_training:")
    st.stop()
