"""Charts do not know the page's theme: their colours must be seen on the light and the dark one."""

import numpy as np
import pytest

from fmnist_core.figures.colors import BEST, ITEMS, NEUTRAL, VALIDATION, text_on
from fmnist_core.figures.evaluation import confusion_matrix
from fmnist_core.figures.training import OVERLAY_COLORS

PAGES = ("#fcfdfd", "#11151a")


def contrast(one: str, other: str) -> float:
    """Return WCAG's contrast of two colours, 1 to 21."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("color", [VALIDATION, BEST, ITEMS, NEUTRAL, *OVERLAY_COLORS])
def test_curves_are_seen_on_both_pages(color: str) -> None:
    assert min(contrast(color, page) for page in PAGES) >= 3


@pytest.mark.parametrize("dark", [False, True])
def test_counts_are_read_on_every_cell_of_the_confusion_matrix(dark: bool) -> None:
    # Ten of each class right, and wrong ones from one in two hundred to a half of their class.
    counts = np.diag([0, 10, 30, 50, 70, 99, 200, 200, 200, 200])
    counts[0, 1:] = 1, 2, 4, 5, 10, 14, 18, 22, 60
    counts[5, 6], counts[6, 7] = 1, 1
    counts[1:5, 0] = 90, 70, 50, 30
    option = confusion_matrix(counts, dark=dark)
    colors = [piece["color"] for piece in option["visualMap"]["pieces"]]
    seen = set()
    for item in option["series"][0]["data"]:
        ground = colors[item["value"][2]]
        seen.add(ground)
        assert item["label"]["color"] in {"#000000", "#ffffff"}
        assert contrast(item["label"]["color"], ground) >= 4.5
    assert seen >= set(colors[10:])


def test_faint_cells_are_as_faint_on_the_page_they_are_for() -> None:
    for dark, page in zip((False, True), PAGES, strict=True):
        pieces = confusion_matrix(np.eye(10, dtype=int), dark=dark)["visualMap"]["pieces"]
        assert all(contrast(piece["color"], page) < 1.5 for piece in pieces[10:])


@pytest.mark.parametrize("level", range(256))
def test_black_or_white_reads_on_every_grey(level: int) -> None:
    grey = f"#{level:02x}{level:02x}{level:02x}"
    assert contrast(text_on(grey), grey) >= 4.5
