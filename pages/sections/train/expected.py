"""What to expect of the design before it is trained: curve, accuracy and time."""

import streamlit as st

from fmnist_core.figures.training import HEIGHT, curve
from fmnist_core.recipes.estimate import training_seconds
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.history import Curves
from fmnist_core.sweeps import expectation
from fmnist_core.sweeps.expectation import Expectation, ExpectationError
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
        st.caption(f":material/visibility_off: Nothing to expect yet. {reason}")
        return
    last, margin = found.accuracies[-1], 100 * found.margin
    epochs = len(found.accuracies)
    seconds = training_seconds(recipe.changed(epochs=epochs))
    st.markdown(
        f"**Expected: {percent(last)}** ± {margin:.1f} points of the validation images after "
        f"{epochs} epoch{'s' if epochs > 1 else ''}"
        + (f" of {recipe.epochs}" if epochs < recipe.epochs else "")
        + f", in roughly {duration_range(*seconds)}"
    )
    st.echarts_chart(
        curve(Curves(), "accuracy", found),
        height=HEIGHT - 60,
        key="expected_accuracy",
        alt=f"Expected accuracy on validation after each epoch, at the end {percent(last)}",
    )
    st.caption(
        f"Precomputed: between {found.runs} short runs of {found.family}, made on {table.made}. "
        "The band is where nine of ten similar runs ended that were left out of the estimate. "
        "Train, and the real curve is drawn over it."
    )
