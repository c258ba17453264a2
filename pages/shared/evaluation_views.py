"""The sections of the evaluate page; each is a fragment, so that a click redraws only itself."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.dataset import CLASS_NAMES
from fmnist_core.evaluation import Evaluation, Outcome, most_confident_mistakes, select
from fmnist_core.export import script
from fmnist_core.figures import percent
from fmnist_core.figures_evaluation import HEIGHT, clicked_cell, confusion_matrix, reliability
from fmnist_core.figures_training import HEIGHT as CURVE_HEIGHT
from fmnist_core.figures_training import Metric, curve
from fmnist_core.history import Curves, to_csv
from fmnist_core.models import Model
from fmnist_core.presets import slug
from fmnist_core.runs import Run, valid_rows
from pages.shared.evidence import Evidence
from pages.shared.resources import images
from pages.shared.test_images import answered_images

IN_CELL = 20
MISTAKES = 24
PER_PAGE = 48
METRICS: tuple[Metric, Metric] = ("loss", "accuracy")


def headline(model: Model, figures: Evaluation) -> None:
    """Show the figures that sum the model up, each with its sample."""
    low, high = figures.interval
    with st.container(horizontal=True):
        st.metric(
            "Test accuracy",
            percent(figures.accuracy, 2),
            help="Share of the test images that get the right answer.",
            width=150,
        )
        st.metric(
            "95 % interval",
            f"{percent(low, 2)} – {percent(high, 2)}",
            help="Another 10,000 images of the same kind would give an accuracy in here 95 times "
            "out of 100 (Wilson). Two models whose intervals overlap may be equally good.",
            width=270,
        )
        st.metric(
            "Test loss",
            f"{figures.loss:.4f}",
            help="Cross-entropy in nats: low when the right class gets a high probability.",
            width=130,
        )
        st.metric(
            "Calibration error",
            percent(figures.calibration.ece, 2),
            help="How far stated confidence and share of right answers lie apart on average (ECE, "
            "15 bins).",
            width=160,
        )
        st.metric("Parameters", f"{model.parameters:,}", width=150)
    words = f"On the {figures.examples:,} test images, seed {model.recipe.seed}."
    if model.card:
        words += (
            f" Precomputed: trained on {model.card.date}, "
            f"{model.card.hardware}, in {model.card.seconds / 60:,.1f} minutes."
        )
    else:
        words += " Computed once, at the end of the run, with the weights of its best epoch."
    st.caption(words)


@st.fragment
def confusions(model: Model, found: Evidence) -> None:
    """Show the confusion matrix and the images behind the cell that was clicked."""
    counts = found.figures.confusion
    key = f"confusion_{model.name}"
    cell = clicked_cell(st.session_state.get(key, {}), counts) or _worst(counts)
    st.subheader("What it confuses", anchor=False)
    matrix, behind = st.columns([3, 2], gap="medium")
    with matrix:
        st.caption("Click a number to see its images. Blue is right, orange is wrong.")
        st.echarts_chart(
            confusion_matrix(counts, selected=cell),
            height=HEIGHT,
            key=key,
            on_select="rerun",
            alt="Confusion matrix of the test images: true class by answer",
        )
    with behind:
        truth, answer = cell
        number = int(counts[cell])
        name, other = CLASS_NAMES[truth], CLASS_NAMES[answer]
        if truth == answer:
            st.markdown(f"**{number:,} × {name}, recognised**, the least sure first")
        else:
            st.markdown(f"**{number:,} × {name} taken for {other}**, the surest first")
        chosen = select(
            found.probabilities,
            images("test").labels,
            truth=truth,
            answer=answer,
            surest_first=truth != answer,
        )
        sheet = f"cell_{model.name}_{truth}_{answer}"
        page = 1
        if len(chosen) > IN_CELL:
            page = st.pagination(-(-len(chosen) // IN_CELL), key=f"{sheet}_page")
        answered_images(
            chosen[(page - 1) * IN_CELL : page * IN_CELL],
            found.probabilities,
            sheet,
            label=f"{name} taken for {other}",
            marks=False,
        )


def _worst(counts: np.ndarray) -> tuple[int, int]:
    """Return (truth, answer) of the most frequent mistake."""
    mistakes = np.where(np.eye(10, dtype=bool), -1, counts)
    truth, answer = np.unravel_index(int(mistakes.argmax()), counts.shape)
    return int(truth), int(answer)


def classes(figures: Evaluation) -> None:
    """Show precision, recall and F1 of every class."""
    st.subheader("Class by class", anchor=False)
    table = pd.DataFrame([vars(score) for score in figures.per_class])
    least, most = int(table["support"].min()), int(table["support"].max())
    st.caption(
        f"{most:,} test images of each." if least == most else f"{least:,} to {most:,} each."
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Class"),
            "precision": _share(
                "Precision", "Of the answers with this name, the share that is right."
            ),
            "recall": _share("Recall", "Of the images of this class, the share that is found."),
            "f1": _share("F1", "Harmonic mean of precision and recall."),
            "support": None,
        },
        alt="Precision, recall and F1 of every class",
    )


def _share(name: str, explanation: str) -> Any:  # noqa: ANN401 - Streamlit does not publish the type
    return st.column_config.ProgressColumn(
        name, help=explanation, format="percent", min_value=0.0, max_value=1.0
    )


def honesty(found: Evidence) -> None:
    """Show whether the model's confidence can be believed."""
    st.subheader("Is its confidence honest?", anchor=False)
    mean = float(found.probabilities.max(1).mean())
    gap = mean - found.figures.accuracy
    verdict = "about right" if abs(gap) < 0.01 else "too sure" if gap > 0 else "too modest"
    st.markdown(
        f"It is {percent(mean)} sure on average and right {percent(found.figures.accuracy)} of the "
        f"time: **{verdict}**. Bars below the dashed line mean that it promises more than it keeps."
    )
    st.echarts_chart(
        reliability(found.figures.calibration),
        height=340,
        key="reliability",
        alt="Reliability diagram: share of right answers against confidence",
    )


