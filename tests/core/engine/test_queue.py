from fmnist_core.engine.queue import Queue, Ticket


def ticket(name: str) -> Ticket:
    return Ticket(name, name[0], f"/runs/{name}")


def test_visitors_take_turns() -> None:
    queue = Queue()
    queue.waiting = [ticket(name) for name in ("a1", "a2", "a3", "b1", "c1", "b2")]
    assert [item.run_id for item in queue.order()] == ["a1", "b1", "c1", "a2", "b2", "a3"]
    assert (queue.position("a1"), queue.position("a3"), queue.position("x")) == (1, 6, None)


def test_what_a_visitor_has_at_work_counts_as_a_turn() -> None:
    queue = Queue()
    queue.working = [ticket("a0")]
    queue.waiting = [ticket(name) for name in ("a1", "b1")]
    assert [item.run_id for item in queue.order()] == ["b1", "a1"]
    assert queue.has("a0")
    assert queue.waiting_of("a") == 1
