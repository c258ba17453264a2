"""A sweep in a real browser: one trial finishes, one is pruned, one loses its worker, one ends."""

from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.runs.store import RunStore
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range
from fmnist_core.sweeps.sweep import Sweep, SweepStore
from tests.browser.conftest import TIMEOUT_MS, App, settle
from tests.support.processes import wait_for

pytestmark = pytest.mark.browser

PATIENT_SECONDS = 10 * TIMEOUT_MS / 1000
PLAN = Plan(
    Recipe(
        layers=(Flatten(), Dense(units=256), Dense(units=10, activation="softmax")),
        epochs=60,
        train_examples=4000,
        validation_examples=1000,
    ),
    # The first learns slowly, the second next to nothing, the others more than both.
    {"learning_rate": Range((1e-4, 1e-6, 0.001, 0.002))},
    "Four rates",
    "grid",
    4,
)


def trial_is(sweep: Sweep, number: int, state: str, epochs: int = 0) -> bool:
    trials = sweep.trials()
    if len(trials) < number:
        return False
    trial = trials[number - 1]
    return trial.state == state and len(trial.accuracies) >= epochs


def kill_worker(app: App) -> None:
    family = psutil.Process(app.process.pid).children(recursive=True)
    max(family, key=lambda process: process.memory_info().rss).kill()


@pytest.mark.timeout(900)
def test_a_sweep_outlives_what_becomes_of_its_trials(app: App, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "four.toml"
    file.write_text(PLAN.to_toml())
    page.goto(f"{app.url}/experiments")
    settle(page)
    page.get_by_role("tab", name="From a file").click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("4 trials of")).to_be_visible()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_text("of 4 trials,")).to_be_visible(timeout=TIMEOUT_MS)
    sweep = SweepStore(RunStore(app.runs)).get(page.url.split("sweep=")[1])

    wait_for(lambda: trial_is(sweep, 1, "finished"), PATIENT_SECONDS)
    wait_for(lambda: trial_is(sweep, 2, "pruned"), PATIENT_SECONDS)
    wait_for(lambda: trial_is(sweep, 3, "running", epochs=1), PATIENT_SECONDS)
    kill_worker(app)
    wait_for(lambda: trial_is(sweep, 3, "failed"), PATIENT_SECONDS)

    # The page may be closed and opened again; the fourth goes on meanwhile.
    page.goto(f"{app.url}/runs")
    settle(page)
    expect(page.get_by_text("No runs yet")).to_be_visible()  # trials do not crowd the runs
    wait_for(lambda: trial_is(sweep, 4, "running", epochs=1), PATIENT_SECONDS)
    page.goto(f"{app.url}/train?run={sweep.trials()[3].run}")
    settle(page)
    page.get_by_role("button", name="Stop", exact=True).click()
    wait_for(lambda: trial_is(sweep, 4, "stopped"), PATIENT_SECONDS)

    page.goto(f"{app.url}/experiments?sweep={sweep.id}")
    settle(page)
    expect(page.get_by_text("All 4 trials are done.")).to_be_visible()
    assert [one.state for one in sweep.trials()] == ["finished", "pruned", "failed", "stopped"]
    assert len(sweep.trials()[0].accuracies) == PLAN.recipe.epochs
    page.goto(f"{app.url}/experiments")
    settle(page)
    expect(page.get_by_text("4 of 4 trials, best")).to_be_visible()
