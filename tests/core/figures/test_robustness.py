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
