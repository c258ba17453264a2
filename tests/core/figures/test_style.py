"""The shared look: colours that everybody can tell apart, and bars that keep their order."""

from typing import Any

import numpy as np
import pytest

from fmnist_core import translation
from fmnist_core.evaluation.metrics import calibration
from fmnist_core.figures.browse import class_balance, pixel_values
from fmnist_core.figures.colors import CLASS_COLORS
from fmnist_core.figures.evaluation import clicked_cell, confusion_matrix, reliability
from fmnist_core.figures.style import probability_bars

# How the three dichromacies see linear RGB (Machado et al. 2009, severity 1).
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]]
    ),
    "deuteranopia": np.array(
        [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]]
    ),
    "tritanopia": np.array(
        [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]]
    ),
}


def linear(colors: tuple[str, ...]) -> np.ndarray:
    """Return #rrggbb colours as linear RGB, (n, 3) in 0..1."""
    rgb = np.array([[int(color[i : i + 2], 16) for i in (1, 3, 5)] for color in colors]) / 255
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(rgb: np.ndarray) -> np.ndarray:
    lms = np.array([[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]])
    lab = np.array(
        [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
    )
    return np.cbrt(np.clip(rgb, 0, 1) @ lms.T) @ lab.T


@pytest.mark.parametrize("sight", SIGHT)
def test_every_two_class_colors_differ_for_every_kind_of_sight(sight: str) -> None:
    seen = oklab(linear(CLASS_COLORS) @ SIGHT[sight].T)
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    # 0.02 is a just noticeable difference in OKLab.
    assert distances[np.triu_indices(10, 1)].min() > 0.1


def test_every_class_color_stands_out_from_a_white_and_a_nearly_black_page() -> None:
    luminance = linear(CLASS_COLORS) @ [0.2126, 0.7152, 0.0722]
    dark = (linear(("#0e1117",)) @ [0.2126, 0.7152, 0.0722])[0]
    assert (1.05 / (luminance + 0.05)).min() >= 1.99
    assert ((luminance + 0.05) / (dark + 0.05)).min() >= 2.5


def test_bars_keep_class_order_and_mark_winner_and_truth() -> None:
    figure = probability_bars(np.array([0, 0, 0.25, 0, 0, 0, 0.75, 0, 0, 0]), truth=2)
    assert list(figure.data[0].x) == [0, 0, 0.25, 0, 0, 0, 0.75, 0, 0, 0]
    labels = figure.layout.yaxis.ticktext
    assert labels[6] == "<b>Shirt</b>"
    assert labels[2] == "✓ Pullover"


def test_figures_have_the_words_and_separators_of_their_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert probability_bars(np.full(10, 0.1)).layout.separators == ".,"
    monkeypatch.setattr(translation, "_ask", [lambda: "de"])
    figure = probability_bars(np.full(10, 0.1))
    assert figure.layout.separators == ",."
    assert figure.layout.yaxis.ticktext[1] == "Hose"
    item = confusion_matrix(confusion())["series"][0]["data"][1]
    assert item["name"] == "10 von 100 × T-Shirt/Top für Hemd gehalten (10,0%)"


def test_bars_refuse_another_number_of_probabilities() -> None:
    with pytest.raises(ValueError, match=r"Expected 10 probabilities, got shape \(9,\)"):
        probability_bars(np.zeros(9))


def confusion() -> np.ndarray:
    counts = np.diag(np.full(10, 90))
    counts[0, 6] = 10
    return counts


def test_confusion_matrix_has_an_item_for_every_cell_that_is_not_empty() -> None:
    option = confusion_matrix(confusion(), selected=(0, 6))
    assert not option["visualMap"]["show"]  # every cell has its number
    items = option["series"][0]["data"]
    assert len(items) == 11
    item = items[1]
    assert item["name"] == "10 of 100 × T-shirt/top taken for Shirt (10.0%)"
    assert (item["value"][:2], item["value"][3]) == ([6, 0], 10)
    assert [index for index, item in enumerate(items) if "itemStyle" in item] == [1]


def test_a_click_names_its_cell() -> None:
    event = {"selection": {"selected": [{"series_index": 0, "data_indices": [1]}]}}
    assert clicked_cell(event, confusion()) == (0, 6)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"selection": {"selected": []}},
        {"selection": {"selected": [{"data_indices": [999]}]}},
        {"selection": {"selected": [{"data_indices": ["1"]}]}},
        {"selection": None},
    ],
)
def test_a_click_on_nothing_is_no_cell(event: dict[str, Any]) -> None:
    assert clicked_cell(event, confusion()) is None


def test_reliability_diagram_leaves_out_empty_bins() -> None:
    probabilities = np.full((4, 10), 0.02)
    probabilities[:, 3] = 0.82
    option = reliability(calibration(probabilities, np.array([3, 3, 3, 1]), bins=10))
    assert [bar["value"] for bar in option["series"][0]["data"]] == [[85.0, 75.0]]


@pytest.mark.parametrize(
    ("truth", "answer", "count", "level"),
    [
        (0, 0, 100, 4),
        (0, 0, 80, 4),
        (0, 0, 79, 3),
        (0, 0, 10, 0),
        (0, 1, 3, 5),  # three in a hundred are a strong error
        (0, 1, 2, 12),
        (0, 1, 1, 11),
        (0, 1, 19, 9),
        (0, 1, 60, 9),
    ],
)
def test_a_cell_is_as_strong_as_its_share_of_the_class(
    truth: int, answer: int, count: int, level: int
) -> None:
    counts = np.zeros((10, 10), int)
    counts[truth, answer] = count
    counts[truth, 9] = 100 - count
    item = confusion_matrix(counts)["series"][0]["data"][0]
    assert item["value"] == [answer, truth, level, count]
    assert item["label"]["color"] == ("#ffffff" if level < 10 else "#000000")


def test_bars_have_room_for_their_text_and_ticks_at_quarters() -> None:
    figure = probability_bars(np.full(10, 0.1))
    assert list(figure.layout.xaxis.tickvals) == [0, 0.25, 0.5, 0.75, 1]
    assert figure.layout.xaxis.range[0] == 0
    assert figure.layout.xaxis.range[1] > 1
    assert list(figure.layout.yaxis.tickvals) == list(range(10))
    assert list(figure.data[0].text) == ["10.0 %"] * 10
    top, bottom = figure.layout.yaxis.range[1], figure.layout.yaxis.range[0]
    assert (top < 0, bottom > 9) == (
        True,
        True,
    )  # the first class is on top, and all bars are whole


def test_class_balance_and_pixel_values_are_shown_as_they_are() -> None:
    bars = class_balance(np.arange(10) * 1000).data[0]
    assert list(bars.x) == list(range(0, 10_000, 1000))
    assert bars.text[9] == "9,000"
    histogram = np.zeros(256, int)
    histogram[[0, 255]] = 3, 1
    figure = pixel_values(histogram)
    assert figure.data[0].y[[0, 255]].tolist() == [0.75, 0.25]
    assert list(figure.data[0].x) == list(range(256))
    left, right = figure.layout.xaxis.range
    assert (left < 0, right > 255) == (True, True)
    assert pixel_values(np.zeros(256, int)).data[0].y.max() == 0
