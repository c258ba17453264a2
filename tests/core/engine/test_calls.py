from fmnist_core.engine.calls import Call, next_call


def test_short_tasks_of_a_visitor_wait_for_those_of_visitors_who_have_none_at_work() -> None:
    first, second, other = (Call(print, (), owner) for owner in "aab")
    assert next_call([second, other], [first]) is other
    assert next_call([second], [first]) is second
    assert next_call([], [first]) is None
