"""Whatever stands in a sweep's file: a plan that can be carried out, or one sentence."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fmnist_core.recipes import presets
from fmnist_core.recipes.options import RecipeError
from fmnist_core.sweeps.plan import LONGEST_TOML, Plan
from fmnist_core.sweeps.ranges import Range, SweepError
from tests.support.hostile_values import anything, damaged, spoiled

PLAN = Plan(
    presets.DENSE_BASICS.recipe,
    {"learning_rate": Range(low=1e-4, high=0.1, log=True), "layers.2.units": Range((16, 32))},
)
GRID = PLAN.changed(method="grid", ranges={"batch_size": Range((16, 32)), "seed": Range((1, 2))})


def carried_out(plan: Plan) -> None:
    """What a page and the conductor ask of a plan."""
    plan.check()
    assert Plan.from_dict(plan.to_dict()) == plan
    assert Plan.from_toml(plan.to_toml().encode()) == plan
    assert plan.size > 0
    assert plan.estimate().low >= 0
    for values in plan.grid()[:5] if plan.method == "grid" else []:
        try:
            assert plan.recipe_of(values).name
        except RecipeError as error:
            assert str(error)


@given(st.sampled_from((PLAN.to_dict(), GRID.to_dict())).flatmap(spoiled) | anything)
@example({**PLAN.to_dict(), "method": []})
def test_a_plan_of_any_values_is_carried_out_or_refused(data: object) -> None:
    try:
        carried_out(Plan.from_dict(data))
    except SweepError as error:
        assert 0 < len(str(error)) < 2000


@given(damaged(PLAN.to_toml().encode()))
def test_a_damaged_file_is_carried_out_or_refused(content: bytes) -> None:
    try:
        carried_out(Plan.from_toml(content))
    except SweepError as error:
        assert 0 < len(str(error)) < 2000


HEX = "0x" + "f" * 20_000  # more digits than Python agrees to print


@pytest.mark.parametrize(
    "source",
    [
        f"trials = {HEX}",
        f"trials = {'9' * 5000}",
        f"[recipe]\nseed = {HEX}",
        f"[[recipe.layers]]\nkind = {HEX}",
        f"[ranges]\nlearning_rate = {HEX}",
        f"[ranges]\nlearning_rate = [{HEX}]",
        f"[ranges]\nlearning_rate = {{low = 1, high = {HEX}}}",
        f"[recipe]\nname = [{HEX}]",
        f"preset = {HEX}",
        f"preset = 'dense-basics'\n[ranges]\nseed = [{HEX}]",
        "preset = 'dense-basics'\n[ranges]\nseed = [2026-01-01, 12:00:00]",
        "a." * (LONGEST_TOML // 2 - 10) + "a = 1",
        f"{'a.' * 190}a.b = 1\n" + "\n".join(f"{'a.' * 190}a.c{i} = 1" for i in range(80)),
        "a = " + "[" * 30_000,
        "a = " + "{a=" * 10_000,
        "[" + "a." * 15_000 + "a]",
        "[[a]]\n" * 5_000,
        "\n".join(f"[{'.'.join('a' * 50)}.k{i}]" for i in range(300)),
    ],
    ids=lambda source: source[:30],
)
def test_the_worst_files_are_refused_at_once(source: str) -> None:
    begin = time.process_time()
    with pytest.raises(SweepError) as caught:
        Plan.from_toml(source.encode()).check()
    assert time.process_time() - begin < 0.5
    assert len(str(caught.value)) < 1000
