"""Many runs at once: search hyperparameters, repeat seeds, find a learning rate."""

import streamlit as st

from fmnist_core.sweeps.ranges import SweepError
from fmnist_core.translation import say
from pages.sections.experiments.following import follow
from pages.sections.experiments.listing import compare_seeds, listing
from pages.sections.experiments.planning import from_file, repeat, search
from pages.sections.experiments.rates import learning_rates
from pages.sections.experiments.recipe import chosen_recipe
from pages.shared.glossary_line import words
from pages.shared.markdown import plain
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import sweep_store
from pages.shared.visitor import visitor_id

ensure_navigation()


def one(sweep_id: str) -> None:
    if st.button(say("All experiments"), icon=":material/arrow_back:"):
        del st.query_params["sweep"]
        st.rerun()
    try:
        follow(sweep_store().get(sweep_id))
    except SweepError as error:
        st.error(plain(str(error)), icon=":material/search_off:")


def overview() -> None:
    st.markdown(
        say(
            "A run is one throw of the dice. Here one recipe is trained many times, with other "
            "hyperparameters or other chance, and the results are laid side by side."
        )
    )
    mine = sweep_store().of(visitor_id())
    if mine:
        listing(mine)
        compare_seeds(mine)
    st.subheader(say("A new experiment"), anchor=False)
    recipe = chosen_recipe()
    searching, seeds, rates, file = st.tabs(
        [say("Search"), say("Several seeds"), say("Learning rate"), say("From a file")],
        key="experiment",
        on_change="rerun",
    )
    if searching.open:
        with searching:
            search(recipe)
    elif seeds.open:
        with seeds:
            repeat(recipe)
    elif rates.open:
        with rates:
            learning_rates(recipe)
    elif file.open:
        with file:
            from_file()


st.title(say("Experiments"))
if asked := st.query_params.get("sweep"):
    one(asked)
else:
    overview()
words("sweep", "trial", "pruning", "hyperparameter", "validation-set", "seed", "pareto-front")
