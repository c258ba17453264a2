"""The network as a picture, on the page."""

from fmnist_core.figures.network import network_svg
from fmnist_core.recipes.recipe import Recipe
from pages.components.register import register

# st.html drops SVG and st.image cannot follow the page's text colour. The SVG is made here from
# numbers and Keras names only, so it is safe to insert as it is.
_component = register(__file__)


def network_drawing(recipe: Recipe, key: str = "network_drawing") -> None:
    """Draw the network of `recipe`; a long one scrolls sideways."""
    _component(key=key, data={"svg": network_svg(recipe)})
