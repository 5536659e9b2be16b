"""Calendars read again and again: what they change comes, what was edited here stays, what is hostile harms nothing."""

from __future__ import annotations

import functools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client

from parvis.core.errors import Forbidden
from parvis.core.fetching import fetch
from parvis.core.progress import no_progress
from parvis.domains.agenda import services
from parvis.domains.agenda.models import Event, EventSource
from parvis.domains.agenda.rules import report_words
from parvis.domains.agenda.services import read_source
from parvis.domains.agenda.tasks import morning, read
from parvis.domains.agenda.tests.test_agenda import NOW, PARIS
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.rules import JobContext
from parvis.hub.records.services import create, delete, publish, update

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


class Calendar:
    """A calendar that a town publishes at an address; ``body`` is what it says."""

    def __init__(self) -> None:
        self.body, self.status = b"", 200
        calendar = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(calendar.status)
                self.end_headers()
                self.wfile.write(calendar.body)

            def log_message(self, *_parts):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def says(self, *events: str) -> None:
        self.body = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *events, "END:VCALENDAR", ""]).encode()


def vevent(uid: str, title: str = "", day: str = "20261205", more: str = "") -> str:
    lines = [f"UID:{uid}", f"SUMMARY:{title or uid}", f"DTSTART:{day}T180000Z", f"DTEND:{day}T193000Z", *more.split()]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


@pytest.fixture
def calendar(home, monkeypatch):
    served = Calendar()
    # The guard refuses addresses of this machine: only these tests read one.
    monkeypatch.setattr(services, "fetch", functools.partial(fetch, allowed=lambda address, port: True))
    yield served
    served.server.shutdown()
    served.server.server_close()


@pytest.fixture
def source(calendar):
    address = f"http://127.0.0.1:{calendar.server.server_address[1]}/agenda.ics"
    made = EventSource(organisation=make_organisation(), title="Ville", location=address, publishes=True)
    return publish(OPERATOR, create(OPERATOR, made))


def again(source: EventSource) -> dict:
    return read_source(OPERATOR, EventSource.objects.get(pk=source.pk))


def test_what_a_calendar_says_twice_is_one_event_and_what_it_changes_comes(calendar, source):
    calendar.says(vevent("a", "Concert"), vevent("b", "Visite", more="RRULE:FREQ=WEEKLY;COUNT=3"))
    assert again(source)["added"] == 2
    assert {event.live for event in Event.objects.all()} == {True}
    report = again(source)
    assert (report["added"], report["changed"], report["unchanged"]) == (0, 0, 2)
    calendar.says(vevent("a", "Concert", day="20261206"), vevent("b", "Visite", more="RRULE:FREQ=WEEKLY;COUNT=3"))
    report = again(source)
    assert (report["changed"], report["conflicts"]) == (1, [])
    assert Event.objects.get(uid="a").days.get().day.day == 6


def test_hours_written_in_utc_are_those_of_the_place(calendar, source):
    calendar.says(vevent("a", day="20261215"), vevent("b", day="20260715", more="RRULE:FREQ=MONTHLY"))
    again(source)
    assert Event.objects.get(uid="a").days.get().start.astimezone(PARIS).hour == 19
    # A rule in UTC follows no change of clocks: 20:00 in summer, 19:00 in winter.
    hours = {
        day.start.astimezone(PARIS).month: day.start.astimezone(PARIS).hour
        for day in Event.objects.get(uid="b").days.all()
    }
    assert (hours[7], hours[12]) == (20, 19)


def test_what_was_edited_here_stays_and_what_the_calendar_changes_beside_it_comes(calendar, source):
    calendar.says(vevent("a", "Concert"))
    again(source)
    event = Event.objects.get(uid="a")
    update(OPERATOR, event, {"title": "Concert de Noël", "theme": "Musique"}, revision=event.revision)
    calendar.says(vevent("a", "CONCERT", day="20261207", more="LOCATION:Église"))
    report = again(source)
    event.refresh_from_db()
    assert (event.title, event.theme, event.venue) == ("Concert de Noël", "Musique", "Église")
    assert event.days.get().day.day == 7
    assert report["conflicts"] == [event.slug]


def test_what_the_calendar_no_longer_says_is_told_and_stays(calendar, source, client):
    calendar.says(vevent("a"), vevent("b"))
    again(source)
    calendar.says(vevent("a"))
    assert again(source)["missing"] == ["b"]
    assert Event.objects.get(uid="b").live
    client.force_login(make_member(source.organisation, Role.STEWARD))
    assert "n’y est plus" in client.get("/admin/agenda-sources/").content.decode()


def test_what_was_removed_here_does_not_come_back(calendar, source):
    calendar.says(vevent("a"), vevent("b"))
    again(source)
    delete(OPERATOR, Event.objects.get(uid="a"))
    report = again(source)
    assert (report["added"], report["removed"]) == (0, 1)
    assert Event.objects.count() == 1


