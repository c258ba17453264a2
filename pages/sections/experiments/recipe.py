"""The recipe that an experiment starts from: a preset, or the one in the address."""

import streamlit as st

from fmnist_core.recipes import presets
from fmnist_core.recipes.comparison import describe_layers
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.wording import short
from pages.shared.markdown import plain

_KEY = "experiment_recipe"


def chosen_recipe() -> Recipe:
    """Return the recipe that the visitor chose; one from the address (`?recipe=`) comes first."""
    known = {name: preset.recipe for name, preset in presets.PRESETS.items()}
    if link := st.query_params.get("recipe"):
        try:
            known = {"link": Recipe.from_link(link), **known}
        except RecipeError as error:
            st.warning(plain(str(error)), icon=":material/link_off:")
    if st.session_state.get(_KEY) not in known:
        st.session_state[_KEY] = "link" if "link" in known else "lightning"
    name = st.selectbox(
        "Recipe",
        list(known),
        key=_KEY,
        format_func=lambda one: known[one].name + (" (from Train)" if one == "link" else ""),
        help="To start from a design of your own, press *Experiment* on the Train page.",
        width=360,
    )
    recipe = known[name]
    st.caption(
        plain(" → ".join(describe_layers(recipe)))
        + f": {short(recipe.parameters)} parameters, {recipe.epochs} epochs of "
        f"{recipe.train_examples:,} images"
    )
    return recipe
