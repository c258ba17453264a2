"""What the trials of a sweep tell together: their spread over seeds, or the charts of a search."""

from collections.abc import Callable

import streamlit as st

from fmnist_core.figures import sweeps as figures
from fmnist_core.figures.sweeps import HEIGHT
from fmnist_core.sweeps import search, seeds
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import in_words
from fmnist_core.sweeps.trial import Trial, leaderboard
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.shared.figure_download import figure_download

COSTS: dict[str, Callable[[Trial], float]] = {
    mark("parameters"): lambda trial: trial.parameters,
    mark("multiply-adds"): lambda trial: trial.multiply_adds,
    mark("seconds of training"): lambda trial: trial.seconds,
}


def over_seeds(plan: Plan, trials: list[Trial]) -> None:
    """Show how far the runs of one recipe lie apart, which only the seed tells from each other."""
    found = seeds.spread(list(seeds.accuracies(trials).values()))
    if found is None:
        return
    mean = percent(found.mean, 2)
    if found.interval:
        low, high = found.interval
        words = say(
            "Mean of the best validation accuracy **{mean}** (95 % interval {low} to {high}, "
            "{count} seeds, {images:,} images; standard deviation {deviation:.2f} points)",
            mean=mean,
            low=percent(low, 2),
            high=percent(min(1.0, high), 2),
            count=found.count,
            images=plan.recipe.validation_examples,
            deviation=100 * found.deviation,
        )
    else:
        words = say("Mean of the best validation accuracy **{mean}**", mean=mean)
    st.markdown(words)
    st.echarts_chart(
        figures.spread_over_seeds({plan.recipe.name: seeds.band(trials)}),
        height=HEIGHT,
        key="sweep_band",
        alt=say("Mean validation accuracy by epoch, with the spread over seeds"),
    )


def of_search(plan: Plan, trials: list[Trial]) -> None:
    """Show the charts of a search, the open one only."""
    curves, parallel, slices, importance, worth = st.tabs(
        [
            say("Curves"),
            say("Parallel"),
            say("Slices"),
            say("Importance"),
            say("Worth its cost"),
        ],
        key="sweep_charts",
        on_change="rerun",
    )
    best = next((one.number for one in leaderboard(trials) if one.accuracy is not None), None)
    if curves.open:
        with curves:
            option, title = figures.curves(trials, best), say("Validation accuracy by epoch")
            _chart(option, "curves", title)
            figure_download({title: option}, "sweep_figures")
    elif parallel.open:
        with parallel:
            _chart(
                figures.parallel(trials, plan.ranges),
                "parallel",
                say("A line a trial through its hyperparameters to its accuracy"),
            )
    elif slices.open:
        with slices:
            for column, (key, found) in zip(
                st.columns(min(3, len(plan.ranges))) * 3, plan.ranges.items(), strict=False
            ):
                with column:
                    chart = figures.slices(trials, key, found)
                    title = say("Accuracy by {key}", key=in_words(key))
                    _chart(chart, f"slice_{key}", title)
    elif importance.open:
        with importance:
            shares = search.importances(plan, trials)
            if shares:
                _chart(figures.importance(shares), "importance", say("How much each mattered"))
                st.caption(
                    say("PED-ANOVA on the trials that trained to their end; with few it is rough.")
                )
            else:
                st.caption(
                    say(
                        "What mattered can be said after {count} trials that trained to their end.",
                        count=search.LEAST_FOR_IMPORTANCE,
                    )
                )
    elif worth.open:
        with worth:
            name = st.segmented_control(
                say("Cost"),
                list(COSTS),
                default="parameters",
                required=True,
                format_func=say,
                key="sweep_cost",
            )
            _chart(
                figures.pareto(trials, COSTS[name], say(name)),
                "pareto",
                say("Accuracy against {cost}, with the Pareto front", cost=say(name)),
            )
            st.caption(say("On the line nothing is both cheaper and better."))


def _chart(option: dict[str, object], key: str, alt: str) -> None:
    st.echarts_chart(option, height=HEIGHT, key=f"sweep_{key}", alt=alt)
