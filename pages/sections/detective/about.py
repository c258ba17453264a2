"""How the label detective knows: methods, sources, and the figures of how they were made."""

import streamlit as st

from fmnist_core.data import atlas
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent

_PARAGRAPHS = (
    mark("All of this is precomputed; `python -m fmnist_core atlas all` makes it anew."),
    mark(
        "**Honest answers.** The training images were dealt into five folds, each class evenly. "
        "Five small networks (the preset Lightning with {epochs} epochs) learned from four "
        "folds each and judged the fifth, so that nobody judges what they have learned by "
        "heart. The test images get the mean of all. {train} of the 60,000 training and {test} "
        "of the 10,000 test images get the answer that their label says."
    ),
    mark(
        "**Doubted labels.** Confident learning ([Northcutt, Jiang and Chuang "
        "2021](https://arxiv.org/abs/1911.00068), {library}) counts how often items with one "
        "label are confidently taken for another class, each class against its own usual "
        "confidence, and doubts that many labels. The order is by the probability that the "
        "label got. A better network would doubt fewer labels, and other ones: the {doubted:,} "
        "doubted training labels are candidates, not a count of what is wrong."
    ),
    mark(
        "**Known wrong labels.** Müller and Markert ([2019](https://arxiv.org/abs/1912.05283)) "
        "report 64 wrong training labels; {known} of them are named in text that can be checked "
        "here. With so few, the average precision of {precision:.3f} is a rough figure, and a "
        "low one does not mean that what stands above them is labelled well: nobody has checked "
        "the rest."
    ),
    mark(
        "**Near-duplicates.** All pixels of each image were compared with its 90 nearest ones: "
        "{pairs:,} pairs differ by at most 18 grey levels (root mean square). For "
        "{incomplete:,} images in crowded places more than 90 others may be that near, so that "
        "some of their pairs are missing."
    ),
)


def about() -> None:
    """Say how everything on the page was made, in words and with figures."""
    facts = atlas.about()
    answers, labels, pairs = facts["answers"], facts["labels"], facts["duplicates"]
    values = {
        "epochs": answers["epochs"],
        "train": percent(answers["train_accuracy"]),
        "test": percent(answers["test_accuracy"]),
        "library": labels["library"],
        "doubted": labels["train_issues"],
        "known": labels["known_wrong"],
        "precision": labels["average_precision"],
        "pairs": pairs["pairs"],
        "incomplete": pairs["images_whose_pairs_may_be_incomplete"],
    }
    st.markdown("\n\n".join(say(paragraph, **values) for paragraph in _PARAGRAPHS))
