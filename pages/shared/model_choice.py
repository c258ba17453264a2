"""Which models answer: shipped ones, the visitor's finished runs, and those that a link names."""

import streamlit as st

from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.taught import is_copy
from fmnist_core.translation import say
from pages.shared.markdown import plain
from pages.shared.resources import run_store, taught_copies
from pages.shared.visitor import visitor_id

MOST = 4
_KEY, _LINK, _ADDED = "classify_models", "classify_models_link", "classify_models_added"


def add(name: str) -> None:
    """Let the model of that name answer too, from the page's next run on."""
    st.session_state[_ADDED] = name


def is_chosen(name: str) -> bool:
    """Return whether the model of that name answers on this page."""
    return name in st.session_state.get(_KEY, ())


def choose_models() -> list[Model]:
    """Return the chosen models, at most `MOST`, and keep the address in step (`?model=NAME`)."""
    known = _known()
    for name in _follow_link():
        try:
            model = known.get(name) or catalogue.find(name, run_store(), folders=False)
        except ModelError as error:
            st.warning(plain(str(error)), icon=":material/link_off:")
            continue
        if not model.ready:
            st.warning(
                plain(model.no_weights),
                icon=":material/model_training:",
            )
            continue
        known.setdefault(model.name, model)
        chosen = st.session_state.setdefault(_KEY, [])
        if model.name not in chosen:
            st.session_state[_KEY] = [*chosen, model.name][-MOST:]
    if not known:
        return []
    kept = [name for name in st.session_state.get(_KEY, ()) if name in known]
    added = st.session_state.pop(_ADDED, None)
    if added in known and added not in kept:
        kept = [*kept, added][-MOST:]
    st.session_state[_KEY] = kept or [next(iter(known))]
    picked = st.multiselect(
        say("Models"),
        list(known),
        key=_KEY,
        format_func=lambda name: model_title(known[name]),
        max_selections=MOST,
        persist_state="session",
        placeholder=say("Up to {count} models answer side by side", count=MOST),
        label_visibility="collapsed",
        width="stretch",
    )
    st.session_state[_LINK] = picked
    if st.query_params.get_all("model") != picked:
        st.query_params["model"] = picked
    return [known[name] for name in picked]


def _known() -> dict[str, Model]:
    """Return every model that can answer, by name: shipped ones, then the visitor's runs."""
    known = {name: model for name, model in catalogue.shipped().items() if model.ready}
    for run in run_store().of(visitor_id()):
        try:
            known[run.id] = catalogue.from_run(run)
        except ModelError:
            continue  # it has not finished an epoch yet
    known |= {model.name: model for model in taught_copies().models(visitor_id())}
    # A run that came by a link stays listed while the page is open.
    for name in st.session_state.get(_KEY, ()):
        if name not in known:
            try:
                known[name] = catalogue.find(name, run_store(), folders=False)
            except ModelError:
                continue
    return known


def _follow_link() -> list[str]:
    """Return the names in the address when they are new, forgetting what was chosen before."""
    asked = st.query_params.get_all("model")
    if not asked or asked == st.session_state.get(_LINK):
        return []
    st.session_state[_LINK] = asked
    st.session_state[_KEY] = []
    return asked[:MOST]


def model_title(model: Model) -> str:
    """Return what to call a model in a choice."""
    if is_copy(model):
        return say("{title} (yours alone)", title=model.title)
    return model.title if model.card else say("{title} (a training run)", title=model.title)
