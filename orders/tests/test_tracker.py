"""The stations of an order's way: plain values in, plain values out."""

from orders.tracker import Node, Trouble, steps

NODES = [Node("Signed", "28 Oct", done=True), Node("Made", icon="hourglass"), Node("Shipped")]


def statuses(found):
    return [step["status"] for step in found]


def test_the_first_station_that_is_not_done_is_under_way():
    found = steps(NODES)
    assert statuses(found) == ["done", "now", "todo"]
    assert [step["icon"] for step in found] == ["", "hourglass", ""]


def test_trouble_recolours_the_station_under_way_and_none_disappears():
    found = steps(NODES, Trouble("in dispute", "scale"))
    assert statuses(found) == ["done", "branch", "todo"]
    assert found[1] == {
        "label": "Made",
        "detail": "in dispute",
        "status": "branch",
        "icon": "scale",
    }


def test_a_station_may_be_reached_before_the_one_in_front_of_it():
    paid_early = [*NODES[:2], Node("Balance paid", done=True), NODES[2]]
    assert statuses(steps(paid_early)) == ["done", "now", "done", "todo"]


def test_trouble_changes_nothing_once_all_is_done():
    done = [Node("Signed", done=True), Node("Released", done=True)]
    assert statuses(steps(done, Trouble("late"))) == ["done", "done"]
