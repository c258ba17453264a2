"""The first page: what this is and the way through it."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model
from fmnist_core.translation import mark, say
from fmnist_core.wording import duration, percent, short
from pages.components.contact_sheet import contact_sheet
from pages.shared import tour
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import images

# Three full rows where the window is 1280 pixels wide.
ITEMS = 75

JOURNEY = (
    (
        mark("Browse"),
        "grid_view",
        "pages/browse.py",
        mark("Look at the pictures"),
        mark("70,000 small pictures of clothes in ten classes. Find the typical and the odd ones."),
    ),
    (
        mark("Design"),
        "account_tree",
        "pages/train.py",
        mark("Build a network"),
        mark(
            "Start from a known network or stack layers yourself. Mistakes are explained at once."
        ),
    ),
    (
        mark("Train"),
        "model_training",
        "pages/runs.py",
        mark("See your runs"),
        mark("Watch it learn, batch by batch. Pause it, change its learning rate, compare runs."),
    ),
    (
        mark("Evaluate"),
        "query_stats",
        "pages/evaluate.py",
        mark("Find its mistakes"),
        mark(
            "Where is it right, where is it wrong, and does it know? Every figure leads to "
            "pictures."
        ),
    ),
    (
        mark("Classify"),
        "draw",
        "pages/classify.py",
        mark("Try your own picture"),
        mark("Draw a shoe, upload a photo of your shirt, and see each step from it to the answer."),
    ),
)

HEAD = (mark("Model"), mark("Test accuracy (95 % interval)"), mark("Weights"), mark("Trained in"))


def shipped_models(models: Iterable[Model]) -> None:
    """Show every model with its size and its accuracy on the test images, best first."""
    cards = sorted(
        ((model, model.card) for model in models if model.card),
        key=lambda pair: pair[1].test_accuracy,
        reverse=True,
    )
    rows = [tuple(say(title) for title in HEAD), ("---", "---", "--:", "--:")]
    for model, card in cards:
        low, high = card.test_interval
        rows.append(
            (
                f"**{model.title}**",
                say(
                    "{share} ({low:.1f} to {high:.1f})",
                    share=percent(card.test_accuracy, 2),
                    low=100 * low,
                    high=100 * high,
                ),
                short(model.parameters),
                duration(card.seconds),
            )
        )
    # Not st.dataframe: its import alone would take half of the first page's time.
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    count = min((card.test_examples for _, card in cards), default=0)
    machines = "; ".join(dict.fromkeys(card.hardware for _, card in cards))
    st.caption(
        say(
            "Measured on {count:,} test images that no model has learned from; where a choice was "
            "made after they had been seen, the model's card says so. Training times are those of "
            "{machines}.",
            count=count,
            machines=machines,
        )
    )


def real_pictures(models: Iterable[Model]) -> None:
    """Show what the models make of real drawings and photos, where that was measured."""
    measured = [(x, x.card.real_pictures) for x in models if x.card and x.card.real_pictures]
    if not measured:
        return
    measured.sort(key=lambda pair: pair[1].get("photos, first answer", 0.0), reverse=True)
    rows: list[tuple[str, ...]] = [
        (say("Model"), say("Drawings"), say("Photos")),
        ("---", "--:", "--:"),
    ]
    for model, shares in measured:
        cells = []
        for kind in ("drawings", "photos"):
            keys = [f"{kind}, first {rank}" for rank in ("answer", "three")]
            found = [percent(shares[key], 0) for key in keys if key in shares]
            cells.append("{} ({})".format(*found) if len(found) == 2 else say("not measured"))
        rows.append((f"**{model.title}**", *cells))
    st.subheader(say("On pictures like yours"), anchor=False)
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    st.caption(
        say(
            "Right at once (among the first three answers), on 101 real drawings and 325 photos by "
            "people whose pictures no model has learned from. Choices about *Field* were made by "
            "them, so expect a little less on yours. The Classify page shows how such a picture is "
            "read."
        )
    )


ensure_navigation()
st.title("Fashion-MNIST Lab", anchor=False)
st.markdown(
    say(
        "Teach a computer to tell a sneaker from a sandal: design a neural network, watch it learn "
        "on real pictures, find out where it is wrong, and let it look at your own. Everything "
        "runs here; nothing has to be installed or coded."
    )
)
with st.container(horizontal=True):
    if st.button(say("Draw an item"), icon=":material/draw:", type="primary"):
        st.switch_page("pages/classify.py")
    if st.button(say("Train a network in a minute"), icon=":material/bolt:"):
        st.switch_page("pages/train.py", query_params={"preset": "lightning"})

tour.offer()
test = images("test")
# Other items at each visit, the same ones until the page is left.
seed = st.session_state.setdefault("home_seed", int(np.random.default_rng().integers(2**31)))
chosen = np.random.default_rng(seed).choice(len(test), ITEMS, replace=False)
clicked = contact_sheet(
    test.images[chosen],
    [
        say("{label}, test image {index}", label=say(CLASS_NAMES[test.labels[index]]), index=index)
        for index in chosen
    ],
    "home_sheet",
    ids=chosen,
    size="small",
    label=say("Items from the test images"),
)
if clicked is not None:
    st.switch_page("pages/browse.py", query_params={"image": f"test-{clicked}"})
st.caption(say("Real items from the data set, others at every visit. Click one to look closer."))

st.subheader(say("The way through"), anchor=False)
for column, (name, icon, page, action, text) in zip(st.columns(5), JOURNEY, strict=True):
    with column.container(border=True, height="stretch", vertical_alignment="distribute"):
        st.markdown(f"**:material/{icon}: {say(name)}**\n\n{say(text)}")
        st.page_link(page, label=say(action), icon=":material/arrow_forward:")

if shipped := catalogue.shipped():
    st.subheader(say("Ready to use"), anchor=False)
    shipped_models(shipped.values())
    real_pictures(shipped.values())
