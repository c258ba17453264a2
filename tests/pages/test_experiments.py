"""The experiments page: planning a sweep, following it, and comparing seeds."""

import time
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.recipes import presets
from fmnist_core.recipes.host import LOCAL
from fmnist_core.sweeps.plan import Plan, of_seeds
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.sweep import Sweep
from fmnist_core.sweeps.trial import Trial
from fmnist_core.training import rate_range
from fmnist_core.training.rate_range import RateRange
from pages.shared import resources, visitor
from tests.support.runs import VISITOR

OpenPage = Callable[..., AppTest]
RECIPE = presets.find("lightning").recipe.changed(epochs=2, train_examples=100)
PLAN = Plan(
    RECIPE,
    {"learning_rate": Range(low=1e-4, high=1e-2, log=True), "optimizer": Range(("adam", "sgd"))},
    "Mine",
    trials=12,
)


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def made(plan: Plan, *trials: Trial, owner: str = VISITOR) -> Sweep:
    sweep = resources.sweep_store().create(plan, owner)
    sweep.keep(list(trials))
    sweep.set_status("finished", "All of it is done.")
    return sweep


def trials(count: int) -> list[Trial]:
    return [
        Trial(
            number,
            {"learning_rate": number / 5000, "optimizer": ("adam", "sgd")[number % 2]},
            "A" * 22,
            "finished",
            accuracies=(0.5, 0.7 + number / 100),
            parameters=1000 * number,
            multiply_adds=10,
            seconds=3.0,
        )
        for number in range(1, count + 1)
    ]


def of_seed(accuracies: list[float]) -> list[Trial]:
    return [
        Trial(n + 1, {"seed": n}, "", "finished", accuracies=(one - 0.1, one))
        for n, one in enumerate(accuracies)
    ]


def said(page: AppTest) -> str:
    return " ".join(
        one.value for one in [*page.markdown, *page.caption, *page.subheader, *page.error]
    )


def open_tab(page: AppTest, key: str, name: str) -> AppTest:
    page.session_state[key] = name
    return page.run()


def test_a_search_is_planned_with_its_price_and_its_file(open_page: OpenPage) -> None:
    page = open_page("experiments")
    assert not page.exception
    assert "trials, sooner with pruning" in said(page)
    page.multiselect(key="sweep_keys_lightning").set_value(["layers.1.filters"]).run()
    assert "Layer 1, Conv2D: filters" in said(page)
    page.number_input(key="sweep_trials").set_value(3).run()
    assert "for 3 trials." in said(page)
    assert not page.exception


def test_a_grid_reads_values_and_says_which_is_none(open_page: OpenPage) -> None:
    page = open_page("experiments")
    page.segmented_control(key="sweep_method").set_value("grid").run()
    assert "for 9 trials" in said(page)
    field = next(one for one in page.text_input if "batch_size" in str(one.key))
    field.set_value("32, many").run()
    assert "“many” is no whole number" in said(page)
    assert not any(one.key == "sweep_begin" for one in page.button)


def test_begin_makes_the_visitors_sweep_and_shows_it(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page("experiments")
    began: list[Sweep] = []
    monkeypatch.setattr(
        resources, "conductor", lambda: SimpleNamespace(resume=began.append, stop=began.append)
    )
    monkeypatch.setattr("pages.sections.experiments.planning.conductor", resources.conductor)
    page.button(key="sweep_begin").click().run()
    assert not page.exception
    (sweep,) = resources.sweep_store().of(VISITOR)
    assert [one.id for one in began] == [sweep.id]
    assert page.query_params["sweep"] == sweep.id
    assert sweep.plan.size == 12
    assert "The first trial is about to begin" in said(page)


def test_limits_of_the_shared_host_hold_and_are_said(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FMNIST_HOSTED", "1")
    page = open_page("experiments")
    assert "at most 24 trials" in said(page)
    assert page.number_input(key="sweep_trials").max == 24
    assert LOCAL.trials > 24


def test_the_leaderboard_has_the_best_first_and_every_chart_is_drawn(open_page: OpenPage) -> None:
    sweep = made(PLAN, *trials(9), Trial(10, {}, "", "failed", "Out of memory."))
    page = open_page("experiments", sweep=sweep.id)
    assert not page.exception
    table = page.dataframe[0].value
    assert table["Trial"].tolist()[:3] == [9, 8, 7]
    assert table["Accuracy"].tolist()[0] == pytest.approx(0.79)
    assert table["Why"].tolist()[-1] == "Out of memory."
    assert table["learning_rate"].tolist()[0] == "0.0018"
    for name in ("Parallel", "Slices", "Importance", "Worth its cost"):
        open_tab(page, "sweep_charts", name)
        assert not page.exception


def test_other_visitors_may_look_at_a_sweep_by_its_link_but_not_touch_it(
    open_page: OpenPage,
) -> None:
    sweep = made(PLAN, *trials(2), owner="B" * 22)
    page = open_page("experiments", sweep=sweep.id)
    assert "Mine" in said(page)
    assert not {one.key for one in page.button} & {"sweep_delete", "sweep_resume", "sweep_extend"}
    assert "Mine" not in said(open_page("experiments"))


def test_a_deleted_sweep_is_told_in_words(open_page: OpenPage) -> None:
    page = open_page("experiments", sweep="A" * 22)
    assert not page.exception
    assert "no such sweep" in page.error[0].value


def test_seeds_show_mean_interval_and_how_many(open_page: OpenPage) -> None:
    sweep = made(of_seeds(RECIPE, 3), *of_seed([0.90, 0.92, 0.94]))
    page = open_page("experiments", sweep=sweep.id)
    assert not page.exception
    assert "**92.00 %** (95 % interval 87.03 % to 96.97 %, 3 seeds, 5,000 images" in said(page)


def test_two_recipes_are_compared_over_their_seeds(open_page: OpenPage) -> None:
    made(of_seeds(RECIPE, 4), *of_seed([0.90, 0.93, 0.91, 0.95]))
    time.sleep(0.01)
    made(of_seeds(RECIPE.changed(name="Other"), 4), *of_seed([0.912, 0.941, 0.921, 0.961]))
    page = open_page("experiments")
    assert not page.exception
    assert "The second is better by 1.12 points; 4 seeds show it is hardly chance." in said(page)
    page.selectbox(key="seeds_second").set_value(page.selectbox(key="seeds_first").value).run()
    assert "share at least three seeds" in said(page)


def test_a_recipe_from_train_comes_first_and_a_damaged_link_is_said(open_page: OpenPage) -> None:
    recipe = RECIPE.changed(name="My own")
    page = open_page("experiments", recipe=recipe.to_link())
    assert page.selectbox(key="experiment_recipe").value == "link"
    assert "100 images" in said(page)
    page = open_page("experiments", recipe="nonsense")
    assert not page.exception
    assert "damaged" in page.warning[0].value


@pytest.mark.usefixtures("working_engine")
def test_the_range_test_proposes_a_rate_to_train_with(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = RateRange(np.geomspace(1e-4, 1, 5), np.array([2.3, 2.2, 1.0, 0.9, 5.0]), 0.0123)
    monkeypatch.setattr(rate_range, "rate_range", lambda _: found)
    page = open_tab(open_page("experiments"), "experiment", "Learning rate")
    monkeypatch.setattr(
        "pages.sections.experiments.rates.work", lambda *_, **__: found, raising=True
    )
    page.button(key="rates_run").click().run()
    assert not page.exception
    assert "Proposed learning rate: **0.01**" in said(page)
