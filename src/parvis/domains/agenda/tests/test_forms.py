"""What a person types of an event: understood, or refused in words with everything that was typed returned."""

from __future__ import annotations

from datetime import date

import pytest

from parvis.domains.agenda.models import Event
from parvis.domains.agenda.services import write_event
from parvis.domains.agenda.tests.test_agenda import NOW, PARIS, at, online, plain
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.records.services import delete

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def owner(client):
    organisation = make_organisation()
    client.force_login(make_member(organisation, Role.STEWARD))
    return organisation


def typed(owner, start="2026-12-05T18:00", end="2026-12-05T20:00", **changes) -> dict:
    fields = {
        "organisation": owner.pk,
        "title": "Bal",
        "state": "scheduled",
        "mode": "on-site",
        "zone": "Europe/Paris",
        "timings-TOTAL_FORMS": 1,
        "timings-INITIAL_FORMS": 0,
        "timings-0-start": start,
        "timings-0-end": end,
        "timings-0-ORDER": 1,
    }
    blank = dict.fromkeys(("city", "commune", "postcode", "latitude", "longitude", "repeats", "until", "except_on"), "")
    return {**blank, **fields, "action-publish": "1", **changes}


def added(client, owner, **changes) -> Event:
    answer = client.post("/admin/agenda/add/", typed(owner, **changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return Event.objects.get()


def test_a_form_sent_again_leads_to_the_event_it_made_and_other_words_make_another(client, owner):
    body = client.get("/admin/agenda/add/").content.decode()
    token = body.partition('name="form_token" value="')[2].partition('"')[0]
    first = client.post("/admin/agenda/add/", {**typed(owner, form_token=token), "action-publish": ""})
    again = client.post("/admin/agenda/add/", typed(owner, form_token=token))
    assert (first.status_code, again.status_code, Event.objects.count()) == (302, 302, 1)
    assert Event.objects.get().live  # the second button was « publier »
    client.post("/admin/agenda/add/", typed(owner, form_token=token, title="Un autre bal"))
    assert Event.objects.count() == 2
    client.post("/admin/agenda/add/", typed(owner, form_token="f" * 500))
    assert Event.objects.count() == 3


def test_a_form_that_was_refused_or_whose_event_was_removed_is_sent_again(client, owner):
    assert client.post("/admin/agenda/add/", typed(owner, form_token="one", end="2026-12-05T17:00")).status_code == 200
    assert client.post("/admin/agenda/add/", typed(owner, form_token="one")).status_code == 302
    delete(OPERATOR, Event.objects.get())
    assert client.post("/admin/agenda/add/", typed(owner, form_token="one")).status_code == 302
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"end": "2026-12-05T17:00"}, "La fin est avant le début."),
        ({"start": "2026-13-45T99:00"}, "valide"),
        ({"start": "0001-01-01T10:00", "end": "0001-01-01T11:00"}, "année"),
        ({"title": "x" * 100_000}, "200"),
        ({"title": "   "}, "Champ requis"),
        ({"website": "javascript:alert(1)"}, "URL valide"),
        ({"website": "ftp://exemple.fr/"}, "URL valide"),
        ({"online_address": "javascript:alert(1)", "mode": "online"}, "URL valide"),
        ({"contacts": "javascript:alert(1)"}, "Chaque ligne commence par"),
        ({"latitude": "4863"}, "90"),
        ({"longitude": "nan"}, "nombre"),
        ({"commune": "99999"}, "Aucune commune"),
        ({"repeats": "FREQ=SECONDLY"}, "choix"),
        ({"repeats": "FREQ=WEEKLY", "until": "2026-11-01"}, "finit avant"),
        ({"repeats": "FREQ=WEEKLY", "except_on": "Noël"}, "écrivez 25/12/2026"),
        ({"zone": "Mars/Olympus"}, "choix"),
        ({"picture": "999999"}, "choix"),
        ({"timings-TOTAL_FORMS": 0}, "au moins"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_given_back(client, owner, changes, sentence):
    body = client.post("/admin/agenda/add/", typed(owner, text="Ce que j’ai écrit", **changes))
    assert body.status_code == 200
    assert sentence in body.content.decode()
    assert "Ce que j’ai écrit" in body.content.decode()
    assert not Event.objects.exists()


def test_an_event_overseas_is_typed_and_shown_on_the_clocks_of_its_place(client, owner):
    event = added(client, owner, zone="Pacific/Noumea")
    timing = event.timings.get()
    assert timing.start.astimezone(PARIS).hour == 8
    assert "2026-12-05T18:00" in client.get(f"/admin/agenda/edit/{event.pk}/").content.decode()


def test_whole_days_are_typed_by_their_last_day_and_stay_so_when_saved_again(client, owner):
    event = added(client, owner, end="2026-12-06T09:00", **{"timings-0-all_day": "on"})
    assert [day.day for day in event.days.all()] == [date(2026, 12, 5), date(2026, 12, 6)]
    body = client.get(f"/admin/agenda/edit/{event.pk}/").content.decode()
    assert "2026-12-06T23:59" in body
    again = typed(owner, start="2026-12-05T00:00", end="2026-12-06T23:59", **{"timings-0-all_day": "on"})
    again |= {"timings-INITIAL_FORMS": 1, "timings-0-id": event.timings.get().pk, "opened_revision": event.revision}
    assert client.post(f"/admin/agenda/edit/{event.pk}/", again).status_code == 302
    event.refresh_from_db()
    assert [day.day for day in event.days.all()] == [date(2026, 12, 5), date(2026, 12, 6)]


def test_a_repetition_skips_the_days_that_are_left_out(client, owner):
    event = added(client, owner, repeats="FREQ=WEEKLY", until="2026-12-26", except_on="12/12/2026, 19/12/2026")
    assert [day.day.day for day in event.days.all()] == [5, 26]


def test_what_a_calendar_gave_besides_stays_when_only_the_title_is_changed(client, owner):
    rule = "FREQ=MONTHLY;BYDAY=SA"  # every Saturday: no choice of the form
    event = online("Marché", at(5, 18, 12), rule=rule, exceptions=(at(12, 18, 12),), owner=owner)
    fields = typed(owner, title="Grand marché", repeats="other", except_on="12/12/2026")
    fields |= {"timings-INITIAL_FORMS": 1, "timings-0-id": event.timings.get().pk, "opened_revision": event.revision}
    answer = client.post(f"/admin/agenda/edit/{event.pk}/", fields)
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["form"].formsets["timings"].errors)
    event.refresh_from_db()
    assert (event.title, event.rule) == ("Grand marché", rule)
    days = {day.day for day in event.days.all()}
    assert date(2026, 12, 12) not in days
    assert date(2026, 12, 19) in days


