"""One item spoilt by nine sliders, answered live; and how much of each changes the answer."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.corruptions import CORRUPTIONS, Corruption, spoil_all
from fmnist_core.evaluation.robustness import FLIP_STEPS, SEED, Flip, first_flip
from fmnist_core.figures.colors import class_colors
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.translation import ENGLISH, digits, language, say
from fmnist_core.wording import percent
from pages.components.answer import Opinion, answer
from pages.components.contact_sheet import contact_sheet
from pages.components.picture_row import Picture, picture_row
from pages.shared.item_choice import ChosenItem
from pages.shared.markdown import plain
from pages.shared.resources import classifier_of

_SEED = "spoil_seed"
MOST_SEED = 9_999
PER_ROW = 3


def damage(models: Sequence[Model], item: ChosenItem) -> None:
    """Show the item as the sliders spoil it, and what the models take it for."""
    _live(models, item)
    _limits(models[0], item)


@st.fragment
def _live(models: Sequence[Model], item: ChosenItem) -> None:
    # On a phone the pictures stand right above the sliders, the ten bars below them.
    left, right = st.columns([3, 2], gap="large")
    with left:
        pictures = st.container()
        amounts = _sliders()
    spoilt = spoil_all(item.array[None], amounts, st.session_state.setdefault(_SEED, SEED))[0]
    opinions = _opinions(models, spoilt)
    changed = ", ".join(
        f"{_in_a_row(CORRUPTIONS[name])} {_amount(CORRUPTIONS[name], amount)}"
        for name, amount in amounts.items()
        if amount
    )
    with pictures:
        picture_row(
            [
                Picture(item.array, say("As it is")),
                Picture(spoilt, say("Spoilt"), changed or say("Move a slider."), _said(opinions)),
            ],
            key="spoilt",
            label=say("The item as it is, and spoilt"),
        )
    if opinions:
        with right:
            answer(opinions, None, key="spoilt_answer", truth=item.truth)


def _in_a_row(corruption: Corruption) -> str:
    """Return its title within a sentence, where German nouns keep their capital."""
    title = say(corruption.title)
    return title.lower() if language() == ENGLISH else title


def _opinions(models: Sequence[Model], image: np.ndarray) -> list[Opinion]:
    opinions = []
    for model in models:
        try:
            opinions.append(Opinion(model, classifier_of(model).probabilities(image)[0]))
        except ModelError as error:
            st.warning(plain(str(error)))
    return opinions


def _said(opinions: Sequence[Opinion]) -> str:
    """Return the first model's answer in a word and a number."""
    values = opinions[0].probabilities if opinions else None
    if values is None:
        return ""
    return f"{say(CLASS_NAMES[values.argmax()])} {percent(float(values.max()))}"


def _sliders() -> dict[str, float]:
    """Show nine sliders and the buttons for all of them; return the amounts by name."""
    amounts: dict[str, float] = {}
    names = list(CORRUPTIONS)
    for start in range(0, len(names), PER_ROW):
        # Row by row, so that a phone keeps their order.
        for column, name in zip(st.columns(PER_ROW), names[start : start + PER_ROW], strict=True):
            corruption = CORRUPTIONS[name]
            amounts[name] = column.slider(
                f"{say(corruption.title)} ({say(corruption.unit)})",
                *_ends(corruption),
                key=name,
                help=say(corruption.explanation),
                bind="query-params",
            )
    with st.container(horizontal=True):
        st.button(say("Undo all"), icon=":material/undo:", on_click=_set, args=({},))
        st.button(
            say("Surprise me"),
            icon=":material/casino:",
            on_click=_surprise,
            help=say("Three corruptions by chance."),
        )
        st.button(
            say("Another throw"),
            icon=":material/refresh:",
            on_click=_throw,
            help=say("Other grain, and another place for the black square."),
        )
    return amounts


def _ends(corruption: Corruption) -> tuple[float, float, float, float]:
    """Return lowest, highest and first value, and the step, all of one type as a slider wants."""
    kind = int if float(corruption.step).is_integer() else float
    return kind(corruption.low), kind(corruption.high), kind(0), kind(corruption.step)


def _set(amounts: dict[str, float]) -> None:
    for name, corruption in CORRUPTIONS.items():
        kind = type(_ends(corruption)[0])
        st.session_state[name] = kind(amounts.get(name, 0))


def _surprise() -> None:
    rng = np.random.default_rng()
    chosen = rng.choice(list(CORRUPTIONS), 3, replace=False)
    amounts = {}
    for name in chosen:
        corruption = CORRUPTIONS[str(name)]
        way = rng.choice((-1, 1)) if corruption.both_ways else 1
        amounts[str(name)] = way * corruption.severities[int(rng.integers(0, 4))]
    _set(amounts)


def _throw() -> None:
    st.session_state[_SEED] = int(np.random.default_rng().integers(0, MOST_SEED))


def _amount(corruption: Corruption, amount: float) -> str:
    return digits(amount, "+g" if corruption.low < 0 else "g")


def _limits(model: Model, item: ChosenItem) -> None:
    """Show how much of each corruption alone the model's answer stands; a click sets the slider."""
    st.subheader(say("What it takes"), anchor=False)
    try:
        classify = classifier_of(model).probabilities
    except ModelError:
        return  # said above
    answered = int(classify(item.array)[0].argmax())
    found = {
        name: first_flip(classify, item.array, corruption)
        for name, corruption in CORRUPTIONS.items()
    }
    st.markdown(
        say(
            "{title} takes the item for **{answer}**. This much of one corruption alone makes it "
            "say something else ({steps} amounts tried each way). Click one to set its slider.",
            title=plain(model.title),
            answer=say(CLASS_NAMES[answered]),
            steps=FLIP_STEPS,
        )
    )
    flips = list(found.values())
    contact_sheet(
        np.stack([item.array if flip is None else flip.image for flip in flips]),
        [_flip_words(CORRUPTIONS[name], flip) for name, flip in found.items()],
        "limits",
        colors=class_colors([answered if flip is None else flip.answer for flip in flips]),
        size="large",
        show_captions=True,
        label=say("The smallest amounts that change the answer"),
        on_click=lambda position: _show_flip(list(found)[position], flips[position]),
    )


def _flip_words(corruption: Corruption, flip: Flip | None) -> str:
    if flip is None:
        return say("{corruption}: stands all of it", corruption=say(corruption.title))
    amount = f"{_amount(corruption, flip.amount)} {say(corruption.unit)}"
    return f"{say(corruption.title)} {amount}: {say(CLASS_NAMES[flip.answer])}"


def _show_flip(name: str, flip: Flip | None) -> None:
    if flip is not None:
        # The seed of the flips, so that the same image is seen above.
        st.session_state[_SEED] = SEED
        _set({name: flip.amount})
