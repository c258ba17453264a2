"""One item attacked along the gradient of a model's loss: FGSM and PGD, beside blind chance."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.evaluation.adversarial import METHODS, STEPS, Method, random_signs
from fmnist_core.evaluation.attacks import EPSILONS, Attack, attack_item
from fmnist_core.figures.robustness import HEIGHT, Line, attack_chart
from fmnist_core.guide.glossary import explain
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.keras_models import weights_of
from fmnist_core.translation import mark, say
from fmnist_core.wording import percent
from pages.components.picture_row import Picture, picture_row
from pages.shared.engine_work import work
from pages.shared.item_choice import ChosenItem
from pages.shared.markdown import plain
from pages.shared.model_choice import model_title
from pages.shared.resources import classifier_of

SEED = 0
CHANCE = mark("random change")
_AWAY = mark("Anything else")
_KEY = "attacked_model"


def attack(models: Sequence[Model], item: ChosenItem) -> None:
    """Show the item attacked at the chosen strength, and the model's answer at every strength."""
    st.markdown(
        say(
            "The gradient says for each pixel whether more or less ink would confuse the network "
            "most. Every pixel may change by at most **ε** grey levels of 255. Changed as much by "
            "chance, the item beside it shows that the direction does it, not the size."
        )
    )
    by_name = {model.name: model for model in models}
    if st.session_state.get(_KEY) not in by_name:
        st.session_state[_KEY] = models[0].name
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            say("Attacked network"),
            list(by_name),
            key=_KEY,
            format_func=lambda name: model_title(by_name[name]),
            width=260,
        )
        aim = st.selectbox(
            say("It shall say"),
            [_AWAY, *(name for label, name in enumerate(CLASS_NAMES) if label != item.truth)],
            key="attack_aim",
            width=190,
            format_func=say,
            help=say("Anything but what the item is, or one class of your choice."),
        )
    model = by_name[name]
    try:
        weights, classify = weights_of(model), classifier_of(model)
    except ModelError as error:
        st.warning(plain(str(error)), icon=":material/model_training:")
        return
    answered = int(classify.probabilities(item.array)[0].argmax())
    # Without a known label, away from what it is taken for.
    origin = answered if item.truth is None else item.truth
    target = CLASS_NAMES.index(aim) if aim in CLASS_NAMES else None
    label, targeted = (origin, False) if target is None else (target, True)
    found: Attack | None = work(
        "attack",
        attack_item,
        *(weights, item.array, label, targeted, SEED),
        label=say("Following the gradient"),
    )
    if found is None:
        return
    others = [other for other in models if other.name != model.name]
    _strength(model, others, item, found, origin, target)


def _all_images(found: Attack, item: ChosenItem) -> dict[str, np.ndarray]:
    """Return the images at every strength by what made them: uint8 (16, 28, 28) each."""
    repeated = np.repeat(item.array[None], len(EPSILONS), axis=0)
    return {
        METHODS["pgd"]: found.pgd,
        METHODS["fgsm"]: found.fgsm,
        CHANCE: random_signs(repeated, np.array(EPSILONS), SEED),
    }


@st.fragment
def _strength(  # noqa: PLR0917 - a fragment of `attack`, which has them all at hand
    model: Model,
    others: Sequence[Model],
    item: ChosenItem,
    found: Attack,
    origin: int,
    target: int | None,
) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        method: Method = (
            st.segmented_control(
                say("Method"),
                list(METHODS),
                default="pgd",
                required=True,
                format_func=lambda name: METHODS[name],
                key="attack_method",
                help="\n\n".join(
                    (explain("fgsm"), explain("pgd"), say("Here {count} steps.", count=STEPS))
                ),
            )
            or "pgd"
        )
        epsilon = st.select_slider(
            say("ε in grey levels of 255"), EPSILONS, value=8, key="attack_epsilon", width=420
        )
    strength = EPSILONS.index(epsilon)
    everything = _all_images(found, item)
    answers = {
        name: classifier_of(model).probabilities(images) for name, images in everything.items()
    }
    attacked, chance = found.images(method)[strength], everything[CHANCE][strength]
    change = attacked.astype(int) - item.array
    picture_row(
        [
            Picture(item.array, say("The item"), badge=_said(answers[CHANCE][0])),
            Picture(
                # Grey is no change; the strongest is black or white.
                np.clip(128 + change * (127 / max(epsilon, 1)), 0, 255).astype(np.uint8),
                say("The change"),
                say("at most {epsilon} up (white) or down (black)", epsilon=epsilon),
            ),
            Picture(attacked, say("Attacked"), badge=_said(answers[METHODS[method]][strength])),
            Picture(
                chance,
                say("Changed by chance"),
                say("as much"),
                badge=_said(answers[CHANCE][strength]),
            ),
        ],
        key="attacked",
        label=say("The item, the change, the attacked item, and one changed by chance"),
    )
    st.markdown(_verdict(answers, origin, target))
    shown = origin if target is None else target
    st.echarts_chart(
        attack_chart(
            [Line(say(title), tuple(values[:, shown])) for title, values in answers.items()],
            EPSILONS,
            strength,
            say("probability of {name} (%)", name=say(CLASS_NAMES[shown])),
        ),
        height=HEIGHT,
        key="attack_chart",
        alt=say("Probability against the strength of the attack"),
    )
    _transfer(model, others, attacked, origin)


def _said(probabilities: np.ndarray) -> str:
    return f"{say(CLASS_NAMES[probabilities.argmax()])} {percent(float(probabilities.max()))}"


def _verdict(answers: dict[str, np.ndarray], origin: int, target: int | None) -> str:
    """Return from which strength on each way succeeds, in a sentence."""
    parts = []
    for name, values in answers.items():
        labels = values.argmax(1)
        done = labels == target if target is not None else labels != origin
        first = np.flatnonzero(done)
        title = say("A random change of the same size") if name == CHANCE else name
        if not len(first):
            parts.append(say("{title} does not, up to ε = {most}.", title=title, most=EPSILONS[-1]))
        elif not first[0]:
            parts.append(say("{title} needs no change at all.", title=title))
        else:
            epsilon = EPSILONS[first[0]]
            parts.append(
                say("{title} does from **ε = {epsilon}** on.", title=title, epsilon=epsilon)
            )
    asked = (
        say("What gets the item to be taken for {name}?", name=say(CLASS_NAMES[target]))
        if target is not None
        else say(
            "What gets the item no longer to be taken for {name}?", name=say(CLASS_NAMES[origin])
        )
    )
    return " ".join((asked, *parts))


def _transfer(model: Model, others: Sequence[Model], image: np.ndarray, origin: int) -> None:
    """Say whether the same image fools networks whose gradient was never used."""
    lines = []
    for other in others:
        try:
            values = classifier_of(other).probabilities(image)[0]
        except ModelError:
            continue  # said where the models are chosen
        words = (
            mark("{title} says {answer}: **fooled too**.")
            if values.argmax() != origin
            else mark("{title} says {answer}: **not fooled**.")
        )
        lines.append(f"- {say(words, title=plain(other.title), answer=_said(values))}")
    if lines:
        st.markdown(
            say(
                "The attacked image, made against {title} alone, shown to the other networks:",
                title=plain(model.title),
            )
            + "\n\n"
            + "\n".join(lines)
        )
    else:
        st.caption(
            say("Choose more models above to see whether the attacked image fools them too.")
        )
