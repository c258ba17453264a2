"""The first page: what this is and the way through it."""

from collections.abc import Iterable

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.models import catalogue
from fmnist_core.models.catalogue import Model
from fmnist_core.wording import duration, percent, short
from pages.components.contact_sheet import contact_sheet
from pages.shared import tour
from pages.shared.navigation import ensure_navigation
from pages.shared.resources import images

# Three full rows where the window is 1280 pixels wide.
ITEMS = 75

JOURNEY = (
    (
        "Browse",
        "grid_view",
        "pages/browse.py",
        "Look at the pictures",
        "70,000 small pictures of clothes in ten classes. Find the typical and the odd ones.",
    ),
    (
        "Design",
        "account_tree",
        "pages/train.py",
        "Build a network",
        "Start from a known network or stack layers yourself. Mistakes are explained at once.",
    ),
    (
        "Train",
        "model_training",
        "pages/runs.py",
        "See your runs",
        "Watch it learn, batch by batch. Pause it, change its learning rate, compare runs.",
    ),
    (
        "Evaluate",
        "query_stats",
        "pages/evaluate.py",
        "Find its mistakes",
        "Where is it right, where is it wrong, and does it know? Every figure leads to pictures.",
    ),
    (
        "Classify",
        "draw",
        "pages/classify.py",
        "Try your own picture",
        "Draw a shoe, upload a photo of your shirt, and see each step from it to the answer.",
    ),
)

HEAD = ("Model", "Test accuracy (95 % interval)", "Weights", "Trained in")


def shipped_models(models: Iterable[Model]) -> None:
    """Show every model with its size and its accuracy on the test images, best first."""
    cards = sorted(
        ((model, model.card) for model in models if model.card),
        key=lambda pair: pair[1].test_accuracy,
        reverse=True,
    )
    rows = [HEAD, ("---", "---", "--:", "--:")]
    for model, card in cards:
        low, high = card.test_interval
        rows.append(
            (
                f"**{model.title}**",
                f"{percent(card.test_accuracy, 2)} ({100 * low:.1f} to {100 * high:.1f})",
                short(model.parameters),
                duration(card.seconds),
            )
        )
    # Not st.dataframe: its import alone would take half of the first page's time.
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    count = min((card.test_examples for _, card in cards), default=0)
    machines = "; ".join(dict.fromkeys(card.hardware for _, card in cards))
    st.caption(
        f"Measured on {count:,} test images that no model has learned from; where a choice was "
        "made after they had been seen, the model's card says so. Training times are those of "
        f"{machines}."
    )


def real_pictures(models: Iterable[Model]) -> None:
    """Show what the models make of real drawings and photos, where that was measured."""
    measured = [(x, x.card.real_pictures) for x in models if x.card and x.card.real_pictures]
    if not measured:
        return
    measured.sort(key=lambda pair: pair[1].get("photos, first answer", 0.0), reverse=True)
    rows: list[tuple[str, ...]] = [("Model", "Drawings", "Photos"), ("---", "--:", "--:")]
    for model, shares in measured:
        cells = []
        for kind in ("drawings", "photos"):
            keys = [f"{kind}, first {rank}" for rank in ("answer", "three")]
            found = [percent(shares[key], 0) for key in keys if key in shares]
            cells.append("{} ({})".format(*found) if len(found) == 2 else "not measured")
        rows.append((f"**{model.title}**", *cells))
    st.subheader("On pictures like yours", anchor=False)
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    st.caption(
        "Right at once (among the first three answers), on 101 real drawings and 325 photos by "
        "people whose pictures no model has learned from. Choices about *Field* were made by them, "
        "so expect a little less on yours. The Classify page shows how such a picture is read."
    )


ensure_navigation()
st.title("Fashion-MNIST Lab", anchor=False)
st.markdown(
    "Teach a computer to tell a sneaker from a sandal: design a neural network, watch it learn on "
    "real pictures, find out where it is wrong, and let it look at your own. Everything runs here; "
    "nothing has to be installed or coded."
)
with st.container(horizontal=True):
    if st.button("Draw an item", icon=":material/draw:", type="primary"):
        st.switch_page("pages/classify.py")
    if st.button("Train a network in a minute", icon=":material/bolt:"):
        st.switch_page("pages/train.py", query_params={"preset": "lightning"})

tour.offer()
test = images("test")
# Other items at each visit, the same ones until the page is left.
seed = st.session_state.setdefault("home_seed", int(np.random.default_rng().integers(2**31)))
chosen = np.random.default_rng(seed).choice(len(test), ITEMS, replace=False)
clicked = contact_sheet(
    test.images[chosen],
    [f"{CLASS_NAMES[test.labels[index]]}, test image {index}" for index in chosen],
    "home_sheet",
    ids=chosen,
    size="small",
    label="Items from the test images",
)
if clicked is not None:
    st.switch_page("pages/browse.py", query_params={"image": f"test-{clicked}"})
st.caption("Real items from the data set, others at every visit. Click one to look closer.")

st.subheader("The way through", anchor=False)
for column, (name, icon, page, action, text) in zip(st.columns(5), JOURNEY, strict=True):
    with column.container(border=True, height="stretch", vertical_alignment="distribute"):
        st.markdown(f"**:material/{icon}: {name}**\n\n{text}")
        st.page_link(page, label=action, icon=":material/arrow_forward:")

if shipped := catalogue.shipped():
    st.subheader("Ready to use", anchor=False)
    shipped_models(shipped.values())
    real_pictures(shipped.values())
