"""Missions: small tasks whose outcome is computed from the visitor's own runs and journal.

Known to `MISSIONS` by name; a check gets what happened and says which steps are done, with the
figures that it judged by.
"""

from collections.abc import Callable
from dataclasses import dataclass

from fmnist_core.guide.deeds import Deeds, Past
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent

GOAL, SMALL = 0.90, 100_000
# Overfitting here: at the end the training images do so much better than validation, and the
# validation loss has risen by so much from its lowest point.
GAP, RISE = 0.05, 1.1
CURED_GAP = 0.02
WRONG_LABELS = 5


@dataclass(frozen=True)
class Step:
    """One condition: what it asks, whether it holds, and the figures that say so."""

    text: str
    done: bool
    evidence: str = ""


@dataclass(frozen=True)
class Mission:
    """A task; `page` is where to go for it, `terms` are the glossary's words behind it."""

    name: str
    title: str
    why: str
    hint: str
    page: str
    terms: tuple[str, ...]
    check: Callable[[Deeds], list[Step]]


def _first(deeds: Deeds) -> list[Step]:
    tested = [past for past in deeds.runs if past.test_accuracy is not None]
    return [
        Step(
            say("Start a run"),
            bool(deeds.runs),
            say("{count} so far", count=len(deeds.runs)) if deeds.runs else "",
        ),
        Step(say("Let one come to its end"), bool(tested), _tested(tested[0]) if tested else ""),
    ]


def _small(deeds: Deeds) -> list[Step]:
    small = [
        past
        for past in deeds.runs
        if past.recipe.parameters < SMALL and past.test_accuracy is not None
    ]
    best = max(small, key=lambda past: past.test_accuracy or 0.0, default=None)
    reached = best is not None and (best.test_accuracy or 0) > GOAL
    return [
        Step(
            say("Train a network with fewer than {most:,} parameters", most=SMALL),
            best is not None,
            say("“{run}” has {parameters:,}", run=best.name, parameters=best.recipe.parameters)
            if best
            else "",
        ),
        Step(
            say(
                "It gets more than {goal} of the 10,000 test images right",
                goal=percent(GOAL, 0),
            ),
            reached,
            _tested(best) if best else "",
        ),
    ]


def overfits(past: Past) -> bool:
    """Whether a run has learned its training images by heart, by the two signs named above."""
    if len(past.epochs) < 3:
        return False
    lowest = min(epoch.val_loss for epoch in past.epochs)
    return past.gap >= GAP and past.epochs[-1].val_loss >= RISE * lowest


def cures(later: Past, ill: Past) -> bool:
    """Whether a later run is free of overfitting and at least as good on validation images.

    Both are judged on the same validation images, or it would not count.
    """
    return (
        later.created > ill.created
        and len(later.epochs) >= 3
        and later.recipe.validation_examples == ill.recipe.validation_examples
        and later.gap <= CURED_GAP
        and later.best >= ill.best
    )


def _overfit(deeds: Deeds) -> list[Step]:
    ill = [past for past in deeds.runs if overfits(past)]
    pairs = [(past, later) for past in ill for later in deeds.runs if cures(later, past)]
    shown, cure = pairs[0] if pairs else (ill[-1] if ill else None, None)
    return [
        Step(
            say(
                "Make a run overfit: at its end training is 5 points above validation, and the "
                "validation loss is 10 % above its lowest"
            ),
            shown is not None,
            _curve(shown) if shown else "",
        ),
        Step(
            say(
                "Cure it: a later run that ends with 2 points or less between the two, and whose "
                "best validation accuracy is at least as high"
            ),
            cure is not None,
            _curve(cure) if cure else "",
        ),
    ]


