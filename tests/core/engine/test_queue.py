from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.engine.queue import Queue, Rules, Ticket
from fmnist_core.recipes import host

RULES = Rules(slice=60, short_slice=15, unwatched=90, budget=600, away=1000)


def ticket(name: str) -> Ticket:
    return Ticket(name, name[0], f"/runs/{name}")


def queue(*names: str, working: tuple[str, ...] = (), at: float = 0.0) -> Queue:
    """A queue in which all were put at second `at`, the owners' initials being their names."""
    found = Queue(RULES)
    for name in (*working, *names):
        found.add(ticket(name), at)
    for name in working:
        found.start(ticket(name), at)
    return found


def ids(tickets: list[Ticket]) -> list[str]:
    return [item.run_id for item in tickets]


def lasting(seconds: float) -> Callable[[Ticket], float]:
    return lambda _: seconds


def test_visitors_take_turns() -> None:
    found = queue("a1", "a2", "a3", "b1", "c1", "b2")
    assert ids(found.order(0)) == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert (found.position("a1", 0), found.position("a3", 0), found.position("x", 0)) == (
        1,
        6,
        None,
    )


def test_what_a_visitor_has_at_work_counts_as_a_turn() -> None:
    found = queue("a1", "b1", working=("a0",))
    assert ids(found.order(0)) == ["b1", "a1"]
    assert [found.has(name) for name in ("a0", "a1", "b1", "c1")] == [True, True, True, False]
    assert not Queue().has("a0")
    assert found.waiting_of("a") == 1
    assert ids(found.of("a")) == ["a0", "a1"]


def test_a_run_rests_after_its_slice_and_only_while_others_wait() -> None:
    found = queue("b1", working=("a1",))
    assert found.to_rest(59, slots=1) == []
    assert ids(found.to_rest(60, slots=1)) == ["a1"]
    assert found.to_rest(60, slots=2) == []
    assert queue(working=("a1",)).to_rest(1e6, slots=1) == []


def test_as_many_rest_as_wait_and_those_that_worked_longest_first() -> None:
    found = queue("c1", working=("a1", "b1"))
    found.working[ticket("a1")] = 10
    assert ids(found.to_rest(80, slots=2)) == ["b1"]
    found.add(ticket("d1"), 80)
    assert ids(found.to_rest(80, slots=2)) == ["b1", "a1"]


def test_a_visitors_own_runs_do_not_interrupt_each_other() -> None:
    assert queue("a2", working=("a1",)).to_rest(80, slots=1) == []


def test_a_run_that_rested_goes_to_the_back_and_who_had_least_time_is_next() -> None:
    found = queue("b1", working=("a1",))
    found.end(ticket("a1"), 60, again=True)
    assert ids(found.order(60)) == ["b1", "a1"]
    found.start(ticket("b1"), 60)
    found.add(ticket("c1"), 70)
    assert ids(found.order(70)) == ["c1", "a1"]
    assert (found.used("a", 70), found.used("b", 70), found.used("c", 70)) == (60, 10, 0)


def test_only_the_last_hour_counts_as_used() -> None:
    found = queue(working=("a1",))
    found.end(ticket("a1"), 100)
    assert (found.used("a", 3600), found.used("a", 3660), found.used("a", 3700)) == (100, 40, 0)


def test_runs_that_nobody_watches_give_way_to_watched_ones() -> None:
    found = queue("a2", working=("a1",))
    found.add(ticket("b1"), 100)
    assert ids(found.order(100)) == ["b1", "a2"]
    assert ids(found.to_rest(100, slots=1)) == ["a1"]  # after a short slice
    found.look("a1", 100)
    assert ids(found.to_rest(100, slots=1)) == ["a1"]  # after a whole one
    found.working[ticket("a1")] = 50
    assert found.to_rest(100, slots=1) == []


def test_an_unwatched_run_that_waits_interrupts_no_watched_one() -> None:
    found = queue("b1", working=("a1",))
    found.look("a1", 200)
    assert found.to_rest(200, slots=1) == []
    found.look("b1", 200)
    assert ids(found.to_rest(200, slots=1)) == ["a1"]


def test_beyond_the_budget_a_run_goes_on_only_while_nobody_else_waits() -> None:
    found = queue(working=("a1",))
    for second in range(0, 701, 50):
        found.look("a1", second)
    found.add(ticket("b1"), 700)
    found.working[ticket("a1")] = 80  # 620 seconds by 700: beyond the 600
    assert ids(found.to_rest(700, slots=1)) == ["a1"]
    found.end(ticket("a1"), 700, again=True)
    found.start(ticket("b1"), 700)
    assert found.to_rest(770, slots=1) == []
    found.end(ticket("b1"), 800)
    assert ids(found.order(800)) == ["a1"]


