"""Wagtail's screens about records, seen through saved charts: each asks for the right on the record, never on its kind alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.models import Membership
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.audit.models import Entry
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.services import create, update
from parvis.hub.records.rules import Status
from parvis.hub.records.services import publish

pytestmark = pytest.mark.django_db

BULK = "/admin/bulk/charts/chart/{act}/?id={keys}"


def client_of(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def chart(home):
    return make_chart(make_stands(), status=Status.DRAFT)


@pytest.fixture
def both(chart):
    """A steward of the chart's owner, who is a steward elsewhere too: a contributor here would not be."""
    return make_member(chart.organisation, Role.STEWARD)


@pytest.fixture
def elsewhere(chart):
    """Somebody who publishes for another organisation, and only writes for the one of the chart."""
    person = make_member(chart.organisation, Role.CONTRIBUTOR)
    Membership.objects.create(person=person, organisation=make_organisation("Lieusaint"), role=Role.STEWARD)
    return person


def test_screens_of_a_record_have_titles_that_french_reads(chart, both):
    client = client_of(both)
    for part, word in (("history", "Historique"), ("usage", "Emplois")):
        page = client.get(f"/admin/graphiques/{part}/{chart.pk}/").content.decode()
        assert re.search(rf"<title>{word}\s: {chart.title}", page)
    assert "Nouveau graphique" in client.get("/admin/graphiques/").content.decode()


ADDRESSES = ("edit/{}", "history/{}", "usage/{}", "delete/{}", "unpublish/{}", "workflow_history/{}")


@pytest.mark.parametrize("address", ADDRESSES)
def test_strangers_reach_no_screen_of_a_record(chart, address):
    stranger = client_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    answer = stranger.get(f"/admin/graphiques/{address.format(chart.pk)}/", follow=True)
    assert chart.title not in answer.content.decode()
    assert client_of(make_person("tout@evry.example", None, is_superuser=True, is_staff=True)).get(
        f"/admin/graphiques/{address.format(chart.pk)}/", follow=True
    ).status_code in (200, 404)


def test_strangers_are_not_told_whether_an_approval_is_under_way(chart, both):
    address = f"/admin/graphiques/workflow/confirm_cancellation/{chart.pk}/"
    assert "no_confirmation_needed" in client_of(both).get(address).content.decode()
    stranger = client_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert "no_confirmation_needed" not in stranger.get(address, follow=True).content.decode()


def test_revisions_are_compared_and_seen_by_those_who_may_change_the_record_alone(chart, both):
    first = chart.latest_revision_id
    update(OPERATOR, chart, chart.described.with_changes(title="Autre titre"), revision=chart.revision)
    chart.refresh_from_db()
    address = f"/admin/graphiques/history/{chart.pk}/revisions/compare/{first}...{chart.latest_revision_id}/"
    assert "Autre titre" in client_of(both).get(address).content.decode()
    stranger = client_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    assert "Autre titre" not in stranger.get(address, follow=True).content.decode()


def test_who_publishes_elsewhere_neither_withdraws_locks_nor_deletes_what_is_online_here(chart, elsewhere):
    publish(OPERATOR, chart)
    client = client_of(elsewhere)
    for act in ("unpublish", "lock", "delete"):
        client.post(f"/admin/graphiques/{act}/{chart.pk}/")
    chart.refresh_from_db()
    assert (chart.live, chart.locked, Chart.objects.count()) == (True, False, 1)


def test_a_steward_withdraws_locks_unlocks_and_deletes_and_it_is_in_the_journal(chart, both):
    publish(OPERATOR, chart)
    client = client_of(both)
    for act in ("lock", "unlock", "unpublish", "delete"):
        assert client.post(f"/admin/graphiques/{act}/{chart.pk}/").status_code == 302, act
    assert not Chart.objects.exists()
    acts = list(Entry.objects.filter(person=both).order_by("id").values_list("action", flat=True))
    assert acts == ["chart.lock", "chart.unlock", "chart.unpublish", "chart.delete"]


def test_acts_on_many_touch_and_show_those_the_person_may_change_alone(chart, both):
    other = make_chart(make_stands(dataset_id="autres"), status=Status.DRAFT)
    Chart.objects.filter(pk=other.pk).update(title="Secret")
    client = client_of(both)
    for keys in (f"{chart.pk}&id={other.pk}", "all"):
        address = BULK.format(act="publish", keys=keys)
        assert "Secret" not in client.get(address).content.decode()
        assert client.post(address).status_code == 302
    chart.refresh_from_db()
    other.refresh_from_db()
    assert (chart.status, other.status) == (Status.PUBLISHED, Status.DRAFT)
    client.post(BULK.format(act="archive", keys=chart.pk))
    chart.refresh_from_db()
    assert chart.status == Status.ARCHIVED
    listed = client.get("/admin/graphiques/").content.decode()
    assert chart.title not in listed
    assert chart.title in client.get("/admin/graphiques/?status=archived").content.decode()
    client.post(BULK.format(act="restore", keys=chart.pk))
    chart.refresh_from_db()
    assert chart.status == Status.DRAFT
    client.post(BULK.format(act="delete", keys=chart.pk))
    assert not Chart.objects.filter(pk=chart.pk).exists()
    assert Entry.objects.filter(action="chart.delete", person=both).exists()


def test_an_act_on_many_is_in_the_history_of_each(chart, both):
    other = create(OPERATOR, Chart, chart.organisation, chart.described.with_changes(title="Autre titre"))
    client = client_of(both)
    client.post(BULK.format(act="archive", keys=f"{chart.pk}&id={other.pk}"))
    for record in (chart, other):
        assert "Archiver" in client.get(f"/admin/graphiques/history/{record.pk}/").content.decode()


def test_screens_speak_plain_french_of_a_record_whatever_its_gender(chart, both):
    client = client_of(both)
    publish(OPERATOR, chart)
    for address in ("", "?q=rien", *(f"{name}/{chart.pk}/" for name in ("history", "usage", "unpublish", "delete"))):
        body = client.get(f"/admin/graphiques/{address}").content.decode()
        assert re.findall(r"\w+\((?:e|s|le|la|tte)\)", body) == [], address


def test_a_list_is_searched_filtered_and_exported(chart, both):
    client = client_of(both)
    assert chart.title in client.get("/admin/graphiques/?q=places").content.decode()
    assert chart.title not in client.get("/admin/graphiques/?q=arbres").content.decode()
    assert chart.title not in client.get("/admin/graphiques/?status=published").content.decode()
    table = b"".join(client.get("/admin/graphiques/?export=csv").streaming_content).decode()
    assert chart.title in table and chart.slug in table


def test_no_chooser_tells_the_drafts_of_others(chart):
    stranger = client_of(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    for address in (
        "choose/charts/chart/",
        "choose/charts/chart/results/",
        f"choose/charts/chart/chosen/{chart.pk}/",
        "",
    ):
        answer = stranger.get(f"/admin/snippets/{address}", follow=True)
        assert chart.title not in answer.content.decode(), address
