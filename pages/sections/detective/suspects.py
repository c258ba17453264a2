"""The labels that are likely wrong, most suspicious first, and one of them up close."""

import io

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data import atlas, label_issues
from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.figures.colors import class_colors
from fmnist_core.figures.style import CHART_CONFIG, probability_bars
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.components.encoding import png
from pages.shared.resources import images

SPLITS: dict[str, Split] = {"Training": "train", "Test": "test"}
_ANY = "Any label"
_A_PAGE = 48


def suspects() -> None:
    """Show the ranking of one split."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        name = st.segmented_control(
            "Images", list(SPLITS), default="Training", required=True, key="suspects_split"
        )
        label = st.selectbox("Labelled", [_ANY, *CLASS_NAMES], key="suspects_label", width=170)
    split = SPLITS[str(name)]
    found, labels = atlas.issues(split), images(split).labels
    _headline(split, found)
    order = label_issues.ranking(found.quality)
    if label != _ANY:
        order = order[labels[order] == CLASS_NAMES.index(label)]
    # The longest list that anyone would look through; the file below has all.
    page = st.pagination(-(-min(len(order), 2000) // _A_PAGE), key=f"suspects_{split}_{label}")
    _sheet(split, order[(page - 1) * _A_PAGE : page * _A_PAGE], (page - 1) * _A_PAGE)
    _download(split, found)


def _headline(split: Split, found: label_issues.LabelIssues) -> None:
    count, total = int(found.issue.sum()), len(found.issue)
    swaps = ", ".join(
        f"{CLASS_NAMES[given]} that look like {CLASS_NAMES[true]} ({round(share * total):,})"
        for given, true, share in label_issues.swaps(found.joint, 3)
    )
    st.markdown(
        f"Confident learning doubts **{count:,} of {total:,}** labels "
        f"({percent(count / total)}). It expects most among {swaps}. Many are not mistakes but "
        "items that two classes could claim: look for yourself."
    )
    if split == "train":
        _known(found)


def _known(found: label_issues.LabelIssues) -> None:
    known = np.array(label_issues.KNOWN_WRONG)
    order = label_issues.ranking(found.quality)
    ranks = np.flatnonzero(np.isin(order, known)) + 1
    precision = label_issues.average_precision(order, known)
    chance = len(known) / len(order)
    st.caption(
        f"A check: the {len(known)} wrong labels that their finders show one by one in the data "
        "set's [issue 166](https://github.com/zalandoresearch/fashion-mnist/issues/166) and in "
        f"their [code](https://github.com/mueller91/labelfix) stand at places "
        f"{', '.join(f'{rank:,}' for rank in ranks)} of {len(order):,}, marked ★. Average "
        f"precision {precision:.3f}; in a random order it would be about {chance:.4f}."
    )


def _sheet(split: Split, shown: np.ndarray, before: int) -> None:
    labels = images(split).labels[shown]
    values = atlas.answers()[[atlas.number(split, int(index)) for index in shown]]
    answers = values.argmax(1)
    clicked = contact_sheet(
        images(split).images[shown],
        [
            f"{before + place + 1:,}. Label {CLASS_NAMES[label]}\n"
            f"looks like {CLASS_NAMES[answer]}, {percent(float(sure), 0)}"
            for place, (label, answer, sure) in enumerate(
                zip(labels, answers, values.max(1), strict=True)
            )
        ],
        "suspects_sheet",
        ids=shown,
        colors=class_colors(answers),
        marks=[
            "★" if split == "train" and index in label_issues.KNOWN_WRONG else "" for index in shown
        ],
        size="huge",
        show_captions=True,
        label=f"{split} images whose labels are doubted",
    )
    if clicked is not None:
        up_close(atlas.number(split, clicked))


@st.dialog("A suspect", width="medium")
def up_close(item: int) -> None:
    """Show one item with what five networks say of it, and the ways to its neighbours."""
    split, index = atlas.place(item)
    label = int(images(split).labels[index])
    picture, bars = st.columns([2, 3], vertical_alignment="center")
    picture.image(
        png(np.kron(images(split).images[index], np.ones((10, 10), np.uint8)), 280),
        alt=f"{split} image {index}, labelled {CLASS_NAMES[label]}",
        width="stretch",
    )
    kind = "Training" if split == "train" else "Test"
    picture.markdown(f"{kind} image {index:,}, labelled **{CLASS_NAMES[label]}**")
    bars.plotly_chart(
        probability_bars(atlas.answers()[item], truth=label),
        config=CHART_CONFIG,
        alt="Probability of each class",
    )
    bars.caption("By networks that were not trained on this image; ✓ is the label.")
    with st.container(horizontal=True):
        for page, words, icon in (
            ("map", "On the map", ":material/map:"),
            ("browse", "Its pixels and neighbours", ":material/grid_view:"),
        ):
            st.page_link(
                f"pages/{page}.py",
                label=words,
                icon=icon,
                query_params={"image": f"{split}-{index}"},
            )


def _download(split: Split, found: label_issues.LabelIssues) -> None:
    st.download_button(
        "Whole ranking (CSV)",
        lambda: table(split, found),
        f"fashion-mnist-{split}-labels.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def table(split: Split, found: label_issues.LabelIssues) -> str:
    """Return the ranking as CSV: place, index, label, likely class, quality, doubted."""
    order = label_issues.ranking(found.quality)
    first = atlas.number(split, 0)
    answers = atlas.answers()[first : first + len(order)].argmax(1)
    stream = io.StringIO()
    pd.DataFrame(
        {
            "place": np.arange(1, len(order) + 1),
            "index": order,
            "label": [CLASS_NAMES[at] for at in images(split).labels[order]],
            "looks_like": [CLASS_NAMES[at] for at in answers[order]],
            "quality": found.quality[order].round(5),
            "doubted": found.issue[order],
        }
    ).to_csv(stream, index=False)
    return stream.getvalue()
