"""Taking a recipe along: as a link, as a JSON file, and back again."""

from urllib.parse import urlencode

import streamlit as st

from fmnist_core.recipes.presets import slug
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import say
from pages.sections.train import design
from pages.shared.markdown import page_address

_UPLOADS = "recipe_uploads"


def save_and_load(recipe: Recipe) -> None:
    """Show link, download and upload; an accepted upload becomes the design."""
    st.markdown(say("**Link** to exactly this recipe"))
    st.code(_link(recipe), language=None, wrap_lines=True)
    st.download_button(
        say("Download as JSON"),
        recipe.to_json(),
        file_name=f"{slug(recipe.name) or 'recipe'}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )
    # A new key after each upload empties the control, so that the same file can come again.
    uploads = st.session_state.setdefault(_UPLOADS, 0)
    st.file_uploader(
        say("Load a recipe (JSON)"),
        type=["json"],
        key=f"recipe_upload_{uploads}",
        max_upload_size=1,
        on_change=_uploaded,
        args=(f"recipe_upload_{uploads}",),
    )


def _uploaded(key: str) -> None:
    file = st.session_state[key]
    if file is not None:
        source = file.getvalue()
        design.attempt(lambda _: Recipe.from_json(source))
        st.session_state[_UPLOADS] += 1


def _link(recipe: Recipe) -> str:
    # The whole recipe even for a preset: a later version may tune the preset.
    return page_address("train", urlencode({"recipe": recipe.to_link()}))
