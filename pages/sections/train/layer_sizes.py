"""How large each layer's weights and gradients are while a run learns, if its owner asks."""

import streamlit as st

from fmnist_core.figures.layer_statistics import HEIGHT, by_layer
from fmnist_core.guide.glossary import explain
from fmnist_core.runs import layer_statistics
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status
from fmnist_core.translation import mark, say

# The axis and the description of each chart.
_WORDS = {
    "gradients": (
        mark("gradients (root mean square)"),
        mark("Root mean square of each layer's gradients after each epoch"),
    ),
    "weights": (
        mark("weights (root mean square)"),
        mark("Root mean square of each layer's weights after each epoch"),
    ),
}


def layer_sizes(run: Run, status: Status, owned: bool) -> None:
    """Show the switch to the owner of a run that works, and what was measured to everybody."""
    found = layer_statistics.read(run.folder)
    asks = owned and status.active
    if found is None and not asks:
        return
    with st.expander(say("Inside the layers"), icon=":material/layers:"):
        if asks:
            wanted = st.toggle(
                say("Measure weights and gradients after every epoch"),
                run.control().layers,
                key=f"measure_layers_{run.id}",
                help=explain(
                    "vanishing-gradient",
                    say(
                        "Costs about a tenth of a second an epoch and changes nothing that is "
                        "learned."
                    ),
                ),
            )
            if wanted != run.control().layers:
                run.measure_layers(wanted)
        if found is None:
            return
        measured = {"gradients": found.gradients, "weights": found.weights}
        for column, (what, sizes) in zip(st.columns(2), measured.items(), strict=True):
            axis, alt = _WORDS[what]
            column.echarts_chart(
                by_layer(found, sizes, say(axis)),
                height=HEIGHT,
                key=f"layers_{what}",
                alt=say(alt),
            )
        st.caption(
            say(
                "Gradients of the mean loss over the first {images} training images, without "
                "dropout. Gradients that shrink from the last layer to the first vanish; gradients "
                "that grow from epoch to epoch explode.",
                images=found.images,
            )
        )
