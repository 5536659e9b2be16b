"""What is around a drawing: its addresses, what can be taken away, the error in its place."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.charts.description import ChartDescription, SeriesSource
from parvis.core.errors import NotFound, RequestError
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.frames import ChartFrame
from parvis.hub.drawings.frames import Addresses, pictures_of

BARS = ChartDescription("bars", (SeriesSource("arceaux", grouping="commune"),))
KEY = "0123456789abcdef"


def test_what_was_not_saved_has_its_whole_description_in_its_addresses():
    addresses = Addresses("/graphiques/-/", BARS, KEY, None, {"periode": "2024"})
    address = urlsplit(addresses.of("image.svg", theme="dark"))
    query = parse_qs(address.query)
    assert address.path == "/graphiques/-/image.svg"
    assert (query["periode"], query["theme"]) == (["2024"], ["dark"])
    assert ChartDescription.from_dict(json.loads(query["c"][0])) == BARS
    taken = addresses.taken()
    assert taken["page"] == "" and taken["embed"].startswith("http") and "/graphiques/-/cadre/?c=" in taken["embed"]


@pytest.mark.django_db
def test_what_was_saved_has_short_ones_that_change_with_its_answers_but_the_one_others_embed():
    chart = make_chart(make_stands())
    addresses = Addresses("/graphiques/-/", BARS, KEY, chart)
    assert addresses.of("image.svg", titre="1") == f"/graphiques/{chart.slug}/image.svg?v=01234567&titre=1"
    taken = addresses.taken()
    assert urlsplit(taken["embed"]).path == f"/graphiques/{chart.slug}/cadre/" and not urlsplit(taken["embed"]).query
    assert addresses.taken("https://ailleurs.example/")["embed"] == "https://ailleurs.example/"


def test_the_pictures_follow_the_colours_that_the_reader_chose_else_those_of_the_screen(rf):
    sizes = {"narrow": (420, 400), "wide": (960, 500)}

    def address(file, **more):
        return "/".join([file, *more.values()])

    free = pictures_of(address, sizes, None)
    assert [one.address for one in free][-1] == "image.svg/light/wide" and not free[-1].media
    assert len(free) == 5 and "dark" in free[0].media
    request = rf.get("/")
    request.COOKIES["apparence"] = "dark"
    assert {one.address.split("/")[1] for one in pictures_of(address, sizes, request)[:-1]} == {"dark"}


@pytest.mark.parametrize(("error", "hidden"), [(NotFound(name="arceaux"), True), (RequestError(), False)])
def test_an_error_takes_the_place_of_the_drawing_unless_its_reader_may_know_nothing_of_it(error, hidden):
    frame = ChartFrame.refused("graphique", error, title="Places")
    assert (frame.code, frame.title, frame.is_hidden) == (error.code, "Places", hidden)
    assert frame.error


def test_the_code_to_embed_holds_the_title_as_text():
    code = ChartFrame("graphique", title='"><script>&', embed="https://parvis.example/cadre/").embed_code
    assert 'title="&quot;&gt;&lt;script&gt;&amp;"' in code and 'height="640"' in code
