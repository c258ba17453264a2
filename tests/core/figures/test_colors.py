"""Charts do not know the page's theme: their colours must be seen on the light and the dark one."""

import pytest

from fmnist_core.figures.colors import BEST, ITEMS, NEUTRAL, VALIDATION
from fmnist_core.figures.evaluation import _RIGHT, _WRONG
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


@pytest.mark.parametrize("color", _RIGHT + _WRONG)
def test_counts_are_read_on_the_cells_of_the_confusion_matrix(color: str) -> None:
    assert contrast("#ffffff", color) >= 4.5
