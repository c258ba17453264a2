"""One sweep while it works and after: where it is, its leaderboard, and what its trials tell."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from fmnist_core.figures import sweeps as figures
from fmnist_core.figures.sweeps import HEIGHT
from fmnist_core.guide.glossary import explain
from fmnist_core.runs.status import RunError
from fmnist_core.sweeps import search, seeds
from fmnist_core.sweeps.plan import Plan, of_seeds
from fmnist_core.sweeps.ranges import SweepError, capital, in_words, short
from fmnist_core.sweeps.sweep import Sweep, SweepStatus
from fmnist_core.sweeps.trial import Trial, leaderboard
from fmnist_core.translation import mark, say
from fmnist_core.wording import duration, percent
from pages.sections.experiments.planning import toml_download
from pages.shared.figure_download import figure_download
from pages.shared.markdown import page_address, plain
from pages.shared.resources import conductor, engine, run_store, sweep_store
from pages.shared.retelling import retold
from pages.shared.visitor import visitor_id

TICK_SECONDS = 1.0
COSTS: dict[str, Callable[[Trial], float]] = {
    mark("parameters"): lambda trial: trial.parameters,
    mark("multiply-adds"): lambda trial: trial.multiply_adds,
    mark("seconds of training"): lambda trial: trial.seconds,
}
_WORDS = {
    "running": (mark("Searching"), "green", ":material/play_arrow:"),
    "paused": (mark("Paused"), "orange", ":material/pause:"),
    "stopped": (mark("Stopped"), "gray", ":material/stop:"),
    "finished": (mark("Finished"), "blue", ":material/check:"),
    "interrupted": (mark("Interrupted"), "orange", ":material/power_off:"),
}
_TRIALS_IN_WORDS = {
    "running": mark("running"),
    "finished": mark("finished"),
    "pruned": mark("pruned"),
    "stopped": mark("stopped"),
    "failed": mark("failed"),
}


def badge(status: SweepStatus) -> str:
    """Return a sweep's status as a coloured badge in Markdown."""
    words, color, icon = _WORDS[status.status]
    return f":{color}-badge[{icon} {say(words)}]"


def follow(sweep: Sweep) -> None:
    """Show a sweep and follow it while it works; only its owner gets buttons.

    Raises SweepError when it is damaged.
    """
    plan, status = sweep.plan, sweep.status()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(plain(plan.name), anchor=False, width="content")
        st.markdown(badge(status), width="content")
    owned = sweep.owned_by(visitor_id())
    with st.container(horizontal=True, vertical_alignment="center"):
        if owned:
            _controls(sweep, plan, status)
        with st.popover(say("Share"), icon=":material/share:"):
            st.markdown(
                say("Who has this link can watch the sweep and open its runs, not change them.")
            )
            st.code(
                page_address("experiments", f"sweep={sweep.id}"), language=None, wrap_lines=True
            )
        toml_download(plan, "sweep_toml")
    if status.reason:
        st.caption(plain(retold(status.reason)))
    active = status.active
    st.fragment(_trials, run_every=TICK_SECONDS if active else None)(sweep, plan, active, owned)


def _controls(sweep: Sweep, plan: Plan, status: SweepStatus) -> None:
    if status.active:
        if st.button(say("Stop"), icon=":material/stop:", key="sweep_stop"):
            conductor().stop(sweep)
            st.rerun()
        return
    if status.status != "finished":
        if st.button(
            say("Resume"), icon=":material/play_arrow:", type="primary", key="sweep_resume"
        ):
            conductor().resume(sweep)
            st.rerun()
    elif plan.method != "grid" or plan.seeds_only:
        with st.popover(say("More trials"), icon=":material/fast_forward:"):
            more = st.number_input(say("How many more"), 1, 100, 5, key="sweep_more")
            if st.button(say("Go on"), type="primary", key="sweep_extend"):
                _extend(sweep, plan, more)
    with st.popover(say("Delete"), icon=":material/delete:"):
        st.markdown(say("The sweep and the runs of its trials. **This cannot be undone.**"))
        if st.button(say("Delete it"), type="primary", key="sweep_delete"):
            sweep_store().delete(sweep)
            del st.query_params["sweep"]
            st.rerun()


