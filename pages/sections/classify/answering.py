"""From a picture to the answer: prepared, asked, shown stage by stage."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models import out_of_distribution, voting
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.preprocessing import prepare
from fmnist_core.preprocessing.item import CHOSEN, Item, KindWish
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.components.answer import Opinion, answer
from pages.components.picture_row import Picture, picture_row
from pages.sections.classify.closest import closest, measure
from pages.sections.classify.corrections import choose_part, corrections, wishes
from pages.sections.classify.teach import teach
from pages.sections.classify.to_board import to_board
from pages.shared.item_choice import remember
from pages.shared.markdown import plain
from pages.shared.resources import classifier_of

# Shown instead of an answer when nothing was found in a picture.
NOTHING_FOUND = mark(
    "Nothing was found in this picture. Show one item on a plain ground, larger, or say below what "
    "kind of picture it is."
)


_TAKEN_FOR = {
    "drawing": mark("Taken for a drawing. Not right? Correct it by hand."),
    "photo": mark("Taken for a photo. Not right? Correct it by hand."),
    "dataset": mark("Taken for a data set image. Not right? Correct it by hand."),
}


@dataclass(frozen=True)
class Result:
    """A prepared item with each model's opinion, and each model's votes on the readings."""

    item: Item
    opinions: list[Opinion]
    votes: list[list[voting.Vote]] = field(default_factory=list)


def ask(item: Item, models: Sequence[Model]) -> Result:
    """Return what the models make of `item`; a model that cannot be used is said and left out."""
    opinions, votes = [], []
    for model in models:
        try:
            asked = classifier_of(model)
        except ModelError as error:
            st.error(plain(str(error)), icon=":material/error:")
            continue
        mean, each = voting.classify(item, asked)
        opinions.append(Opinion(model, None if item.empty else mean))
        votes.append(each)
    return Result(item, opinions, [] if item.empty else votes)


def waiting(models: Sequence[Model], place: DeltaGenerator, message: str, number: int = 0) -> None:
    """Show the empty answer in `place` while there is no picture, with what to do in `message`."""
    opinions = [Opinion(model, None) for model in models]
    measure(models[0])  # so that its closest images are there with the first picture
    with place:
        answer(opinions, None, key="answer", message=message, number=number)


def classify(
    picture: Image.Image | np.ndarray,
    models: Sequence[Model],
    place: DeltaGenerator,
    *,
    name: str,
    kind: KindWish = "auto",
    truth: int | None = None,
    number: int = 0,
) -> None:
    """Show in `place` what the models take the picture for, and below how it got there.

    `name` tells this picture's corrections from those of others; `kind` is what it usually is.
    """
    wanted, overrides = wishes(name, kind)
    result = ask(prepare.prepare(picture, wanted, overrides), models)
    show(result, place, name=name, kind=kind, truth=truth, number=number)


def show(
    result: Result,
    place: DeltaGenerator,
    *,
    name: str,
    kind: KindWish = "auto",
    truth: int | None = None,
    number: int = 0,
) -> None:
    """Show an answer in `place` and its stages, corrections and votes below."""
    item = result.item
    with place:
        _answer(result, name, truth, number)
    _stages(item)
    if kind != "dataset":
        _correct(item, name, kind)
    # Test images judge: taught on them, a model could not be judged any more.
    if truth is None:
        remember(item)
        if not item.empty:
            teach(item, [opinion.model for opinion in result.opinions])
            if result.opinions:
                to_board(item, result.opinions[0])
    if len(item.readings) > 1 and result.votes:
        _votes(result)


def _answer(result: Result, name: str, truth: int | None, number: int) -> None:
    item = result.item
    warning = None
    # An image of the data set itself is like the data set.
    if truth is None and (verdict := out_of_distribution.judge(item)).out_of_distribution:
        reason = say("The likeliest reason: {reason}", reason=say(verdict.reason))
        warning = say(out_of_distribution.UNLIKE), reason
    answer(
        result.opinions,
        item.array,
        key="answer",
        warning=warning,
        message=say(NOTHING_FOUND) if item.empty else " ".join(say(note) for note in item.notes),
        truth=truth,
        number=number,
    )
    choose_part(name, item)
    if not item.empty and result.opinions:
        closest(result.opinions[0].model, item.array)


def _stages(item: Item) -> None:
    picture_row(
        [Picture(stage.image, stage.name, stage.why) for stage in item.stages],
        key="stages",
        label=say("Stages of preparation"),
        title=say("From your picture to what the network gets"),
        numbered=True,
    )


def _correct(item: Item, name: str, kind: KindWish) -> None:
    with st.expander(
        say(_TAKEN_FOR[item.kind]),
        icon=":material/tune:",
        key="corrections",
        on_change="rerun",
    ) as corrected:
        if corrected.open:
            if item.reason != CHOSEN:
                st.caption(item.reason)
            corrections(name, item, kind)


def _votes(result: Result) -> None:
    several = len(result.opinions) > 1
    pictures = []
    for at, reading in enumerate(result.item.readings):
        lines = []
        for opinion, votes in zip(result.opinions, result.votes, strict=True):
            values = votes[at].probabilities
            top = int(values.argmax())
            who = f"{opinion.model.title}: " if several else ""
            lines.append(f"{who}{say(CLASS_NAMES[top])} {percent(float(values[top]))}")
        name = say(reading.name)
        pictures.append(Picture(reading.array, name[0].upper() + name[1:], badge="\n".join(lines)))
    picture_row(
        pictures,
        key="votes",
        label=say("Readings and their votes"),
        title=say("Several readings, one vote each"),
        caption=say(
            "A picture can be read in more than one way. Each model is asked about every "
            "reading, and the answer above is their mean, in which the first counts double."
        ),
    )
