"""The network under training: what it leaves behind when it is let go."""

import gc

from fmnist_core.data.fashion_mnist import load
from fmnist_core.recipes.layers import Dense, Flatten
from fmnist_core.recipes.recipe import Recipe
from fmnist_core.training.batches import Feed
from fmnist_core.training.network import Network
from fmnist_core.training.train import release_memory


def graphs() -> int:
    return sum(type(thing).__name__ == "FuncGraph" for thing in gc.get_objects())


def test_a_network_that_is_let_go_leaves_no_graph_behind() -> None:
    layers = (Flatten(), Dense(units=2), Dense(units=10, activation="softmax"))
    recipe = Recipe(layers=layers, train_examples=64, validation_examples=0, weight_averaging=0.9)
    release_memory()
    before = graphs()
    feed, network = Feed(recipe, load("train")), Network(recipe, total_steps=2)
    for chunk in feed.epoch(0):
        network.train(chunk)
    assert graphs() > before
    network.end_training()
    del network
    release_memory()
    assert graphs() == before


def test_the_sum_of_losses_does_not_depend_on_where_chunks_begin() -> None:
    layers = (Flatten(), Dense(units=10, activation="softmax"))
    recipe = Recipe(layers=layers, train_examples=96, validation_examples=0, batch_size=32)
    images = load("train")
    large = 2.0**53  # where each addition rounds to a whole number

    def summed(chunk: int) -> float:
        feed, network = Feed(recipe, images), Network(recipe, total_steps=3)
        feed.chunk, loss = chunk, large
        for part in feed.epoch(0):
            loss, _ = network.train(part, loss)
        return loss

    one_by_one = summed(1)
    assert one_by_one > large
    assert summed(2) == one_by_one
    assert summed(3) == one_by_one
