"""Accuracy of several models on a sample of test images that are spoilt more and more."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation import adversarial
from fmnist_core.evaluation.adversarial import METHODS
from fmnist_core.evaluation.corruptions import CORRUPTIONS, SEVERITIES, at_severity
from fmnist_core.evaluation.metrics import wilson
from fmnist_core.evaluation.robustness import network_of, sample, severity_curve
from fmnist_core.figures.robustness import HEIGHT, Line, severity_chart
from fmnist_core.models.card import Robustness
from fmnist_core.models.catalogue import Model, ModelError, shipped
from fmnist_core.translation import ENGLISH, digits, language, mark, say
from fmnist_core.wording import percent
from pages.components.picture_row import Picture, picture_row
from pages.shared.engine_work import work
from pages.shared.markdown import plain
from pages.shared.resources import images

SIZES = (200, 500, 1000)
MOST_SEED = 9_999
_TITLES = {name: corruption.title for name, corruption in CORRUPTIONS.items()} | METHODS


def severity_curves(models: Sequence[Model]) -> None:
    """Show accuracy against severity for one corruption or attack, each model with intervals."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = (
            st.pills(
                say("Spoil by"),
                list(_TITLES),
                default="noise",
                required=True,
                format_func=lambda name: say(_TITLES[name]),
                key="severity_of",
                bind="query-params",
            )
            or "noise"
        )
        count = st.selectbox(say("Test images"), SIZES, key="severity_size", width=120)
        seed = st.number_input(say("Seed"), 0, MOST_SEED, 0, key="severity_seed", width=120)
    _what(name, count, int(seed))
    curves = _curves(models, name, count, int(seed))
    if curves:
        lines = [
            Line(
                title,
                tuple(right.mean(1)),
                tuple(wilson(int(row.sum()), len(row)) for row in right),
            )
            for title, right in curves.items()
        ]
        st.echarts_chart(
            severity_chart(lines),
            height=HEIGHT,
            key="severity_chart",
            alt=say("Accuracy against severity of {corruption}", corruption=say(_TITLES[name])),
        )
        st.caption(
            say(
                "{count:,} of the 10,000 test images, drawn with seed {seed}; the seed also "
                "decides all chance. All models get the same images. Bars are 95 % intervals "
                "(Wilson).",
                count=count,
                seed=seed,
            )
        )
        _table(curves)
    robustness_table()


def _what(name: str, count: int, seed: int) -> None:
    """Say what the severities are, and show them on one image of the sample."""
    if name in METHODS:
        amounts = ", ".join(str(epsilon) for epsilon in adversarial.SEVERITIES)
        st.caption(
            say(
                "Each model is attacked along its own gradient; severity 1 to 5 is ε = {amounts} "
                "grey levels of 255. PGD takes {steps} steps.",
                amounts=amounts,
                steps=adversarial.STEPS,
            )
        )
        return
    corruption = CORRUPTIONS[name]
    # German numbers have commas of their own.
    comma = ", " if language() == ENGLISH else "; "
    words = (
        mark("{explanation} Severity 1 to 5: {amounts} {unit}, to either side by chance.")
        if corruption.both_ways
        else mark("{explanation} Severity 1 to 5: {amounts} {unit}.")
    )
    st.caption(
        say(
            words,
            explanation=say(corruption.explanation),
            amounts=comma.join(digits(amount, "g") for amount in corruption.severities),
            unit=say(corruption.unit),
        )
    )
    # A shoe shows every corruption well; the first image may be a bag that fills the square.
    indices = sample(count, seed)
    shoes = indices[images("test").labels[indices] == CLASS_NAMES.index("Sneaker")]
    index = int(shoes[0] if len(shoes) else indices[0])
    image = images("test").images[index][None]
    picture_row(
        [
            Picture(
                at_severity(image, name, severity, seed)[0],
                say("Severity {number}", number=severity),
            )
            for severity in range(SEVERITIES + 1)
        ],
        key="severities",
        label=say(
            "Test image {index} at each severity of {corruption}",
            index=index,
            corruption=say(corruption.title),
        ),
        small=True,
    )


def _curves(models: Sequence[Model], name: str, count: int, seed: int) -> dict[str, np.ndarray]:
    """Return bool (6, count) by title for each model that is done; show how far the others are."""
    found = {}
    for model in models:
        try:
            network = network_of(model)
        except ModelError as error:
            st.warning(plain(str(error)), icon=":material/model_training:")
            continue
        if name in METHODS and network.weights is None:
            st.warning(
                say(
                    "{title} has no Keras file, so no gradient to follow.",
                    title=plain(model.title),
                )
            )
            continue
        right = work(
            f"severity_{model.name}",
            severity_curve,
            *(network, name, count, seed),
            label=say(
                "{title} on {count:,} images, six times", title=plain(model.title), count=count
            ),
        )
        if right is not None:
            # Two runs may have the same name.
            title = model.title if model.title not in found else f"{model.title} ({model.name})"
            found[title] = right
    return found


def _table(curves: dict[str, np.ndarray]) -> None:
    with st.expander(say("The numbers"), icon=":material/table:"):
        st.dataframe(
            [
                {say("Model"): title}
                | {
                    say("severity {number}", number=severity) if severity else say("unchanged"): (
                        percent(float(right[severity].mean()))
                    )
                    for severity in range(SEVERITIES + 1)
                }
                for title, right in curves.items()
            ],
            hide_index=True,
            alt=say("Accuracy of each model at each severity"),
        )


def robustness_table() -> None:
    """Show the mean corruption accuracy of every shipped model that has one, the best first."""
    known = {
        model.title: model.card.robustness
        for model in shipped().values()
        if model.card and model.card.robustness
    }
    if not known:
        return
    st.subheader(say("One number for each shipped model"), anchor=False)
    ranked = sorted(known.items(), key=lambda item: -item[1].accuracy)
    rows = [
        {
            "model": title,
            "accuracy": score.accuracy,
            "interval": f"{percent(score.interval[0])} – {percent(score.interval[1])}",
            "clean": score.clean,
            "weakest": _weakest(score),
        }
        for title, score in ranked
    ]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config={
            "model": say("Model"),
            "accuracy": st.column_config.ProgressColumn(
                say("Mean corruption accuracy"), format="percent", min_value=0.0, max_value=1.0
            ),
            "interval": say("95 % interval"),
            "clean": st.column_config.NumberColumn(say("Unchanged"), format="percent"),
            "weakest": say("Weakest at"),
        },
        alt=say("Mean corruption accuracy of the shipped models"),
    )
    st.caption(
        say(
            "Precomputed on {samples}: the mean accuracy over nine corruptions at five severities "
            "each (after Hendrycks and Dietterich 2019). The interval is over the choice of the "
            "images.",
            samples=_samples(known),
        )
    )


def _weakest(score: Robustness) -> str:
    means = {name: float(np.mean(values)) for name, values in score.by_corruption.items()}
    name = min(means, key=means.__getitem__)
    title = say(CORRUPTIONS[name].title) if name in CORRUPTIONS else name
    return f"{title}, {percent(means[name])}"


def _samples(known: Mapping[str, Robustness]) -> str:
    samples = sorted({(score.examples, score.seed) for score in known.values()})
    return say(" or ").join(
        say("{count:,} test images (seed {seed})", count=count, seed=seed)
        for count, seed in samples
    )
