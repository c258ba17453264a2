"""The sum of one unit: patches times patterns, what each adds, and the lines that follow."""

from typing import Any

import numpy as np

from fmnist_core.explanations.arithmetic import Steps, Term
from fmnist_core.figures.heatmaps import limit_of, signed
from fmnist_core.translation import digits, say
from pages.components.encoding import png
from pages.components.register import register

_component = register(__file__)
SHOWN = 4  # parts of a sum; the others are said together
# Larger grids are shown as pictures: their numbers would be dust.
_PRINTED = 5
_LISTED = 8  # of the longest list of inputs


def arithmetic_view(steps: Steps, key: str) -> None:
    """Show how a unit gets its value, the strongest parts first."""
    terms = sorted(steps.terms, key=lambda term: -abs(term.total))
    if len(terms) == 1 and terms[0].inputs.shape[0] == 1 and terms[0].inputs.size > _LISTED:
        parts, rest = _listed(terms[0])
    else:
        # One scale for all parts, so that strong ones are seen to be strong.
        most = [
            max((limit_of(grid) for grid in grids if grid is not None), default=0.0)
            for grids in ([t.inputs for t in terms], [t.weights for t in terms])
        ]
        parts = [_grids(term, most) for term in terms[:SHOWN]]
        left = terms[SHOWN:]
        rest = (len(left), sum(term.total for term in left)) if left else None
    _component(
        key=key,
        data={
            "parts": parts,
            "rest": None
            if rest is None
            else say("and {count:,} weaker ones: {sum:+.4f}", count=rest[0], sum=rest[1]),
            # Six digits, so that a sure answer does not read as certainty.
            "lines": [
                {"text": line.said(), "value": digits(line.value, ".6g")} for line in steps.lines
            ],
            "agrees": say(
                "Keras gives {keras:.6f} here, these steps {value:.6f}.",
                keras=steps.keras,
                value=steps.value,
            ),
        },
    )


def _grids(term: Term, most: list[float]) -> dict[str, Any]:
    inputs, weights = term.inputs, term.weights
    grids = [_grid(inputs, say("input"), most[0])]
    if weights is not None:
        products = inputs * weights
        grids.append(_grid(weights, say("pattern"), most[1]))
        grids.append(_grid(products, say("products"), limit_of(products)))
    return {
        "name": say("map {number}", number=term.channel),
        "grids": grids,
        "total": digits(term.total, "+.4f"),
    }


def _grid(values: np.ndarray, name: str, limit: float) -> dict[str, Any]:
    if max(values.shape) > _PRINTED:
        return {"name": name, "picture": png(signed(values, limit))}
    # Never brighter than white digits can be read on.
    colors = (signed(values, 2 * limit) * 0.75).astype(np.uint8)
    rows = [
        [
            {"text": digits(value, ".2f"), "color": "rgb({},{},{})".format(*color)}
            for value, color in zip(row, shades, strict=True)
        ]
        for row, shades in zip(values, colors.tolist(), strict=True)
    ]
    return {"name": name, "rows": rows}


def _listed(term: Term) -> tuple[list[dict[str, Any]], tuple[int, float] | None]:
    """Return the strongest of many inputs in a line each, and what all others add."""
    inputs = term.inputs[0]
    weights = np.ones_like(inputs) if term.weights is None else term.weights[0]
    products = inputs * weights
    order = np.argsort(-np.abs(products), kind="stable")
    shown = order[:_LISTED]
    parts = [
        {
            "name": say("input {number}", number=at),
            "grids": [],
            "text": f"{digits(inputs[at], '.4f')} × {digits(weights[at], '+.4f')}",
            "total": digits(products[at], "+.4f"),
        }
        for at in shown
    ]
    others = order[_LISTED:]
    return parts, (len(others), float(products[others].sum()))
