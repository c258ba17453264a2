from fmnist_core.figures.robustness import Line, attack_chart, severity_chart


def test_two_models_stand_beside_each_other_at_each_severity_with_their_intervals() -> None:
    shares, intervals = (0.9, 0.5), ((0.85, 0.95), (0.4, 0.6))
    option = severity_chart([Line("A", shares, intervals), Line("B", shares, intervals)])
    first, first_bars, second, _ = option["series"]
    assert [point["value"] for point in first["data"]] == [[-0.025, 90], [0.975, 50]]
    assert [point["value"] for point in second["data"]] == [[0.025, 90], [1.025, 50]]
    assert first_bars["data"][:3] == [[-0.025, 85], [-0.025, 95], ["-", "-"]]
    assert "95 % interval 85.0% to 95.0%" in first["data"][0]["name"]
    # Only the models are named, not their intervals.
    assert option["legend"]["data"] == ["A", "B"]


def test_an_attack_marks_the_chosen_strength() -> None:
    option = attack_chart([Line("PGD", (1.0, 0.2)), Line("FGSM", (1.0, 0.4))], (0, 8), 1, "p (%)")
    assert [series["data"] for series in option["series"]] == [[100, 20], [100, 40]]
    assert option["series"][0]["markLine"]["data"] == [{"xAxis": 1}]
    assert "markLine" not in option["series"][1]


def test_a_single_model_stands_on_its_severities_and_all_points_have_room() -> None:
    line = Line("A", (0.98765, *(0.5,) * 5), ((0.98, 0.99), *((0.4, 0.6),) * 5))
    option = severity_chart([line])
    assert [point["value"] for point in option["series"][0]["data"]][:2] == [[0, 98.77], [1, 50]]
    assert option["xAxis"]["min"] < 0
    assert option["xAxis"]["max"] > 5
    assert option["xAxis"]["axisLabel"]["customValues"] == [0, 1, 2, 3, 4, 5]
    assert (option["yAxis"]["min"], option["yAxis"]["max"]) == (40, 100)
    empty = severity_chart([])
    assert (empty["yAxis"]["min"], empty["yAxis"]["max"]) == (0, 100)


def test_an_attack_is_drawn_from_nothing_to_certainty() -> None:
    option = attack_chart([Line("PGD", (0.98765,))], (0,), 0, "p (%)")
    assert option["series"][0]["data"] == [98.77]
    assert (option["yAxis"]["min"], option["yAxis"]["max"]) == (0, 100)
    assert option["xAxis"]["data"] == ["0"]
