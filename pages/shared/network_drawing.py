"""The network as a picture, on the page."""

import streamlit as st

from fmnist_core.network_figure import HEIGHT, network_svg
from fmnist_core.recipe import Recipe

# st.html drops SVG and st.image cannot follow the page's text colour. The SVG is made here from
# numbers and Keras names only, so it is safe to insert as it is.
_component = st.components.v2.component(
    "network_drawing",
    html="""
<div class="drawing" tabindex="0" role="group" aria-label="Drawing of the network">
</div>
""",
    css=f"""
.drawing {{
  overflow-x: auto; overflow-y: hidden; min-height: {HEIGHT}px;
  color: var(--st-text-color); font-family: var(--st-font);
}}
.drawing svg {{ display: block; margin: 0 auto; }}
.drawing:focus-visible {{ outline: 2px solid var(--st-primary-color); }}
""",
    js="""
export default function ({ data, parentElement }) {
  const drawing = parentElement.querySelector(".drawing")
  if (drawing.shown !== data.svg) drawing.innerHTML = drawing.shown = data.svg
}
""",
)


def network_drawing(recipe: Recipe, key: str = "network_drawing") -> None:
    """Draw the network of `recipe`; a long one scrolls sideways."""
    _component(key=key, data={"svg": network_svg(recipe)})