def test_who_may_not_publish_is_told_so_and_loses_nothing(client):
    organisation = make_organisation()
    client.force_login(make_member(organisation, Role.CONTRIBUTOR))
    answer = client.post("/admin/agenda/add/", typed(organisation, text="Ce que j’ai écrit"))
    assert answer.status_code in (200, 302)
    assert answer.status_code == 302 or "Ce que j’ai écrit" in answer.content.decode()
    assert not Event.objects.filter(live=True).exists()


def test_two_people_do_not_undo_each_other(client, owner):
    event = online("Bal", at(5, 18, 12), owner=owner)
    opened = event.revision
    write_event(OPERATOR, owner, plain("Bal masqué", at(5, 18, 12), uid=event.uid), Event.objects.get(pk=event.pk))
    fields = typed(owner, title="Bal populaire", text="Ce que j’ai écrit")
    fields |= {"timings-INITIAL_FORMS": 1, "timings-0-id": event.timings.get().pk, "opened_revision": opened}
    answer = client.post(f"/admin/agenda/edit/{event.pk}/", fields)
    assert answer.status_code == 200
    assert "Quelqu’un d’autre" in answer.content.decode()
    assert "Ce que j’ai écrit" in answer.content.decode()
    event.refresh_from_db()
    assert event.title == "Bal masqué"


def test_the_table_that_is_downloaded_names_its_columns_in_french(client, owner):
    added(client, owner)
    table = b"".join(client.get("/admin/agenda/?export=csv").streaming_content).decode()
    assert table.splitlines()[0] == "Titre,Adresse,Organisation,État,Commune,Prochaine date,Modifié le"
