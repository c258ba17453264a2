"""Time travel and the tour in a real browser."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from fmnist_core import files
from fmnist_core.data.fashion_mnist import load
from fmnist_core.recipes import presets
from fmnist_core.runs import replay
from fmnist_core.runs.replay import Moment, OwnItem
from fmnist_core.runs.run import Run
from tests.browser.conftest import App, settle
from tests.support.runs import finished_run

pytestmark = pytest.mark.browser
Visit = Callable[[Page, str], None]


def replayable(app: App) -> Run:
    """Return a run of three moments: all taken for bags, then half of them right, then all."""
    recipe = presets.find("dense-basics").recipe.changed(epochs=2)
    run = finished_run(recipe, visitor="B" * 22, runs=app.runs)
    indices = np.arange(55_000, 55_100)
    labels = load("train").labels[indices]
    half = np.where(np.arange(100) < 50, labels, 8)
    bags = np.full(100, 8)
    for epoch, batch, answers in ((0, 1, bags), (1, 0, half), (2, 0, labels)):
        probabilities = np.eye(10, dtype=np.uint8)[answers] * 255
        filters = np.ones((2, 28, 28), np.float32)
        own = np.eye(10, dtype=np.float32)[8 if epoch < 2 else 3]
        given = answers.astype(np.uint8)
        replay.write(run.folder, Moment(epoch, batch, 4, probabilities, given, filters, own))
    items = {"indices": indices, "labels": labels}
    files.write_arrays(run.folder / replay.FOLDER / replay.ITEMS_FILE, items.items())
    own_array = load("test").images[0]
    replay.write_own_item(run.folder, OwnItem(own_array, "your drawing"))
    return run


def test_one_scrubber_moves_figures_and_the_own_item(app: App, visit: Visit, page: Page) -> None:
    visit(page, f"/replay?model={replayable(app).id}")
    player = page.locator(".replay")
    scrubber = page.get_by_role("slider", name="Moment of training")
    expect(player).to_contain_text("After epoch 2")
    expect(player).to_contain_text("100.0 % of 100 validation images right")
    expect(player.locator(".bars .value.top")).to_have_text("100 %")
    scrubber.press("ArrowLeft")
    expect(player).to_contain_text("After epoch 1")
    scrubber.press("Home")
    expect(player).to_contain_text("After 1 batch of 4")
    expect(player.locator(".bars .name.top, .bars .top").first).to_have_text("Bag")
    page.get_by_role("button", name="Play").click()
    expect(player).to_contain_text("After epoch 2")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_a_dot_of_the_map_can_be_followed_on_a_phone(app: App, visit: Visit, phone: Page) -> None:
    visit(phone, f"/replay?model={replayable(app).id}")
    caption = phone.locator(".replay figcaption")
    expect(caption).to_have_text("Your drawing")
    canvas = phone.get_by_label("Map of answers: a dot for each validation image")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    # Trousers stand at the top of the circle.
    canvas.tap(position={"x": box["width"] / 2, "y": 60})
    expect(caption).to_contain_text("labelled Trouser")


def test_the_tour_leads_on_and_can_be_left(visit: Visit, phone: Page) -> None:
    visit(phone, "/")
    phone.get_by_role("button", name="Take the tour").click()
    expect(phone).to_have_title("Classify · Fashion-MNIST Lab")
    settle(phone)
    phone.get_by_role("button", name="Next: look at the data").click()
    expect(phone).to_have_title("Browse · Fashion-MNIST Lab")
    settle(phone)
    phone.reload()
    settle(phone)
    expect(phone.get_by_text("2 of 5")).to_be_visible()
    phone.get_by_role("button", name="End the tour").click()
    expect(phone.get_by_text("2 of 5")).to_have_count(0)
    visit(phone, "/")
    expect(phone.get_by_role("button", name="Take the tour")).to_have_count(0)
