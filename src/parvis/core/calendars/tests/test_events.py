"""Events as JSON, and what no event can be."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from parvis.core.calendars.errors import BadEvent
from parvis.core.calendars.events import (
    Event,
    Mode,
    Override,
    Picture,
    Place,
    Schedule,
    Source,
    State,
    Timing,
)
from parvis.core.errors import ParvisError

FULL = Event(
    uid="42",
    title="Fête de la musique",
    schedule=Schedule(
        (Timing(datetime(2026, 6, 21, 18), datetime(2026, 6, 21, 23)),),
        "Indian/Reunion",
        "FREQ=YEARLY",
        exceptions=(datetime(2027, 6, 21, 14, tzinfo=UTC),),
        overrides=(Override(datetime(2028, 6, 21, 18), Timing(datetime(2028, 6, 22, 18), datetime(2028, 6, 22, 23))),),
    ),
    picture=Picture("https://exemple.fr/a.jpg", "Des musiciens", "Jeanne", "CC BY 4.0"),
    place=Place("Place", commune="97411", latitude=-20.9, longitude=55.4, accessibility=("mi",)),
    mode=Mode.MIXED,
    state=State.FULL,
    free=True,
    age_min=6,
    registration=("mailto:a@exemple.fr",),
    keywords=("musique",),
    updated=datetime(2026, 1, 1, tzinfo=UTC),
    translations={"en": {"title": "Music day"}},
    sources=(Source("OpenAgenda", "1", "https://openagenda.com/1", "abc"),),
)


def test_an_event_comes_back_from_json_as_it_went():
    assert Event.from_dict(json.loads(json.dumps(FULL.to_dict()))) == FULL


def test_fields_of_a_later_version_are_left_out():
    assert Event.from_dict({**FULL.to_dict(), "inconnu": 1}) == FULL


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"uid": "1"},
        {"uid": "1", "title": 3},
        {"uid": "1", "title": "t", "state": "perdu"},
        {"uid": "1", "title": "t", "schedule": {"zone": "Mars/Olympus"}},
        {"uid": "1", "title": "t", "schedule": {"rule": "FREQ=DAILY"}},
        {"uid": "1", "title": "t", "schedule": {"timings": [{"start": "2026-01-02T00:00", "end": "2026-01-01T00:00"}]}},
        {"uid": "1", "title": "t", "schedule": {"timings": [{"start": "0001-01-02T00:00", "end": "0001-01-03T00:00"}]}},
        {
            "uid": "1",
            "title": "t",
            "schedule": {
                "rule": "FREQ=SECONDLY",
                "timings": [{"start": "2026-01-01T00:00:00", "end": "2026-01-01T01:00:00"}],
            },
        },
    ],
)
def test_what_is_no_event_is_refused_by_name(facts):
    with pytest.raises(ParvisError) as refused:
        Event.from_dict(facts)
    assert isinstance(refused.value, BadEvent)


@pytest.mark.parametrize(
    "facts",
    [
        {"address": "javascript:alert(1)"},
        {"online_address": "ftp://exemple.fr"},
        {"picture": {"address": "data:text/html,x"}},
        {"registration": ["javascript:alert(1)"]},
        {"sources": [{"name": "s", "identifier": "1", "address": "javascript:alert(1)"}]},
    ],
)
def test_an_address_that_runs_code_is_in_no_event_wherever_it_comes_from(facts):
    with pytest.raises(BadEvent):
        Event.from_dict({"uid": "1", "title": "t", **facts})


def test_a_time_with_a_zone_does_not_end_at_one_without():
    with pytest.raises(BadEvent):
        Timing(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2))


def test_whole_days_begin_at_midnight():
    with pytest.raises(BadEvent):
        Timing(datetime(2026, 1, 1, 3), datetime(2026, 1, 2), all_day=True)