def _extend(sweep: Sweep, plan: Plan, more: int) -> None:
    if plan.seeds_only:
        longer = of_seeds(plan.recipe, plan.size + more).changed(name=plan.name)
    else:
        longer = plan.changed(trials=plan.trials + more, minutes=0, images=0)
    try:
        conductor().extend(sweep, longer)
    except SweepError as error:
        st.error(plain(str(error)), icon=":material/block:")
    else:
        st.rerun()


def _trials(sweep: Sweep, plan: Plan, active: bool, owned: bool) -> None:
    if sweep.status().active != active:
        st.rerun()  # other buttons, another pace
    trials = sweep.trials()
    if active and owned:
        for trial in trials:
            if trial.state == "running":
                _look(trial)
    over = sum(one.state != "running" for one in trials)
    status = sweep.status()
    if active or over < plan.size:
        st.progress(
            over / plan.size,
            say(
                "{over} of {count} trials, {time} so far",
                over=over,
                count=plan.size,
                time=duration(status.seconds),
            ),
        )
    if not trials:
        st.caption(say("The first trial is about to begin."))
        return
    if plan.seeds_only:
        _seeds(plan, trials)
    _leaderboard(sweep, plan, trials)
    if not plan.seeds_only:
        _charts(plan, trials)


def _look(trial: Trial) -> None:
    try:
        engine().look(run_store().get(trial.run))
    except RunError:
        return  # deleted just now


def _seeds(plan: Plan, trials: list[Trial]) -> None:
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


def _leaderboard(sweep: Sweep, plan: Plan, trials: list[Trial]) -> None:
    ranked = leaderboard(trials)
    table = pd.DataFrame(
        [
            {
                "Trial": one.number,
                "Accuracy": one.accuracy,
                **{key: short(one.values.get(key, "")) for key in plan.ranges},
                "Epochs": len(one.accuracies),
                "Parameters": one.parameters or None,
                "Seconds": round(one.seconds, 1),
                "State": say(_TRIALS_IN_WORDS[one.state]),
                "Why": retold(one.reason),
            }
            for one in ranked
        ]
    )
    event = st.dataframe(
        table,
        hide_index=True,
        column_config={
            "Trial": st.column_config.NumberColumn(say("Trial")),
            "Accuracy": st.column_config.NumberColumn(
                say("Accuracy"),
                format="percent",
                help=explain("validation-set", say("The best epoch's. Trials are compared by it.")),
            ),
            **{key: st.column_config.TextColumn(capital(in_words(key))) for key in plan.ranges},
            "Epochs": st.column_config.NumberColumn(say("Epochs")),
            "Parameters": st.column_config.NumberColumn(say("Parameters"), format="localized"),
            "Seconds": st.column_config.NumberColumn(say("Seconds")),
            "State": st.column_config.TextColumn(say("State")),
            "Why": st.column_config.TextColumn(say("Why")),
        },
        on_select="rerun",
        selection_mode="single-row",
        # Rows that move must not pass their tick on to a neighbour.
        key=f"board_{sweep.id[:8]}_{'_'.join(str(one.number) for one in ranked)}",
        placeholder="–",
        alt=say("Trials, best first"),
    )
    rows = [row for row in event["selection"]["rows"] if 0 <= row < len(ranked)]
    if not rows:
        st.caption(
            say(
                "Judged on {count:,} validation images; the test images are for the winner only. "
                "Tick a trial to open its run.",
                count=plan.recipe.validation_examples,
            )
        )
        return
    chosen = ranked[rows[0]]
    with st.container(horizontal=True):
        st.markdown(say("Trial {number}:", number=chosen.number), width="content")
        st.page_link(
            "pages/train.py",
            label=say("Open its run"),
            icon=":material/monitoring:",
            query_params={"run": chosen.run},
        )
        st.page_link(
            "pages/train.py",
            label=say("Use its recipe"),
            icon=":material/content_copy:",
            query_params={"recipe": plan.recipe_of(chosen.values).to_link()},
        )


def _charts(plan: Plan, trials: list[Trial]) -> None:
    tabs = st.tabs(
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
    curves, parallel, slices, importance, worth = tabs
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
