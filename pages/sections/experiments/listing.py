"""The visitor's sweeps, and two recipes compared over the same seeds."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

import streamlit as st

from fmnist_core.figures.sweeps import HEIGHT, spread_over_seeds
from fmnist_core.sweeps import seeds
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import SweepError
from fmnist_core.sweeps.sweep import Sweep
from fmnist_core.sweeps.trial import leaderboard
from fmnist_core.translation import say
from fmnist_core.wording import percent
from pages.sections.experiments.following import badge
from pages.shared.markdown import plain


def listing(sweeps: Sequence[Sweep]) -> None:
    """Show each sweep in one line with the link to it."""
    for number, (sweep, plan) in enumerate(_whole(sweeps)):
        trials = sweep.trials()
        best = next(iter(leaderboard(trials)), None)
        over = sum(one.state != "running" for one in trials)
        with st.container(
            horizontal=True, vertical_alignment="center", border=True, key=f"sweep_row_{number}"
        ):
            words = {"name": f"**{plain(plan.name)}**", "over": over, "count": plan.size}
            if best and best.accuracy is not None:
                line = say(
                    "{name}, {over} of {count} trials, best {accuracy} of validation",
                    accuracy=percent(best.accuracy),
                    **words,
                )
            else:
                line = say("{name}, {over} of {count} trials", **words)
            st.markdown(f"{badge(sweep.status())} {line}", width="stretch")
            st.page_link(
                "pages/experiments.py",
                label=say("Open"),
                icon=":material/monitoring:",
                query_params={"sweep": sweep.id},
            )


def _whole(sweeps: Sequence[Sweep]) -> Iterator[tuple[Sweep, Plan]]:
    """Yield the sweeps whose plan can be read, with it."""
    for sweep in sweeps:
        with suppress(SweepError):
            yield sweep, sweep.plan


def compare_seeds(sweeps: Sequence[Sweep]) -> None:
    """Compare two of the visitor's recipes that were trained with several seeds each."""
    known = {
        sweep.id: (plan, sweep)
        for sweep, plan in _whole(sweeps)
        if plan.seeds_only and seeds.accuracies(sweep.trials())
    }
    if len(known) < 2:
        return
    st.subheader(say("Is the difference real?"), anchor=False)

    def name(one: str) -> str:
        return known[one][0].name

    with st.container(horizontal=True):
        first = st.selectbox(say("First"), list(known), 1, format_func=name, key="seeds_first")
        second = st.selectbox(say("Second"), list(known), 0, format_func=name, key="seeds_second")
    trials = {one: known[one][1].trials() for one in (first, second)}
    found = seeds.compare(seeds.accuracies(trials[first]), seeds.accuracies(trials[second]))
    if first == second or found is None:
        st.caption(say("Choose two that share at least three seeds."))
        return
    st.markdown(f"**{found.verdict}**")
    low, high = (100 * one for one in found.interval)
    st.caption(
        say(
            "Best validation accuracy, seed by seed: {difference:+.2f} points, 95 % interval "
            "{low:+.2f} to {high:+.2f}, paired t-test p = {p:.3f}.",
            difference=100 * found.difference,
            low=low,
            high=high,
            p=found.p_value,
        )
    )
    st.echarts_chart(
        spread_over_seeds({name(one): seeds.band(trials[one]) for one in (first, second)}),
        height=HEIGHT,
        key="seeds_both",
        alt=say("Mean validation accuracy of both recipes by epoch, with the spread over seeds"),
    )
