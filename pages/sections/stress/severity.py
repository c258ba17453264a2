"""Accuracy of several models on a sample of test images that are spoilt more and more."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation import adversarial
from fmnist_core.evaluation.adversarial import METHODS
from fmnist_core.evaluation.corruptions import CORRUPTIONS, SEVERITIES, at_severity
from fmnist_core.evaluation.metrics import wilson
from fmnist_core.evaluation.robustness import network_of, sample, severity_curve
from fmnist_core.figures.robustness import HEIGHT, Line, severity_chart
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.wording import percent
from pages.components.picture_row import Picture, picture_row
from pages.sections.stress.robustness import robustness_table
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
                "Spoil by",
                list(_TITLES),
                default="noise",
                required=True,
                format_func=lambda name: _TITLES[name],
                key="severity_of",
                bind="query-params",
            )
            or "noise"
        )
        count = st.selectbox("Test images", SIZES, key="severity_size", width=120)
        seed = st.number_input("Seed", 0, MOST_SEED, 0, key="severity_seed", width=120)
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
            alt=f"Accuracy against severity of {_TITLES[name]}",
        )
        st.caption(
            f"{count:,} of the 10,000 test images, drawn with seed {seed}; the seed also decides "
            "all chance. All models get the same images. Bars are 95 % intervals (Wilson)."
        )
        _table(curves)
    robustness_table()


def _what(name: str, count: int, seed: int) -> None:
    """Say what the severities are, and show them on one image of the sample."""
    if name in METHODS:
        amounts = ", ".join(str(epsilon) for epsilon in adversarial.SEVERITIES)
        st.caption(
            f"Each model is attacked along its own gradient; severity 1 to 5 is ε = {amounts} grey "
            f"levels of 255. PGD takes {adversarial.STEPS} steps."
        )
        return
    corruption = CORRUPTIONS[name]
    amounts = ", ".join(f"{amount:g}" for amount in corruption.severities)
    either = ", to either side by chance" if corruption.both_ways else ""
    st.caption(f"{corruption.explanation} Severity 1 to 5: {amounts} {corruption.unit}{either}.")
    # A shoe shows every corruption well; the first image may be a bag that fills the square.
    indices = sample(count, seed)
    shoes = indices[images("test").labels[indices] == CLASS_NAMES.index("Sneaker")]
    index = int(shoes[0] if len(shoes) else indices[0])
    image = images("test").images[index][None]
    picture_row(
        [
            Picture(at_severity(image, name, severity, seed)[0], f"Severity {severity}")
            for severity in range(SEVERITIES + 1)
        ],
        key="severities",
        label=f"Test image {index} at each severity of {corruption.title}",
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
            st.warning(f"{plain(model.title)} has no Keras file, so no gradient to follow.")
            continue
        right = work(
            f"severity_{model.name}",
            severity_curve,
            *(network, name, count, seed),
            label=f"{model.title} on {count:,} images, six times",
        )
        if right is not None:
            # Two runs may have the same name.
            title = model.title if model.title not in found else f"{model.title} ({model.name})"
            found[title] = right
    return found


def _table(curves: dict[str, np.ndarray]) -> None:
    with st.expander("The numbers", icon=":material/table:"):
        st.dataframe(
            [
                {"Model": title}
                | {
                    "unchanged" if not severity else f"severity {severity}": percent(
                        float(right[severity].mean())
                    )
                    for severity in range(SEVERITIES + 1)
                }
                for title, right in curves.items()
            ],
            hide_index=True,
            alt="Accuracy of each model at each severity",
        )
