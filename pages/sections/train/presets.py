"""The presets as cards: what each is, what was published and what we measured."""

from functools import cache

import streamlit as st

from fmnist_core.models import catalogue
from fmnist_core.recipes.comparison import summary
from fmnist_core.recipes.estimate import app_bytes, training_seconds
from fmnist_core.recipes.presets import PRESETS, Preset
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import language, say
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
        say(
            "Start from one of these and change what you like. The reference experiments are "
            "well-known published ones, with their exact settings; the others are our own."
        )
    )
    grid = st.grid("auto", min_column_width=320)
    for preset in PRESETS.values():
        with grid.container(border=True, height="stretch", gap="small"):
            _card(preset, in_use=preset.recipe == recipe)


def _card(preset: Preset, in_use: bool) -> None:
    recipe = preset.recipe
    with st.container(gap=None):
        ours = preset.name not in REFERENCES
        st.caption(say("Our own") if ours else say("Reference experiment"))
        st.markdown(f"**{preset.title}**", help=summary(recipe))
        st.markdown(say(preset.description))
    st.caption(
        say(
            "{parameters:,} parameters · {multiply_adds} multiply-adds  \n"
            "{epochs} epochs × {images:,} images · roughly {time}  \n"
            "{memory} of memory, the app included",
            parameters=recipe.parameters,
            multiply_adds=short(recipe.multiply_adds),
            epochs=recipe.epochs,
            images=recipe.train_examples,
            time=duration_range(*training_seconds(recipe)),
            memory=megabytes(app_bytes(recipe)),
        )
    )
    if lines := results(preset.name, preset.published, language()):
        st.markdown("  \n".join(lines))
    st.space("stretch")
    st.button(
        say("In use") if in_use else say("Use this"),
        icon=":material/check:" if in_use else None,
        key=f"preset_{preset.name}",
        disabled=in_use,
        width="stretch",
        on_click=_use,
        args=(preset.name,),
    )


def _use(name: str) -> None:
    design.load(PRESETS[name].recipe)
    st.session_state["train_step"] = say("Layers")


@cache
def results(name: str, published: float | None, code: str) -> tuple[str, ...]:
    """Return one line for each known test accuracy, saying whose it is.

    `code` is the language, which must be the reader's: it tells kept lines apart.
    """
    del code
    lines = []
    if published is not None:
        accuracy = percent(published, 2)
        lines.append(say(":gray-badge[Published] {accuracy} test accuracy", accuracy=accuracy))
    model = catalogue.shipped().get(name)
    if model and model.card:
        card = model.card
        lines.append(
            say(
                ":green-badge[Measured] {accuracy} on {images:,} test images",
                accuracy=percent(card.test_accuracy),
                images=card.test_examples,
            )
        )
    return tuple(lines)
