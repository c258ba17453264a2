"""How large each layer's weights and gradients are while a run learns, if its owner asks."""

import streamlit as st

from fmnist_core.figures.layer_statistics import HEIGHT, by_layer
from fmnist_core.guide.glossary import explain
from fmnist_core.runs import layer_statistics
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import Status


def layer_sizes(run: Run, status: Status, owned: bool) -> None:
    """Show the switch to the owner of a run that works, and what was measured to everybody."""
    found = layer_statistics.read(run.folder)
    asks = owned and status.active
    if found is None and not asks:
        return
    with st.expander("Inside the layers", icon=":material/layers:"):
        if asks:
            wanted = st.toggle(
                "Measure weights and gradients after every epoch",
                run.control().layers,
                key=f"measure_layers_{run.id}",
                help=explain(
                    "vanishing-gradient",
                    "Costs about a tenth of a second an epoch and changes nothing that is learned.",
                ),
            )
            if wanted != run.control().layers:
                run.measure_layers(wanted)
        if found is None:
            return
        for column, title, sizes in zip(
            st.columns(2),
            ("gradients", "weights"),
            (found.gradients, found.weights),
            strict=True,
        ):
            column.echarts_chart(
                by_layer(found, sizes, f"{title} (root mean square)"),
                height=HEIGHT,
                key=f"layers_{title}",
                alt=f"Root mean square of each layer's {title} after each epoch",
            )
        st.caption(
            f"Gradients of the mean loss over the first {found.images} training images, without "
            "dropout. Gradients that shrink from the last layer to the first vanish; gradients "
            "that grow from epoch to epoch explode."
        )
