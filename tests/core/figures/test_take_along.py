import json
import re

from fmnist_core.figures.colors import BEST
from fmnist_core.figures.take_along import as_page
from fmnist_core.figures.training import curve, overlay
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import EpochRow


def run(name: str) -> Curves:
    rows = [
        EpochRow(epoch=at, loss=1 / at, accuracy=0.5, val_loss=2 / at, val_accuracy=0.6)
        for at in (1, 2)
    ]
    return Curves.of(rows, name)


def traces(page: str) -> list[list[dict[str, object]]]:
    return [
        json.loads(found)
        for found in re.findall(r'Plotly\.newPlot\(\s*"[\w-]+",\s*(\[.*?\]),\s*{', page, re.DOTALL)
    ]


def test_every_line_is_there_with_its_values_and_look() -> None:
    option = overlay([run("One"), run("Two")], "loss")
    (found,) = traces(as_page({"Loss": option}).decode())
    assert [(one["name"], one["y"]) for one in found] == [
        ("One (1), training", [1.0, 0.5]),
        ("One (1)", [2.0, 1.0]),
        ("Two (2), training", [1.0, 0.5]),
        ("Two (2)", [2.0, 1.0]),
    ]
    assert [one["line"]["dash"] for one in found[:2]] == ["dot", "solid"]  # type: ignore[index]


def test_the_axes_reach_as_far_as_on_the_page() -> None:
    option = curve(run("One"), "accuracy")
    page = as_page({"Accuracy": option}).decode()
    ends = [option["yAxis"]["min"], option["yAxis"]["max"]]
    assert f'"range":{json.dumps(ends, separators=(",", ":"))}' in page.replace(" ", "")


def test_the_best_epochs_ring_is_one() -> None:
    (found,) = traces(as_page({"Accuracy": curve(run("One"), "accuracy")}).decode())
    ring = found[-1]
    assert (ring["name"], ring["x"], ring["mode"]) == ("best epoch: 1", [1.0], "markers")
    assert ring["marker"] == {"symbol": "circle-open", "color": BEST, "size": 14}


def test_the_script_comes_once_and_a_chart_is_saved_as_svg() -> None:
    option = overlay([run("One")], "loss")
    page = as_page({"Loss": option, "Accuracy": overlay([run("One")], "accuracy")}).decode()
    assert page.count("Plotly.newPlot(") >= 2
    assert len(page) < 6_000_000
    assert '"format": "svg"' in page
    assert "cdn" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_a_visitors_name_is_text() -> None:
    page = as_page({"<b>": overlay([run('<a href="x">me</a>')], "loss")}).decode()
    (found,) = traces(page)
    assert found[1]["name"] == "&lt;a href=&quot;x&quot;&gt;me&lt;/a&gt; (1)"
    assert "<h2>&lt;b&gt;</h2>" in page


def test_the_page_is_in_the_language_of_its_charts() -> None:
    charts = {"Verlust": overlay([run("One")], "loss")}
    page = as_page(charts, language="de", note="Als <SVG>.").decode()
    assert '<html lang="de">' in page
    assert "<p>Als &lt;SVG&gt;.</p>" in page
    assert "{ background: #fff;" in page
