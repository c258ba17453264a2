"""Charts of training: what is drawn, how runs are told apart, where axes end."""

from fmnist_core.figures.colors import NEUTRAL
from fmnist_core.figures.training import _look, curve, overlay
from fmnist_core.runs.history import Curves
from fmnist_core.runs.rows import BatchRow, CountingRow, EpochRow


def run(epochs: int, **values: float) -> Curves:
    rows = [EpochRow(epoch=n, **{"loss": 1 / n, **values}) for n in range(1, epochs + 1)]  # type: ignore[arg-type]
    return Curves.of(rows, "A")


def test_forty_nine_runs_look_different_and_the_fiftieth_like_the_first() -> None:
    looks = [_look(index) for index in range(49)]
    assert len(set(looks)) == 49
    assert _look(49) == looks[0]
    assert len({color for color, _ in looks[:7]}) == len({symbol for _, symbol in looks[:7]}) == 7


def test_points_are_drawn_up_to_forty_epochs() -> None:
    assert curve(run(40), "loss")["series"][1]["symbol"] == "circle"
    assert curve(run(41), "loss")["series"][1]["symbol"] == "none"


def test_a_single_batch_is_a_dot() -> None:
    rows: list[CountingRow] = [BatchRow(epoch=1, batch=n, batches=9, loss=1.0) for n in (1, 2)]
    assert curve(Curves.of(rows[:1]), "loss")["series"][0]["symbol"] == "circle"
    assert curve(Curves.of(rows), "loss")["series"][0]["symbol"] == "none"


def test_the_axis_of_epochs_leaves_room_for_the_ring_at_the_last_point() -> None:
    assert curve(run(10), "loss")["xAxis"]["max"] == 10.2
    assert curve(run(10), "loss")["xAxis"]["axisLabel"] == {"showMaxLabel": False}
    assert curve(run(1), "loss")["xAxis"]["max"] == 1


def test_accuracies_are_in_per_cent_and_losses_in_nats() -> None:
    found = curve(run(2, accuracy=0.5, val_accuracy=0.25), "accuracy")
    assert found["series"][1]["data"] == [[1, 50], [2, 50]]
    assert found["series"][2]["data"] == [[1, 25], [2, 25]]
    assert found["yAxis"]["name"] == "accuracy (%)"
    loss = curve(run(2), "loss")
    assert loss["series"][1]["data"] == [[1, 1], [2, 0.5]]
    assert loss["yAxis"]["name"] == "loss (cross-entropy, nats)"


def test_however_many_names_a_legend_takes_one_row() -> None:
    many = overlay([run(2)] * 9, "loss")
    assert len(many["legend"]["data"]) == 9
    assert many["legend"]["type"] == curve(run(2), "loss")["legend"]["type"] == "scroll"


def test_the_baseline_is_grey_and_thicker_than_the_others() -> None:
    first, second = overlay([run(2), run(2)], "loss", baseline=1)["series"][1::2]
    assert second["itemStyle"]["color"] == NEUTRAL != first["itemStyle"]["color"]
    assert second["lineStyle"]["width"] > first["lineStyle"]["width"]
    assert (first["name"], second["name"]) == ("A (1)", "A (2), baseline")


def test_without_validation_the_training_curve_is_drawn_in_its_place() -> None:
    training, drawn = overlay([run(2)], "loss")["series"]
    assert training["data"] == drawn["data"] == [[1, 1], [2, 0.5]]
    assert training["lineStyle"]["type"] == "dotted"
    raw, smooth = overlay([run(3)], "loss", smoothing=0.5)["series"]
    assert raw["data"] == [[1, 1], [2, 0.5], [3, 0.33333]]
    assert smooth["data"][2] == [3, 0.47619]  # (1/8 + 0.5/4 + 0.3333/2) / (7/8)
