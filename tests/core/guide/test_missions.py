"""Each mission's check, on runs and deeds whose outcome is known."""

from pathlib import Path
from typing import Any

import pytest

from fmnist_core.data.fashion_mnist import load
from fmnist_core.guide.deeds import Deeds, Epoch, Past, deeds_of, finds_wrong_label, past_of
from fmnist_core.guide.glossary import terms
from fmnist_core.guide.journal import Journal
from fmnist_core.guide.missions import MISSIONS
from fmnist_core.recipes.presets import find
from fmnist_core.runs.rows import EpochRow
from tests.support.languages import speak
from tests.support.runs import finished_run

COMPACT = find("compact").recipe  # fewer than 100,000 parameters
DENSE = find("dense-basics").recipe  # 101,770
# Training, validation accuracy, validation loss.
ILL = ((0.80, 0.80, 0.5), (0.90, 0.85, 0.4), (0.99, 0.86, 0.6))
WELL = ((0.80, 0.80, 0.5), (0.85, 0.85, 0.4), (0.88, 0.87, 0.35))


def past(**changes: Any) -> Past:  # noqa: ANN401 - any field of Past
    epochs = tuple(Epoch(*row) for row in changes.pop("epochs", ()))
    return Past(
        **{"id": "x", "name": "Mine", "recipe": DENSE, "created": 1.0, **changes}, epochs=epochs
    )


def done(name: str, *runs: Past, **deeds: Any) -> list[bool]:  # noqa: ANN401 - journal entries
    return [step.done for step in MISSIONS[name].check(Deeds(runs, **deeds))]


def test_nothing_is_done_before_anything_was() -> None:
    for name in MISSIONS:
        assert not any(done(name)), name


def test_first_light_wants_a_finished_run() -> None:
    assert done("first", past()) == [True, False]
    assert done("first", past(test_accuracy=0.5)) == [True, True]


@pytest.mark.parametrize(
    ("recipe", "accuracy", "expected"),
    [
        (COMPACT, 0.9001, [True, True]),
        (COMPACT, 0.90, [True, False]),  # over 90 %, not 90 %
        (COMPACT, None, [False, False]),
        (DENSE, 0.95, [False, False]),
    ],
)
def test_small_but_sharp_counts_parameters_and_test_images(
    recipe: Any,  # noqa: ANN401
    accuracy: float | None,
    expected: list[bool],
) -> None:
    assert done("small", past(recipe=recipe, test_accuracy=accuracy)) == expected


def test_a_small_weak_run_does_not_hide_a_small_sharp_one() -> None:
    sharp, weak = (past(recipe=COMPACT, test_accuracy=value) for value in (0.92, 0.5))
    assert done("small", sharp, weak) == done("small", weak, sharp) == [True, True]
    (_, step) = MISSIONS["small"].check(Deeds((weak, sharp)))
    assert "92.00 %" in step.evidence


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ((0.92, 0.86, 0.45), True),  # 6 points apart, loss 12 % above its lowest
        ((0.909, 0.86, 0.6), False),  # the gap is too small
        ((0.99, 0.86, 0.43), False),  # the loss has hardly risen
        ((0.75, 0.70, 0.45), True),  # 5 points, as the mission says
        ((0.99, 0.86, 1.1 * 0.4), True),  # 10 %, as the mission says
    ],
)
def test_overfitting_is_a_gap_and_a_risen_loss(last: tuple[float, ...], expected: bool) -> None:
    assert done("overfit", past(epochs=(*ILL[:2], last)))[0] is expected


def test_two_epochs_are_too_few_to_overfit() -> None:
    assert done("overfit", past(epochs=ILL)) == [True, False]
    assert done("overfit", past(epochs=ILL[1:])) == [False, False]


def test_a_small_network_is_told_by_its_numbers() -> None:
    sharp = past(recipe=COMPACT, test_accuracy=0.91)
    network, accuracy = MISSIONS["small"].check(Deeds((sharp,)))
    assert network.text == "Train a network with fewer than 100,000 parameters"
    assert network.evidence == f"“Mine” has {COMPACT.parameters:,}"
    assert accuracy.text == "It gets more than 90 % of the 10,000 test images right"
    assert "91.0" in accuracy.evidence


@pytest.mark.parametrize(
    ("cure", "expected"),
    [
        ({}, True),
        ({"created": 0.5}, False),  # it was there before
        ({"epochs": (*WELL[:2], (0.91, 0.87, 0.35))}, False),  # 4 points apart
        ({"epochs": ((0.5, 0.5, 1.4),) * 3}, False),  # no gap, but worse: that is no cure
        ({"recipe": DENSE.changed(validation_examples=10)}, False),  # judged on other images
        ({"epochs": (WELL[0], WELL[2])}, False),  # too short to tell
        ({"epochs": (WELL[0], WELL[0], (0.88, 0.86, 0.35))}, True),  # 2 points, and as good
        ({"created": 1.0}, False),  # made at the same time
    ],
)
def test_a_cure_is_later_closer_and_as_good(cure: dict[str, Any], expected: bool) -> None:
    ill = past(epochs=ILL)
    later = past(**{"created": 2.0, "epochs": WELL, **cure})
    assert done("overfit", ill, later) == [True, expected]


