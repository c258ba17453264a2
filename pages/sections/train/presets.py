"""The presets as cards: what each is, what was published and what we measured."""

from functools import cache

import streamlit as st

from fmnist_core.models import catalogue
from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.estimate import app_bytes, training_seconds
from fmnist_core.recipes.presets import PRESETS, Preset
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.wording import duration_range, megabytes, percent, short
from pages.sections.train import design

REFERENCES = (
    "dense-basics",
    "wide-cnn-on-20000",
    "128-64-with-logits",
    "three-convolutions",
    "300-100-with-sgd",
)


def presets_gallery(recipe: Recipe) -> None:
    """Show every preset; a click makes it the design and opens its layers."""
    st.caption(
        "Start from one of these and change what you like. The reference experiments are "
        "well-known published ones, with their exact settings; the others are our own."
    )
    grid = st.grid("auto", min_column_width=320)
    for preset in PRESETS.values():
        with grid.container(border=True, height="stretch", gap="small"):
            _card(preset, in_use=preset.recipe == recipe)


def _card(preset: Preset, in_use: bool) -> None:
    recipe = preset.recipe
    seconds = duration_range(*training_seconds(recipe))
    with st.container(gap=None):
        st.caption("Reference experiment" if preset.name in REFERENCES else "Our own")
        st.markdown(f"**{preset.title}**", help=summary(recipe))
        st.markdown(preset.description)
    st.caption(
        f"{recipe.parameters:,} parameters · {short(recipe.multiply_adds)} multiply-adds  \n"
        f"{recipe.epochs} epochs × {recipe.train_examples:,} images · roughly {seconds}  \n"
        f"{megabytes(app_bytes(recipe))} of memory, the app included"
    )
    if lines := results(preset.name, preset.published):
        st.markdown("  \n".join(lines))
    st.space("stretch")
    st.button(
        "In use" if in_use else "Use this",
        icon=":material/check:" if in_use else None,
        key=f"preset_{preset.name}",
        disabled=in_use,
        width="stretch",
        on_click=_use,
        args=(preset.name,),
    )


def _use(name: str) -> None:
    design.load(PRESETS[name].recipe)
    st.session_state["train_step"] = "Layers"


@cache
def results(name: str, published: float | None) -> tuple[str, ...]:
    """Return one line for each known test accuracy, saying whose it is."""
    lines = []
    if published is not None:
        lines.append(f":gray-badge[Published] {published:.2%} test accuracy".replace("%", " %"))
    model = catalogue.shipped().get(name)
    if model and model.card:
        card = model.card
        lines.append(
            f":green-badge[Measured] {percent(card.test_accuracy)} on {card.test_examples:,} "
            "test images"
        )
    return tuple(lines)
