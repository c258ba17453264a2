"""The recipe that an experiment starts from: a preset, or the one in the address."""

import streamlit as st

from fmnist_core.recipes import presets
from fmnist_core.recipes.comparison import describe_layers
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import say
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
        say("Recipe"),
        list(known),
        key=_KEY,
        format_func=lambda one: (
            say("{name} (from Train)", name=known[one].name) if one == "link" else known[one].name
        ),
        help=say("To start from a design of your own, press *Experiment* on the Train page."),
        width=360,
    )
    recipe = known[name]
    st.caption(
        say(
            "{layers}: {parameters} parameters, {epochs} epochs of {images:,} images",
            layers=plain(" → ".join(describe_layers(recipe))),
            parameters=short(recipe.parameters),
            epochs=recipe.epochs,
            images=recipe.train_examples,
        )
    )
    return recipe
