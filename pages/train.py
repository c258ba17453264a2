"""Design a network, press Train and watch it learn."""

import streamlit as st

from fmnist_core.recipes import host
from fmnist_core.recipes.presets import slug
from fmnist_core.runs.status import RunError
from fmnist_core.training.script import script
from fmnist_core.translation import mark, say
from fmnist_core.wording import megabytes, short
from pages.components.network_drawing import network_drawing
from pages.sections.train import design
from pages.sections.train.augmentation import augmentation
from pages.sections.train.launch import launch_bar
from pages.sections.train.layers import builder
from pages.sections.train.live import live_view
from pages.sections.train.options import hyperparameters
from pages.sections.train.presets import presets_gallery
from pages.sections.train.save_and_load import save_and_load
from pages.shared import resources
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

STEPS = (
    mark("Presets"),
    mark("Layers"),
    mark("Options"),
    mark("Augmentation"),
    mark("Code"),
)

ensure_navigation()


def show_run(run_id: str) -> None:
    try:
        run = resources.run_store().get(run_id)
        recipe = run.recipe
    except RunError as error:
        st.error(str(error), icon=":material/search_off:")
        recipe = None
    if st.button(say("Back to the design"), icon=":material/arrow_back:"):
        if recipe is not None:
            design.load(recipe)
        del st.query_params["run"]
        st.rerun()
    if recipe is not None:
        live_view(run)


def show_design() -> None:
    design.follow_url()
    recipe = design.current()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state["recipe_name"] = recipe.name
        st.text_input(say("Name"), key="recipe_name", max_chars=60, on_change=rename)
        st.button(
            say(mark("Undo", "an action")),
            icon=":material/undo:",
            on_click=design.undo,
            disabled=not design.undoable(),
        )
        with st.popover(say("Save or load"), icon=":material/save:"):
            save_and_load(recipe)
        st.page_link(
            "pages/experiments.py",
            label=say("Experiment"),
            icon=":material/science:",
            query_params={"recipe": recipe.to_link()},
            help=say(
                "Search its hyperparameters, repeat it with other seeds, find a learning rate."
            ),
        )
    if problem := design.problem():
        st.error(say("Nothing was changed. {problem}", problem=problem), icon=":material/block:")

    gallery, layers, options, varied, code = st.tabs(
        [say(step) for step in STEPS], key="train_step", on_change="rerun"
    )
    if gallery.open:
        with gallery:
            presets_gallery(recipe)
    if layers.open:
        with layers:
            network_drawing(recipe)
            builder(recipe, host.current().layers)
            st.caption(limits_note())
    if options.open:
        with options:
            hyperparameters(recipe)
    if varied.open:
        with varied:
            augmentation(recipe.augmentation)
    if code.open:
        with code:
            show_code()
    launch_bar(recipe)
    design.write_url()


def rename() -> None:
    design.change(name=" ".join(st.session_state["recipe_name"].split()) or say("Untitled"))


def limits_note() -> str:
    most = host.current()
    note = say(
        "Limits of {host}: {layers} layers, {parameters} parameters, {multiply_adds} "
        "multiply-adds an image, {memory} of memory, {epochs:,} epochs.",
        host=say(most.name),
        layers=most.layers,
        parameters=short(most.parameters),
        multiply_adds=short(most.multiply_adds),
        memory=megabytes(most.memory_bytes),
        epochs=most.epochs,
    )
    if not most.shared:
        return note
    reasons = say(
        "They are tighter here because all visitors share it; run the app on your own computer "
        "for larger networks. Runs take turns of a minute; beyond {minutes} minutes of training "
        "an hour yours go on while nobody else waits, and a run that nobody looks at for {away} "
        "minutes is paused.",
        minutes=most.minutes_an_hour,
        away=most.minutes_away,
    )
    return f"{note} {reasons}"


def show_code() -> None:
    recipe = design.current()
    st.caption(
        say(
            "The same experiment without this app: one Keras script that starts from the same "
            "weights, sees the images in the same order and learns the same."
        )
    )
    if recipe.error:
        st.info(
            say("There is no script yet: {reason}", reason=recipe.error),
            icon=":material/code_off:",
        )
        return
    source = script(recipe)
    st.download_button(
        say("Download script"),
        source,
        file_name=f"{slug(recipe.name) or 'network'}.py",
        mime="text/x-python",
        icon=":material/download:",
        on_click="ignore",
    )
    st.code(source, language="python")


st.title(say("Train"))
if run_id := st.query_params.get("run"):
    show_run(run_id)
else:
    show_design()
words(
    "recipe",
    "parameters",
    "multiply-adds",
    "epoch",
    "batch",
    "learning-rate",
    "overfitting",
    "surrogate",
)
