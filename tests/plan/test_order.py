from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighlock.plan import order
from weighlock.plan.model import Phase, Span

GRAPHS = st.dictionaries(
    st.integers(0, 9).map(str),
    st.lists(st.integers(0, 10).map(str), max_size=4).map(tuple),
    max_size=10,
)


def phase(key: str, *needs: str) -> Phase:
    return Phase(key=key, title=key, needs=needs, source=Span(file="p.md", line=1))


def test_needs_leave_out_doubles_and_phases_the_plan_lacks():
    found = order.needs_of([phase("01"), phase("02", "01", "99", "01")])
    assert found == {"01": (), "02": ("01",)}


def test_sorting_puts_needs_first_and_keeps_plan_order_between_equals():
    assert order.topological({"c": ("a",), "b": (), "a": ()}) == ("b", "a", "c")


def test_a_cycle_is_named_with_its_whole_path():
    needs = {"1": ("3",), "2": ("1",), "3": ("2",), "4": ("3",)}
    assert order.cycles(needs) == (("1", "3", "2", "1"),)


def test_a_phase_that_needs_itself_is_a_cycle_of_one():
    assert order.cycles({"1": ("1",), "2": ("1",)}) == (("1", "1"),)


def test_two_knots_are_two_cycles():
    needs = {"a": ("b",), "b": ("a",), "c": ("d",), "d": ("c",)}
    assert order.cycles(needs) == (("a", "b", "a"), ("c", "d", "c"))


def test_layers_count_the_longest_way_down():
    needs = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ()}
    assert order.layers(needs) == (("a", "d"), ("b",), ("c",))


def test_needs_that_others_imply_are_left_out_of_the_reduced_graph():
    assert order.reduced({"a": (), "b": ("a",), "c": ("a", "b")})["c"] == ("b",)


def test_the_critical_path_is_the_heaviest_chain_not_the_longest():
    needs = {"a": (), "b": ("a",), "c": ("b",), "d": ("a",)}
    path, weight = order.critical_path(needs, {"d": 9.0})
    assert (path, weight) == (("a", "d"), 10.0)


def test_an_empty_plan_has_no_critical_path():
    assert order.critical_path({}, {}) == ((), 0.0)


@pytest.mark.slow
def test_a_chain_of_twenty_thousand_phases_does_not_exhaust_the_stack():
    needs = {str(i): (str(i - 1),) if i else () for i in range(20_000)}
    assert len(order.layers(needs)) == 20_000
    assert order.cycles(needs) == ()


@settings(max_examples=150)
@given(GRAPHS)
def test_law_every_key_comes_after_its_needs_once_cycles_are_cut(needs: order.Needs):
    open_, dropped = order.acyclic(needs)
    place = {key: i for i, key in enumerate(order.topological(open_))}
    assert set(place) == set(needs)
    assert all(place[n] < place[key] for key in open_ for n in open_[key])
    assert bool(dropped) == bool(order.cycles(needs))


@settings(max_examples=150)
@given(GRAPHS)
def test_law_a_reported_cycle_is_a_real_one(needs: order.Needs):
    for cycle in order.cycles(needs):
        assert cycle[0] == cycle[-1]
        assert len(cycle) == len(set(cycle)) + 1
        assert all(b in needs[a] for a, b in pairwise(cycle))


def reach(needs: order.Needs, key: str) -> set[str]:
    found: set[str] = set()
    todo = [key]
    while todo:
        for need in needs[todo.pop()]:
            if need in needs and need not in found:
                found.add(need)
                todo.append(need)
    return found


@pytest.mark.slow
@settings(max_examples=150)
@given(GRAPHS)
def test_law_the_reduced_graph_reaches_the_same_phases(needs: order.Needs):
    open_, _ = order.acyclic(needs)
    small = order.reduced(needs)
    assert all(reach(small, key) == reach(open_, key) for key in needs)
