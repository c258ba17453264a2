"""What to expect of the design before it is trained: curve, accuracy and time."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, curve
from fmnist_core.recipes.estimate import training_seconds
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.history import Curves
from fmnist_core.sweeps import expectation
from fmnist_core.sweeps.expectation import Expectation, ExpectationError
from fmnist_core.translation import say, say_count
from fmnist_core.wording import duration_range, percent


def of(recipe: Recipe) -> Expectation | None:
    """Return what is expected of a recipe, or None."""
    try:
        return expectation.table().expect(recipe)
    except ExpectationError:
        return None


def what_to_expect(recipe: Recipe) -> None:
    """Show the expected curve as a ghost, or why there is none."""
    if recipe.error:
        return
    table = expectation.table()
    try:
        found = table.expect(recipe)
    except ExpectationError as reason:
        st.caption(say(":material/visibility_off: Nothing to expect yet. {reason}", reason=reason))
        return
    last, margin = found.accuracies[-1], 100 * found.margin
    epochs = len(found.accuracies)
    seconds = training_seconds(recipe.changed(epochs=epochs))
    values = {
        "accuracy": percent(last),
        "margin": margin,
        "planned": recipe.epochs,
        "time": duration_range(*seconds),
    }
    st.markdown(
        say_count(
            "**Expected: {accuracy}** ± {margin:.1f} points of the validation images after "
            "{number} epoch of {planned}, in roughly {time}",
            "**Expected: {accuracy}** ± {margin:.1f} points of the validation images after "
            "{number} epochs of {planned}, in roughly {time}",
            epochs,
            **values,
        )
        if epochs < recipe.epochs
        else say_count(
            "**Expected: {accuracy}** ± {margin:.1f} points of the validation images after "
            "{number} epoch, in roughly {time}",
            "**Expected: {accuracy}** ± {margin:.1f} points of the validation images after "
            "{number} epochs, in roughly {time}",
            epochs,
            **values,
        )
    )
    st.echarts_chart(
        curve(Curves(), "accuracy", found),
        height=HEIGHT - 60,
        key="expected_accuracy",
        alt=say(
            "Expected accuracy on validation after each epoch, at the end {accuracy}",
            accuracy=percent(last),
        ),
    )
    st.caption(
        say(
            "Precomputed: between {runs} short runs of {family}, made on {date}. The band is where "
            "nine of ten similar runs ended that were left out of the estimate. Train, and the "
            "real curve is drawn over it.",
            runs=found.runs,
            family=found.family,
            date=table.made,
        )
    )
