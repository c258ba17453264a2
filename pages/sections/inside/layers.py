"""The sections of the Inside page: the layers, a layer's maps, the sum of a unit."""

import math
import re
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.arithmetic import Place, arithmetic
from fmnist_core.explanations.feature_maps import LayerOutput, feature_maps
from fmnist_core.figures.heatmaps import limit_of, signed, tile
from fmnist_core.models.catalogue import Model, ModelError
from fmnist_core.models.keras_models import Weights, weights_of
from fmnist_core.recipes.layer import describe
from fmnist_core.translation import digits, mark, say
from fmnist_core.wording import percent
from pages.components.arithmetic import arithmetic_view
from pages.components.contact_sheet import contact_sheet
from pages.components.unit_map import unit_map
from pages.sections.inside import units
from pages.sections.inside.layer_words import about
from pages.shared.engine_work import work
from pages.shared.item_choice import ChosenItem
from pages.shared.markdown import plain

MOST_MAPS = 128
_LAYER, _PLACES = "inside_layer", "inside_places"
TABS = (mark("The sum"), mark("Pattern"), mark("What excites it"), mark("Dead units"))


@dataclass(frozen=True)
class Opened:
    """A network with what each layer gives for an item."""

    model: Model
    weights: Weights
    item: ChosenItem
    layers: list[LayerOutput]


@dataclass(frozen=True)
class Unit:
    """Row, column and channel of a chosen unit; in a list of units only the channel counts."""

    row: int
    column: int
    channel: int


def open_network(model: Model, item: ChosenItem) -> Opened | None:
    """Return what every layer gives, or None while the engine works on it or without weights."""
    try:
        weights = weights_of(model)
    except ModelError as error:
        st.info(plain(str(error)), icon=":material/model_training:")
        return None
    layers = work(
        "inside", feature_maps, weights, item.array, label=say("Looking into every layer")
    )
    return None if layers is None else Opened(model, weights, item, layers)


def choose_layer(opened: Opened) -> LayerOutput:
    """Show all layers, each by its liveliest map, and return the chosen one (`?layer=2`)."""
    asked = st.query_params.get("layer", "")
    known = asked.isascii() and asked.isdecimal() and len(asked) < 4
    chosen = int(asked) if known else st.session_state.get(_LAYER, 1)
    chosen = min(len(opened.layers) - 1, max(0, chosen))
    st.session_state[_LAYER] = chosen
    contact_sheet(
        np.stack([_cover(layer) for layer in opened.layers]),
        [f"{layer.position} {_words(layer.kind)}\n{_shape(layer)}" for layer in opened.layers],
        "inside_layers",
        selected=chosen,
        size="large",
        show_captions=True,
        label=say("Layers"),
        on_click=_choose_layer,
    )
    return opened.layers[chosen]


def _choose_layer(position: int) -> None:
    st.session_state[_LAYER] = position
    st.query_params["layer"] = str(position)


