"""Tiles and flows fill their frame in proportion to their values, and never overlap."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.charts.layouts import curve, sankey, treemap

_values = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=40)


@given(_values, st.floats(50, 900), st.floats(50, 900))
def test_each_tile_has_the_area_of_its_value_and_the_frame_is_full(values, width, height):
    boxes = treemap(values, width, height)
    assert len(boxes) == len(values)
    for box in boxes:
        share = values[box.rank] / sum(values)
        assert box.width * box.height == pytest.approx(share * width * height, rel=1e-6)
        assert -0.01 <= box.left <= box.right <= width + 0.01
        assert -0.01 <= box.top <= box.bottom <= height + 0.01


@given(_values)
def test_tiles_do_not_overlap(values):
    boxes = treemap(values, 300, 200)
    for rank, box in enumerate(boxes):
        for other in boxes[rank + 1 :]:
            across = min(box.right, other.right) - max(box.left, other.left)
            down = min(box.bottom, other.bottom) - max(box.top, other.top)
            assert across < 0.01 or down < 0.01


def test_equal_values_make_squares():
    boxes = treemap([1, 1, 1, 1], 200, 200)
    assert {(round(box.width, 6), round(box.height, 6)) for box in boxes} == {(100, 100)}


def test_nothing_makes_no_tile():
    assert treemap([0, 0], 100, 100) == []


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"), st.floats(0.1, 1e4)), min_size=1))
def test_flows_leave_and_arrive_side_by_side_within_their_nodes(links):
    links = list({(source, target): (source, target, value) for source, target, value in links}.values())
    nodes, flows = sankey(links, "abcd", "wxyz", 300, 12)
    place = {(node.is_source, node.name): node for node in nodes}
    for node in nodes:
        assert 0 - 1e-6 <= node.top < node.bottom <= 300 + 1e-6
    for side, start in ((True, "start"), (False, "end")):
        for name in {flow.source if side else flow.target for flow in flows}:
            ends = sorted(
                (getattr(flow, start), flow.thickness)
                for flow in flows
                if (flow.source if side else flow.target) == name
            )
            at = place[side, name].top
            for top, thickness in ends:
                assert top == pytest.approx(at)
                at += thickness
            assert at == pytest.approx(place[side, name].bottom)


def test_a_flow_is_drawn_from_its_start_to_its_end():
    _nodes, (flow,) = sankey([("a", "x", 5.0)], "a", "x", 100, 10)
    points = curve(flow, 10, 90)
    assert points[0] == (10, flow.start, flow.start + flow.thickness)
    assert points[-1] == pytest.approx((90, flow.end, flow.end + flow.thickness))
