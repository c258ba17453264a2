from typing import Any

import pytest

from fmnist_core.recipes import presets
from fmnist_core.recipes.host import HOSTED
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.sweeps.plan import Plan, of_seeds
from fmnist_core.sweeps.ranges import Range, SweepError, searchable, with_values

RECIPE = Recipe(
    name="Two layers",
    layers=(Flatten(), Dense(units=32, activation="relu"), Dense(units=10, activation="softmax")),
    optimizer="sgd",
    momentum=0.9,
    nesterov=True,
    epochs=2,
    train_examples=200,
    validation_examples=50,
)
MANY = Range(tuple(range(1, 40)))
RATES = Range(low=1e-4, high=1e-1, log=True)
FILE = """
name = "Rate and width"
method = "random"
trials = 6
seed = 3
pruning = false
minutes = 5
images = 1000000
preset = "lightning"

[recipe]
epochs = 2

[ranges]
learning_rate = {low = 1e-4, high = 1e-1, log = true}
batch_size = [32, 64]
"augmentation.flip" = [true, false]
"""


def plan(**changes: Any) -> Plan:  # noqa: ANN401
    return Plan(RECIPE, {"learning_rate": RATES}).changed(**changes)


def test_a_file_and_what_is_written_of_it_give_the_same_plan() -> None:
    found = Plan.from_toml(FILE.encode())
    found.check()
    assert found.recipe == presets.find("lightning").recipe.changed(epochs=2)
    assert (found.name, found.method) == ("Rate and width", "random")
    assert (found.trials, found.seed) == (6, 3)
    assert (found.pruning, found.minutes, found.images) == (False, 5, 1_000_000)
    assert found.ranges["learning_rate"] == RATES
    assert found.ranges["augmentation.flip"].choices == (True, False)
    assert Plan.from_toml(found.to_toml().encode()) == found
    assert Plan.from_dict(found.to_dict()) == found


def test_values_go_to_options_augmentation_and_layers_by_their_names() -> None:
    values = {"batch_size": 64, "augmentation.shift": 2, "layers.2.units": 16}
    found = with_values(RECIPE, values)
    assert found.batch_size == 64
    assert found.augmentation.shift == 2
    assert found.layers[1] == Dense(units=16, activation="relu")
    assert found.changed(batch_size=32, augmentation=RECIPE.augmentation, layers=RECIPE.layers) == (
        RECIPE
    )
    assert {*values, "optimizer", "layers.3.activation"} <= set(searchable(RECIPE))
    assert "name" not in searchable(RECIPE)


def test_what_another_optimizer_makes_meaningless_is_switched_off() -> None:
    assert with_values(RECIPE, {"optimizer": "adam"}).nesterov is False
    assert with_values(RECIPE, {"momentum": 0.0}).nesterov is False
    assert with_values(RECIPE, {"batch_size": 64}).nesterov is True


def test_a_grid_is_every_combination_in_order() -> None:
    grid = plan(
        method="grid",
        ranges={"batch_size": Range((32, 64)), "optimizer": Range(("adam", "sgd", "lion"))},
    )
    assert grid.size == 6
    assert grid.grid()[:4] == [
        {"batch_size": 32, "optimizer": "adam"},
        {"batch_size": 32, "optimizer": "sgd"},
        {"batch_size": 32, "optimizer": "lion"},
        {"batch_size": 64, "optimizer": "adam"},
    ]
    assert grid.recipe_of(grid.grid()[3]).name == "batch size 64, optimizer adam"


def test_seeds_go_upwards_from_the_recipes_own() -> None:
    found = of_seeds(RECIPE.changed(seed=7), 3)
    found.check()
    assert found.seeds_only
    assert [found.recipe_of(one).seed for one in found.grid()] == [7, 8, 9]
    assert not plan().seeds_only