def test_the_curves_that_were_judged_are_told_with_their_numbers() -> None:
    ill, cure = MISSIONS["overfit"].check(
        Deeds((past(epochs=ILL), past(created=2.0, name="Cured", epochs=WELL)))
    )
    assert ill.evidence == (
        "“Mine”: training 99.0 %, validation 86.0 % at the end, 86.0 % at best; validation loss "
        "0.600, lowest 0.400 (5,000 images)"
    )
    assert cure.evidence.startswith("“Cured”: training 88.0 %, validation 87.0 % at the end")
    older = past(name="Older", epochs=ILL)
    (shown, _) = MISSIONS["overfit"].check(Deeds((older, past(name="Newer", epochs=ILL))))
    assert shown.evidence.startswith("“Newer”")  # the last one that is ill


def test_luck_wants_the_same_recipe_with_another_seed() -> None:
    one = past(test_accuracy=0.88)
    assert done("luck", one) == [True, False]
    twin = past(recipe=DENSE.changed(seed=5, name="Other"), test_accuracy=0.885)
    assert done("luck", one, twin) == [True, True]
    assert done("luck", one, past(test_accuracy=0.9)) == [True, False]  # the same seed
    other = past(recipe=DENSE.changed(seed=5, epochs=3), test_accuracy=0.9)
    assert done("luck", one, other) == [True, False]
    (_, step) = MISSIONS["luck"].check(Deeds((one, twin)))
    assert "0.50 points apart" in step.evidence


def test_five_wrong_labels_and_one_fooling_stroke_are_counted() -> None:
    found = {f"train-{index}": {"time": 1.0} for index in range(4)}
    assert done("labels", wrong_labels=found) == [False]
    assert done("labels", wrong_labels={**found, "train-9": {}}) == [True]
    assert done("fool", fooled={"best-1-4": {"told": "Bag before, Coat after"}}) == [True]


@pytest.mark.parametrize(
    ("guess", "label", "answer", "doubted", "expected"),
    [
        (3, 6, 3, True, True),
        (6, 6, 3, True, False),  # the visitor believed the label
        (4, 6, 3, True, False),  # neither label nor network
        (3, 6, 3, False, False),  # nothing else doubts the label
        (6, 6, 6, True, False),
    ],
)
def test_a_wrong_label_is_found_when_three_agree(
    guess: int, label: int, answer: int, doubted: bool, expected: bool
) -> None:
    assert finds_wrong_label(guess, label, answer, doubted) is expected


def test_a_run_on_disk_is_judged_by_what_it_measured(runs_folder: Path) -> None:
    run = finished_run(DENSE.changed(epochs=2), right=9100, runs=runs_folder)
    found = past_of(run, load("test").labels)
    assert found is not None
    assert found.test_accuracy == pytest.approx(0.91)
    assert found.epochs == (Epoch(0.7, 0.8, 1.0), Epoch(0.7, 0.8, 0.5))
    assert found.gap == pytest.approx(-0.1)


def test_a_run_without_validation_or_test_has_no_figures(runs_folder: Path) -> None:
    run = finished_run(DENSE.changed(epochs=1), runs=runs_folder)
    (run.folder / "evaluation.npz").unlink()
    run.append(EpochRow(epoch=2, loss=0.1, accuracy=0.9))
    found = past_of(run, load("test").labels)
    assert found is not None
    assert found.test_accuracy is None
    assert len(found.epochs) == 1
    (run.folder / "recipe.json").unlink()
    assert past_of(run, load("test").labels) is None


def test_deeds_come_from_runs_in_their_order_and_the_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "A" * 22)
    journal.note("wrong_label", "train-1")
    deeds = deeds_of([past(created=2.0, name="b"), past(created=1.0, name="a")], journal)
    assert [run.name for run in deeds.runs] == ["a", "b"]
    assert list(deeds.wrong_labels) == ["train-1"]


def test_missions_point_to_words_that_exist() -> None:
    for mission in MISSIONS.values():
        assert set(mission.terms) <= set(terms())


def test_a_german_reader_gets_steps_and_figures_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch, "de")
    steps = MISSIONS["small"].check(Deeds([past(recipe=COMPACT, test_accuracy=0.9142)]))
    assert steps[0].text == "Trainiere ein Netz mit weniger als 100.000 Parametern"
    assert steps[0].evidence == f"„Mine“ hat {COMPACT.parameters / 1000:.3f}"
    assert steps[1].text == "Es liegt bei mehr als 90 % der 10.000 Testbilder richtig"
    assert steps[1].evidence == "„Mine“: 91,42 % von 10.000 Testbildern, Startwert 0"
