"""Documents that go with an event: who adds them, when readers see them, in which forms, and what becomes of them."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from parvis.core.documents import DocumentMismatch
from parvis.core.errors import Forbidden
from parvis.domains.agenda.models import Event
from parvis.domains.agenda.services import merge_events
from parvis.domains.agenda.tests.test_agenda import NOW, at, online
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.records.models import RecordFile
from parvis.hub.records.services import attach, delete, detach, publish, withdraw
from parvis.hub.uploads.records import MOST_FILES, FileRefused, add_file

pytestmark = pytest.mark.django_db


def _notice() -> bytes:
    """A PDF of one empty page."""
    document, content = pypdfium2.PdfDocument.new(), BytesIO()
    document.new_page(100, 100)
    document.save(content)
    return content.getvalue()


NOTICE = _notice()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def event(home) -> Event:
    return online("Concert", at(29))


@pytest.fixture
def contributor(event):
    return make_member(event.organisation, Role.CONTRIBUTOR)


def joined(event: Event, title: str = "Le programme", actor=OPERATOR, content: bytes = NOTICE) -> RecordFile:
    return add_file(actor, event, title, "Programme d’été.pdf", ContentFile(content, name="x.pdf"))


def screen(event: Event, more: str = "") -> str:
    return f"/admin/documents-joints/agenda/event/{event.pk}/{more}"


def shown(client, event: Event) -> list[str]:
    body = client.get(event.get_absolute_url()).content.decode()
    return re.findall(r'<a href="[^"]+/fichiers/[^"]+">([^<]+)</a>', body)


def test_a_document_is_joined_on_its_screen_and_read_in_every_form(client, event):
    steward = client_of(make_member(event.organisation, Role.STEWARD))
    upload = SimpleUploadedFile("Programme d’été.pdf", NOTICE)
    answer = steward.post(screen(event), {"title": "Le programme", "file": upload}, follow=True)
    assert "Le document est joint." in answer.content.decode() and f"PDF · {len(NOTICE)}" in answer.content.decode()
    assert (
        "1 document joint" in steward.get(reverse("events_admin:edit", args=[event.pk]), follow=True).content.decode()
    )
    page = client.get(event.get_absolute_url()).content.decode()
    assert "Documents joints</h2>" in page and f"PDF · {len(NOTICE)}\u00a0octets" in page
    node = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page, re.S)[1])
    (document,) = node["subjectOf"]
    facts = client.get(f"/api/parvis/v1/agenda/{event.slug}").json()["files"]
    assert facts == client.get("/api/parvis/v1/agenda").json()["results"][0]["files"]
    assert facts == [
        {"title": "Le programme", "url": document["contentUrl"], "media_type": "application/pdf", "bytes": len(NOTICE)}
    ]
    got = client.get("/" + document["contentUrl"].split("/", 3)[3])
    assert b"".join(got.streaming_content) == NOTICE
    assert got["Content-Disposition"].startswith("attachment") and "sandbox" in got["Content-Security-Policy"]
    assert Entry.objects.filter(action="event.attach", target=event.slug).exists()


def test_documents_of_a_draft_are_read_by_its_editors_alone(client, event, contributor):
    address = joined(event).get_absolute_url()
    withdraw(OPERATOR, event)
    assert client.get(address).status_code == 404
    assert client_of(contributor).get(address).status_code == 200
    publish(OPERATOR, event)
    assert client.get(address).status_code == 200


def test_what_a_contributor_changes_of_the_documents_online_waits(client, event, contributor):
    joined(event, "Ancien")
    actor = actor_of(contributor)
    joined(event, "Nouveau", actor)
    detach(actor, event, event.files.get(title="Ancien"))
    assert shown(client, event) == shown(client_of(contributor), event) == ["Ancien"]
    assert client.get(f"{event.get_absolute_url()}fichiers/programme-d-ete-pdf-2/").status_code == 404
    event = Event.objects.get()
    assert event.has_unpublished_changes
    publish(OPERATOR, event)
    assert shown(client, event) == ["Nouveau"]
    assert not Event.objects.get().has_unpublished_changes


def test_a_document_that_names_persons_waits_for_a_decision_in_writing(client, event, contributor):
    inscrits = b"nom;prenom;courriel\n" + b"".join(
        b"Durand%d;Zo\xc3\xa9;zoe.durand%d@example.org\n" % (rank, rank) for rank in range(30)
    )
    steward = client_of(make_member(event.organisation, Role.STEWARD))
    upload = SimpleUploadedFile("Inscrits.csv", inscrits)
    answer = steward.post(screen(event), {"title": "Les inscrits", "file": upload}, follow=True).content.decode()
    assert "personne ne le lit avant une décision" in answer and "semble nommer des personnes (" in answer
    (file,) = event.files.all()
    assert file.held and shown(client, event) == []
    assert client.get(file.get_absolute_url()).status_code == 404
    assert client.get(f"/api/parvis/v1/agenda/{event.slug}").json()["files"] == []
    release = screen(event, f"{file.slug}/publier/")
    reason = {"reason": "liste publiée avec l’accord de chacun"}
    joined(event, "Illisible", content=b"%PDF-1.7 rien")
    assert shown(client, event) == []  # what cannot be searched waits too
    assert "Pourquoi il peut" not in client_of(contributor).get(screen(event)).content.decode()
    client_of(contributor).post(release, reason)
    steward.post(release, {"reason": "  "})
    assert shown(client, event) == []
    steward.post(release, reason)
    assert shown(client, event) == ["Les inscrits"]
    (entry,) = Entry.objects.filter(action="event.release", target=event.slug)
    assert entry.details["reason"] == reason["reason"]


def test_a_document_is_what_its_name_says_and_there_are_not_too_many(event, monkeypatch):
    monkeypatch.setattr("parvis.hub.uploads.records.MOST_BYTES", len(NOTICE) + 50)
    with pytest.raises(DocumentMismatch):
        joined(event, content=b"<script>alert(1)</script>")
    with pytest.raises(FileRefused):
        joined(event, content=NOTICE + b" " * 100)
    RecordFile.objects.bulk_create(
        [RecordFile(record=event, slug=str(rank), title="x", media_type="x", bytes=1) for rank in range(MOST_FILES)]
    )
    with pytest.raises(FileRefused):
        joined(event)


def test_only_who_may_change_a_record_reaches_its_documents(event, contributor):
    file = joined(event)
    stranger = make_member(make_organisation("Ailleurs"), Role.ADMINISTRATOR)
    for address in (screen(event), screen(event, f"{file.slug}/")):
        assert client_of(contributor).get(address).status_code == 200
        assert client_of(stranger).get(address).status_code == 404
    assert client_of(stranger).post(screen(event, f"{file.slug}/retirer/")).status_code == 404
    assert client_of(contributor).get(screen(event, f"{file.slug}/retirer/")).status_code == 405
    with pytest.raises(Forbidden):
        detach(actor_of(stranger), event, file)
    for place in ("agenda/absent", "accounts/person", "charts/chart", "agenda/eventsource"):
        assert client_of(contributor).get(f"/admin/documents-joints/{place}/1/").status_code == 404
    chart = make_chart(make_stands())
    with pytest.raises(Forbidden):
        attach(
            OPERATOR, chart, RecordFile(slug="x", title="x", media_type="x", bytes=1), ContentFile(b"x", name="x.pdf")
        )


def test_a_document_goes_with_its_event_and_follows_it_into_another(
    event, settings, django_capture_on_commit_callbacks
):
    paths = [Path(joined(event, title).file.path) for title in ("Un", "Deux")]
    assert all(path.is_file() for path in paths)
    with django_capture_on_commit_callbacks(execute=True):
        detach(OPERATOR, event, event.files.get(title="Deux"))
    assert [path.is_file() for path in paths] == [True, False]
    other = online("Concert bis", at(29), uid="bis", owner=event.organisation)
    joined(other, "Le sien")
    with django_capture_on_commit_callbacks(execute=True):
        merge_events(OPERATOR, other, event)
    assert {file.title for file in other.files.all()} == {"Un", "Le sien"}
    assert paths[0].is_file()
    with django_capture_on_commit_callbacks(execute=True):
        delete(OPERATOR, Event.objects.get())
    assert not paths[0].exists() and not RecordFile.objects.exists()


def test_a_list_reads_the_documents_of_all_its_events_at_once(client, event):
    joined(event)
    for rank in range(5):
        joined(online(f"Autre {rank}", datetime(2026, 12, 1) + timedelta(days=rank)))  # noqa: DTZ001
    with CaptureQueriesContext(connection) as queries:
        rows = client.get("/api/parvis/v1/agenda").json()["results"]
    assert [len(row["files"]) for row in rows] == [1] * 6
    assert sum(RecordFile._meta.db_table in query["sql"] for query in queries) == 1
