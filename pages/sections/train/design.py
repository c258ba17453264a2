"""The visitor's design: one recipe in the session, and the only functions that change it."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist_core.recipes import presets
from fmnist_core.recipes.options import RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import say

_RECIPE, _PROBLEM, _UNDO, _LINKS, _WRITTEN = (
    "design_recipe",
    "design_problem",
    "design_undo",
    "design_links",
    "design_written",
)
FIRST = presets.LIGHTNING.recipe  # trains in seconds: the shortest way to a first result
MOST_UNDO = 50
# A click may still carry the address from before an edit that the server has answered meanwhile.
STALE_SECONDS = 2.0


def current() -> Recipe:
    """Return the recipe as the visitor has it now."""
    recipe: Recipe = st.session_state.setdefault(_RECIPE, FIRST)
    return recipe


def problem() -> str | None:
    """Return why the last change was refused, in words; None when it was accepted."""
    found: str | None = st.session_state.get(_PROBLEM)
    return found


def attempt(make: Callable[[Recipe], Recipe]) -> bool:
    """Replace the recipe by `make(recipe)` and return True.

    If that raises RecipeError, keep the recipe, keep the reason for `problem()`, return False.
    """
    old = current()
    try:
        new = make(old)
    except RecipeError as error:
        refuse(str(error))
        return False
    st.session_state[_PROBLEM] = None
    if new != old:
        st.session_state[_UNDO] = [*st.session_state.get(_UNDO, []), old][-MOST_UNDO:]
        st.session_state[_RECIPE] = new
    return True


def refuse(reason: str) -> None:
    """Keep the recipe and say why."""
    st.session_state[_PROBLEM] = reason


def change(**changes: Any) -> bool:  # noqa: ANN401 - the recipe's own types
    """Change some fields; what they make meaningless is switched off rather than refused."""

    def make(recipe: Recipe) -> Recipe:
        optimizer = changes.get("optimizer", recipe.optimizer)
        momentum = changes.get("momentum", recipe.momentum)
        if optimizer != "sgd" or not momentum:
            changes.setdefault("nesterov", False)
        return _renamed(recipe.changed(**changes))

    return attempt(make)


def _renamed(recipe: Recipe) -> Recipe:
    """Return the recipe; if only its name is still a preset's, with a name that says so."""
    known = {preset.title: preset.recipe for preset in presets.PRESETS.values()}
    if known.get(recipe.name, recipe) == recipe:
        return recipe
    return recipe.changed(name=say("{name}, changed", name=recipe.name))


def load(recipe: Recipe) -> None:
    """Take over a complete recipe; undo brings the old one back."""
    attempt(lambda _: recipe)


def undoable() -> bool:
    """Return whether there is anything to undo."""
    return bool(st.session_state.get(_UNDO))


def undo() -> None:
    """Go back to the recipe before the last change."""
    if undoable():
        *older, last = st.session_state[_UNDO]
        st.session_state[_UNDO] = older
        st.session_state[_RECIPE] = last
    st.session_state[_PROBLEM] = None


# The address: ?preset=slug for an unchanged preset, ?recipe=LINK for everything else


def follow_url() -> None:
    """Take over the recipe that the address asks for, if it is news to this session.

    A link that is refused leaves the design as it is and the reason in `problem()`.
    """
    asked = {key: st.query_params[key] for key in ("recipe", "preset") if key in st.query_params}
    links: list[dict[str, str]] = st.session_state.setdefault(_LINKS, [])
    if not asked or (links and asked == links[-1]):
        return
    fresh = time.monotonic() - st.session_state.get(_WRITTEN, -STALE_SECONDS) < STALE_SECONDS
    if fresh and asked in links:
        return
    st.session_state[_LINKS] = [*links, asked][-MOST_UNDO:]
    if "recipe" in asked:
        attempt(lambda _: Recipe.from_link(asked["recipe"]))
    else:
        attempt(lambda _: presets.find(asked["preset"]).recipe)


def write_url() -> None:
    """Make the address describe the design, so that a refresh or a copied link brings it back."""
    asked = address(current())
    links: list[dict[str, str]] = st.session_state.setdefault(_LINKS, [])
    shown = {key: st.query_params[key] for key in ("recipe", "preset") if key in st.query_params}
    if not links or links[-1] != asked:
        st.session_state[_LINKS] = [*links, asked][-MOST_UNDO:]
    if shown != asked:
        st.session_state[_WRITTEN] = time.monotonic()
        st.query_params.from_dict(asked)


def address(recipe: Recipe) -> dict[str, str]:
    """Return the query parameters that lead to `recipe`."""
    for name, preset in presets.PRESETS.items():
        if preset.recipe == recipe:
            return {"preset": name}
    return {"recipe": recipe.to_link()}