def _luck(deeds: Deeds) -> list[Step]:
    tested = [past for past in deeds.runs if past.test_accuracy is not None]
    plain = [past.recipe.changed(name="", seed=0) for past in tested]
    twins = [
        (tested[i], tested[j])
        for j in range(len(tested))
        for i in range(j)
        if plain[i] == plain[j] and tested[i].recipe.seed != tested[j].recipe.seed
    ]
    evidence = ""
    if twins:
        one, two = twins[-1]
        apart = abs((one.test_accuracy or 0) - (two.test_accuracy or 0))
        evidence = say(
            "seeds {one} and {two}: {first} and {second}, {apart:.2f} points apart by luck alone "
            "(10,000 test images)",
            one=str(one.recipe.seed),
            two=str(two.recipe.seed),
            first=_share(one),
            second=_share(two),
            apart=apart * 100,
        )
    return [
        Step(say("Finish a run"), bool(tested), _tested(tested[-1]) if tested else ""),
        Step(say("Finish the same recipe with another seed"), bool(twins), evidence),
    ]


def _labels(deeds: Deeds) -> list[Step]:
    count = len(deeds.wrong_labels)
    return [
        Step(
            say("Find {count} wrong labels", count=WRONG_LABELS),
            count >= WRONG_LABELS,
            say("{count} found", count=count) if count else "",
        )
    ]


def _fool(deeds: Deeds) -> list[Step]:
    # The newest: the one that the visitor has just managed.
    last = next(reversed(list(deeds.fooled.values())), None)
    return [
        Step(
            say("Draw one stroke on a test image that Best knows, so that it takes it for another"),
            last is not None,
            str(last.get("told", "")) if last else "",
        )
    ]


def _share(past: Past) -> str:
    return percent(past.test_accuracy or 0.0, 2)


def _tested(past: Past) -> str:
    return say(
        "“{run}”: {share} of 10,000 test images, seed {seed}",
        run=past.name,
        share=_share(past),
        seed=str(past.recipe.seed),
    )


def _curve(past: Past) -> str:
    last = past.epochs[-1]
    lowest = min(epoch.val_loss for epoch in past.epochs)
    return say(
        "“{run}”: training {training}, validation {validation} at the end, {best} at best; "
        "validation loss {loss:.3f}, lowest {lowest:.3f} ({images:,} images)",
        run=past.name,
        training=percent(last.accuracy),
        validation=percent(last.val_accuracy),
        best=percent(past.best),
        loss=last.val_loss,
        lowest=lowest,
        images=past.recipe.validation_examples,
    )


MISSIONS: dict[str, Mission] = {
    mission.name: mission
    for mission in (
        Mission(
            "first",
            mark("First light"),
            mark("See a network learn from nothing, in less than a minute."),
            mark("Take the Lightning preset and press Train."),
            "pages/train.py",
            ("run", "epoch"),
            _first,
        ),
        Mission(
            "small",
            mark("Small but sharp"),
            mark("Over 90 % with under 100,000 parameters: size is not everything."),
            mark("Convolutions use the same few weights everywhere; pool before a dense layer."),
            "pages/train.py",
            ("parameters", "convolution", "pooling"),
            _small,
        ),
        Mission(
            "overfit",
            mark("Make it overfit, then cure it"),
            mark("Know the illness by its curves, and one medicine that works."),
            mark(
                "Few training images, a wide network and many epochs bring it about. More images, "
                "augmentation, dropout, weight decay or stopping early cure it."
            ),
            "pages/train.py",
            ("overfitting", "augmentation", "dropout", "early-stopping"),
            _overfit,
        ),
        Mission(
            "luck",
            mark("How much is luck?"),
            mark(
                "Before you believe that one recipe beats another, see how far two runs of the "
                "same one lie apart."
            ),
            mark("Use a run's recipe again and change nothing but its seed."),
            "pages/train.py",
            ("seed", "confidence-interval"),
            _luck,
        ),
        Mission(
            "labels",
            mark("Find five wrong labels"),
            mark("Not every mistake is the network's."),
            mark(
                "Play “Model or label?” with the images where the two differ. A find counts when "
                "your guess agrees with the network against a label that confident learning doubts."
            ),
            "pages/detective.py",
            ("label", "confident-learning"),
            _labels,
        ),
        Mission(
            "fool",
            mark("Fool the best model with one stroke"),
            mark("See how little it takes, and where it looks."),
            mark(
                "On the Classify page choose Test image and then Add a stroke. The strap of a bag, "
                "the shaft of a boot and the gap between two legs are good places."
            ),
            "pages/classify.py",
            ("confidence", "counterfactual"),
            _fool,
        ),
    )
}
