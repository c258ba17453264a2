import numpy as np

from fmnist_core.release import out_of_fold


def test_every_class_is_spread_evenly_over_the_folds() -> None:
    labels = np.repeat(np.arange(10), 15)
    found = out_of_fold.assign(labels, 5, seed=3)
    for label in range(10):
        assert np.bincount(found[labels == label], minlength=5).tolist() == [3] * 5
    assert (found == out_of_fold.assign(labels, 5, seed=3)).all()
    assert (found != out_of_fold.assign(labels, 5, seed=4)).any()


def test_the_networks_are_lightning_on_all_images_they_get_and_differ_in_their_seed() -> None:
    first, second = out_of_fold.recipe(48_000, 0), out_of_fold.recipe(48_000, 1)
    assert (first.train_examples, first.validation_examples) == (48_000, 0)
    assert first.seed != second.seed
    assert first.layers == second.layers