@st.fragment
def mistakes(model: Model, found: Evidence) -> None:
    """Show the wrong answers that the model is surest of."""
    st.subheader("Most confident mistakes", anchor=False)
    labels = images("test").labels
    wrong = most_confident_mistakes(found.probabilities, labels)
    st.caption(
        f"{len(wrong):,} of {len(labels):,} answers are wrong; these are the {MISTAKES} it is "
        "surest of. Some of them are wrong labels: click one and judge."
    )
    answered_images(
        wrong[:MISTAKES],
        found.probabilities,
        f"mistakes_{model.name}",
        label="Most confident mistakes",
        size="large",
        marks=False,
        show_captions=True,
    )


@st.fragment
def gallery(model: Model, found: Evidence) -> None:
    """Show any test images, filtered by outcome, class, answer and confidence."""
    st.subheader("All answers", anchor=False)
    outcomes: dict[str, Outcome] = {"All": "all", "Right": "right", "Wrong": "wrong"}
    everything = "Any class"
    options = [everything, *CLASS_NAMES]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        outcome = st.segmented_control(
            "Answers", list(outcomes), default="All", required=True, key="gallery_outcome"
        )
        truth = st.selectbox("True class", options, key="gallery_truth", width=170)
        answer = st.selectbox("Answer", options, key="gallery_answer", width=170)
        order = st.selectbox(
            "Order", ["Least sure first", "Surest first"], key="gallery_order", width=170
        )
        low, high = st.slider(
            "Confidence in per cent", 0, 100, (0, 100), key="gallery_confidence", width=260
        )
    chosen = select(
        found.probabilities,
        images("test").labels,
        outcome=outcomes.get(outcome or "", "all"),
        truth=CLASS_NAMES.index(truth) if truth in CLASS_NAMES else None,
        answer=CLASS_NAMES.index(answer) if answer in CLASS_NAMES else None,
        confidence=(low / 100, high / 100),
        surest_first=order == "Surest first",
    )
    if not len(chosen):
        st.info("No test image fits. Widen the confidence or choose any class.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        # A new filter starts at its first page.
        pages = -(-len(chosen) // PER_PAGE)
        page = st.pagination(
            pages, key=f"gallery_page_{outcome}_{truth}_{answer}_{low}_{high}_{order}"
        )
        st.caption(f"{len(chosen):,} images ({len(chosen) / len(found.probabilities):.1%})")
    answered_images(
        chosen[(page - 1) * PER_PAGE : page * PER_PAGE],
        found.probabilities,
        f"gallery_{model.name}",
        label="Test images",
    )


def history(model: Model) -> None:
    """Show how the model learnt."""
    rows = valid_rows(Run(model.folder).history()[0])
    if not rows:
        return
    st.subheader("How it learnt", anchor=False)
    curves = Curves.of(rows)
    for column, metric in zip(st.columns(2), METRICS, strict=True):
        column.echarts_chart(
            curve(curves, metric),
            height=CURVE_HEIGHT,
            key=f"learnt_{metric}",
            alt=f"{metric} against epochs",
        )


@st.fragment
def downloads(model: Model) -> None:
    """Offer everything that makes the model, for use elsewhere."""
    st.subheader("Take it with you", anchor=False)
    name = slug(model.title) or "model"
    with st.container(horizontal=True):
        if model.keras_file.is_file():
            st.download_button(
                "Model (.keras)",
                # Read only when asked for: it may have a hundred megabytes.
                model.keras_file.read_bytes,
                f"{name}.keras",
                "application/octet-stream",
                icon=":material/deployed_code:",
                on_click="ignore",
            )
        st.download_button(
            "History (CSV)",
            lambda: to_csv(valid_rows(Run(model.folder).history()[0])),
            f"{name}-history.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "Recipe (JSON)",
            model.recipe.to_json(),
            f"{name}-recipe.json",
            "application/json",
            icon=":material/receipt_long:",
            on_click="ignore",
        )
        st.download_button(
            "Script (.py)",
            lambda: script(model.recipe),
            f"{name.replace('-', '_')}.py",
            "text/x-python",
            icon=":material/code:",
            on_click="ignore",
        )
        st.page_link(
            "pages/train.py",
            label="Use this recipe",
            icon=":material/content_copy:",
            query_params={"recipe": model.recipe.to_link()},
        )
        if model.ready:
            st.page_link(
                "pages/classify.py",
                label="Classify with it",
                icon=":material/draw:",
                query_params={"model": model.name},
            )
    if not model.keras_file.is_file():
        st.caption(
            f"Its weights are too large to ship ({model.parameters:,} parameters): train it from "
            "its recipe to get them."
        )
