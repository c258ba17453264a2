"""Look at the data set: grids, one image with its neighbours, class averages, pixel values."""

import streamlit as st

from fmnist_core.translation import say
from pages.sections.browse import controls, overview
from pages.sections.browse.detail import KEY, show_image
from pages.sections.browse.grid import image_grid
from pages.shared.collection import SIZES, parse_reference
from pages.shared.glossary_line import words
from pages.shared.navigation import ensure_navigation

ensure_navigation()
st.title(say("Browse"), anchor=False)
st.markdown(
    say(
        "70,000 pictures of clothes in ten classes, 28×28 grey pixels each. "
        "What you see here is exactly what a network gets."
    )
)
# Before the controls, which quietly drop what they cannot use.
problems = controls.link_problems()
controls.follow_link()
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    controls.choose_split()
    wanted = st.text_input(
        say("Open image"),
        key=KEY,
        bind="query-params",
        icon=":material/search:",
        placeholder=say("4711 or test-12"),
        max_chars=20,
        width=190,
        help=say("An image's number: 0 to 59,999, or test-0 to test-9999 for the test images."),
    )
notes = st.container()
for problem in problems:
    notes.warning(problem, icon=controls.LINK)

listed = None
tabs = st.tabs(
    [say(view) for view in controls.VIEWS], key="view", bind="query-params", on_change="rerun"
)
images, classes, pixels, nine = tabs
if images.open:
    with images:
        listed = image_grid()
elif classes.open:
    with classes:
        overview.class_overview()
elif pixels.open:
    with pixels:
        overview.pixel_values()
elif nine.open:
    with nine:
        overview.first_nine()

if wanted:
    reference = parse_reference(wanted, controls.current_split())
    if reference is None:
        notes.warning(
            say(
                "There is no such image. Type a number from 0 to {last:,}, or test-0 to "
                "test-{last_test}.",
                last=SIZES["train"] - 1,
                last_test=SIZES["test"] - 1,
            ),
            icon=":material/image_not_supported:",
        )
    else:
        in_list = reference.split == controls.current_split()
        show_image(reference, listed if in_list else None)
words("fashion-mnist", "label", "test-set", "ink", "typicality", "nearest-neighbour")
