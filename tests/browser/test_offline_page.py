"""The web page in one file, opened from the disk: does it answer as the app does?"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from fmnist_core.data import examples
from fmnist_core.data.fashion_mnist import load
from fmnist_core.exports.web.web_page import layers_of, page_of, web_page
from fmnist_core.models import catalogue, voting
from fmnist_core.models.build import build
from fmnist_core.preprocessing.prepare import prepare
from fmnist_core.recipes.layers import (
    Activation,
    BatchNormalization,
    Dense,
    Dropout,
    Flatten,
    LayerNormalization,
)
from fmnist_core.recipes.layers_2d import (
    AveragePooling2D,
    Conv2D,
    DepthwiseConv2D,
    GlobalAveragePooling2D,
    GlobalMaxPooling2D,
    MaxPooling2D,
    ResidualBlock,
    SeparableConv2D,
)
from fmnist_core.recipes.recipe import Recipe

pytestmark = pytest.mark.browser

SHEET = 280
ANSWERS = "images => images.map((image) => Array.from(lab.network.probabilities(image)))"
ANSWER = """levels => {
    const found = lab.answer(levels)
    return { image: Array.from(found.image), probabilities: found.probabilities }
}"""
END = (Dense(units=10, activation="softmax"),)
NETWORKS = {
    "convolutions": (
        Conv2D(filters=3, kernel_size=4, strides=3, padding="same", activation="leaky_relu"),
        LayerNormalization(),
        DepthwiseConv2D(kernel_size=2, strides=2, activation="selu"),
        SeparableConv2D(filters=5, padding="same", use_bias=False, activation="silu"),
        BatchNormalization(),
        Activation(activation="elu"),
        GlobalMaxPooling2D(),
        Dense(units=10, activation="linear"),
    ),
    "pooling": (
        Conv2D(filters=2, use_bias=False, activation="sigmoid"),
        MaxPooling2D(pool_size=3),
        AveragePooling2D(),
        Dropout(rate=0.5),
        Flatten(),
        Dense(units=4, activation="tanh"),
        *END,
    ),
    "residual": (
        Conv2D(filters=4, strides=2),
        ResidualBlock(filters=4),
        ResidualBlock(filters=6, strides=2, dropout=0.3),
        GlobalAveragePooling2D(),
        *END,
    ),
}


def trained(recipe: Recipe) -> keras.Model:
    """Return a network whose every weight says something, running statistics too."""
    network = build(recipe)
    rng = np.random.default_rng(3)
    drawn = [
        rng.normal(0, 0.3, one.shape) if one.ndim > 1 else rng.uniform(0.1, 0.6, one.shape)
        for one in network.get_weights()
    ]
    network.set_weights(drawn)
    return network


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Iterator[Any]:
    """Return `opened(content)`, which opens a page from the disk; any request else is an error."""
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def open_(content: bytes) -> Page:
        path = tmp_path / "page.html"
        path.write_bytes(content)
        page.goto(path.as_uri())
        return page

    yield open_
    assert [url for url in asked if not url.startswith("file://")] == []
    assert wrong == []


@pytest.mark.parametrize("name", NETWORKS)
def test_every_layer_gives_what_keras_gives(opened: Any, name: str) -> None:  # noqa: ANN401
    recipe = Recipe(name=name, layers=NETWORKS[name])
    network = trained(recipe)
    images = load("test").images[:8]
    expected = np.asarray(network(images[..., None].astype(np.float32) / 255, training=False))
    if recipe.from_logits:
        expected = np.exp(expected - expected.max(1, keepdims=True))
        expected /= expected.sum(1, keepdims=True)
    page = opened(page_of(name, recipe, *layers_of(recipe, network)))
    found = np.array(page.evaluate(ANSWERS, images.reshape(8, 784).tolist()))
    assert found == pytest.approx(expected, abs=1e-5)
    assert np.ptp(expected, axis=0).max() > 1e-3  # the images make a difference


def test_200_test_images_are_answered_as_in_the_app(opened: Any) -> None:  # noqa: ANN401
    model = catalogue.find("compact")
    images = load("test").images[:200]
    expected = model.classifier().probabilities(images)
    content = web_page(str(model.folder))
    assert len(content) < 15e6
    found = opened(content).evaluate(ANSWERS, images.reshape(200, 784).tolist())
    assert np.array(found) == pytest.approx(expected, abs=1e-5)


def test_20_drawings_are_prepared_and_answered_as_in_the_app(opened: Any) -> None:  # noqa: ANN401
    model = catalogue.find("field")
    classifier = model.classifier()
    page = opened(web_page(str(model.folder)))
    drawings = [one for one in examples.examples().values() if one.kind == "drawing"][::2]
    assert len(drawings) >= 20
    for one in drawings[:20]:
        sheet = on_a_sheet(one.picture())
        item = prepare(sheet, "drawing")
        expected, _ = voting.classify(item, classifier)
        found = page.evaluate(ANSWER, sheet.ravel().tolist())
        apart = np.abs(np.array(found["image"]) - item.array.ravel().astype(float))
        assert apart.mean() < 0.5, one.name
        assert np.argmax(found["probabilities"]) == expected.argmax(), one.name
        assert found["probabilities"] == pytest.approx(expected, abs=0.01), one.name


def on_a_sheet(picture: Image.Image) -> np.ndarray:
    grey = picture.convert("L")
    grey.thumbnail((SHEET, SHEET))
    sheet = Image.new("L", (SHEET, SHEET), 255)
    sheet.paste(grey, ((SHEET - grey.width) // 2, (SHEET - grey.height) // 2))
    return np.asarray(sheet)


def test_a_drawing_is_answered_undone_and_cleared(opened: Any) -> None:  # noqa: ANN401
    page = opened(web_page(str(catalogue.find("lightning").folder)))
    expect(page.get_by_role("button", name="Undo")).to_be_disabled()
    draw(page, [(0.3, 0.1), (0.7, 0.1), (0.75, 0.9), (0.55, 0.9), (0.5, 0.35), (0.45, 0.9)])
    said = page.locator("#said")
    expect(said).to_contain_text("It looks like: ")
    expect(page.locator("#answers .share").first).to_contain_text("%")
    draw(page, [(0.45, 0.9), (0.25, 0.9), (0.3, 0.1)])
    expect(said).to_have_text("It looks like: Trouser")
    page.get_by_role("button", name="Undo").click()
    expect(said).to_contain_text("It looks like: ")
    page.get_by_role("button", name="Clear").click()
    expect(said).to_have_text("Draw a piece of clothing, a shoe or a bag")


def test_the_keyboard_draws(opened: Any) -> None:  # noqa: ANN401
    page = opened(web_page(str(catalogue.find("lightning").folder)))
    page.keyboard.press("Tab")
    said = page.locator("#said")
    for key in ("ArrowUp", "ArrowUp", "Space", *["ArrowDown"] * 9):
        page.keyboard.press(key)
    expect(page.locator(".pen")).to_have_text("Pen down, column 14, row 21 of 28")
    page.keyboard.press("Space")
    expect(said).to_contain_text("It looks like: ")


def draw(page: Page, points: list[tuple[float, float]]) -> None:
    box = page.locator("#sheet").bounding_box()
    assert box
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=8)
    page.mouse.up()


def test_a_touch_draws_on_a_phone_without_moving_the_page(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(web_page(str(catalogue.find("lightning").folder)))
    context = browser.new_context(viewport={"width": 390, "height": 700}, has_touch=True)
    page = context.new_page()
    page.goto(path.as_uri())
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0
    assert page.evaluate("getComputedStyle(document.querySelector('#sheet')).touchAction") == "none"
    context.close()
