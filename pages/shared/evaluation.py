"""The figures of the evaluate page: sums, classes, calibration and the curves of training."""

from typing import Any

import pandas as pd
import streamlit as st

from fmnist_core.evaluation.metrics import Evaluation
from fmnist_core.figures.evaluation import reliability
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import valid_rows
from fmnist_core.runs.run import Run
from fmnist_core.wording import duration, percent
from pages.shared.evidence import Evidence
from pages.shared.learning_curves import learning_curves

_SHARES = ["precision", "recall", "f1"]


def headline(model: Model, figures: Evaluation) -> None:
    """Show the figures that sum the model up, each with its sample."""
    low, high = figures.interval
    with st.container(horizontal=True):
        st.metric(
            "Test accuracy",
            percent(figures.accuracy, 2),
            help=explain("accuracy"),
            width=150,
        )
        st.metric(
            "95 % interval",
            f"{percent(low, 2)} – {percent(high, 2)}",
            help=explain("confidence-interval"),
            width=270,
        )
        st.metric(
            "Test loss",
            f"{figures.loss:.4f}",
            help=explain("cross-entropy"),
            width=130,
        )
        st.metric(
            "Calibration error",
            percent(figures.calibration.ece, 2),
            help=explain("calibration-error"),
            width=160,
        )
        if model.card and (score := model.card.robustness):
            st.metric(
                "On spoilt images",
                percent(score.accuracy, 2),
                help=explain("corruption-accuracy"),
                width=170,
            )
        st.metric("Parameters", f"{model.parameters:,}", help=explain("parameters"), width=150)
    words = f"On the {figures.examples:,} test images, seed {model.recipe.seed}."
    if model.card:
        words += (
            f" Precomputed: trained on {model.card.date} in {duration(model.card.seconds)} "
            f"({', '.join(filter(None, (model.card.timing, model.card.hardware)))})."
        )
        if score := model.card.robustness:
            low, high = score.interval
            words += (
                f" On {score.examples:,} of them (seed {score.seed}), spoilt by nine corruptions "
                f"at five severities: {percent(score.accuracy)} (95 % interval {percent(low)} – "
                f"{percent(high)})."
            )
    else:
        words += " Computed once, at the end of the run, with the weights of its best epoch."
    st.caption(words)


def classes(figures: Evaluation) -> None:
    """Show precision, recall and F1 of every class."""
    st.subheader("Class by class", anchor=False)
    table = pd.DataFrame([vars(score) for score in figures.per_class])
    # In per cent, because the ready-made format for shares drops zeros: 96 % under 98.56 %.
    table[_SHARES] *= 100
    least, most = int(table["support"].min()), int(table["support"].max())
    st.caption(
        f"{most:,} test images of each." if least == most else f"{least:,} to {most:,} each."
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn("Class"),
            "precision": _share("Precision", explain("precision")),
            "recall": _share("Recall", explain("recall")),
            "f1": _share("F1", explain("f1")),
            "support": None,
        },
        alt="Precision, recall and F1 of every class",
    )


def _share(name: str, explanation: str) -> Any:  # noqa: ANN401 - Streamlit does not publish the type
    return st.column_config.ProgressColumn(
        name, help=explanation, format="%.1f %%", min_value=0.0, max_value=100.0
    )


def honesty(found: Evidence) -> None:
    """Show whether the model's confidence can be believed."""
    st.subheader("Is its confidence honest?", anchor=False, help=explain("calibration"))
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


def history(model: Model) -> None:
    """Show how the model learnt."""
    rows = valid_rows(Run(model.folder).history()[0])
    if not rows:
        return
    st.subheader("How it learnt", anchor=False, help=explain("epoch"))
    learning_curves(Curves.of(rows), "learnt")
