"""Model or label? Guesses of a person, compared with a model's answers and with the labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist_core.evaluation.metrics import wilson

# "Human performance" in the benchmark table of github.com/zalandoresearch/fashion-mnist: people
# without training in fashion, on 1,000 test images.
HUMAN_ACCURACY = 0.835


@dataclass(frozen=True)
class Score:
    """What a game has come to.

    `rounds` were played; `person` and `model` are how often each said what the label says, with
    95 % intervals of the shares; `together` is how often the two said the same. Where model and
    label differ (`disputes`), the person sided with the label, with the model, or with neither.
    """

    rounds: int
    person: int
    model: int
    together: int
    disputes: int
    with_label: int
    with_model: int

    @property
    def person_interval(self) -> tuple[float, float]:
        """The 95 % interval of the person's accuracy."""
        return wilson(self.person, self.rounds)

    @property
    def model_interval(self) -> tuple[float, float]:
        """The 95 % interval of the model's accuracy."""
        return wilson(self.model, self.rounds)


def score(guesses: Sequence[int], labels: Sequence[int], answers: Sequence[int]) -> Score:
    """Return the score of as many guesses as there are labels and a model's answers, 0 to 9 each.

    Raises ValueError when their numbers differ.
    """
    if not len(guesses) == len(labels) == len(answers):
        raise ValueError(
            f"{len(guesses)} guesses, {len(labels)} labels and {len(answers)} answers; "
            "give one of each a round."
        )
    guess, label, answer = (np.asarray(values, int) for values in (guesses, labels, answers))
    disputed = label != answer
    return Score(
        rounds=len(guess),
        person=int((guess == label).sum()),
        model=int((answer == label).sum()),
        together=int((guess == answer).sum()),
        disputes=int(disputed.sum()),
        with_label=int((disputed & (guess == label)).sum()),
        with_model=int((disputed & (guess == answer)).sum()),
    )


def draw(
    labels: np.ndarray, answers: np.ndarray, played: Sequence[int], seed: int, *, disputed: bool
) -> int | None:
    """Return the next image to show: one not played yet, at random; None when all are.

    `disputed` draws only from those where the answer (n,) is not the label (n,). The same `seed`
    and the same images played give the same next one.
    """
    among = np.flatnonzero(labels != answers) if disputed else np.arange(len(labels))
    left = np.setdiff1d(among, np.asarray(played, int))
    if not len(left):
        return None
    return int(np.random.default_rng((seed, len(played))).choice(left))
