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
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import duration, percent
from pages.shared.evaluation.evidence import Evidence
from pages.shared.runs.learning_curves import learning_curves

_SHARES = ["precision", "recall", "f1"]


def headline(model: Model, figures: Evaluation) -> None:
    """Show the figures that sum the model up, each with its sample."""
    low, high = figures.interval
    with st.container(horizontal=True):
        st.metric(
            say("Test accuracy"),
            percent(figures.accuracy, 2),
            help=explain("accuracy"),
            width=150,
        )
        st.metric(
            say("95 % interval"),
            f"{percent(low, 2)} – {percent(high, 2)}",
            help=explain("confidence-interval"),
            width=270,
        )
        st.metric(
            say("Test loss"),
            digits(figures.loss, ".4f"),
            help=explain("cross-entropy"),
            width=130,
        )
        st.metric(
            say("Calibration error"),
            percent(figures.calibration.ece, 2),
            help=explain("calibration-error"),
            width=160,
        )
        if model.card and (score := model.card.robustness):
            st.metric(
                say("On spoilt images"),
                percent(score.accuracy, 2),
                help=explain("corruption-accuracy"),
                width=170,
            )
        st.metric(
            say("Parameters"),
            digits(model.parameters, ","),
            help=explain("parameters"),
            width=150,
        )
    words = [
        say(
            "On the {count:,} test images, seed {seed}.",
            count=figures.examples,
            seed=model.recipe.seed,
        )
    ]
    if model.card:
        words.append(
            say(
                "Precomputed: trained on {date} in {duration} ({how}).",
                date=model.card.date,
                duration=duration(model.card.seconds),
                how=", ".join(filter(None, (model.card.timing, model.card.hardware))),
            )
        )
        if score := model.card.robustness:
            low, high = score.interval
            words.append(
                say(
                    "On {count:,} of them (seed {seed}), spoilt by nine corruptions at five "
                    "severities: {accuracy} (95 % interval {low} – {high}).",
                    count=score.examples,
                    seed=score.seed,
                    accuracy=percent(score.accuracy),
                    low=percent(low),
                    high=percent(high),
                )
            )
    else:
        words.append(
            say("Computed once, at the end of the run, with the weights of its best epoch.")
        )
    st.caption(" ".join(words))


def classes(figures: Evaluation) -> None:
    """Show precision, recall and F1 of every class."""
    st.subheader(say("Class by class"), anchor=False)
    table = pd.DataFrame([vars(score) for score in figures.per_class])
    # In per cent, because the ready-made format for shares drops zeros: 96 % under 98.56 %.
    table[_SHARES] *= 100
    table["name"] = [say(name) for name in table["name"]]
    least, most = int(table["support"].min()), int(table["support"].max())
    st.caption(
        say("{count:,} test images of each.", count=most)
        if least == most
        else say("{least:,} to {most:,} each.", least=least, most=most)
    )
    st.dataframe(
        table,
        hide_index=True,
        column_config={
            "name": st.column_config.TextColumn(say("Class")),
            "precision": _share(say("Precision"), explain("precision")),
            "recall": _share(say("Recall"), explain("recall")),
            "f1": _share(say("F1"), explain("f1")),
            "support": None,
        },
        alt=say("Precision, recall and F1 of every class"),
    )


def _share(name: str, explanation: str) -> Any:  # noqa: ANN401 - Streamlit does not publish the type
    return st.column_config.ProgressColumn(
        name, help=explanation, format="%.1f %%", min_value=0.0, max_value=100.0
    )


def honesty(found: Evidence) -> None:
    """Show whether the model's confidence can be believed."""
    st.subheader(say("Is its confidence honest?"), anchor=False, help=explain("calibration"))
    mean = float(found.probabilities.max(1).mean())
    gap = mean - found.figures.accuracy
    right = mark("about right")
    verdict = right if abs(gap) < 0.01 else mark("too sure") if gap > 0 else mark("too modest")
    st.markdown(
        say(
            "It is {sure} sure on average and right {right} of the time: **{verdict}**. Bars below "
            "the dashed line mean that it promises more than it keeps.",
            sure=percent(mean),
            right=percent(found.figures.accuracy),
            verdict=say(verdict),
        )
    )
    st.echarts_chart(
        reliability(found.figures.calibration),
        height=340,
        key="reliability",
        alt=say("Reliability diagram: share of right answers against confidence"),
    )


def history(model: Model) -> None:
    """Show how the model learnt."""
    rows = valid_rows(Run(model.folder).history()[0])
    if not rows:
        return
    st.subheader(say("How it learnt"), anchor=False, help=explain("epoch"))
    learning_curves(Curves.of(rows), "learnt")
