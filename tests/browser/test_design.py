"""Designing a network in a real browser: the layer list, the address, and the way into a run."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from fmnist_core.recipes.layers import Dense, Flatten, MaxPooling2D
from fmnist_core.recipes.recipe import Recipe
from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)  # a loaded machine answers late

Visit = Callable[[Page, str], None]

SMALL = Recipe(
    name="Small",
    layers=(MaxPooling2D(), Flatten(), Dense(units=16), Dense(units=10, activation="softmax")),
    train_examples=1000,
    epochs=2,
)


def open_layers(page: Page, visit: Visit, recipe: Recipe = SMALL) -> None:
    visit(page, f"/train?recipe={recipe.to_link()}")
    page.get_by_role("tab", name="Layers").click()
    expect(rows(page)).to_have_count(len(recipe.layers))


def rows(page: Page) -> Locator:
    return page.locator(".builder li")


def field(page: Page, row: int, name: str) -> Locator:
    return rows(page).nth(row).locator(f"[data-part=field-{name}]")


def total(page: Page) -> Locator:
    return page.locator(".totals .parameters")


def names(page: Page, *expected: str) -> None:
    """Wait until the rows carry these names, in this order."""
    expect(rows(page).locator(".name")).to_have_text(
        [re.compile(f"{at}\\s*{name}$") for at, name in enumerate(expected, start=1)]
    )


def linked(page: Page) -> Recipe:
    """Return the recipe in the address."""
    found = re.search(r"[?&]recipe=([\w-]+)", page.url)
    assert found, page.url
    return Recipe.from_link(found[1])


def test_an_edit_updates_figures_drawing_and_address(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    expect(total(page)).to_have_text("3,322")
    field(page, 2, "units").fill("32")
    expect(total(page)).to_have_text("6,634")
    expect(rows(page).nth(2).locator(".output")).to_have_text("32")
    expect(page.locator(".drawing svg title")).to_contain_text("Dense 32 → Dense 10")
    page.wait_for_url(lambda url: "recipe=" in url and linked(page).layers[2] == Dense(units=32))
    page.reload()
    settle(page)
    page.get_by_role("tab", name="Layers").click()
    expect(field(page, 2, "units")).to_have_value("32")


def test_layers_are_added_moved_copied_and_removed(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    rows(page).nth(2).locator("select[data-part=adder]").select_option("Dropout")
    names(page, "MaxPooling2D", "Flatten", "Dense", "Dropout", "Dense")
    page.get_by_role("button", name="Move up: layer 4, Dropout").click()
    names(page, "MaxPooling2D", "Flatten", "Dropout", "Dense", "Dense")
    page.get_by_role("button", name="Duplicate: layer 1, MaxPooling2D").click()
    names(page, "MaxPooling2D", "MaxPooling2D", "Flatten", "Dropout", "Dense", "Dense")
    page.get_by_role("button", name="Remove: layer 1, MaxPooling2D").click()
    names(page, "MaxPooling2D", "Flatten", "Dropout", "Dense", "Dense")
    page.get_by_label("Add a layer at the end").select_option("Activation")
    names(page, "MaxPooling2D", "Flatten", "Dropout", "Dense", "Dense", "Activation")


def test_a_layer_is_dragged_to_another_place(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    handle = rows(page).nth(0).locator("[data-part=handle]")
    start, end = handle.bounding_box(), rows(page).nth(1).bounding_box()
    assert start and end
    x = start["x"] + start["width"] / 2
    page.mouse.move(x, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, end["y"] + end["height"] - 3, steps=4)
    page.mouse.up()
    names(page, "Flatten", "MaxPooling2D", "Dense", "Dense")


def test_a_design_that_breaks_is_explained_at_its_layer(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    page.get_by_role("button", name="Remove: layer 2, Flatten").click()
    error = rows(page).nth(1).locator(".error")
    expect(error).to_contain_text("Add Flatten or a global pooling layer before it")
    expect(rows(page).locator(".error:visible")).to_have_count(1)
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Undo").click()
    names(page, "MaxPooling2D", "Flatten", "Dense", "Dense")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_a_number_out_of_range_is_refused_at_its_layer(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    field(page, 2, "units").fill("1000000000")
    expect(rows(page).nth(2).locator(".error")).to_contain_text("from 1 to 16,384")
    expect(total(page)).to_have_text("3,322")
    assert linked(page) == SMALL


def test_an_edit_is_kept_when_the_next_click_is_on_another_tab(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    field(page, 2, "units").fill("24")
    page.get_by_role("tab", name="Code").click()
    expect(page.get_by_test_id("stCode").last).to_contain_text("x = layers.Dense(24")


def test_the_browsers_back_button_goes_back_one_change(page: Page, visit: Visit) -> None:
    open_layers(page, visit)
    before = page.evaluate("history.length")
    field(page, 2, "units").fill("32")
    expect(total(page)).to_have_text("6,634")
    # Else Back would leave the app.
    page.wait_for_function("before => history.length > before", arg=before)
    page.wait_for_url(lambda url: "recipe=" in url and linked(page).layers[2] == Dense(units=32))
    page.wait_for_timeout(2500)  # sooner, it counts as an answer that is still on its way
    page.go_back()
    expect(total(page)).to_have_text("3,322")


def test_layers_are_edited_on_a_phone(phone: Page, visit: Visit) -> None:
    open_layers(phone, visit)
    phone.get_by_role("button", name="Move down: layer 1, MaxPooling2D").tap()
    names(phone, "Flatten", "MaxPooling2D", "Dense", "Dense")
    expect(phone.get_by_role("button", name="Train", exact=True)).to_be_in_viewport()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.evaluate(overflow) <= 0


def test_train_leads_to_the_run_and_back_to_the_design(page: Page, visit: Visit) -> None:
    visit(page, f"/train?recipe={SMALL.to_link()}")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url("**/train?run=*")
    expect(page.get_by_role("heading", name="Small")).to_be_visible()
    page.get_by_role("button", name="Back to the design").click()
    page.wait_for_url(lambda url: "recipe=" in url)
    assert linked(page) == SMALL
