"""Charts of a sweep: what its trials have in common, what mattered, what is worth its cost."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from fmnist_core.figures import echarts
from fmnist_core.figures.colors import BEST, TRAINING, VALIDATION
from fmnist_core.figures.echarts import Option, axis, chart, in_percent, share_axis
from fmnist_core.sweeps.ranges import Range, in_words, short
from fmnist_core.sweeps.seeds import Band
from fmnist_core.sweeps.trial import Trial, front
from fmnist_core.translation import say

HEIGHT = 320
LOW, HIGH = "#7f8ea3", "#1a9e77"  # from the worst trial to the best

Cost = Callable[[Trial], float]


def curves(trials: Sequence[Trial], best: int | None) -> Option:
    """Return every trial's accuracy on validation by epoch; trial number `best` stands out."""
    series = []
    for trial in trials:
        chosen = trial.number == best
        series.append(
            {
                "type": "line",
                "name": say("trial {number}", number=trial.number),
                "data": [[at, in_percent(one)] for at, one in enumerate(trial.accuracies, 1)],
                "symbol": "circle" if chosen or len(trial.accuracies) == 1 else "none",
                "symbolSize": 7 if chosen else 5,
                "lineStyle": {"width": 2.5 if chosen else 1.2, "opacity": 1 if chosen else 0.45},
                "itemStyle": {"color": BEST if chosen else TRAINING},
                "z": 5 if chosen else 2,
            }
        )
    values = [one for trial in trials for one in trial.accuracies]
    longest = max((len(one.accuracies) for one in trials), default=1)
    return chart(
        axis(say("epochs"), 28, min=1, max=max(2, longest), minInterval=1),
        share_axis(say("validation accuracy (%)"), *_inner(values)),
        series,
        tooltip={"trigger": "item", "formatter": "{a}: {c}"},
    )


def parallel(trials: Sequence[Trial], ranges: Mapping[str, Range]) -> Option:
    """Return parallel coordinates: a line a trial, an upright axis a hyperparameter, then accuracy.

    Trials without an accuracy are left out.
    """
    shown = [one for one in trials if one.accuracy is not None]
    keys = list(ranges)
    axes: list[Option] = [
        {"dim": at, **_axis_of(ranges[key], key, shown)} for at, key in enumerate(keys)
    ]
    axes.append({"dim": len(keys), "name": say("accuracy (%)"), "scale": True})
    rows = [
        [*(_shown(one, key, ranges[key]) for key in keys), in_percent(one.accuracy or 0)]
        for one in shown
    ]
    accuracies = [row[-1] for row in rows] or [0]
    return {
        "animation": False,
        "parallelAxis": axes,
        "parallel": {
            "left": 48,
            "right": 64,
            "top": 36,
            "bottom": 24,
            "parallelAxisDefault": {"nameLocation": "start", "nameGap": 16, "inverse": False},
        },
        "visualMap": {
            "show": False,
            "dimension": len(keys),
            "min": min(accuracies),
            "max": max(accuracies),
            "inRange": {"color": [LOW, HIGH]},
        },
        "series": [{"type": "parallel", "data": rows, "lineStyle": {"width": 2, "opacity": 0.7}}],
    }


def slices(trials: Sequence[Trial], key: str, found: Range) -> Option:
    """Return each trial's accuracy against its value of one hyperparameter."""
    shown = [one for one in trials if one.accuracy is not None and key in one.values]
    choices = [short(one) for one in found.choices]
    scale: Option = {"type": "category", "data": choices}
    if not choices:
        scale = {"type": "log" if found.log else "value", "min": found.low, "max": found.high}
    x = axis(in_words(key), 28, **scale)
    data = [
        {
            "name": say(
                "trial {number}: {accuracy:.2f} %",
                number=one.number,
                accuracy=in_percent(one.accuracy or 0),
            ),
            "value": [_shown(one, key, found), in_percent(one.accuracy or 0)],
        }
        for one in shown
    ]
    y = share_axis(say("accuracy (%)"), *_inner([one.accuracy or 0 for one in shown]))
    series = {"type": "scatter", "data": data, "symbolSize": 9, "itemStyle": {"color": VALIDATION}}
    return chart(x, y, [series])


def pareto(trials: Sequence[Trial], cost: Cost, name: str) -> Option:
    """Return accuracy against a cost called `name`, the Pareto front joined by a line."""
    shown = [one for one in trials if one.counts]
    costs = [cost(one) for one in shown]
    accuracies = [one.accuracy or 0 for one in shown]
    best = front(costs, accuracies)
    points = [
        {
            "name": say(
                "trial {number}: {accuracy:.2f} %, {cost:,.4g}",
                number=one.number,
                accuracy=in_percent(accuracies[at]),
                cost=costs[at],
            ),
            "value": [costs[at], in_percent(accuracies[at])],
            "itemStyle": {"color": BEST if at in best else TRAINING},
        }
        for at, one in enumerate(shown)
    ]
    wide = bool(costs) and min(costs) > 0 and max(costs) / min(costs) > 10
    line = [[costs[at], in_percent(accuracies[at])] for at in best]
    return chart(
        axis(name, 28, type="log" if wide else "value", scale=True),
        share_axis(say("accuracy (%)"), *_inner(accuracies)),
        [
            {"type": "scatter", "data": points, "symbolSize": 10},
            {
                "type": "line",
                "data": line,
                "step": "end",
                "symbol": "none",
                "silent": True,
                "lineStyle": {"color": BEST, "width": 1.5},
            },
        ],
    )


