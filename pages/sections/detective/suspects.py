"""The labels that are likely wrong, most suspicious first, and one of them up close."""

import io

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.data import atlas, label_issues
from fmnist_core.data.fashion_mnist import CLASS_NAMES, Split
from fmnist_core.figures.colors import class_colors
from fmnist_core.figures.style import CHART_CONFIG, probability_bars
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import percent
from pages.components.contact_sheet import contact_sheet
from pages.components.encoding import png
from pages.shared.resources import images

SPLITS: dict[str, Split] = {mark("Training"): "train", mark("Test"): "test"}
_ANY = mark("Any label")
_A_PAGE = 48
_SHEETS = {
    "train": mark("train images whose labels are doubted"),
    "test": mark("test images whose labels are doubted"),
}
_ALTS = {
    "train": mark("train image {index}, labelled {name}"),
    "test": mark("test image {index}, labelled {name}"),
}
_NAMES = {
    "train": mark("Training image {index:,}, labelled **{name}**"),
    "test": mark("Test image {index:,}, labelled **{name}**"),
}


def suspects() -> None:
    """Show the ranking of one split."""
    with st.container(horizontal=True, vertical_alignment="top", gap="small"):
        name = st.segmented_control(
            say("Images"),
            list(SPLITS),
            format_func=say,
            default="Training",
            required=True,
            key="suspects_split",
        )
        label = st.selectbox(
            say("Labelled"),
            [_ANY, *CLASS_NAMES],
            format_func=say,
            key="suspects_label",
            width=170,
        )
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
        say(
            "{given} that look like {true} ({count:,})",
            given=say(CLASS_NAMES[given]),
            true=say(CLASS_NAMES[true]),
            count=round(share * total),
        )
        for given, true, share in label_issues.swaps(found.joint, 3)
    )
    st.markdown(
        say(
            "Confident learning doubts **{count:,} of {total:,}** labels ({share}). It expects "
            "most among {swaps}. Many are not mistakes but items that two classes could claim: "
            "look for yourself.",
            count=count,
            total=total,
            share=percent(count / total),
            swaps=swaps,
        )
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
        say(
            "A check: the {known} wrong labels that their finders show one by one in the data "
            "set's [issue 166](https://github.com/zalandoresearch/fashion-mnist/issues/166) and in "
            "their [code](https://github.com/mueller91/labelfix) stand at places {places} of "
            "{count:,}, marked ★. Average precision {precision:.3f}; in a random order it would "
            "be about {chance:.4f}.",
            known=len(known),
            places=", ".join(digits(rank, ",") for rank in ranks),
            count=len(order),
            precision=precision,
            chance=chance,
        )
    )


def _sheet(split: Split, shown: np.ndarray, before: int) -> None:
    labels = images(split).labels[shown]
    values = atlas.answers()[[atlas.number(split, int(index)) for index in shown]]
    answers = values.argmax(1)
    clicked = contact_sheet(
        images(split).images[shown],
        [
            say(
                "{place:,}. Label {label}\nlooks like {answer}, {sure}",
                place=before + place + 1,
                label=say(CLASS_NAMES[label]),
                answer=say(CLASS_NAMES[answer]),
                sure=percent(float(sure), 0),
            )
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
        label=say(_SHEETS[split]),
    )
    if clicked is not None:
        up_close(atlas.number(split, clicked))


def up_close(item: int) -> None:
    """Show one item with what five networks say of it, and the ways to its neighbours."""
    st.dialog(say("A suspect"), width="medium")(_up_close)(item)


def _up_close(item: int) -> None:
    split, index = atlas.place(item)
    label = int(images(split).labels[index])
    name = say(CLASS_NAMES[label])
    picture, bars = st.columns([2, 3], vertical_alignment="center")
    picture.image(
        png(np.kron(images(split).images[index], np.ones((10, 10), np.uint8)), 280),
        alt=say(_ALTS[split], index=index, name=name),
        width="stretch",
    )
    picture.markdown(say(_NAMES[split], index=index, name=name))
    bars.plotly_chart(
        probability_bars(atlas.answers()[item], truth=label),
        config=CHART_CONFIG,
        alt=say("Probability of each class"),
    )
    bars.caption(say("By networks that were not trained on this image; ✓ is the label."))
    with st.container(horizontal=True):
        for page, words, icon in (
            ("map", say("On the map"), ":material/map:"),
            ("browse", say("Its pixels and neighbours"), ":material/grid_view:"),
        ):
            st.page_link(
                f"pages/{page}.py",
                label=words,
                icon=icon,
                query_params={"image": f"{split}-{index}"},
            )


def _download(split: Split, found: label_issues.LabelIssues) -> None:
    st.download_button(
        say("Whole ranking (CSV)"),
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
