"""All about a unit: its pattern, what excites it most; and which units nothing excites."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist_core.data.fashion_mnist import CLASS_NAMES
from fmnist_core.explanations.feature_maps import LayerOutput
from fmnist_core.explanations.filters import every_filter, filter_of
from fmnist_core.explanations.receptive_field import ReceptiveField
from fmnist_core.explanations.units import Units, survey
from fmnist_core.figures.heatmaps import enlarged, limit_of, signed, tile
from fmnist_core.models.keras_models import Weights
from fmnist_core.translation import digits, mark, say
from pages.components.contact_sheet import contact_sheet
from pages.shared.engine_work import work
from pages.shared.item_choice import choose_test_image
from pages.shared.resources import images

SURVEYED = 2000
MOST_PATTERNS = 64
FRAME = (255, 61, 129)


def patterns(weights: Weights, layer: LayerOutput, unit: int) -> None:
    """Show what a unit looks for, and all patterns of a layer that looks at one map."""
    own = work(
        "inside_filter",
        filter_of,
        weights,
        layer.position,
        unit,
        label=say("Fetching the pattern"),
    )
    if own is None:
        return
    if not own.size:
        st.info(
            say(
                "{layer} has no pattern to show: it does the same to whatever comes in.",
                layer=layer.kind,
            ),
            icon=":material/info:",
        )
        return
    height, width, inputs = own.shape
    limit = limit_of(own)
    if height == 1 and width == 1 and inputs > 1:
        st.caption(
            say("One weight for each of the {count:,} inputs, laid out row by row.", count=inputs)
        )
        side = int(np.ceil(np.sqrt(inputs)))
        flat = np.pad(own[0, 0], (0, side * side - inputs)).reshape(side, side)
        st.image(enlarged(signed(flat, limit)), alt=say("Weights of the unit"), width=280)
    elif inputs == 1:
        st.caption(say("The weight of each pixel under it: orange adds, blue takes away."))
        st.image(enlarged(signed(own[..., 0], limit)), alt=say("Pattern of the unit"), width=280)
    else:
        st.caption(
            say(
                "One pattern of {height}×{width} for each of the {count} maps before it.",
                height=height,
                width=width,
                count=inputs,
            )
        )
        _sheet(own, limit, "inside_own_pattern", mark("map {number}"), None)
    every = work(
        "inside_filters",
        every_filter,
        weights,
        layer.position,
        label=say("Fetching all patterns"),
    )
    if every is not None and every.size:
        st.markdown(say("**All patterns of this layer**"))
        _sheet(every, limit_of(every), "inside_patterns", mark("unit {number}"), unit)


def _sheet(grids: np.ndarray, limit: float, key: str, word: str, selected: int | None) -> None:
    shown = min(grids.shape[2], MOST_PATTERNS)
    contact_sheet(
        np.stack([tile(signed(grids[..., i], limit)) for i in range(shown)]),
        [say(word, number=i) for i in range(shown)],
        key,
        selected=selected,
        size="small",
        label=say("Patterns"),
    )
    if grids.shape[2] > shown:
        st.caption(say("The first {shown} of {count:,}.", shown=shown, count=grids.shape[2]))


def _survey(weights: Weights) -> dict[int, Units] | None:
    found: dict[int, Units] | None = work(
        "inside_survey",
        survey,
        weights,
        SURVEYED,
        label=say("Showing {count:,} test images to every unit", count=SURVEYED),
    )
    return found


def exciting(weights: Weights, layer: LayerOutput, unit: int) -> None:
    """Show the test images that excite a unit most, framed where they do."""
    found = _survey(weights)
    if found is None:
        return
    units = found.get(layer.position)
    if units is None:
        st.info(
            say(
                "{layer} only passes on what comes in: look at the layer before it.",
                layer=layer.kind,
            ),
            icon=":material/info:",
        )
        return
    if units.dead[unit]:
        st.info(
            say(
                "This unit is dead: it gave the same value for all {count:,} images.",
                count=SURVEYED,
            ),
            icon=":material/block:",
        )
        return
    data = images("test")
    indices, values = units.images[unit], units.values[unit]
    pictures = [
        framed(data.images[index], layer.field, place)
        for index, place in zip(indices, units.places[unit], strict=True)
    ]
    st.caption(
        say(
            mark(
                "Strongest of the first {count:,} test images, framed where the unit looks. Click "
                "one to send it through the network."
            )
            if layer.field
            else mark(
                "Strongest of the first {count:,} test images. Click one to send it through the "
                "network."
            ),
            count=SURVEYED,
        )
    )
    contact_sheet(
        np.stack(pictures),
        [
            f"{say(CLASS_NAMES[data.labels[index]])}\n{digits(value, '.2f')}"
            for index, value in zip(indices, values, strict=True)
        ],
        "inside_exciting",
        ids=indices,
        columns=4,
        show_captions=True,
        label=say("Images that excite the unit most"),
        on_click=choose_test_image,
    )


def framed(image: np.ndarray, field: ReceptiveField | None, place: np.ndarray) -> np.ndarray:
    """Return the image in RGB, uint8 (28, 28, 3), with a frame around what the unit sees."""
    picture = np.repeat(image[..., None], 3, axis=2)
    if field is not None and place[0] >= 0:
        (top, bottom), (left, right) = (field.pixels(int(at)) for at in place)
        picture[top : bottom + 1, [left, right]] = FRAME
        picture[[top, bottom], left : right + 1] = FRAME
    return picture


def dead(weights: Weights, layers: Sequence[LayerOutput]) -> None:
    """Count the units of each layer that nothing excites."""
    found = _survey(weights)
    if found is None:
        return
    rows = [say("| Layer | Units or maps | Dead | Share |"), "|---|--:|--:|--:|"]
    for position, units in found.items():
        count, gone = len(units.dead), int(units.dead.sum())
        share = f"{digits(100 * gone / count, '.1f')} %"
        rows.append(
            f"| {position} {layers[position].kind} | {digits(count, ',')} | {digits(gone, ',')} "
            f"| {share} |"
        )
    st.markdown("\n".join(rows))
    st.caption(
        say(
            "Dead: gives the same value, for a ReLU zero, for each of the first {count:,} test "
            "images and at every place. Such a unit costs its multiplications and tells nothing. "
            "A high learning rate makes more of them.",
            count=SURVEYED,
        )
    )