def importance(shares: Mapping[str, float]) -> Option:
    """Return bars of how much each hyperparameter mattered, in per cent, the largest on top."""
    ordered = sorted(shares.items(), key=lambda item: item[1])
    return chart(
        axis(say("share of what sets good trials apart (%)"), 28, min=0, max=100),
        {"type": "category", "data": [in_words(key) for key, _ in ordered]},
        [
            {
                "type": "bar",
                "data": [in_percent(share) for _, share in ordered],
                "itemStyle": {"color": VALIDATION},
                "barMaxWidth": 24,
            }
        ],
        tooltip={"formatter": "{b}: {c} %"},
    )


def spread_over_seeds(bands: Mapping[str, Band]) -> Option:
    """Return mean curves over seeds, by name, each with a band from the lowest to the highest."""
    series: list[Option] = []
    values: list[float] = []
    for (name, band), color in zip(bands.items(), (VALIDATION, TRAINING), strict=False):
        values += [*band.low, *band.high]
        low, high = ([in_percent(one) for one in edge] for edge in (band.low, band.high))
        series += [
            *echarts.band(band.epochs, low, high, color, name),
            {
                "type": "line",
                "name": name,
                "data": [
                    [x, in_percent(one)] for x, one in zip(band.epochs, band.mean, strict=True)
                ],
                "symbolSize": 6,
                "itemStyle": {"color": color},
            },
        ]
    longest = max((len(band.epochs) for band in bands.values()), default=1)
    return chart(
        axis(say("epochs"), 28, min=1, max=max(2, longest), minInterval=1),
        share_axis(say("validation accuracy (%)"), min(values, default=0), max(values, default=1)),
        series,
        top=36,
        legend={"top": 0, "left": 0, "data": list(bands)},
        tooltip={"trigger": "item", "formatter": "{a}: {c}"},
    )


def rate_curve(rates: np.ndarray, losses: np.ndarray, proposed: float | None) -> Option:
    """Return the loss against the learning rate on a logarithmic axis, the proposal marked."""
    low = math.floor(10 * float(np.min(losses))) / 10
    # The end, where all is lost, may be off the chart.
    high = math.ceil(10 * float(np.max(losses[: len(losses) // 2]))) / 10 + 0.2
    series: list[Option] = [
        {
            "type": "line",
            "name": say("loss"),
            "data": [[float(x), round(float(y), 5)] for x, y in zip(rates, losses, strict=True)],
            "symbol": "none",
            "itemStyle": {"color": TRAINING},
        }
    ]
    if proposed is not None:
        # A mark line is not drawn on a logarithmic axis.
        series.append(
            {
                "type": "line",
                "name": say("proposed: {rate:.1g}", rate=proposed),
                "data": [[proposed, low], [proposed, high]],
                "symbol": "none",
                "silent": True,
                "itemStyle": {"color": BEST},
                "lineStyle": {"width": 2},
                "tooltip": {"show": False},
            }
        )
    loss = say("loss (cross-entropy, nats)")
    return chart(
        axis(
            say("learning rate"),
            28,
            type="log",
            min=float(rates[0]),
            max=_round_up(float(rates[-1])),
        ),
        axis(loss, 42, lines=True, min=low, max=high),
        series,
        top=36,
        tooltip={"trigger": "axis", "valueFormatter": "%.4f"},
    )


def _round_up(value: float) -> float:
    """Return the next number with one digit."""
    size = 10 ** math.floor(math.log10(value))
    return float(f"{math.ceil(value / size) * size:.1g}")


def _inner(values: Sequence[float]) -> tuple[float, float]:
    """Return the ends of an axis that a single hopeless trial does not squash."""
    if not values:
        return 0.0, 1.0
    return float(np.percentile(values, 10)), max(values)


def _shown(trial: Trial, key: str, found: Range) -> float | str:
    value = trial.values.get(key, "")
    return short(value) if found.choices or isinstance(value, str) else float(value)


def _axis_of(found: Range, key: str, trials: Sequence[Trial]) -> Option:
    name = in_words(key)
    if found.choices:
        return {"name": name, "type": "category", "data": [short(one) for one in found.choices]}
    kind = "log" if found.log else "value"
    return {"name": name, "type": kind, "min": found.low, "max": found.high}
