"""The shipped models with their measured accuracy, as a table."""

from collections.abc import Iterable

import streamlit as st

from fmnist_core.models.catalogue import Model
from fmnist_core.wording import duration, percent, short

HEAD = ("Model", "Test accuracy (95 % interval)", "Weights", "Trained in")


def shipped_models(models: Iterable[Model]) -> None:
    """Show every model with its size and its accuracy on the test images, best first."""
    cards = sorted(
        ((model, model.card) for model in models if model.card),
        key=lambda pair: pair[1].test_accuracy,
        reverse=True,
    )
    rows = [HEAD, ("---", "---", "--:", "--:")]
    for model, card in cards:
        low, high = card.test_interval
        rows.append(
            (
                f"**{model.title}**",
                f"{percent(card.test_accuracy, 2)} ({100 * low:.1f} to {100 * high:.1f})",
                short(model.parameters),
                duration(card.seconds),
            )
        )
    # Not st.dataframe: its import alone would take half of the first page's time.
    st.markdown("\n".join(f"| {' | '.join(row)} |" for row in rows))
    count = min((card.test_examples for _, card in cards), default=0)
    machines = "; ".join(dict.fromkeys(card.hardware for _, card in cards))
    st.caption(
        f"Measured once, at the end, on {count:,} test images that no model was trained or tuned "
        f"on. Training times are those of {machines}. Pictures of your own are harder: the "
        "Classify page shows how such a picture is read."
    )