def test_runs_left_alone_are_named_and_those_looked_at_are_not() -> None:
    found = queue("b1", working=("a1",))
    found.look("b1", 500)
    assert found.away(1000) == []
    assert ids(found.away(1001)) == ["a1"]
    assert Queue(Rules()).away(1e9) == []


def test_the_wait_counts_slices_and_what_is_left() -> None:
    found = queue("b1", "c1", working=("a1",))
    assert found.wait("b1", 20, 1, lasting(1000)) == 40
    assert found.wait("c1", 20, 1, lasting(1000)) == 100
    assert found.wait("c1", 20, 1, lasting(5)) == 10
    assert found.wait("b1", 20, 2, lasting(1000)) == 0
    assert found.wait("a1", 20, 1, lasting(1000)) is None


def test_the_rules_of_a_host_are_its_limits() -> None:
    assert Rules.of(host.LOCAL) == Rules()
    assert Rules.of(host.HOSTED) == Rules(budget=1200, away=600)


def test_time_is_added_up_over_all_of_a_visitors_slices_of_the_last_hour() -> None:
    found = queue("a1", "a2")
    for name, start in (("a1", 0), ("a2", 100), ("a1", 5000), ("a2", 5100)):
        found.start(ticket(name), start)
        found.end(ticket(name), start + 40, again=True)
    assert found.used("a", 5140) == 80  # the first two are older
    assert found.used("a", 5000 + 3600) == 80
    assert found.used("a", 5020 + 3600) == 60


@pytest.mark.parametrize(("worked", "resting"), [(584, []), (585, ["a1"])])
def test_a_short_slice_is_enough_from_the_last_second_of_the_budget_on(
    worked: float, resting: list[str]
) -> None:
    found = queue(working=("a1",))
    found.end(ticket("a1"), worked, again=True)
    found.start(ticket("a1"), 1000)
    found.look("a1", 1015)
    found.add(ticket("b1"), 1015)
    assert ids(found.to_rest(1015, slots=1)) == resting


def test_a_run_is_unwatched_after_ninety_seconds_and_not_before() -> None:
    found = queue("a1")
    found.add(ticket("b1"), 50)
    assert ids(found.order(90)) == ["a1", "b1"]
    assert ids(found.order(91)) == ["b1", "a1"]


def test_many_runs_at_work_put_a_visitor_behind_those_with_fewer() -> None:
    found = queue("a3", "b2", "c1", "c2", working=("a1", "a2", "b1"))
    assert ids(found.order(0)) == ["c1", "b2", "c2", "a3"]


def test_the_wait_begins_when_a_slice_ends_whenever_that_began() -> None:
    found = queue("b1", working=("a1",), at=1000)
    assert found.wait("b1", 1020, 1, lasting(1000)) == 40
    assert found.wait("b1", 1020, 1, lasting(7)) == 7
    assert found.wait("b1", 1100, 1, lasting(1000)) == 0  # any moment now
    assert found.wait("b1", 1020, 0, lasting(1000)) == 40


def test_the_wait_of_many_is_shared_by_all_workers() -> None:
    found = queue("c1", "d1", "e1", working=("a1", "b1"))
    found.working[ticket("b1")] = -30
    waits = [found.wait(name, 0, 2, lasting(1000)) for name in ("c1", "d1", "e1")]
    assert waits == [30, 60, 90]


def test_what_leaves_or_ends_is_not_there_any_more() -> None:
    found = queue("b1", working=("a1",))
    found.leave(ticket("b1"))
    found.end(ticket("a1"), 10)
    assert (found.waiting, found.working, found.away(1e9)) == ([], {}, [])
    found.look("a1", 20)  # of no use, and no harm
    assert found.unseen(ticket("a1"), 50) == 0


def test_the_shares_of_time_are_those_that_were_measured() -> None:
    assert Rules() == Rules(slice=60, short_slice=15, unwatched=90, budget=None, away=None)


@given(
    runs=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    pauses=st.lists(st.integers(1, 60), min_size=30, max_size=40),
)
def test_however_many_runs_visitors_have_nobody_gets_a_slice_more_than_another(
    runs: list[int], pauses: list[int]
) -> None:
    found = queue(
        *(f"{chr(97 + who)}{number}" for who, count in enumerate(runs) for number in range(count))
    )
    tickets, now = {*found.waiting}, 0.0
    for pause in pauses:
        if not found.working:
            found.start(found.order(now)[0], now)
        now += pause
        for one in tickets:
            found.look(one.run_id, now)
        assert {*found.waiting, *found.working} == tickets
        assert sorted(ids(found.order(now))) == sorted(ids(found.waiting))
        for one in found.to_rest(now, slots=1):
            found.end(one, now, again=True)
        used = [found.used(chr(97 + who), now) for who in range(len(runs))]
        assert sum(used) == now
        assert max(used) - min(used) < RULES.slice + max(pauses)
