import pytest

from fmnist_core.training.plateau import EarlyStopping, ReduceLROnPlateau


def test_the_rate_falls_after_two_epochs_without_a_lower_loss_and_then_counts_anew() -> None:
    plateau = ReduceLROnPlateau()
    losses = [1.0, 0.9, 0.9, 0.95, 0.92, 0.91, 0.8]
    assert [plateau.update(loss) for loss in losses] == [
        *(False, False, False, True),
        *(False, True, False),
    ]
    assert (plateau.best, plateau.wait) == (0.8, 0)
    assert plateau.factor == 0.2  # as in the script of a recipe


def test_a_loss_must_fall_by_more_than_a_ten_thousandth() -> None:
    plateau = ReduceLROnPlateau(best=1.0)
    assert [plateau.update(loss) for loss in (0.99995, 0.9999)] == [False, True]
    assert plateau.best == 1.0
    plateau = ReduceLROnPlateau(best=1.0, wait=1)
    assert not plateau.update(0.9998)
    assert (plateau.best, plateau.wait) == (0.9998, 0)


@pytest.mark.parametrize(("patience", "stops"), [(1, 3), (2, 4), (3, None), (0, None)])
def test_training_stops_after_as_many_worse_epochs_as_asked(
    patience: int, stops: int | None
) -> None:
    stopping = EarlyStopping()
    losses = [1.0, 0.9, 0.9, 0.95, 0.8]
    asked = [stopping.update(loss, patience) for loss in losses]
    assert (asked.index(True) + 1 if True in asked else None) == stops
    assert (stopping.best, stopping.wait) == (0.8, 0)