def test_the_estimate_is_the_mean_over_the_ends_times_trials_over_workers() -> None:
    low, high = plan(trials=8).estimate(), plan(trials=8).estimate(4)
    assert low.low == pytest.approx(4 * high.low)
    twice = plan(trials=4, ranges={"epochs": Range((2, 6))}).estimate()
    assert twice.low == pytest.approx(low.low, rel=1e-6)  # 4 trials of 4 epochs, 8 of 2
    assert plan(trials=1000, minutes=1, recipe=RECIPE.changed(epochs=1000)).estimate().high == 60


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": ""}, "1 to 60 printable"),
        ({"method": "magic"}, "expected one of grid, random, tpe"),
        ({"trials": 0}, "trials is 0; this computer takes a whole number from 1 to 1,000"),
        ({"trials": True}, "trials is True"),
        ({"minutes": -1}, "minutes is -1"),
        ({"pruning": "yes"}, "pruning must be true or false"),
        ({"ranges": {}}, "Nothing varies"),
        ({"recipe": RECIPE.changed(validation_examples=0)}, "validation_examples above 0"),
        ({"ranges": {"learning_rates": RATES}}, "learning_rates cannot be varied"),
        ({"ranges": {"layers.4.units": RATES}}, "layers.4.units cannot be varied"),
        ({"ranges": {"learning_rate": Range(low=1, high=20)}}, "learning_rate cannot be 20"),
        ({"ranges": {"batch_size": Range(low=1.5, high=20)}}, "must be a whole number"),
        ({"ranges": {"optimizer": Range(low=1, high=2)}}, "optimizer is no number"),
        ({"ranges": {"layers.3.units": Range((10, 12))}}, "With layers.3.units 12 there is no"),
        ({"method": "grid"}, "A grid needs a list of values for learning_rate"),
        (
            {"method": "grid", "ranges": {"seed": MANY, "epochs": MANY}},
            "The grid has 1,521 combinations; this computer takes 1,000.",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(SweepError) as error:
        plan(**changes).check()
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_the_shared_host_takes_fewer_trials() -> None:
    plan(trials=24).check(HOSTED)
    with pytest.raises(SweepError, match="the shared host takes a whole number from 1 to 24"):
        plan(trials=25).check(HOSTED)
    with pytest.raises(SweepError, match="the shared host allows 50"):
        plan(recipe=RECIPE.changed(epochs=60)).check(HOSTED)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("a = ", "not TOML"),
        ("\xff", "cannot be varied"),
        ("colour = 1", "colour is unknown"),
        ("recipe = 1", "must be tables"),
        ('preset = "nothing"', "nothing"),
        ("[recipe]\nepochs = 0", "epochs is 0"),
        ("[ranges]\nseed = 1", "seed must be a list of values"),
        ("[ranges]\nseed = []", "1 to 50 different values"),
        ("[ranges]\nseed = [1, 1]", "different values"),
        ("[ranges]\nseed = {low = 1, high = 1}", "low must be below high"),
        ("[ranges]\nseed = {low = 0, high = 1, log = true}", "low above 0"),
        ("[ranges]\nseed = {low = nan, high = 1}", "must be numbers"),
        ("[ranges]\nseed = {low = 1, high = 2, step = 1}", "low, high and perhaps log"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_words(source: str, words: str) -> None:
    with pytest.raises(SweepError) as error:
        Plan.from_toml(source.encode("latin-1"))
    if words != "cannot be varied":
        assert words in str(error.value)


def test_a_huge_file_is_not_read() -> None:
    with pytest.raises(SweepError, match="at most 32,768"):
        Plan.from_toml(b"#" * 40_000)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 60},
        {"trials": 1000},
        {"trials": 1},
        {"seed": 2**31 - 1},
        {"minutes": 10_000},
        {"images": 10**12},
    ],
)
def test_a_plan_may_go_to_its_limits(changes: dict[str, Any]) -> None:
    plan(**changes).check()


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "x" * 61},
        {"name": "a\nb"},
        {"trials": 1001},
        {"seed": 2**31},
        {"seed": -1},
        {"minutes": 10_001},
        {"images": 10**12 + 1},
        {"images": 1.5},
    ],
)
def test_and_not_beyond_them(changes: dict[str, Any]) -> None:
    with pytest.raises(SweepError, match=next(iter(changes))):
        plan(**changes).check()


def test_a_grid_may_have_as_many_combinations_as_the_host_takes() -> None:
    ranges = {"seed": Range(tuple(range(40))), "epochs": Range(tuple(range(1, 26)))}
    plan(method="grid", ranges=ranges).check()


def test_the_longest_file_is_read() -> None:
    source = FILE.encode().ljust(32_768, b"\n")
    assert Plan.from_toml(source) == Plan.from_toml(FILE.encode())
    with pytest.raises(SweepError, match="32,769 bytes"):
        Plan.from_toml(source + b"\n")


def test_only_a_grid_of_seeds_is_of_seeds() -> None:
    seeds = {"seed": Range((1, 2))}
    assert plan(method="grid", ranges=seeds).seeds_only
    assert not plan(method="random", ranges=seeds).seeds_only
    assert not plan(method="grid", ranges={**seeds, "epochs": Range((1, 2))}).seeds_only
    found = of_seeds(RECIPE.changed(name="x" * 60), 12)
    assert (found.name, found.trials, found.pruning) == ("x" * 60, 12, False)
