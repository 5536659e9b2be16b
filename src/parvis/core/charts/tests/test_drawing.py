"""Every type is drawn from its description alone, in both themes and sizes, by the program that the server uses."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from parvis.core.charts.drawing import NARROW, PAPER, WIDE, vega_lite
from parvis.core.charts.errors import DrawingFailed
from parvis.core.charts.factories import make_answered, make_chart
from parvis.core.charts.marks import MARKS
from parvis.core.charts.renderer import Painter
from parvis.core.charts.tables import table
from parvis.core.charts.themes import THEMES
from parvis.core.children import can_confine

ALL = pytest.mark.parametrize("mark", sorted(MARKS))


@pytest.fixture(scope="module")
def painter():
    painter = Painter()
    yield painter
    painter.close()


def texts_of(svg: bytes) -> list[str]:
    root = ET.fromstring(svg)
    return [
        text for node in root.iter("{http://www.w3.org/2000/svg}text") if (text := "".join(node.itertext()).strip())
    ]


@ALL
def test_a_type_is_drawn_for_a_screen_and_for_a_phone_in_light_and_in_dark(painter, mark):
    description, answers = make_chart(mark)
    for theme in THEMES.values():
        for size in (WIDE, NARROW):
            svg = painter.paint(vega_lite(description, answers, theme, size=size), "svg")
            width = float(re.search(rb'width="([\d.]+)"', svg)[1])
            assert width <= size.width + 40
            assert len(ET.fromstring(svg).findall(".//{*}path")) >= 2
            assert "NaN" not in svg.decode() and "undefined" not in svg.decode()


@pytest.mark.parametrize("mark", ["bars", "multiples"])
def test_rows_and_small_charts_are_closer_together_on_paper_and_say_the_same(painter, mark):
    description, answers = make_chart(mark)
    screen, paper = (painter.paint(vega_lite(description, answers, size=size), "svg") for size in (WIDE, PAPER))
    heights = [float(re.search(rb'height="([\d.]+)"', svg)[1]) for svg in (screen, paper)]
    assert heights[1] < 0.8 * heights[0]
    assert set(texts_of(screen)) == set(texts_of(paper))


@ALL
def test_a_picture_that_stands_alone_bears_its_title_and_the_colours_of_its_theme(painter, mark):
    description, answers = make_chart(mark)
    svg = painter.paint(vega_lite(description, answers, THEMES["dark"], titled=True), "svg")
    assert "Des arceaux" in texts_of(svg)
    assert THEMES["dark"].paper in svg.decode()


@ALL
def test_every_value_of_the_table_is_in_the_drawing(mark):
    description, answers = make_chart(mark)
    specification = vega_lite(description, answers)
    drawn = json.dumps(specification["data"], ensure_ascii=False)
    for row in table(description, answers).rows:
        assert row[0] in drawn or mark == "points"


@ALL
def test_nothing_is_fetched_and_no_expression_comes_from_the_data(mark):
    hostile = 'datum.v + 1\', {"signal": "1"} <script>alert(1)</script>'
    description, answers = make_chart(mark, subtitle=hostile, unit="<b>")
    answers[0].rows[0]["c_group"] = hostile
    specification = vega_lite(description, answers, titled=True)
    whole = json.dumps(specification)
    assert '"url"' not in whole and '"href"' not in whole
    body = {name: value for name, value in specification.items() if name not in ("data", "title")}
    expressions = re.findall(r'"(?:expr|signal|labelExpr|calculate)": "([^"]*)"', json.dumps(body))
    assert set(expressions) <= {"format(abs(datum.value), ',~r')"}
    tests = re.findall(r'"test": "([^"]*)"', json.dumps(body))
    assert set(tests) <= {f"length(split(datum.value, '\\\\n')) == {count}" for count in (2, 3)}


@pytest.mark.skipif(not can_confine(), reason="never: this system has no Landlock, and doctor says so")
def test_what_draws_is_confined_before_its_library_is_loaded(painter):
    painter.paint(vega_lite(*make_chart("bars")), "svg")
    status = Path(f"/proc/{painter.pid}/status").read_text()
    assert "NoNewPrivs:\t1\n" in status  # what Landlock asks for; its own walls are tried in core.children


def test_a_script_in_the_data_stays_a_text_in_the_picture(painter):
    rows = [{"c_group": "<script>alert(1)</script>", "c_value": 3}, {"c_group": "b & c", "c_value": 2}]
    svg = painter.paint(vega_lite(*make_answered("bars", rows, grouping="commune")), "svg")
    assert b"<script" not in svg
    assert "<script>alert(1)</script>" in " ".join(texts_of(svg))


def test_numbers_and_months_are_written_in_french(painter):
    rows = [{"c_group": f"2023-{month:02}", "c_value": 1000 * month} for month in range(1, 13)]
    description, answers = make_answered("lines", rows, grouping="pose_le", step="month")
    french = texts_of(painter.paint(vega_lite(description, answers), "svg"))
    english = texts_of(painter.paint(vega_lite(description, answers, language="en"), "svg"))
    assert "10\u202f000" in french and "janv. 2023" in french
    assert "10,000" in english and "Jan 2023" in english


def test_bars_bear_their_value_and_its_unit(painter):
    description, answers = make_chart("bars")
    texts = texts_of(painter.paint(vega_lite(description, answers), "svg"))
    assert sum(text.endswith("\u00a0arceaux") for text in texts) == 4


def test_lines_differ_by_more_than_their_colour():
    rows = [{"c_group": str(year), "c_series": name, "c_value": 5} for year in (2021, 2022) for name in "abc"]
    specification = vega_lite(*make_answered("lines", rows, grouping="pose_le", step="year", series="modele"))
    line, dots, _names = specification["layer"]
    dashes = line["encoding"]["strokeDash"]["scale"]["range"]
    shapes = dots["encoding"]["shape"]["scale"]["range"]
    assert len({json.dumps(dash) for dash in dashes}) == len(set(shapes)) == 3


def test_a_browser_is_given_the_same_chart_ready_to_draw(painter):
    description, answers = make_chart("lines")
    vega = json.loads(painter.paint(vega_lite(description, answers), "vega"))
    assert vega["$schema"].startswith("https://vega.github.io/schema/vega/")
    assert len(vega["data"][0]["values"]) == 24
    assert "datetime(" not in json.dumps(vega["axes"])


def test_a_picture_in_points_is_twice_as_fine(painter):
    description, answers = make_chart("pie")
    png = painter.paint(vega_lite(description, answers, titled=True), "png")
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") >= 2 * 700


def test_a_drawing_that_cannot_be_says_so_and_the_next_one_is_made(painter):
    with pytest.raises(DrawingFailed) as refused:
        painter.paint({"mark": {"type": 3}}, "svg")
    assert "http" not in str(refused.value)
    assert painter.paint(vega_lite(*make_chart("pie")), "svg").startswith(b"<svg")


def test_nothing_outside_is_fetched_by_the_drawing_program(painter):
    body = {"mark": "bar", "data": {"url": "http://127.0.0.1:9/data.json"}, "encoding": {"x": {"field": "a"}}}
    with pytest.raises(DrawingFailed):
        painter.paint(body, "svg")


def test_a_child_that_is_late_is_ended_and_replaced():
    painter = Painter(seconds=0.05)
    with pytest.raises(DrawingFailed):
        painter.paint(vega_lite(*make_chart("pie")), "svg")
    assert painter.pid is None
    patient = Painter()
    assert patient.paint(vega_lite(*make_chart("pie")), "svg")
    patient.close()
