"""The days that are shown of an event, beside those that a count of days alone gives, and what follows from the clock."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from html import unescape

import pytest

from parvis.core.calendars.events import Event as Plain
from parvis.core.calendars.events import Place, Schedule, Timing
from parvis.core.errors import NotFound
from parvis.core.progress import no_progress
from parvis.domains.agenda.collection import EventCollection
from parvis.domains.agenda.models import DistinctPair, Event, EventDay
from parvis.domains.agenda.publication import PUBLICATION
from parvis.domains.agenda.selectors import look_alikes
from parvis.domains.agenda.services import (
    measure_tables,
    merge_events,
    next_change,
    placed,
    tell_apart,
    turn_the_hour,
    turn_the_year,
    write_event,
)
from parvis.domains.agenda.tests.test_agenda import NOW, PARIS, at, online, shown, titles
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.datastore.readings import missing_readings
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.publications.services import publish_rows
from parvis.hub.records.models import FormerAddress
from parvis.hub.records.services import publish, withdraw
from parvis.hub.sites.lens import Lens, looking_through
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2025, 11, 27), date(2028, 11, 27)
"""The window of what repeats, around the clock of these tests."""


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def is_easter_monday(day: date) -> bool:
    return day in {date(2026, 4, 6), date(2027, 3, 29), date(2028, 4, 17)}


def rank_from_end(day: date) -> int:
    """1 for the last of its weekday in its month."""
    following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (following - day - timedelta(days=1)).days // 7 + 1


AWKWARD: dict[str, tuple[date, str, Callable[[date], bool]]] = {
    "leap": (date(2024, 2, 29), "FREQ=YEARLY", lambda d: (d.month, d.day) == (2, 29)),
    "31st": (date(2026, 1, 31), "FREQ=MONTHLY", lambda d: d.day == 31),
    "last Friday": (date(2026, 1, 30), "FREQ=MONTHLY;BYDAY=-1FR", lambda d: d.weekday() == 4 and rank_from_end(d) == 1),
    "second Tuesday": (date(2026, 9, 8), "FREQ=MONTHLY;BYDAY=2TU", lambda d: d.weekday() == 1 and 8 <= d.day <= 14),
    "fortnight": (date(2026, 10, 19), "FREQ=WEEKLY;INTERVAL=2", lambda d: (d - date(2026, 10, 19)).days % 14 == 0),
    "fortnight from Sunday": (
        date(2026, 11, 1),  # a Sunday, whose week began on Monday 26 October
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=MO",
        lambda d: d.weekday() in (0, 6) and (d - timedelta(days=d.weekday()) - date(2026, 10, 26)).days % 14 == 0,
    ),
    "Friday 13": (date(2026, 2, 13), "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", lambda d: d.weekday() == 4 and d.day == 13),
    "last workday": (
        date(2026, 1, 30),
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        lambda d: (
            d.weekday() < 5
            and all(
                (d + timedelta(days=n)).month != d.month or (d + timedelta(days=n)).weekday() > 4 for n in (1, 2, 3)
            )
        ),
    ),
    "every day until": (date(2026, 10, 20), "FREQ=DAILY;UNTIL=20261102T235959", lambda d: d <= date(2026, 11, 2)),
    "every third month": (date(2026, 2, 15), "FREQ=MONTHLY;INTERVAL=3", lambda d: d.day == 15 and d.month % 3 == 2),
}
"""First day, rule, and whether a day is one of them, for anyone who counts days."""


@pytest.mark.parametrize("name", AWKWARD)
def test_the_days_shown_are_those_that_a_count_of_days_gives(client, name):
    first, rule, happens = AWKWARD[name]
    event = online(name, datetime.combine(first, datetime.min.time()).replace(hour=18), rule=rule)
    start = max(first, FIRST)
    expected = [day for n in range((LAST - start).days + 1) if happens(day := start + timedelta(days=n))]
    days = [day.day for day in EventDay.objects.filter(event=event)]
    assert [day for day in days if FIRST < day < LAST] == [day for day in expected if FIRST < day < LAST]
    page = client.get(event.get_absolute_url()).content.decode()
    coming = [day for day in expected if day >= NOW.date() and day < LAST]
    for day in coming[:60]:
        assert f'<time datetime="{day}T18:00:00+0{1 if is_winter(day) else 2}:00">' in page, day
    assert page.count("<time ") == min(60, len([day for day in days if day >= NOW.date()])) or not coming


def is_winter(day: date) -> bool:
    """Whether clocks are those of winter in Paris, at 18:00."""
    march, october = (
        max(date(day.year, month, n) for n in range(25, 32) if date(day.year, month, n).weekday() == 6)
        for month in (3, 10)
    )
    return not march <= day < october


def test_a_long_exhibition_is_in_the_list_of_each_of_its_days_and_one_line_of_its_page(client, monkeypatch):
    event = online("Exposition", at(20, 10), 24 * 20 + 8)
    assert EventDay.objects.count() == 21
    assert "jusqu’au jeudi 10 décembre" in shown(client)
    page = client.get(event.get_absolute_url()).content.decode()
    assert "du vendredi 20 novembre 2026 à 10\u00a0h au jeudi 10 décembre 2026 à 18\u00a0h" in page
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 11, 9, tzinfo=PARIS))
    turn_the_hour()
    assert titles(client, "") == set()
    assert "La dernière" in client.get(event.get_absolute_url()).content.decode()


def test_what_is_permanent_is_listed_a_year_and_a_bit(client):
    online("Collection", at(1, 10, 1), 24 * 365 * 5)
    assert EventDay.objects.count() == 401


def test_an_event_overseas_is_at_the_hour_of_its_place(client):
    schedule = Schedule((Timing(at(5, 18, 12), at(5, 20, 12)),), "Indian/Reunion")
    event = publish(OPERATOR, write_event(OPERATOR, make_organisation(), Plain("r", "Kabar", schedule)))
    assert event.days.get().start.astimezone(PARIS).hour == 15
    page = client.get(event.get_absolute_url()).content.decode()
    assert "de 18\u00a0h à 20\u00a0h" in page
    assert 'datetime="2026-12-05T18:00:00+04:00"' in page
    assert "Indian/Reunion" in page
    assert "de 18\u00a0h à 20\u00a0h" in shown(client)


def test_next_dates_follow_the_clock_and_only_of_what_has_begun(client, monkeypatch):
    weekly = online("Cours", at(26, 18, 11), rule="FREQ=WEEKLY")
    later = online("Bal", at(20, 20, 12))
    assert next_change() is None
    assert turn_the_hour() == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 3, 19, tzinfo=PARIS))
    assert next_change().astimezone(PARIS) == datetime(2026, 12, 3, 20, tzinfo=PARIS)
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, 3, 20, 1, tzinfo=PARIS))
    assert next_change() is not None
    assert turn_the_hour() == 1
    weekly.refresh_from_db()
    later.refresh_from_db()
    assert weekly.next_start.astimezone(PARIS) == datetime(2026, 12, 10, 18, tzinfo=PARIS)
    assert later.next_start.astimezone(PARIS).day == 20
    assert next_change() is None


def test_the_window_of_what_repeats_moves_with_the_date(monkeypatch):
    event = online("Cours", at(5, 18, 10), rule="FREQ=WEEKLY")
    last = event.days.last().day
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=365))
    turn_the_year()
    measure_tables()
    assert event.days.last().day == last + timedelta(days=364)
    event.refresh_from_db()
    assert event.next_start > NOW + timedelta(days=365)


def test_what_is_put_online_at_a_given_moment_is_then_in_lists(client):
    event = online("Concert", at(29))
    withdraw(OPERATOR, event)
    event.get_latest_revision().publish(log_action="wagtail.publish.scheduled")
    assert titles(client, "") == {"Concert"}


def test_publishing_and_withdrawing_twice_leaves_the_days_as_the_last_act_says(client):
    event = online("Concert", at(29))
    first, second = Event.objects.get(pk=event.pk), Event.objects.get(pk=event.pk)
    withdraw(OPERATOR, first)
    withdraw(OPERATOR, second)
    assert not EventDay.objects.exists()
    publish(OPERATOR, first)
    publish(OPERATOR, second)
    assert EventDay.objects.count() == 1
    assert titles(client, "") == {"Concert"}


def test_two_events_that_are_one_become_one_and_each_address_leads_to_it(client):
    owner = make_organisation()
    target, other = (online("Concert de Noël", at(5, 20, 12), uid=uid, owner=owner) for uid in ("a", "b"))
    former = other.get_absolute_url()
    ((first, second, _pair),) = look_alikes(OPERATOR)
    assert {first.pk, second.pk} == {target.pk, other.pk}
    stale = Event.objects.get(pk=other.pk)
    merge_events(OPERATOR, target, other)
    for form in ("", "integrer/", "calendrier.ics", "image.svg"):
        answer = client.get(f"{former}{form}")
        assert (answer.status_code, answer["Location"].partition("/agenda/")[2]) == (301, f"{target.slug}/{form}"), form
    assert titles(client, "") == {"Concert de Noël"}
    assert FormerAddress.objects.count() == 1
    with pytest.raises(NotFound):
        merge_events(OPERATOR, target, stale)


def test_two_that_are_not_one_are_told_apart_for_good():
    owner = make_organisation()
    first, second = (online("Concert de Noël", at(5, 20, 12), uid=uid, owner=owner) for uid in ("a", "b"))
    tell_apart(actor_of(make_member(owner, Role.CONTRIBUTOR)), first, second)
    assert look_alikes(OPERATOR) == []
    assert DistinctPair.objects.count() == 1


def test_the_agenda_is_a_dataset_whose_codes_are_texts(home):
    online("Concert", at(29), place=Place(name="Salle", city="Lieusaint", commune="01004", postcode="01500"), free=True)
    online("Sans date connue", at(1, month=12))
    dataset = publish_rows(OPERATOR, PUBLICATION, NOW.date(), no_progress)
    assert (dataset.dataset_id, dataset.current.rows) == ("agenda", 2)
    types = {column.name: str(column.type) for column in shape_of(dataset)}
    assert {types[name] for name in ("uid", "code_postal", "code_insee")} == {"text"}
    assert types["debut"] == "datetime"
    assert publish_rows(OPERATOR, PUBLICATION, NOW.date(), no_progress) is None


def test_its_places_are_a_layer_of_maps_and_a_collection_of_the_ogc_service(home, client):
    online("Concert", at(29), place=Place(name="Salle", city="Lieusaint", latitude=48.63, longitude=2.55))
    publish_rows(OPERATOR, PUBLICATION, NOW.date(), no_progress)
    assert list(missing_readings()) == []
    collections = [row["id"] for row in client.get("/ogc/collections?f=json").json()["collections"]]
    assert collections == ["agenda", "catalogue"], "and that of the records of the catalogue"
    client.force_login(make_member(make_organisation(), Role.CONTRIBUTOR))
    maker = client.get("/admin/cartes/-/nouvelle/").content.decode()
    address = unescape(re.search(r'href="(/admin/cartes/-/nouvelle/\?[^"]+)">Événements</a>', maker)[1])
    drawn = client.get(address).content.decode()
    assert 'value="commune" selected' in drawn and "data-atlas" in drawn


def test_a_commune_sees_what_happens_there_and_what_its_own_organisation_says_without_a_place():
    here = Territory.objects.filter(kind="commune").first() or Territory.objects.create(
        kind="commune", code="77251", name="Lieusaint", folded="lieusaint"
    )
    own = make_organisation()
    own.territory = here
    own.save()
    place = Place(name="Salle", city=here.name, commune=here.code)
    online("Ici", at(29), place=place)
    online("Ailleurs", at(29), place=Place(name="Salle", city="Ailleurs", commune="99999"), owner=own)
    online("En ligne", at(29), place=None, owner=own)
    with looking_through(Lens(here.pk, here.name, (here.code,))):
        query = EventCollection().through(Lens(here.pk, here.name, (here.code,)), Event.objects.all())
        assert {event.title for event in query} == {"Ici", "En ligne"}


def test_the_code_of_a_commune_follows_from_its_name():
    Territory.objects.get_or_create(
        kind="commune", code="77251", defaults={"name": "Lieusaint", "folded": "lieusaint", "postcodes": ["77127"]}
    )
    row = placed(Event(organisation=make_organisation(), city="LIEUSAINT", title="x"))
    assert (row.commune, row.territory.code) == ("77251", "77251")
    assert placed(Event(organisation=make_organisation(), city="Lieusaint", postcode="99999", title="x")).commune == ""
