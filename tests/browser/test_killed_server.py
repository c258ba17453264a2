"""The web server is killed while a run trains, and started again, as after a crash of the host."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Page, expect

from fmnist_core.recipes import presets
from fmnist_core.runs.rows import epoch_rows, valid_rows
from fmnist_core.runs.run import Run
from tests.browser.conftest import TIMEOUT_MS, App, StartApp, settle
from tests.support.processes import wait_for

pytestmark = pytest.mark.browser

PATIENT_MS = 10 * TIMEOUT_MS
RECIPE = presets.find("128-64-with-logits").recipe.changed(
    train_examples=2000, validation_examples=500, epochs=60
)
FINISHED = re.compile(r"Finished$")  # the badge; "no finished epoch is lost" is said of others


def train(app: App, page: Page, epochs: int, name: str) -> Run:
    """Press Train as a visitor does; return the run."""
    page.goto(f"{app.url}/train?recipe={RECIPE.changed(epochs=epochs, name=name).to_link()}")
    settle(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]run="))
    return Run(app.runs / page.url.partition("run=")[2].partition("&")[0])


@pytest.mark.timeout(900)
def test_a_run_that_lost_its_server_is_explained_resumed_and_finished(
    start_app: StartApp, page: Page, tmp_path: Path
) -> None:
    runs = tmp_path / "kept"
    runs.mkdir()
    with start_app(runs) as app:
        over = train(app, page, 1, "Over")
        expect(page.get_by_text(FINISHED).first).to_be_visible(timeout=PATIENT_MS)
        run = train(app, page, 60, "Cut off")
        wait_for((run.folder / "checkpoint.npz").exists, 300)
        family = psutil.Process(app.process.pid).children(recursive=True)
        app.process.kill()
        app.process.wait()
        _, alive = psutil.wait_procs(family, timeout=20)
        assert not alive
    done = run.status().epoch
    assert 1 <= done < 60
    content = {path.name: path.read_bytes() for path in over.folder.glob("*.*")}

    with start_app(runs, port=urlsplit(app.url).port):
        page.reload()
        settle(page)
        expect(page.get_by_text("This run was interrupted.")).to_be_visible(timeout=PATIENT_MS)
        expect(page.get_by_text("The app was restarted. Press Resume to go on.")).to_be_visible()
        page.get_by_role("button", name="Resume", exact=True).click()
        wait_for(lambda: run.status().status == "finished", PATIENT_MS / 1000)
        expect(page.get_by_text(FINISHED).first).to_be_visible()
        rows = epoch_rows(valid_rows(run.history()[0]))
        assert [row.epoch for row in rows] == list(range(1, 61))
        assert run.evaluation() is not None

        page.goto(f"{app.url}/train?run={over.id}")
        settle(page)
        expect(page.get_by_text(FINISHED).first).to_be_visible()
        expect(page.get_by_text("You are watching through a shared link")).to_have_count(0)
        assert {path.name: path.read_bytes() for path in over.folder.glob("*.*")} == content