def _words(kind: str) -> str:
    """Return a Keras name that may break between its words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind)


def _shape(layer: LayerOutput) -> str:
    return describe(layer.values.shape)


def _cover(layer: LayerOutput) -> np.ndarray:
    """Return the map with the largest value, or all units, as a tile: uint8 (28, 28, 3)."""
    if layer.values.ndim == 3:
        channel = int(np.abs(layer.values).max((0, 1)).argmax())
        return tile(signed(layer.values[..., channel]))
    return tile(signed(_laid_out(layer.values)))


def _laid_out(values: np.ndarray) -> np.ndarray:
    """Return a list of units as a rectangle (h, w); what is left over at its end is 0."""
    width = math.ceil(math.sqrt(len(values)))
    height = math.ceil(len(values) / width)
    return np.pad(values, (0, height * width - len(values))).reshape(height, width)


def layer_view(opened: Opened, layer: LayerOutput) -> None:
    """Show one layer: its maps, a map up close, and all about the chosen unit."""
    st.subheader(
        say("Layer {number}: {kind}", number=layer.position, kind=layer.kind), anchor=False
    )
    st.markdown(about(layer))
    unit = _unit(layer)
    left, right = st.columns([5, 6], gap="large")
    with left:
        _maps(opened, layer, unit)
    with right:
        tabs = st.tabs([say(name) for name in TABS], key="inside_tab", on_change="rerun")
        place = (unit.row, unit.column, unit.channel)
        for tab, name in zip(tabs, TABS, strict=True):
            if tab.open:
                with tab:
                    if name == "The sum":
                        unit_sum(
                            opened.weights,
                            opened.item.array,
                            layer,
                            place if layer.values.ndim == 3 else place[2:],
                        )
                    elif name == "Pattern":
                        units.patterns(opened.weights, layer, unit.channel)
                    elif name == "What excites it":
                        units.exciting(opened.weights, layer, unit.channel)
                    else:
                        units.dead(opened.weights, opened.layers)


def _unit(layer: LayerOutput) -> Unit:
    """Return the unit chosen in this layer, at first the one with the largest value."""
    places: dict[int, Unit] = st.session_state.setdefault(_PLACES, {})
    kept = places.get(layer.position)
    values = layer.values
    if values.ndim == 3:
        if kept is not None and all(
            at < size
            for at, size in zip((kept.row, kept.column, kept.channel), values.shape, strict=True)
        ):
            return kept
        return Unit(*(int(i) for i in np.unravel_index(np.abs(values).argmax(), values.shape)))
    if kept is not None and kept.channel < len(values):
        return kept
    return Unit(0, 0, int(np.abs(values).argmax()))


def _choose(layer: LayerOutput, unit: Unit) -> None:
    st.session_state[_PLACES][layer.position] = unit


def _maps(opened: Opened, layer: LayerOutput, unit: Unit) -> None:
    limit = limit_of(layer.values)
    if layer.values.ndim == 1:
        _units(opened, layer, unit, limit)
        return
    strongest = layer.values.max((0, 1))

    def choose_map(channel: int) -> None:
        # In another map, what lies at the same place may be nothing: go to what is strongest.
        found = np.unravel_index(
            np.abs(layer.values[..., channel]).argmax(), layer.values.shape[:2]
        )
        _choose(layer, Unit(int(found[0]), int(found[1]), channel))

    def choose_cell(cell: tuple[int, int]) -> None:
        _choose(layer, Unit(*cell, unit.channel))

    if layer.channels > 1:
        shown = range(min(layer.channels, MOST_MAPS))
        contact_sheet(
            np.stack([tile(signed(layer.values[..., i], limit)) for i in shown]),
            [say("map {number}, at most {most:.2f}", number=i, most=strongest[i]) for i in shown],
            f"inside_maps_{layer.position}",
            selected=unit.channel,
            size="small",
            label=say("Feature maps of layer {number}", number=layer.position),
            on_click=choose_map,
        )
        if layer.channels > MOST_MAPS:
            st.caption(
                say("The first {shown} of {count} maps.", shown=MOST_MAPS, count=layer.channels)
            )
    st.markdown(say("**Map {number}**", number=unit.channel))
    unit_map(
        opened.item.array,
        layer.values[..., unit.channel],
        f"inside_map_{layer.position}",
        field=layer.field,
        limit=limit,
        selected=(unit.row, unit.column),
        on_click=choose_cell,
        label=say("Map {number} of layer {layer}", number=unit.channel, layer=layer.position),
    )


def _units(opened: Opened, layer: LayerOutput, unit: Unit, limit: float) -> None:
    laid = _laid_out(layer.values)
    width = laid.shape[1]

    def choose_cell(cell: tuple[int, int]) -> None:
        _choose(layer, Unit(0, 0, cell[0] * width + cell[1]))

    named = f" ({say(CLASS_NAMES[unit.channel])})" if _is_answer(opened, layer) else ""
    st.markdown(
        say(
            "**Unit {number}**{named} of {count:,}, laid out row by row",
            number=unit.channel,
            named=named,
            count=layer.channels,
        )
    )
    unit_map(
        opened.item.array,
        laid,
        f"inside_map_{layer.position}",
        field=None,
        limit=limit,
        selected=divmod(unit.channel, width),
        on_click=choose_cell,
        count=layer.channels,
        label=say("Units of layer {number}", number=layer.position),
    )


def _is_answer(opened: Opened, layer: LayerOutput) -> bool:
    """Return whether the layer's ten units are the ten classes."""
    return layer.channels == len(CLASS_NAMES) and all(
        later.kind == "Activation" for later in opened.layers[layer.position + 1 :]
    )


def unit_sum(weights: Weights, image: np.ndarray, layer: LayerOutput, place: Place) -> None:
    """Show how the unit at `place` of a layer gets its value for a uint8 (28, 28) image."""
    if layer.position == 0:
        value = round(float(layer.values[place]) * 255)
        st.markdown(
            say(
                "Pixel in row {row}, column {column}: **{value}** of 255, which the network gets "
                "as **{share:.4f}**. Choose a later layer to see a sum.",
                row=place[0],
                column=place[1],
                value=value,
                share=value / 255,
            )
        )
        return
    found = work(
        "inside_sum",
        arithmetic,
        weights,
        image,
        layer.position,
        place,
        label=say("Doing the sum"),
    )
    if found is None:
        return
    st.caption(
        say("How unit {unit} gets its value. The strongest parts come first.", unit=place[0])
        if len(place) == 1
        else say(
            "How row {row}, column {column}, map {map} gets its value. The strongest parts come "
            "first.",
            row=place[0],
            column=place[1],
            map=place[2],
        )
    )
    arithmetic_view(found, "inside_arithmetic")
    if found.rivals is not None and len(found.rivals) == len(CLASS_NAMES):
        raised = np.exp(np.array(found.rivals) - max(found.rivals))
        rows = [say("| Class | before | e to it | share |"), "|---|--:|--:|--:|"]
        for name, before, up in zip(CLASS_NAMES, found.rivals, raised, strict=True):
            rows.append(
                f"| {say(name)} | {digits(before, '.3f')} | {digits(up, '.3g')} "
                f"| {percent(up / raised.sum())} |"
            )
        st.markdown("\n".join(rows))
