"""The bar at the foot of the design: what the recipe costs, and the button that trains it."""

import streamlit as st

from fmnist_core.recipes import host
from fmnist_core.recipes.estimate import app_bytes, training_seconds
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.replay import OwnItem, write_own_item
from fmnist_core.translation import say
from fmnist_core.wording import duration_range, megabytes, short
from pages.shared import resources
from pages.shared.item_choice import own_item
from pages.shared.markdown import plain
from pages.shared.visitor import visitor_id

WARM_UP_TICK_SECONDS = 2.0
MOST_UNFINISHED = 3  # a visitor's runs that wait or train at the same time


def launch_bar(recipe: Recipe) -> None:
    """Show estimate and Train button, always in sight; a click starts the run and shows it."""
    unfinished = [run for run in resources.run_store().of(visitor_id()) if run.status().active]
    reason = obstacle(recipe, len(unfinished))
    with st.bottom, st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        with st.container(gap=None):
            st.markdown(f"**{plain(recipe.name)}**")
            if not recipe.error:
                st.caption(cost(recipe))
                if said := budget(resources.engine().used_seconds(visitor_id())):
                    st.caption(said)
            if reason:
                st.caption(f":red[{reason}]")
            elif resources.engine().state() == "starting":
                st.fragment(_warming_up, run_every=WARM_UP_TICK_SECONDS)()
        pressed = st.button(
            say("Train"),
            key="train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=reason is not None,
        )
    # The button's state came from the browser: what it starts is checked again here.
    if pressed and reason is None:
        run = resources.run_store().create(recipe, visitor_id())
        if (own := own_item()) is not None:
            # It goes along, so that its answers can be replayed.
            write_own_item(run.folder, OwnItem(own.array, own.name))
        resources.engine().submit(run)
        show_run(run.id)


def show_run(run_id: str) -> None:
    """Make the page show this run; a refresh returns to it."""
    st.query_params.from_dict({"run": run_id})
    st.rerun()


def obstacle(recipe: Recipe, unfinished: int) -> str | None:
    """Return why this recipe cannot be trained here and now; None when it can."""
    if recipe.error and recipe.layers:
        return say("Layer {number}: {error}", number=len(recipe.rows()), error=recipe.error)
    try:
        recipe.check(host.current())
    except RecipeError as error:
        return str(error)
    if unfinished >= MOST_UNFINISHED:
        return say(
            "You have {count} unfinished runs, the most at a time. Wait for one, or stop it on the "
            "Runs page.",
            count=unfinished,
        )
    if resources.engine().state() == "unavailable":
        return say(
            "The training engine cannot be reached at the moment; the rest of the app works."
        )
    return None


def cost(recipe: Recipe) -> str:
    """Return what training a valid recipe needs: parameters, multiply-adds, memory and time."""
    return say(
        "{parameters:,} parameters · {multiply_adds} multiply-adds · {memory} of memory · roughly "
        "{time}",
        parameters=recipe.parameters,
        multiply_adds=short(recipe.multiply_adds),
        memory=megabytes(app_bytes(recipe)),
        time=duration_range(*training_seconds(recipe)),
    )


def budget(used: float) -> str:
    """Return what is left of this hour's training time, in words; empty where there is no limit."""
    minutes = host.current().minutes_an_hour
    if minutes is None:
        return ""
    return say(
        "{used:.0f} of your {minutes} minutes of training an hour are used; beyond them a run goes "
        "on while nobody else waits.",
        used=used / 60,
        minutes=minutes,
    )


def _warming_up() -> None:
    if resources.engine().state() != "starting":
        st.rerun()
    st.caption(say("The engine is warming up; a run waits in the queue until it is ready."))
