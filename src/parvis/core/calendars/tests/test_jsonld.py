"""schema.org: events in JSON-LD alone, in graphs and in pages; ours, read back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Mode, Place, State, Timing
from parvis.core.calendars.formats import jsonld, jsonld_writer
from parvis.core.calendars.recurrence import occurrences, planned
from parvis.core.calendars.tests.conftest import NOW, PARIS

CONCERT = {
    "@context": "https://schema.org",
    "@type": "MusicEvent",
    "name": "Concert",
    "startDate": "2026-05-05T20:00:00+02:00",
    "endDate": "2026-05-05T22:00:00+02:00",
}


def read(data):
    return jsonld.read(json.dumps(data).encode(), "x.json", "Salle")


def only(**facts):
    [event] = read({**CONCERT, **facts}).events
    return event


@pytest.mark.parametrize(
    "data",
    [
        CONCERT,
        [CONCERT],
        {"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, CONCERT]},
        {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": CONCERT}]},
        {**CONCERT, "@type": ["Thing", "https://schema.org/Event"]},
        {f"schema:{key}" if key[0] != "@" else key: value for key, value in CONCERT.items()},
        {"@graph": {"@type": "schema:Event", "https://schema.org/name": "Concert", "schema:startDate": "2026-05-05"}},
    ],
)
def test_an_event_is_read_wherever_it_stands(data):
    assert [event.title for event in read(data).events] == ["Concert"]


@pytest.mark.parametrize(
    ("before", "after"), [("<!--", "-->"), ("//<![CDATA[", "//]]>"), ("/*<![CDATA[*/", "/*]]>*/"), ("<![CDATA[", "]]>")]
)
def test_what_was_put_around_a_script_for_old_browsers_is_left(before, after):
    page = f'<script type="application/ld+json">{before}\n{json.dumps(CONCERT)}\n{after}</script>'
    [event] = jsonld.read(page.encode(), "page.html").events
    assert event.title == "Concert"


def test_the_scripts_of_a_page_are_read_and_a_broken_one_is_told():
    page = f"""<!doctype html><html><head><title>x</title>
    <script>var a = {{"@type": "Event"}};</script>
    <script type="application/ld+json">{{"@type": </script>
    <script type='application/ld+json; charset=utf-8'>
    {json.dumps(CONCERT)}</script></head><body><p>…"""
    reading = jsonld.read(page.encode(), "page.html")
    assert [event.title for event in reading.events] == ["Concert"]
    assert [problem.where for problem in reading.problems] == ["script 1"]


def test_place_state_mode_and_offers():
    event = only(
        location=[
            {
                "@type": "Place",
                "name": "Agora",
                "address": {"streetAddress": "place de l’Agora", "postalCode": "91000", "addressLocality": "Évry"},
                "geo": {"latitude": "48.62", "longitude": 2.43},
            },
            {"@type": "VirtualLocation", "url": "https://exemple.fr/direct"},
        ],
        eventStatus="https://schema.org/EventPostponed",
        eventAttendanceMode="http://schema.org/MixedEventAttendanceMode",
        offers=[
            {"name": "Plein", "price": "12", "priceCurrency": "EUR", "url": "https://exemple.fr/billets"},
            {"name": "Réduit", "price": 0, "priceCurrency": "EUR"},
        ],
        image=["https://exemple.fr/a.jpg"],
        organizer={"@type": "Organization", "name": "Ville"},
        superEvent={"name": "Festival"},
        inLanguage="fr",
        keywords="jazz, été",
    )
    assert event.place == Place("Agora", "place de l’Agora, 91000 Évry", "91000", "Évry", "", 48.62, 2.43)
    assert (event.state, event.mode, event.online_address) == (State.POSTPONED, Mode.MIXED, "https://exemple.fr/direct")
    assert (event.free, event.conditions, event.registration) == (
        False,
        "Plein : 12 €; Réduit",
        ("https://exemple.fr/billets",),
    )
    assert (event.organiser, event.series, event.keywords) == ("Ville", "Festival", ("jazz", "été"))


@pytest.mark.parametrize(
    ("facts", "free"),
    [
        ({"isAccessibleForFree": True}, True),
        ({"isAccessibleForFree": "http://schema.org/False"}, False),
        ({"offers": {"price": "0.00"}}, True),
        ({"offers": {"price": "sur place"}}, None),
        ({}, None),
    ],
)
def test_whether_it_is_free(facts, free):
    assert only(**facts).free is free


def test_sold_out_is_full():
    assert only(offers=[{"availability": "https://schema.org/SoldOut"}]).state is State.FULL


def test_a_schedule_is_a_rule():
    event = only(
        startDate="2026-05-05",
        eventSchedule={
            "@type": "Schedule",
            "startDate": "2026-05-05",
            "endDate": "2026-06-30",
            "startTime": "18:30:00",
            "endTime": "20:00",
            "repeatFrequency": "P1W",
            "byDay": ["https://schema.org/Tuesday", "Friday"],
            "exceptDate": ["2026-05-08"],
            "scheduleTimezone": "Europe/Paris",
        },
    )
    dates = planned(event, NOW)
    assert [one.day.isoformat() for one in dates[:3]] == ["2026-05-05", "2026-05-12", "2026-05-15"]
    assert dates[0].start.isoformat() == "2026-05-05T18:30:00+02:00"
    assert dates[-1].day == date(2026, 6, 30)


def test_a_day_alone_is_a_whole_day():
    [occurrence] = planned(only(startDate="2026-05-05", endDate="2026-05-06"), NOW)
    assert (occurrence.all_day, occurrence.last_day) == (True, date(2026, 5, 6))


def test_events_without_name_or_date_are_told():
    reading = read([{**CONCERT, "name": ""}, {**CONCERT, "startDate": "bientôt"}])
    assert reading.events == ()
    assert len(reading.problems) == 2


@pytest.mark.parametrize("content", [b"", b"<html></html>", b'{"a": ', b'{"a":' * 50_000])
def test_what_holds_no_json_ld_is_refused(content):
    with pytest.raises(UnreadableAgenda):
        jsonld.read(content, "x")


def test_a_graph_that_never_ends_is_left(event):
    deep: dict = CONCERT
    for _level in range(500):
        deep = {"a": deep}
    assert read(deep).events == ()


def written(event):
    return jsonld_writer.event_node(event, NOW)


def test_a_weekly_event_is_written_with_its_schedule_and_next_date(event):
    weekly = event(
        datetime(2026, 4, 28, 18), rule="FREQ=WEEKLY;BYDAY=TU;COUNT=4", exceptions=(datetime(2026, 5, 12, 18),)
    )
    node = written(weekly)
    assert node["startDate"] == "2026-05-05T18:00:00+02:00"
    assert node["eventSchedule"]["byDay"] == ["https://schema.org/Tuesday"]
    [back] = read(node).events
    assert [one.start for one in planned(back, NOW)] == [one.start for one in planned(weekly, NOW)]


def test_a_rule_that_schema_org_has_no_words_for_is_told_by_its_next_date(event):
    council = event(datetime(2026, 5, 29, 18), rule="FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1")
    assert "eventSchedule" not in written(council)


def test_several_dates_come_back(event):
    concert = event(datetime(2026, 5, 5, 20))
    again = Timing(datetime(2026, 5, 6, 15), datetime(2026, 5, 6, 16))
    twice = replace(concert, schedule=replace(concert.schedule, timings=(*concert.schedule.timings, again)))
    [back] = read(jsonld_writer.write([twice], NOW)).events
    window = (datetime(2026, 1, 1, tzinfo=PARIS), datetime(2026, 1, 1, tzinfo=PARIS) + timedelta(days=366))
    assert occurrences(back, *window) == occurrences(twice, *window)


def test_free_full_and_online_are_written(event):
    base = event(datetime(2026, 5, 5, 20), place=None)
    node = written(replace(base, free=True, state=State.FULL, mode=Mode.ONLINE, online_address="https://exemple.fr/d"))
    assert node["offers"][0]["price"] == 0
    assert node["offers"][0]["availability"].endswith("SoldOut")
    assert node["eventStatus"].endswith("EventScheduled")
    assert node["location"]["@type"] == "VirtualLocation"
    assert node["isAccessibleForFree"] is True
    [back] = read(node).events
    assert (back.state, back.mode, back.free) == (State.FULL, Mode.ONLINE, True)
