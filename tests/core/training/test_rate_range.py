import numpy as np
import pytest

from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.training.rate_range import BATCHES, DIVERGED, proposed, rate_range

RECIPE = Recipe(
    layers=(Flatten(), Dense(units=10, activation="softmax")),
    optimizer="sgd",
    learning_rate=0.5,
    schedule="cosine",
    train_examples=320,
    batch_size=32,
    weight_averaging=0.9,
)


def test_the_rate_grows_until_the_loss_explodes() -> None:
    found = rate_range(RECIPE)
    assert found.rates[0] == pytest.approx(1e-6)
    assert (np.diff(found.rates) > 0).all()
    assert len(found.rates) == len(found.losses) < BATCHES
    assert found.losses[-1] > DIVERGED * found.losses.min()
    # Softmax regression by gradient descent: useful between 0.001 and 1.
    assert found.proposed is not None
    assert 1e-3 < found.proposed < 1
    again = rate_range(RECIPE.changed(learning_rate=1e-3))
    np.testing.assert_array_equal(again.losses, found.losses)


def test_the_proposal_is_where_the_loss_falls_fastest_with_the_logarithm() -> None:
    rates = np.geomspace(1e-6, 1, 13)
    losses = np.array([2.3] * 8 + [2.0, 1.0, 0.9, 0.9, 2.0])
    assert proposed(rates, losses) == pytest.approx(rates[8])
    assert proposed(rates, np.linspace(2.3, 9, 13)) is None
    assert proposed(rates[:7], losses[:7]) is None
