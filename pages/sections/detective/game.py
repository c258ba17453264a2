"""Model or label? The visitor guesses, then sees the label, the model's answer and the score."""

import secrets
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from fmnist_core.data import atlas
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.figures.style import CHART_CONFIG, probability_bars
from fmnist_core.guide import game
from fmnist_core.translation import mark, say, say_count
from fmnist_core.wording import percent
from pages.components.encoding import png
from pages.shared.deeds import note_guess
from pages.shared.resources import images

RANDOM, DISPUTED = mark("Any test image"), mark("Where model and label differ")
_KEY = "detective_game"


@dataclass
class Game:
    """One visitor's game: what was shown, what they said, and whether the truth is open."""

    disputed: bool
    seed: int = field(default_factory=lambda: secrets.randbelow(2**31))
    shown: list[int] = field(default_factory=list)
    guesses: list[int] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether the image that is shown has been guessed."""
        return len(self.guesses) == len(self.shown)


def play() -> None:
    """Show the game."""
    kind = st.segmented_control(
        say("Images"),
        (RANDOM, DISPUTED),
        format_func=say,
        default=RANDOM,
        required=True,
        key="game_kind",
        help=say(
            "With any test image your accuracy can be compared with published figures. Where "
            "model and label differ, at most one of them is right: whom do you believe?"
        ),
    )
    games: dict[str, Game] = st.session_state.setdefault(_KEY, {})
    present = games.setdefault(str(kind), Game(kind == DISPUTED))
    if not present.shown:
        _next(present)
    _round(present)


def _answers() -> np.ndarray:
    return atlas.answers()[atlas.TRAIN :].argmax(1)


def _next(present: Game) -> None:
    labels = images("test").labels
    item = game.draw(labels, _answers(), present.shown, present.seed, disputed=present.disputed)
    if item is not None:
        present.shown.append(item)


def _guess(present: Game, label: int) -> None:
    # A second click on a slow line must not count twice.
    if present.open:
        return
    present.guesses.append(label)
    index = present.shown[-1]
    truth, answer = int(images("test").labels[index]), int(_answers()[index])
    note_guess(index, label, truth, answer, bool(atlas.issues("test").issue[index]))


def _again(present: Game) -> None:
    present.shown.clear()
    present.guesses.clear()
    present.seed = secrets.randbelow(2**31)


@st.fragment
def _round(present: Game) -> None:
    index = present.shown[-1]
    picture, side = st.columns([2, 3], gap="large")
    with picture:
        st.image(
            png(np.kron(images("test").images[index], np.ones((12, 12), np.uint8)), 336),
            alt=say("The item to guess"),
            width=336,
        )
    with side:
        if present.open:
            _reveal(present, index)
        else:
            st.markdown(say("**Round {number}.** What is it?", number=len(present.shown)))
            with st.container(horizontal=True, gap="small"):
                for label, name in enumerate(CLASS_NAMES):
                    st.button(
                        say(name), key=f"guess_{label}", on_click=_guess, args=(present, label)
                    )
    if present.guesses:
        _score(present)


def _reveal(present: Game, index: int) -> None:
    values = atlas.answers()[atlas.TRAIN + index]
    label, guess = int(images("test").labels[index]), present.guesses[-1]
    answer = int(values.argmax())
    st.markdown(
        say(
            "You: **{guess}** {guess_tick}  \nModel: **{answer}** {answer_tick}, {sure} sure  \n"
            "Label: **{label}**",
            guess=say(CLASS_NAMES[guess]),
            guess_tick=_tick(guess == label),
            answer=say(CLASS_NAMES[answer]),
            answer_tick=_tick(answer == label),
            sure=percent(float(values.max()), 0),
            label=say(CLASS_NAMES[label]),
        )
    )
    if answer != label and guess == answer:
        st.caption(say("You and the model against the label: a suspect?"))
    st.plotly_chart(
        probability_bars(values, truth=label, height=260),
        config=CHART_CONFIG,
        alt=say("Probability of each class"),
        key=f"game_bars_{index}",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            say("Next image"),
            type="primary",
            icon=":material/arrow_forward:",
            shortcut="Enter",
            on_click=_next,
            args=(present,),
        )
        st.page_link(
            "pages/map.py",
            label=say("On the map"),
            icon=":material/map:",
            query_params={"image": f"test-{index}"},
        )


def _tick(right: bool) -> str:
    return "✓" if right else "✗"


def _of(times: int, count: int) -> str:
    return say("{times} of {count}", times=times, count=count)


def _score(present: Game) -> None:
    count = len(present.guesses)
    shown = np.array(present.shown[:count])
    found = game.score(present.guesses, images("test").labels[shown], _answers()[shown])
    st.subheader(say("Score"), anchor=False)
    if present.disputed:
        sides = (
            (say("You believed the label"), found.with_label),
            (say("You believed the model"), found.with_model),
            (say("Neither"), found.disputes - found.with_label - found.with_model),
        )
        with st.container(horizontal=True):
            for words, times in sides:
                st.metric(words, _of(times, count), width=220)
    else:
        with st.container(horizontal=True):
            st.metric(say("You"), _of(found.person, count), width=150)
            st.metric(say("Model"), _of(found.model, count), width=150)
            st.metric(say("Published: people"), percent(game.HUMAN_ACCURACY), width=190)
            st.metric(say("Label"), _of(count, count), width=150)
        low, high = found.person_interval
        st.caption(
            say_count(
                "Measured against the label, which is right by definition. After {number} image "
                "your accuracy lies between {low} and {high} (95 % interval). The published "
                "figure is of people without training in fashion, on 1,000 test images. The model "
                "is the mean of five small networks, none of which was trained on test images.",
                "Measured against the label, which is right by definition. After {number} images "
                "your accuracy lies between {low} and {high} (95 % interval). The published "
                "figure is of people without training in fashion, on 1,000 test images. The model "
                "is the mean of five small networks, none of which was trained on test images.",
                count,
                low=percent(low, 0),
                high=percent(high, 0),
            )
        )
    st.button(
        say("Start over"),
        icon=":material/restart_alt:",
        type="tertiary",
        on_click=_again,
        args=(present,),
    )
