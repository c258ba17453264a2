import pytest

from fmnist_core.wording import duration, duration_range, megabytes, percent, short


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0"),
        (999, "999"),
        (1000, "1 k"),
        (354_600, "355 k"),
        (999_499, "999 k"),
        (999_500, "1 M"),
        (40_500_000, "40.5 M"),
        (999_500_000, "1 G"),
        (1.07e9, "1.07 G"),
    ],
)
def test_a_count_has_three_digits_and_a_unit(number: float, words: str) -> None:
    assert short(number) == words


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (2_300_000, "2.3 MB"),
        (9_940_000, "9.9 MB"),
        (9_950_000, "10 MB"),
        (54_000_000, "54 MB"),
        (994_000_000, "994 MB"),
        (995_000_000, "1.0 GB"),
        (1.2e9, "1.2 GB"),
    ],
)
def test_a_size_has_two_digits(size: float, words: str) -> None:
    assert megabytes(size) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (-1e-9, "0 %"),
        (0, "0 %"),
        (1e-9, "<0.1 %"),
        (0.00049, "<0.1 %"),
        (0.0006, "0.1 %"),
        (0.5, "50.0 %"),
        (0.9994, "99.9 %"),
        (0.9996, ">99.9 %"),
        (0.99999, ">99.9 %"),
        (1, "100 %"),
        (1.0000001, "100 %"),
    ],
)
def test_percentages_never_round_to_certainty(value: float, words: str) -> None:
    assert percent(value) == words


def test_percentages_have_as_many_digits_as_asked() -> None:
    assert percent(0.81113, 2) == "81.11 %"
    assert percent(0.00001, 2) == "<0.01 %"
    assert percent(0.99999, 2) == ">99.99 %"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "1 s"),
        (0.2, "1 s"),
        (40.4, "40 s"),
        (89, "89 s"),
        (90, "2 min"),
        (420, "7 min"),
        (5399, "90 min"),
        (5400, "1.5 h"),
        (7200, "2.0 h"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_range_says_its_unit_once() -> None:
    assert duration_range(240, 540) == "4–9 min"
    assert duration_range(40, 540) == "40 s – 9 min"
    assert duration_range(400, 430) == "7 min"
