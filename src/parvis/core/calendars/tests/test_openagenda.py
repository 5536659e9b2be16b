"""OpenAgenda: real records of a portal, the API's own form, and what comes back of what is written."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from parvis.core.calendars.errors import UnreadableAgenda
from parvis.core.calendars.events import Mode, State
from parvis.core.calendars.formats import openagenda, openagenda_writer
from parvis.core.calendars.recurrence import planned
from parvis.core.calendars.tests.conftest import DATA, NOW

REAL = openagenda.read((DATA / "openagenda_paris.json").read_bytes(), "evenements.json")
BY_UID = {event.uid: event for event in REAL.events}


def read(**facts):
    facts = {"uid": 7, "title": {"fr": "Concert"}, **facts}
    return openagenda.read(json.dumps({"events": [facts]}).encode(), "x.json", "Ville").events[0]


def test_real_records_are_read_but_the_one_without_a_title():
    assert len(REAL.events) == 19
    assert [problem.where for problem in REAL.problems if "titre" in problem.sentence.text("fr")] == ["38709864"]


def test_timings_written_as_json_inside_json_are_dates():
    festival = BY_UID["50908868"]
    assert len(festival.schedule.timings) == 42
    assert planned(festival, NOW)[0].start.isoformat() == "2020-07-13T09:30:00+02:00"


def test_a_concert_that_ends_before_it_starts_ends_at_midnight():
    [timing] = BY_UID["52438825"].schedule.timings
    assert timing.end - timing.start == timedelta(hours=4)
    assert "52438825" in {problem.where for problem in REAL.problems}


def test_place_accessibility_state_and_mode_are_read():
    issy = BY_UID["47138320"]
    assert (issy.place.city, issy.place.commune) == ("Issy-les-Moulineaux", "92040")
    assert round(issy.place.latitude) == 49
    assert {event.state for event in REAL.events} == {State.SCHEDULED, State.FULL}
    assert Mode.ONLINE in {event.mode for event in REAL.events}
    assert BY_UID["74911491"].place.accessibility == ("hi", "mi")


def test_descriptions_are_plain_text():
    assert all("<p>" not in event.description and "&nbsp;" not in event.description for event in REAL.events)


def test_the_form_of_the_api_is_read_with_its_languages():
    event = read(
        title={"en": "Concert", "fr": "Concert gratuit"},
        description={"fr": "Résumé", "de": "Kurz"},
        keywords={"fr": ["jazz", "plein air"]},
        conditions={"fr": "Entrée libre"},
        timings=[{"begin": "2026-05-05T20:00:00+02:00", "end": "2026-05-05T22:00:00+02:00"}],
        location={"name": "Agora", "latitude": 48.6, "longitude": 2.4, "insee": "91228"},
        accessibility={"mi": True, "vi": False},
        age={"min": 6, "max": 12},
        registration=[
            {"type": "email", "value": "a@exemple.fr"},
            {"type": "phone", "value": "01 02 03 04 05"},
            "www.exemple.fr",
        ],
        status=2,
        attendanceMode=3,
        image={"base": "https://exemple.fr/", "filename": "a.jpg"},
        timezone="Indian/Reunion",
    )
    assert event.title == "Concert gratuit"
    assert event.translations == {"en": {"title": "Concert"}, "de": {"summary": "Kurz"}}
    assert event.registration == ("mailto:a@exemple.fr", "tel:0102030405", "https://www.exemple.fr")
    assert (event.state, event.mode, event.free) == (State.RESCHEDULED, Mode.MIXED, True)
    assert (event.age_min, event.age_max, event.place.accessibility) == (6, 12, ("mi",))
    assert event.picture.address == "https://exemple.fr/a.jpg"
    assert planned(event, NOW)[0].start.isoformat() == "2026-05-05T22:00:00+04:00"


@pytest.mark.parametrize(("code", "state"), openagenda.STATES.items())
def test_the_six_states_are_known_alone_or_in_an_object(code, state):
    assert read(status=code).state is read(status={"id": code, "label": {}}).state is state


def test_values_of_another_kind_are_left_out():
    event = read(
        timings={"begin": 1}, location=["x"], age="6", image=3, registration="javascript:x", keywords={"fr": 3}
    )
    assert (event.schedule.timings, event.place, event.registration, event.keywords) == ((), None, (), ())


def test_records_of_explore_are_read_too():
    flat = {
        "uid": "9",
        "title_fr": "Bal",
        "location_coordinates": {"lat": 48.6, "lon": 2.4},
        "keywords_fr": ["bal", "été"],
    }
    [event] = openagenda.read(json.dumps({"total_count": 1, "results": [flat]}).encode(), "x").events
    assert (event.title, event.place.longitude, event.keywords) == ("Bal", 2.4, ("bal", "été"))


@pytest.mark.parametrize("content", [b"", b"3", b'{"a": 1}', b"[" * 100_000, b'{"events": 3}'])
def test_what_holds_no_events_is_refused(content):
    with pytest.raises(UnreadableAgenda):
        openagenda.read(content, "x.json")


def test_real_events_come_back_from_what_is_written():
    written = json.dumps(openagenda_writer.write(REAL.events, NOW)).encode()
    assert openagenda.read(written, "x").events == REAL.events
