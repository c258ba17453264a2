"""Which values to try next, whether a trial is worth going on with, and what mattered: Optuna.

A study is made anew from the plan and the trials for every question: these are all there is to
keep, and the same ones give the same answer, after a restart and on another computer too.
"""

from collections.abc import Sequence
from typing import Any

from fmnist_core.recipes.options import Option
from fmnist_core.sweeps.plan import Plan
from fmnist_core.sweeps.ranges import Range, Value, searchable
from fmnist_core.sweeps.trial import Trial

FIRST_BY_CHANCE = 5  # trials before TPE has something to learn from
MOST_UNPRUNED = 4  # trials that must have ended before one can be pruned; fewer in a small sweep
LEAST_FOR_IMPORTANCE = 8  # trials that trained to their end


def suggest(plan: Plan, trials: Sequence[Trial]) -> dict[str, Value] | None:
    """Return the values of the next trial; None when the plan has no more."""
    number = len(trials)
    if number >= plan.size:
        return None
    if plan.method == "grid":
        return plan.grid()[number]
    import optuna

    seed = (plan.seed * 1_000_003 + number) % 2**32
    sampler = (
        # With the liar, trials that are under way are kept away from, not repeated.
        optuna.samplers.TPESampler(
            seed=seed, n_startup_trials=FIRST_BY_CHANCE, constant_liar=True, multivariate=True
        )
        if plan.method == "tpe"
        else optuna.samplers.RandomSampler(seed=seed)
    )
    asked = _study(plan, trials, sampler).ask(_distributions(plan))
    return dict(asked.params)


def hopeless(plan: Plan, trials: Sequence[Trial], trial: Trial) -> bool:
    """Return whether a trial should end: worse after its last epoch than half of the others were.

    The median stopping rule (Golovin and others 2017, Google Vizier).
    """
    if not plan.pruning or not trial.accuracies:
        return False
    ended = [one for one in trials if one.state in ("finished", "pruned")]
    least = min(MOST_UNPRUNED, max(1, plan.size // 4))
    if len(ended) < least:
        return False
    import optuna

    study = _study(plan, ended)
    pruner = optuna.pruners.MedianPruner(n_startup_trials=least)
    return pruner.prune(study, _frozen(plan, trial, _distributions(plan)))


def importances(plan: Plan, trials: Sequence[Trial]) -> dict[str, float]:
    """Return how much of what sets good trials apart is owed to each hyperparameter, sum 1.

    PED-ANOVA (arXiv:2304.10255); empty while there are too few trials to say.
    """
    counting = [one for one in trials if one.counts]
    varied = [
        key for key in plan.ranges if len({repr(one.values.get(key)) for one in counting}) > 1
    ]
    if len(counting) < LEAST_FOR_IMPORTANCE or not varied:
        return {}
    import optuna

    evaluator = optuna.importance.PedAnovaImportanceEvaluator()
    found = optuna.importance.get_param_importances(
        _study(plan, counting), evaluator=evaluator, params=varied
    )
    return {key: float(share) for key, share in found.items()}


def _study(plan: Plan, trials: Sequence[Trial], sampler: Any = None) -> Any:  # noqa: ANN401
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=sampler)
    distributions = _distributions(plan)
    fitting = [one for one in trials if set(one.values) == set(distributions)]
    study.add_trials([_frozen(plan, one, distributions) for one in fitting])
    return study


def _frozen(plan: Plan, trial: Trial, distributions: dict[str, Any]) -> Any:  # noqa: ANN401
    import optuna

    states = {
        "running": optuna.trial.TrialState.RUNNING,
        "finished": optuna.trial.TrialState.COMPLETE,
        "pruned": optuna.trial.TrialState.PRUNED,
    }
    state = states.get(trial.state, optuna.trial.TrialState.FAIL)
    if state == optuna.trial.TrialState.COMPLETE and not trial.accuracies:
        state = optuna.trial.TrialState.FAIL
    return optuna.trial.create_trial(
        state=state,
        params=trial.values,
        distributions=distributions,
        value=trial.accuracy if state == optuna.trial.TrialState.COMPLETE else None,
        intermediate_values=dict(enumerate(trial.accuracies, 1)),
    )


def _distributions(plan: Plan) -> dict[str, Any]:
    known = searchable(plan.recipe)
    return {key: _distribution(one, known[key]) for key, one in plan.ranges.items()}


def _distribution(found: Range, option: Option) -> Any:  # noqa: ANN401
    import optuna

    if found.choices:
        return optuna.distributions.CategoricalDistribution(found.choices)
    if option.kind == "integer":
        return optuna.distributions.IntDistribution(int(found.low), int(found.high), log=found.log)
    return optuna.distributions.FloatDistribution(found.low, found.high, log=found.log)
