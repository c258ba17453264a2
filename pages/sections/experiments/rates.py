"""The learning-rate range test: one click, a curve, a proposal."""

import streamlit as st

from fmnist_core.figures.sweeps import HEIGHT, rate_curve
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.training.rate_range import BATCHES, HIGHEST, LOWEST, rate_range
from fmnist_core.translation import say
from pages.shared.engine_work import work

_ASKED = "rates_asked"


def learning_rates(recipe: Recipe) -> None:
    """Offer the test of `recipe`, and show what it found."""
    st.markdown(
        say(
            "The learning rate grows with every batch, from {lowest:f} to {highest:g} in {count} "
            "batches, or until the loss explodes. Where the loss falls fastest is a good rate to "
            "begin with.",
            lowest=LOWEST,
            highest=HIGHEST,
            count=BATCHES,
        )
    )
    # Name and rate make no difference to the test.
    asked = recipe.changed(name="", learning_rate=1e-3, epochs=1)
    if st.button(say("Run the test"), type="primary", icon=":material/speed:", key="rates_run"):
        st.session_state[_ASKED] = asked
    if st.session_state.get(_ASKED) != asked:
        return
    found = work("rates", rate_range, asked, label=say("Growing the learning rate"))
    if found is None:
        return
    st.echarts_chart(
        rate_curve(found.rates, found.losses, found.proposed),
        height=HEIGHT,
        key="rates_curve",
        alt=say("Loss against the learning rate, with the proposed rate marked"),
    )
    st.caption(
        say(
            "Smoothed training loss, batch size {batch_size}, optimizer {optimizer}, seed {seed}. "
            "The recipe has {rate:g}.",
            batch_size=recipe.batch_size,
            optimizer=recipe.optimizer,
            seed=recipe.seed,
            rate=recipe.learning_rate,
        )
    )
    if found.proposed is None:
        st.info(say("The loss never fell: try another optimizer or architecture."))
        return
    proposal = float(f"{found.proposed:.1g}")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say("Proposed learning rate: **{rate:g}**", rate=proposal), width="content")
        st.page_link(
            "pages/train.py",
            label=say("Train with it"),
            icon=":material/model_training:",
            query_params={"recipe": recipe.changed(learning_rate=proposal).to_link()},
        )
