"""What augmentation does, shown on real training images."""

from dataclasses import replace

import cv2
import numpy as np
import streamlit as st

from fmnist_core.augmentation.augment import augment
from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.recipes.recipe import Augmentation
from fmnist_core.translation import say
from pages.sections.train import design
from pages.sections.train.options import augmentation_controls
from pages.shared import resources

DRAWS = 4
ENLARGE = 4  # whole pixels, so that nothing is smoothed away
_DRAW = "augmentation_draw"
_FIELD = "field_augmentation"
FIELD_SHARE = 0.5  # what the switch stands for; the option below it may be set to any share


def augmentation(chosen: Augmentation) -> None:
    """Show the options of `chosen` beside ten training images as the network would see them."""
    # The picture comes first: on a phone it would otherwise be out of sight.
    picture, controls = st.columns([2, 3], gap="large")
    with controls:
        st.caption(
            say(
                "Augmentation varies every training image a little each time it is used, so that "
                "the network cannot learn images by heart. Validation and test images stay as "
                "they are."
            )
        )
        st.session_state[_FIELD] = chosen.field > 0
        st.toggle(
            say("Redraw as drawings and photos"),
            key=_FIELD,
            on_change=_switch_field,
            args=(chosen,),
        )
        st.caption(
            say(
                "Redraws half of the images as visitors draw and photograph: outlines, fills, "
                "silhouettes, spread sleeves, shoes from any side, shadows. While it trains, see "
                "what that does for drawings and photos, and what it costs on the validation "
                "images."
            )
        )
        augmentation_controls(chosen)
    with picture:
        draw = st.session_state.setdefault(_DRAW, 0)
        sheet = preview(
            resources.images("train").images, resources.images("train").labels, chosen, draw
        )
        st.image(sheet, width="stretch", alt=say("Ten training images, unchanged and varied"))
        st.caption(
            say(
                "Top row: one image of each class, unchanged. Below: {draws} draws with these "
                "options.",
                draws=DRAWS,
            )
            if chosen
            else say("No option is on: every epoch uses the images as they are.")
        )
        st.button(
            say("Draw again"),
            icon=":material/casino:",
            on_click=_draw_again,
            disabled=not chosen,
        )


def _switch_field(chosen: Augmentation) -> None:
    share = FIELD_SHARE if st.session_state[_FIELD] else 0.0
    design.change(augmentation=replace(chosen, field=share))


def _draw_again() -> None:
    st.session_state[_DRAW] += 1


def preview(images: np.ndarray, labels: np.ndarray, chosen: Augmentation, draw: int) -> np.ndarray:
    """Return the sheet, uint8 grey: the first image of each class above `DRAWS` varied rows."""
    first = images[[int(np.flatnonzero(labels[:1000] == at)[0]) for at in range(len(CLASS_NAMES))]]
    rows = [first]
    if chosen:
        classes = np.arange(len(first))
        rows += [
            augment(first, classes, chosen, np.random.default_rng((draw, row)))
            for row in range(DRAWS)
        ]
    # Two dark pixels between images, a lighter gap below the originals.
    padded = [np.pad(row, ((0, 0), (1, 1), (1, 1))) for row in rows]
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in padded])
    return cv2.resize(sheet, None, fx=ENLARGE, fy=ENLARGE, interpolation=cv2.INTER_NEAREST)
