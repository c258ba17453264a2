"""The evaluate page: figures with their sample, from what is stored with the model."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from fmnist_core.exports.formats import ExportError
from fmnist_core.recipes import presets
from pages.sections.evaluate import downloads
from pages.shared import visitor
from tests.support.runs import VISITOR, finished_run

OpenPage = Callable[..., AppTest]
DENSE = presets.find("dense-basics").recipe.changed(epochs=2, seed=7, name="Mine")


@pytest.fixture(autouse=True)
def known_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the visitor's new id predictable."""
    monkeypatch.setattr(visitor, "secrets", SimpleNamespace(token_urlsafe=lambda _: VISITOR))


def metrics(page: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.metric}


def words(page: AppTest) -> str:
    return " ".join(item.value for item in [*page.markdown, *page.caption])


def test_a_run_shows_accuracy_with_interval_sample_and_seed(open_page: OpenPage) -> None:
    page = open_page("evaluate", model=finished_run(DENSE).id)
    assert not page.exception
    shown = metrics(page)
    assert shown["Test accuracy"] == "90.00 %"
    assert shown["95 % interval"] == "89.40 % – 90.57 %"
    assert shown["Calibration error"] == "10.00 %"
    assert shown["Parameters"] == "101,770"
    assert "10,000 test images, seed 7" in words(page)


def test_a_shipped_model_says_that_its_figures_are_precomputed(open_page: OpenPage) -> None:
    page = open_page("evaluate", model="dense-basics")
    assert not page.exception
    assert "Precomputed" in words(page)


def test_a_shared_run_of_somebody_else_can_be_looked_at(open_page: OpenPage) -> None:
    run = finished_run(DENSE, visitor="B" * 22)
    page = open_page("evaluate", model=run.id)
    assert not page.exception
    assert page.selectbox(key="evaluate_model").value == run.id


def test_runs_of_others_are_not_offered(open_page: OpenPage) -> None:
    run = finished_run(DENSE, visitor="B" * 22)
    options = open_page("evaluate").selectbox(key="evaluate_model").options
    assert not any("Mine" in option or run.id in option for option in options)


def test_an_unknown_model_is_named_in_words(open_page: OpenPage) -> None:
    page = open_page("evaluate", model="../../etc/passwd")
    assert not page.exception
    assert "is the name of no model" in page.warning[0].value


def test_the_gallery_filters_by_outcome_and_class(open_page: OpenPage) -> None:
    page = open_page("evaluate", model=finished_run(DENSE, right=9990).id)
    page.segmented_control(key="gallery_outcome").set_value("Wrong").run()
    assert "10 images" in words(page)
    page.slider(key="gallery_confidence").set_value((90, 100)).run()
    assert "No test image fits" in page.info[0].value


def test_the_surest_mistakes_are_counted(open_page: OpenPage) -> None:
    page = open_page("evaluate", model=finished_run(DENSE, right=9000).id)
    assert "1,000 of 10,000 answers are wrong" in words(page)


def test_precision_and_recall_of_a_class_are_in_per_cent(open_page: OpenPage) -> None:
    run = finished_run(DENSE, right=10_000)
    table = open_page("evaluate", model=run.id).dataframe[0].value
    assert table[["precision", "recall", "f1"]].to_numpy().tolist() == [[100.0] * 3] * 10


def test_the_curves_can_be_taken_along(open_page: OpenPage) -> None:
    page = open_page("evaluate", model="lightning")
    labels = [getattr(one, "label", "") for one in page.get("download_button")]
    assert "Figures (HTML, SVG)" in labels


@pytest.mark.usefixtures("working_engine")
def test_the_bundle_is_made_when_asked_for_and_a_refusal_is_told(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_folder: str, _changed: int) -> bytes:
        raise ExportError("The exported files are not offered: x.onnx: DOES NOT AGREE.")

    made = downloads._BUNDLE
    monkeypatch.setattr(downloads, "_BUNDLE", made._replace(make=refused))
    page = open_page("evaluate", model="lightning")
    assert "every file has given the same answers" in words(page)
    page.button(key="bundle_make").click().run()
    assert not page.exception
    assert "not offered" in page.error[0].value
    filled = made._replace(make=lambda _folder, _changed: b"x" * 1_500_000)
    monkeypatch.setattr(downloads, "_BUNDLE", filled)
    page.run()
    assert not page.exception
    labels = [getattr(one, "label", "") for one in page.get("download_button")]
    assert "Bundle (.zip, 1.5 MB)" in labels


def test_two_boxes_choose_a_cell_of_the_confusion_matrix(open_page: OpenPage) -> None:
    run = finished_run(DENSE, right=9900)
    page = open_page("evaluate", model=run.id)
    page.selectbox(key=f"truth_{run.id}").set_value(1).run()
    answers = page.selectbox(key=f"answer_{run.id}")
    assert page.selectbox(key=f"truth_{run.id}").value == answers.value == 1
    assert answers.options == ["Trouser: 988", "Pullover: 12"]
    assert "988 × Trouser, recognised" in words(page)
    answers.set_value(2).run()
    assert not page.exception
    assert "12 × Trouser taken for Pullover" in words(page)
