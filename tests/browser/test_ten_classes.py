"""Every class drawn with the mouse and uploaded as a photo, answered by the shipped Field model."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fmnist_core.data.examples import FOLDER
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from tests.browser.conftest import settle

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

Visit = Callable[[Page, str], None]
Stroke = list[tuple[float, float]]

# As somebody draws who has a minute: outlines with a few lines, in hundredths of the pad.
DRAWINGS: dict[str, list[Stroke]] = {
    "T-shirt/top": [
        [(38, 15), (20, 22), (8, 42), (22, 50), (29, 42), (29, 88), (71, 88), (71, 42), (78, 50),
         (92, 42), (80, 22), (62, 15), (50, 22), (38, 15)],
    ],
    "Trouser": [
        [(32, 8), (68, 8), (74, 92), (56, 92), (50, 35), (44, 92), (26, 92), (32, 8)],
        [(32, 15), (68, 15)],
    ],
    "Pullover": [
        [(38, 12), (22, 18), (12, 80), (24, 82), (31, 42), (31, 88), (69, 88), (69, 42), (76, 82),
         (88, 80), (78, 18), (62, 12), (38, 12)],
        [(38, 12), (42, 19), (58, 19), (62, 12)],
        [(31, 81), (69, 81)],
    ],
    "Dress": [
        [(38, 6), (42, 16), (58, 16), (62, 6)],
        [(38, 6), (36, 26), (41, 42), (22, 92), (78, 92), (59, 42), (64, 26), (62, 6)],
        [(41, 42), (59, 42)],
    ],
    "Coat": [
        [(40, 6), (22, 13), (11, 68), (23, 71), (30, 36), (27, 95), (73, 95), (70, 36), (77, 71),
         (89, 68), (78, 13), (60, 6), (50, 32), (40, 6)],
        [(50, 32), (50, 95)],
        [(55, 45), (56, 46)], [(55, 60), (56, 61)], [(55, 75), (56, 76)],
    ],
    "Sandal": [
        [(6, 72), (30, 72), (62, 62), (92, 44), (94, 72), (84, 72), (82, 62), (60, 74), (30, 80),
         (6, 80), (6, 72)],
        [(18, 72), (28, 54), (44, 68)],
        [(60, 62), (74, 34), (90, 30), (92, 44)],
    ],
    "Shirt": [
        [(38, 10), (22, 17), (12, 74), (24, 77), (31, 40), (31, 90), (69, 90), (69, 40), (76, 77),
         (88, 74), (78, 17), (62, 10), (50, 20), (38, 10)],
        [(38, 10), (41, 24), (50, 20), (59, 24), (62, 10)],
        [(50, 20), (50, 90)],
        [(53, 35), (54, 35)], [(53, 50), (54, 50)], [(53, 65), (54, 65)], [(53, 80), (54, 80)],
    ],
    "Sneaker": [
        [(5, 74), (7, 62), (28, 54), (48, 38), (56, 42), (84, 40), (94, 46), (95, 74), (5, 74)],
        [(5, 67), (95, 67)],
        [(34, 50), (42, 56)], [(41, 44), (49, 51)],
    ],
    "Bag": [
        [(12, 42), (88, 42), (84, 90), (16, 90), (12, 42)],
        [(30, 42), (34, 18), (66, 18), (70, 42)],
        [(12, 56), (50, 64), (88, 56)],
    ],
    "Ankle boot": [
        [(8, 84), (10, 68), (36, 58), (44, 44), (45, 10), (82, 10), (84, 60), (90, 84), (8, 84)],
        [(8, 78), (88, 78)],
        [(66, 10), (66, 34)],
    ],
}  # fmt: skip


def first_three(page: Page) -> list[str]:
    expect(page.locator(".percent").first).not_to_be_empty()
    percents = [text.strip(" %<>") for text in page.locator(".percent").all_inner_texts()]
    order = sorted(range(10), key=lambda label: -float(percents[label]))
    return [CLASS_NAMES[label] for label in order[:3]]


def test_each_class_drawn_with_the_mouse_is_recognised(page: Page, visit: Visit) -> None:
    visit(page, "/classify?model=field")
    pad = page.locator(".pad")
    paper = pad.locator("canvas")
    paper.wait_for()
    found = {}
    for name, strokes in DRAWINGS.items():
        box = paper.bounding_box()
        assert box
        for stroke in strokes:
            places = [
                (box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"])
                for x, y in stroke
            ]
            page.mouse.move(*places[0])
            page.mouse.down()
            for x, y in places[1:]:
                page.mouse.move(x, y, steps=4)
            page.mouse.up()
        number = pad.get_attribute("data-number") or ""
        expect(page.locator(".answer")).to_have_attribute("data-number", number, timeout=60_000)
        found[name] = first_three(page)
        page.get_by_role("button", name="Clear", exact=True).click()
        expect(page.locator(".percent").first).to_be_empty()
    assert list(found) == list(CLASS_NAMES)
    assert all(name in answers for name, answers in found.items()), found
    assert sum(name == answers[0] for name, answers in found.items()) >= 8, found


def test_a_photo_of_each_class_is_recognised(page: Page, visit: Visit) -> None:
    found = {}
    for path in sorted(FOLDER.glob("*-photo-1.jpg")):
        visit(page, "/classify?model=field")
        page.get_by_text("Upload", exact=True).first.click()
        settle(page)
        page.locator("input[type=file]").set_input_files(path)
        page.get_by_role("list", name="Stages of preparation").wait_for()
        found[path.stem.removesuffix("-photo-1")] = first_three(page)
    slugs = [name.lower().replace("/", "-").replace(" ", "-") for name in CLASS_NAMES]
    right = [slug == found[slug][0].lower().replace("/", "-").replace(" ", "-") for slug in slugs]
    assert sum(right) >= 8, found
