"""One sweep while it works and after: where it is, its buttons and its leaderboard."""

import pandas as pd
import streamlit as st

from fmnist_core.guide.glossary import explain
from fmnist_core.runs.status import RunError
from fmnist_core.sweeps.plan import Plan, of_seeds
from fmnist_core.sweeps.ranges import SweepError, capital, in_words, short
from fmnist_core.sweeps.sweep import Sweep, SweepStatus
from fmnist_core.sweeps.trial import Trial, leaderboard
from fmnist_core.translation import mark, say
from fmnist_core.wording import duration
from pages.sections.experiments import charts
from pages.sections.experiments.planning import toml_download
from pages.shared.language.retelling import retold
from pages.shared.markdown import page_address, plain
from pages.shared.resources import conductor, engine, run_store, sweep_store
from pages.shared.visitor import visitor_id

TICK_SECONDS = 1.0
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
        charts.over_seeds(plan, trials)
    _leaderboard(sweep, plan, trials)
    if not plan.seeds_only:
        charts.of_search(plan, trials)


def _look(trial: Trial) -> None:
    try:
        engine().look(run_store().get(trial.run))
    except RunError:
        return  # deleted just now


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