def test_two_readings_at_once_add_each_event_once(calendar, source, monkeypatch):
    calendar.says(vevent("a"), vevent("b"))
    merge = services._merge

    def late(*args):
        monkeypatch.setattr(services, "_merge", merge)
        first = EventSource.objects.get(pk=source.pk)
        outcome = services.update(source.slug, {}, args[2], [])
        read_source(OPERATOR, first)  # somebody else reads it while this one has decided what to add
        monkeypatch.setattr(services, "update", lambda *_given: outcome)
        return merge(*args)

    monkeypatch.setattr(services, "_merge", late)
    again(source)
    assert sorted(Event.objects.values_list("uid", flat=True)) == ["a", "b"]


def test_the_same_calendar_read_by_two_organisations_gives_each_its_events(calendar, source):
    calendar.says(vevent("a"))
    other = EventSource(organisation=make_organisation(), title="Voisine", location=source.location)
    other = create(OPERATOR, other)
    assert again(source)["added"] == again(other)["added"] == 1
    assert again(other)["unchanged"] == 1
    assert {event.organisation_id for event in Event.objects.all()} == {source.organisation_id, other.organisation_id}


def test_a_file_that_is_no_calendar_an_error_and_a_hostile_rule_are_told_and_change_nothing(calendar, source):
    calendar.says(vevent("a"))
    again(source)
    for body in (b"", b"\x00\xff" * 5_000, b"<html>rien</html>", b"PK\x03\x04" + b"\0" * 1_000, b"[" * 100_000):
        calendar.body = body
        assert "error" in again(source) or again(source)["added"] == 0, body[:10]
    calendar.status = 500
    assert "error" in again(source)
    calendar.status = 200
    calendar.says(
        vevent("a"),
        vevent("b", more="RRULE:FREQ=SECONDLY"),
        vevent("c", more="RRULE:FREQ=YEARLY;BYMONTHDAY=31;BYMONTH=2"),
    )
    report = again(source)
    assert report["problems"] or report["refused"]
    assert Event.objects.filter(uid="a").exists()
    assert EventSource.objects.get(pk=source.pk).read_at == NOW


def test_addresses_of_the_machine_are_refused_where_nothing_allows_them(calendar, source, monkeypatch):
    monkeypatch.setattr(services, "fetch", fetch)
    calendar.says(vevent("a"))
    assert "error" in again(source)
    assert not Event.objects.exists()


def test_only_who_writes_for_the_organisation_has_it_read_and_who_may_not_publish_adds_drafts(calendar, source):
    calendar.says(vevent("a"))
    with pytest.raises(Forbidden):
        read_source(actor_of(make_member(make_organisation(), Role.STEWARD)), source)
    report = read_source(actor_of(make_member(source.organisation, Role.CONTRIBUTOR)), source)
    assert (Event.objects.get().live, len(report["refused"])) == (False, 1)


def test_more_than_a_hundred_events_come_at_once_and_are_recognised(calendar, source):
    calendar.says(*(vevent(f"e{number}") for number in range(120)))
    assert again(source)["added"] == 120
    assert again(source)["unchanged"] == 120


def test_each_morning_asks_once_for_every_source_that_is_online(calendar, source):
    create(
        OPERATOR, EventSource(organisation=source.organisation, title="Brouillon", location="https://exemple.fr/a.ics")
    )
    calendar.says(vevent("a"))
    context = JobContext(job=None, actor=OPERATOR, progress=no_progress)
    for _turn in range(2):
        morning(context, "2026-11-28")
    assert Job.objects.filter(kind="agenda.read").count() == 1
    read(context, source.pk)
    read(context, source.pk + 1_000)
    assert Event.objects.count() == 1


def test_a_source_is_read_now_from_its_screen(client, calendar, source):
    client.force_login(make_member(source.organisation, Role.STEWARD))
    answer = client.post("/admin/agenda-sources/", {"source": source.slug}, follow=True)
    assert "va être lue" in answer.content.decode()
    assert Job.objects.filter(kind="agenda.read").count() == 1
    assert client.post("/admin/agenda-sources/", {"source": "absente"}).status_code == 404


def test_the_button_of_a_source_holds_the_token_that_django_asks_for(calendar, source):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(source.organisation, Role.STEWARD))
    body = client.get("/admin/agenda-sources/").content.decode()
    cell = body.partition(f'value="{source.slug}"')[0].rpartition("<form")[2]
    token = cell.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = client.post("/admin/agenda-sources/", {"source": source.slug, "csrfmiddlewaretoken": token})
    assert (answer.status_code, Job.objects.filter(kind="agenda.read").count()) == (302, 1)


def test_a_report_is_told_in_the_language_of_the_page_and_so_are_older_ones(calendar, source):
    calendar.says(vevent("a"), vevent("b", more="RRULE:FREQ=SECONDLY"))
    report = again(source)
    ((where, french),) = report_words(report, "fr")["problems"]
    assert (where, french) == ("b", "La règle de répétition « FREQ=SECONDLY » ne peut pas être suivie.")
    assert report_words(report, "en")["problems"] == [("b", "The recurrence rule “FREQ=SECONDLY” cannot be followed.")]
    calendar.status = 500
    assert "500" in report_words(again(source), "en")["error"]
    older = {"error": ["Rien.", "Nothing."], "problems": [["b", "sans titre", "without title"]], "refused": ["a : non"]}
    texts = report_words(older, "en")
    assert (texts["error"], texts["problems"], texts["refused"]) == ("Nothing.", [("b", "without title")], ["a : non"])
