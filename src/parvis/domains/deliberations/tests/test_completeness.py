"""The completeness board counts everything, shows nothing of drafts, and names what is missing."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import caches
from django.utils import timezone

from parvis.domains.deliberations.completeness import board
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, Session
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted():
    """Another test whose acts were undone may have counted under the same stamps."""
    caches["derived"].clear()


@pytest.fixture
def commune(home):
    return make_organisation("Grigny", slug="grigny")


def online_on(act: Act, day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    Act.objects.filter(pk=act.pk).update(first_published_at=moment)


def test_each_column_counts_what_it_says(commune):
    assembly = make_assembly(commune, meetings_a_year=6)
    session = make_session(assembly, date(2025, 2, 1))
    Session.objects.filter(pk=session.pk).update(list_published_on=date(2025, 2, 8))
    late = make_session(assembly, date(2025, 6, 1))
    Session.objects.filter(pk=late.pk).update(list_published_on=date(2025, 6, 9))
    make_session(assembly, date(2025, 9, 1), online=False)  # held, and its list is nowhere
    make_session(make_assembly(commune, "Commission", kind="commission"), date(2025, 3, 1))
    year = {"date": date(2025, 2, 1), "session": session}
    for number, delay in (("2025-001", 3), ("2025-002", 5), ("2025-005", 40)):
        act = make_act(commune, number=number, transmission="091-X" if delay > 3 else "", **year)
        online_on(act, date(2025, 2, 1) + timedelta(days=delay))
    ActFile.objects.filter(act=act).update(unreadable_pages=2, confidence=40.0)
    draft = make_act(commune, "Brouillon secret", number="2025-006", online=False, **year)
    Act.objects.filter(pk=draft.pk).update(confirmed_at=None)
    gone = make_act(commune, "Retiré", number="2025-007", **year)
    withdraw_act(OPERATOR, gone, "court")
    make_act(commune, kind="minutes", number="", **year)
    (row,) = board()
    assert (row.expected, row.held, row.late_lists) == (6, 3, 2)
    assert [session.slug for session in row.late_sessions] == [late.slug]
    assert (row.deposited, row.confirmed, row.transmitted, row.published, row.withdrawn) == (4, 3, 2, 3, 1)
    assert (row.searchable, row.unreadable_pages, row.least_confidence) == (2, 2, 40.0)
    assert [named.slug for named in row.unreadable_acts] == [act.slug]
    assert row.missing == ["2025-003", "2025-004"]
    assert (row.usual_delay, row.worst_delay) == (5, 40)


def test_kinds_that_are_numbered_apart_are_told_apart_and_others_together(commune):
    for number in ("2025-01", "2025-03"):
        make_act(commune, number=number, date=date(2025, 1, 1))
    make_act(commune, number="2025-02", kind="decision", nature="AU", date=date(2025, 1, 1))
    assert board()[0].missing == []
    make_act(commune, number="2025-01", kind="decision", nature="AU", date=date(2025, 1, 1))
    assert board()[0].missing_words == [("délibération", "2025-02")]


def test_the_page_shows_no_draft_and_leads_to_what_is_online(commune, client):
    session = make_session(make_assembly(commune), date(2025, 2, 1))
    make_act(commune, "Brouillon secret", number="2025-004", online=False, date=date(2025, 2, 1))
    act = make_act(commune, "Illisible", number="2025-001", date=date(2025, 2, 1))
    ActFile.objects.filter(act=act).update(unreadable_pages=1)
    html = tight(client.get("/deliberations/exhaustivite/?annee=2025").content.decode())
    assert "Brouillon" not in html
    assert f'<a href="{act.get_absolute_url()}">Illisible</a>' in html
    assert f'<a href="{session.get_absolute_url()}">' in html
    assert "2025-002, 2025-003" in html
    assert "1 sur 4" in html


def test_the_table_for_programs_has_every_year(commune, client):
    make_act(commune, number="2024-1", date=date(2024, 5, 1))
    make_act(commune, number="2025-1", date=date(2025, 5, 1))
    text = client.get("/deliberations/exhaustivite.csv").content.decode()
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["organisation"], row["annee"], row["actes_en_ligne"]) for row in rows] == [
        ("Grigny", "2025", "1"),
        ("Grigny", "2024", "1"),
    ]


@pytest.mark.parametrize(
    "query", ["", "annee=abc", "annee=2025&organisation=personne", "annee=999999999999", "organisation=%00"]
)
def test_nonsense_is_answered(commune, client, query):
    make_act(commune)
    assert client.get(f"/deliberations/exhaustivite/?{query}").status_code == 200


def test_the_latest_year_begun_is_shown_unless_asked_otherwise(commune, client):
    make_act(commune, number="2024-1", date=date(2024, 5, 1))
    make_session(make_assembly(commune), timezone.localdate() + timedelta(days=800))
    html = tight(client.get("/deliberations/exhaustivite/").content.decode())
    assert '<td class="number">2024</td>' in html
