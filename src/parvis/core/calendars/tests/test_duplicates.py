"""Pairs of events that are one, and pairs that only look so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from time import thread_time

import pytest

from parvis.core.calendars.duplicates import LEAST, Reason, duplicate_pairs
from parvis.core.calendars.events import Event, Place, Schedule, State, Timing
from parvis.core.calendars.files import read_file
from parvis.core.calendars.tests.conftest import DATA, NOW

EIGHT = datetime(2026, 5, 8, 20)
AGORA = Place("Théâtre de l’Agora", latitude=48.6240, longitude=2.4290)


def concert(uid, title="Concert de jazz : Trio Méditerranée", start=EIGHT, place=AGORA, hours=2.0, **more):
    return Event(uid, title, Schedule((Timing(start, start + timedelta(hours=hours)),)), place=place, **more)


def pairs(*events):
    return duplicate_pairs(events, NOW)


@pytest.mark.parametrize(
    "other",
    [
        concert("b"),
        concert("b", "CONCERT DE JAZZ - trio mediterranee"),
        concert("b", "Trio Méditerranée"),
        concert("b", "Concert de jazz du Trio Méditerranée", start=EIGHT + timedelta(minutes=30)),
        concert("b", place=replace(AGORA, name="Agora, scène nationale", latitude=48.6245)),
        concert("b", place=Place("THEATRE DE L'AGORA")),
    ],
)
def test_the_same_event_told_otherwise_is_proposed(other):
    [pair] = pairs(concert("a"), other)
    assert (pair.first, pair.second) == ("a", "b")
    assert LEAST <= pair.score <= 1


@pytest.mark.parametrize(
    "other",
    [
        concert("b", start=EIGHT + timedelta(days=1)),
        concert("b", "Atelier de poterie pour les enfants"),
        concert("b", place=Place("Médiathèque", latitude=48.70, longitude=2.50)),
        concert("b", place=replace(AGORA, latitude=49.5)),
        concert("b", place=None),
        concert("b", state=State.CANCELLED),
    ],
)
def test_another_day_title_or_place_is_another_event(other):
    assert pairs(concert("a"), other) == []


def test_the_reasons_say_what_is_shared():
    [pair] = pairs(concert("a"), concert("b"))
    assert pair.score == 1
    assert pair.reasons == (Reason.SAME_PLACE, Reason.SAME_TITLE, Reason.SAME_TIME)
    [pair] = pairs(
        concert("a"), concert("b", "Le concert de jazz : Trio Méditerranée", start=EIGHT + timedelta(hours=1))
    )
    assert pair.reasons == (Reason.SAME_PLACE, Reason.CLOSE_TITLE, Reason.OVERLAP)


def test_two_visits_at_the_same_hour_in_the_same_street_are_two():
    museum = concert("a", "Visite libre du Musée des eaux de vie", place=replace(AGORA, name="Musée"))
    brewery = concert("b", "Visite libre de la Brasserie du Pays Welche", place=replace(AGORA, name="Brasserie"))
    assert pairs(museum, brewery) == []


def test_one_pair_of_the_real_events_was_announced_twice():
    events = read_file((DATA / "openagenda_paris.json").read_bytes(), "x").events
    first, again = replace(events[0], uid="a"), replace(events[0], uid="b", title=f"{events[0].title} !")
    assert [(pair.first, pair.second) for pair in duplicate_pairs([first, again], NOW)] == [("a", "b")]


@pytest.mark.parametrize("same", [False, True])
def test_ten_thousand_events_take_seconds(same):
    choose = Random(1)
    words = [
        "concert",
        "visite",
        "atelier",
        "exposition",
        "théâtre",
        "spectacle",
        "nuit",
        "jardin",
        "musée",
        "patrimoine",
        "cinéma",
        "danse",
    ]
    events = []
    for number in range(10_000):
        start = EIGHT if same else datetime(2026, choose.randint(1, 12), choose.randint(1, 28), choose.randint(8, 22))
        title = "Concert de jazz" if same else " ".join(choose.sample(words, 4))
        place = (
            AGORA
            if same
            else Place(f"Lieu {choose.randint(1, 300)}", latitude=48.6 + choose.random() / 20, longitude=2.4)
        )
        events.append(concert(str(number), title, start, place))
    started = thread_time()
    proposed = duplicate_pairs(events, NOW)
    assert thread_time() - started < 20
    assert len(proposed) < 130_000
