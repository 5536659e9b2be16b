"""Words of records found by the database's index: kept whoever writes, made again when lost, the same as reading each text."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from parvis.core.text import fold
from parvis.domains.agenda.models import Event
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.records.selectors import matching
from parvis.hub.records.trigram_index import index_words

pytestmark = pytest.mark.django_db


@pytest.fixture
def events():
    owner = make_organisation()
    titles = ("Fête de l’Œuvre", "Marché d’Évry", 'Le « "guillemet" »', "a b c", "Cœur * OR NOT", "")
    rows = [
        Event(organisation=owner, slug=f"e{rank}", uid=f"e{rank}", title=title) for rank, title in enumerate(titles)
    ]
    for row in rows:
        row.search_text = fold(row.title)
    Event.objects.bulk_create(rows)
    return rows


WORDS = (
    "œuvre",
    "EVRY",
    "arch",
    '"',
    '"guillemet"',
    "b",
    "a c",
    "* or",
    "not",
    "coeur not",
    "absent",
    "'",
    "é\0v",
    "x" * 300,
    "d'é",
)


@pytest.mark.parametrize("text", WORDS)
def test_the_index_finds_what_reading_each_text_finds(events, text):
    words = fold(text).replace("\0", " ").split()
    expected = {row.slug for row in events if all(word in row.search_text for word in words)}
    assert {row.slug for row in matching(Event.objects.all(), text)} == expected
    assert {row.slug for row in matching(Event.objects.all(), text, few=True)} == expected


def test_what_is_changed_or_removed_without_us_is_no_longer_found(events):
    Event.objects.filter(slug="e1").update(search_text="kermesse")
    Event.objects.filter(slug="e0").delete()
    assert not matching(Event.objects.all(), "marche").exists()
    assert matching(Event.objects.all(), "kermesse").get().slug == "e1"
    assert not matching(Event.objects.all(), "oeuvre").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="never: SQLite alone loses triggers")
def test_a_table_that_lost_its_triggers_is_indexed_again(events):
    with connection.cursor() as cursor:
        for act in ("added", "changed", "removed"):
            cursor.execute(f"DROP TRIGGER agenda_event_words_{act}")
    Event.objects.filter(slug="e1").update(search_text="kermesse")
    assert not matching(Event.objects.all(), "kermesse").exists()
    index_words(Event, "default")
    assert matching(Event.objects.all(), "kermesse").get().slug == "e1"


def test_migrating_again_changes_nothing(events):
    call_command("migrate", verbosity=0)
    assert matching(Event.objects.all(), "marche").get().slug == "e1"
