"""The layer list: add, remove, reorder and edit layers, with shapes and errors beside each."""

import secrets
from typing import Any

import streamlit as st

from fmnist_core.recipes.host import LOCAL
from fmnist_core.recipes.layer import Layer, describe
from fmnist_core.recipes.layers import LAYERS, layer_from_dict
from fmnist_core.recipes.options import Option, RecipeError
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.translation import digits, mark, say
from pages.components.layer_editor import layer_editor
from pages.sections.train import design

_KEY, _SEEN, _SESSION, _REFUSED = (
    "builder",
    "builder_seen",
    "builder_session",
    "builder_refused",
)

GROUPS = {
    mark("Convolution"): ("Conv2D", "SeparableConv2D", "DepthwiseConv2D", "ResidualBlock"),
    mark("Pooling"): (
        "MaxPooling2D",
        "AveragePooling2D",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
    ),
    mark("Dense"): ("Flatten", "Dense"),
    mark("In between"): ("Activation", "BatchNormalization", "LayerNormalization", "Dropout"),
}
# What the options of layers are called.
LABELS = {
    "units": mark("units"),
    "activation": mark("activation"),
    "momentum": mark("momentum"),
    "rate": mark("rate"),
    "filters": mark("filters"),
    "kernel_size": mark("kernel size"),
    "strides": mark("strides"),
    "padding": mark("padding"),
    "use_bias": mark("bias"),
    "pool_size": mark("pool size"),
    "dropout": mark("dropout"),
}


def builder(recipe: Recipe, most_layers: int) -> None:
    """Show the layers of `recipe` for editing; edits go to the design before the next run."""
    session = st.session_state.setdefault(_SESSION, secrets.token_urlsafe(6))
    layer_editor(
        key=_KEY,
        data={
            "session": session,
            "seen": st.session_state.get(_SEEN, 0),
            "kinds": _kinds(),
            "rows": rows(recipe, st.session_state.pop(_REFUSED, None)),
            "full": len(recipe.layers) >= most_layers,
            "totals": {
                "parameters": digits(recipe.parameters, ","),
                "multiply_adds": digits(recipe.multiply_adds, ","),
            },
        },
        on_edited_change=_edited,
    )


def _edited() -> None:
    take(st.session_state[_KEY].get("edited"))


def take(edit: object) -> None:
    """Take over an edit as the browser sent it; it can be anything, the recipe decides.

    A layer that is refused is explained at its place and the design stays as it was.
    """
    if not isinstance(edit, dict) or edit.get("session") != st.session_state.get(_SESSION):
        return
    if isinstance(edit.get("edit"), int):
        st.session_state[_SEEN] = edit["edit"]
    sent, layers = edit.get("layers"), []
    sent = sent if isinstance(sent, list) else [sent]
    if len(sent) > LOCAL.layers:
        design.refuse(say("A network has at most {most} layers.", most=LOCAL.layers))
        return
    for at, data in enumerate(sent):
        try:
            layers.append(layer_from_dict(data))
        except RecipeError as error:
            st.session_state[_REFUSED] = (at, str(error))
            return
    design.change(layers=tuple(layers))


def rows(recipe: Recipe, refused: tuple[int, str] | None = None) -> list[dict[str, Any]]:
    """Return what the component shows of each layer.

    The layer where the design breaks, or whose new value was refused, carries the reason in
    `error`; the layers behind a break have no figures.
    """
    known = recipe.rows()
    found = []
    for at, layer in enumerate(recipe.layers):
        row = known[at] if at < len(known) else None
        fits = row is not None and row.shape is not None
        found.append(
            {
                "kind": layer.label(),
                "values": layer.to_dict(),
                "output": describe(row.shape) if row and row.shape else "–",
                "parameters": digits(row.parameters, ",") if row and fits else "–",
                "multiply_adds": digits(row.multiply_adds, ",") if row and fits else "–",
                "error": row.error if row else None,
            }
        )
    if refused and refused[0] < len(found):
        found[refused[0]]["error"] = refused[1]
    return found


def _kinds() -> dict[str, Any]:
    """Return what the component needs to know of each kind of layer, in the order of `GROUPS`."""
    grouped = {name: group for group, names in GROUPS.items() for name in names}
    ordered = [*grouped, *(name for name in LAYERS if name not in grouped)]
    return {name: _kind(LAYERS[name], grouped.get(name, mark("Other"))) for name in ordered}


def _kind(layer: type[Layer], group: str) -> dict[str, Any]:
    return {
        "title": layer.label(),
        "group": say(group),
        "help": say(layer.meaning()),
        "defaults": layer().to_dict(),
        "fields": [_field(name, option) for name, option in layer.options().items()],
    }


def _field(name: str, option: Option) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": name,
        "label": say(LABELS[name]),
        "help": say(option.help),
        "type": {"integer": "number", "real": "number", "switch": "bool"}.get(option.kind),
    }
    if option.kind == "choice":
        words = [{"value": word, "label": word.replace("_", " ")} for word in option.choices]
        return {**field, "options": words}
    step = 1 if option.kind == "integer" else 0.05
    return {**field, "min": option.low, "max": option.high, "step": step}
