"""The agenda: what is shown when, on which site, in which forms; what is written once and follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.test import Client

from parvis.core.calendars.events import Event as Plain
from parvis.core.calendars.events import Place, Schedule, State, Timing
from parvis.core.calendars.files import read_file
from parvis.domains.agenda.collection import EventCollection
from parvis.domains.agenda.models import Event, EventDay
from parvis.domains.agenda.services import turn_the_hour, write_event
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records.services import publish, withdraw
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 28, 15, tzinfo=PARIS)  # a Saturday


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def plain(title: str, start: datetime, hours: float = 2, **changes) -> Plain:
    place = Place(name="Salle des fêtes", city="Lieusaint", commune="77251", latitude=48.63, longitude=2.55)
    timing = Timing(start, start + timedelta(hours=hours))
    schedule = Schedule((timing,), rule=changes.pop("rule", ""), exceptions=changes.pop("exceptions", ()))
    return Plain(uid=changes.pop("uid", title), title=title, schedule=schedule, **{"place": place, **changes})


def online(title: str, start: datetime, hours: float = 2, **changes) -> Event:
    owner = changes.pop("owner", None) or make_organisation()
    return publish(OPERATOR, write_event(OPERATOR, owner, plain(title, start, hours, **changes)))


def at(day: int, hour: int = 20, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour)  # noqa: DTZ001 - local time, as people write it


def shown(client: Client, query: str = "") -> str:
    response = client.get(f"/agenda/{query}")
    assert response.status_code == 200
    return tight(response.content.decode())


def titles(client: Client, query: str) -> set[str]:
    body = shown(client, query)
    return {event.title for event in Event.objects.all() if f">{event.title}</a>" in body}


def test_each_period_shows_what_happens_in_it(client):
    for title, start, hours in (
        ("Hier soir", at(27), 2),
        ("Cet après-midi", at(28, 14), 3),
        ("Dimanche", at(29, 10), 2),
        ("Mardi", at(1, month=12), 2),
        ("Exposition", at(20, 10), 24 * 30),
        ("En décembre", at(20, month=12), 2),
    ):
        online(title, start, hours)
    running = {"Exposition"}
    assert titles(client, "?quand=aujourdhui") == {"Cet après-midi", *running}
    assert titles(client, "?quand=weekend") == {"Cet après-midi", "Dimanche", *running}
    assert titles(client, "?quand=semaine") == {"Cet après-midi", "Dimanche", "Mardi", *running}
    assert titles(client, "?quand=mois") == {"Cet après-midi", "Dimanche", *running}
    assert titles(client, "") == {"Cet après-midi", "Dimanche", "Mardi", "En décembre", *running}


def test_homes_show_the_next_ones_and_their_feed(client):
    assert "Agenda</h2>" not in client.get("/").content.decode()
    for title, start in (
        ("Hier", at(27)),
        ("Un", at(29)),
        ("Deux", at(30)),
        ("Trois", at(1, month=12)),
        ("Quatre", at(2, month=12)),
    ):
        online(title, start)
    body = client.get("/").content.decode()
    assert "Agenda</h2>" in body
    assert [title for title in ("Hier", "Un", "Deux", "Trois", "Quatre") if f">{title}</a>" in body] == [
        "Un",
        "Deux",
        "Trois",
    ]
    assert 'type="application/atom+xml" title="Agenda" href="/agenda/flux.atom"' in body


def test_the_search_of_the_portal_leads_to_events_and_to_the_list(client):
    online("Concert de Noël", at(5, month=12))
    body = client.get("/explore/?q=concert").content.decode()
    assert "Ailleurs sur ce portail" in body
    assert '<a href="/agenda/concert-de-noel/">Concert de Noël</a>' in body
    assert '<a href="/agenda/?q=concert">Agenda</a>' in body
    for query in ("?q=rien", "?q=concert&page=2", "?q=concert&theme=culture", ""):
        assert "Ailleurs sur ce portail" not in client.get(f"/explore/{query}").content.decode()


def test_a_party_past_midnight_is_still_of_today_at_one_in_the_morning(client, monkeypatch):
    online("Fête", at(27, 22), 5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 28, 1, tzinfo=PARIS))
    turn_the_hour()
    assert titles(client, "?quand=aujourdhui") == {"Fête"}
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 28, 4, tzinfo=PARIS))
    turn_the_hour()
    assert titles(client, "?quand=aujourdhui") == set()


def test_what_repeats_stays_at_its_hour_across_the_change_of_clocks_and_skips_its_exceptions(client):
    event = online("Cours", at(5, 18, 10), rule="FREQ=WEEKLY;UNTIL=20261231T235959", exceptions=(at(2, 18, 11),))
    days = list(EventDay.objects.filter(event=event))
    assert {day.start.astimezone(PARIS).hour for day in days} == {18}
    assert date(2026, 11, 2) not in {day.day for day in days}
    assert len(days) == 12
    assert Event.objects.get().next_start.astimezone(PARIS) == datetime(2026, 11, 30, 18, tzinfo=PARIS)


def test_what_is_withdrawn_is_in_no_list_and_what_is_changed_is_seen_at_once(client):
    event = online("Concert", at(29))
    withdraw(OPERATOR, event)
    assert titles(client, "") == set()
    assert client.get(event.get_absolute_url()).status_code == 404
    publish(OPERATOR, event)
    event.refresh_from_db()
    write_event(OPERATOR, event.organisation, plain("Concert", at(5, 20, 12), uid=event.uid), event)
    assert "samedi 5 décembre" in shown(client)
    assert EventDay.objects.get().day == date(2026, 12, 5)


def test_filters_words_and_places_narrow_the_list_and_are_not_for_search_engines(client):
    online("Gratuit", at(29), free=True)
    online("Payant", at(29), free=False, place=Place(name="Théâtre", city="Évry-Courcouronnes", accessibility=("mi",)))
    assert titles(client, "?gratuit=1") == {"Gratuit"}
    assert titles(client, "?accessible=1") == {"Payant"}
    assert titles(client, "?commune=Lieusaint") == {"Gratuit"}
    assert titles(client, "?q=theatre") == {"Payant"}
    assert client.get("/agenda/?q=theatre")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/agenda/")
    drawing = shown(client, "?vue=carte")
    assert drawing.count("<circle") == 1
    for nonsense in ("?page=-1", "?quand=jamais", "?tri=x", "?commune=%00", "?q=" + "a" * 5000):
        assert client.get(f"/agenda/{nonsense}").status_code == 200


def test_the_list_is_that_of_what_is_near_a_point(client):
    for title, latitude in (("Ici", 48.63), ("À trois kilomètres", 48.657), ("Loin", 49.5)):
        online(title, at(29), place=Place(name="Salle", city="Lieusaint", latitude=latitude, longitude=2.55))
    online("Quelque part", at(29), place=Place(name="Salle"))
    assert titles(client, "?pres=48.63,2.55&rayon=2") == {"Ici"}
    assert titles(client, "?pres=48.63,2.55") == {"Ici", "À trois kilomètres"}
    assert titles(client, "?pres=48.63,2.5115&rayon=2") == set()  # 2.8 km to the west: a degree is shorter there
    body = shown(client, "?pres=48.63,2.55&rayon=2")
    assert '<option value="2" selected>2 km</option>' in body
    assert 'name="pres" value="48.630,2.550"' in body
    assert client.get("/agenda/?pres=48.63,2.55")["X-Robots-Tag"] == "noindex"
    assert "Ici" in client.get("/agenda/calendrier.ics?pres=48.63,2.55&rayon=2").content.decode()
    assert "Loin" not in client.get("/agenda/calendrier.ics?pres=48.63,2.55&rayon=2").content.decode()
    for nonsense in ("91,0", "0,181", "nan,nan", "48.63", "1e3,2", "48.63,2.55,1", "٤٨,٢"):
        assert len(titles(client, f"?pres={nonsense}&rayon=2")) == 4, nonsense


def test_the_programme_tells_each_date_on_its_day_and_what_lasts_once(client):
    online("Cours", at(30, 18), rule="FREQ=DAILY;COUNT=3")
    online("Exposition", at(20, 10), 24 * 30)
    online("Complet", at(30, 10), free=True, state=State.FULL)
    body = shown(client, "?quand=semaine&vue=programme")
    days = [part.partition("</h2>")[0] for part in body.split('class="record-day"')[1:]]
    words = ("samedi 28 novembre 2026", "lundi 30 novembre 2026", "mardi 1 décembre 2026", "mercredi 2 décembre 2026")
    assert len(days) == len(words)
    assert all(word in day for word, day in zip(words, days, strict=True))
    assert body.count(">Cours</a>") == 3
    assert body.count(">Exposition</a>") == 1
    assert "jusqu’au dimanche 20 décembre 2026" in body
    assert "de 10\u00a0h à 12\u00a0h" in body
    assert "Salle des fêtes, Lieusaint · gratuit · complet" in body
    assert ">Cours</a>" not in shown(client, "?quand=aujourdhui&vue=programme")
    assert client.get("/agenda/?vue=programme")["X-Robots-Tag"] == "noindex"


def test_an_event_is_given_as_calendar_feed_json_ld_picture_and_embed(client):
    event = online("Concert", at(29), rule="FREQ=WEEKLY;COUNT=3")
    calendar = icalendar.Calendar.from_ical(client.get("/agenda/calendrier.ics").content)
    (entry,) = calendar.walk("VEVENT")
    assert (str(entry["SUMMARY"]), entry["RRULE"]["COUNT"]) == ("Concert", [3])
    (again,) = read_file(client.get(f"{event.get_absolute_url()}calendrier.ics").content, "x.ics").events
    assert again.title == "Concert"
    page = client.get(event.get_absolute_url())
    assert '"@type": "Event"' in page.content.decode()
    (read,) = read_file(page.content, "page.html").events
    assert (read.title, read.place.name) == ("Concert", "Salle des fêtes")
    assert "Concert" in client.get("/agenda/flux.atom").content.decode()
    assert client.get(f"{event.get_absolute_url()}integrer/").status_code == 200
    picture = client.get(f"{event.get_absolute_url()}image.svg")
    assert picture.status_code == 200
    assert b"Concert" in picture.content


def test_calendars_are_given_hours_with_the_zone_of_the_place_and_the_address_of_the_page(client):
    place = Place(name="Salle des fêtes", city="Lieusaint")
    rule = "FREQ=WEEKLY;UNTIL=20261213T235959"
    here = online("Cours", at(29, 18), rule=rule, exceptions=(at(6, 18, 12),), place=place)
    event = plain("Là-bas", at(29, 18), place=place)
    there = replace(event, schedule=replace(event.schedule, zone="Indian/Reunion"))
    publish(OPERATOR, write_event(OPERATOR, make_organisation(), there))
    content = client.get("/agenda/calendrier.ics").content
    calendar = icalendar.Calendar.from_ical(content)
    entries = {str(entry["SUMMARY"]): entry for entry in calendar.walk("VEVENT")}
    assert str(entries["Cours"]["URL"]).endswith(here.get_absolute_url())
    assert entries["Cours"]["DTSTART"].to_ical() == b"20261129T180000"
    assert entries["Cours"]["EXDATE"].to_ical() == b"20261206T180000"
    zones = {name: entries["Cours"][name].params["TZID"] for name in ("DTSTART", "DTEND", "EXDATE")}
    assert set(zones.values()) == {"Europe/Paris"}
    assert entries["Cours"]["RRULE"]["UNTIL"] == [datetime(2026, 12, 13, 22, 59, 59, tzinfo=UTC)]
    assert entries["Là-bas"].start.utcoffset() == timedelta(hours=4)
    assert {str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")} == {"Europe/Paris", "Indian/Reunion"}
    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert content.count(b"\n") == len(lines) - 1
    assert all("DTSTAMP" in entry and not entry.errors for entry in entries.values())
    again = {event.title: event.schedule.zone for event in read_file(content, "x.ics").events}
    assert again == {"Cours": "Europe/Paris", "Là-bas": "Indian/Reunion"}


def test_a_page_beyond_the_last_is_the_last(client):
    online("Concert", at(29))
    assert ">Concert</a>" in shown(client, "?page=7")


def test_json_ld_closes_no_script(client):
    event = online("</script><script>alert(1)</script>", at(29), uid="x")
    body = tight(client.get(event.get_absolute_url()).content.decode())
    assert "<script>alert(1)" not in body


def test_the_list_costs_the_same_number_of_questions_whatever_its_length(client, django_assert_max_num_queries):
    owner = make_organisation()
    for number in range(30):
        online(f"Concert {number}", at(29), uid=str(number), owner=owner)
    shown(client)
    with django_assert_max_num_queries(20):
        shown(client)


def test_the_collection_is_in_the_menu_the_site_map_and_what_is_counted(client):
    online("Concert", at(29))
    assert "/agenda/" in shown(client)
    assert (
        "/agenda/concert/" in client.get("/sitemap.xml").content.decode()
        or client.get("/sitemap.xml").status_code == 200
    )
    assert EventCollection().name == "event-list"


def test_programs_ask_what_the_page_shows(client):
    online("Concert", at(29), free=True)
    online("Payant", at(29), free=False)
    body = client.get("/api/parvis/v1/agenda?gratuit=1").json()
    assert [row["title"] for row in body["results"]] == ["Concert"]
    assert body["total_count"] == 1
    row = client.get("/api/parvis/v1/agenda/concert").json()
    assert row["url"].endswith("/agenda/concert/")
    assert client.get("/api/parvis/v1/agenda/absent").status_code == 404
    document = client.get("/api/parvis/v1/openapi.json").json()
    names = {parameter["name"] for parameter in document["paths"]["/agenda"]["get"]["parameters"]}
    assert {"q", "commune", "gratuit", "quand", "offset"} <= names
