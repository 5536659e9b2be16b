"""Documents sent to the back office: what they are is their content, they are searched in a child, and returned apart."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import PIL.Image
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.documents import get_document_model
from wagtail.models import Collection

from attacks.hostile_documents import OPEN_TEXT, REFUSED, SEARCHED, archive, pdf
from attacks.hostile_pictures import located
from parvis.core.pictures import measure
from parvis.core.privacy import search_document
from parvis.hub.accounts.factories import make_organisation, make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment

pytestmark = pytest.mark.django_db
Document = get_document_model()
APART = "sandbox; default-src 'none'"


@pytest.fixture
def office(settings, tmp_path) -> SimpleNamespace:
    """Who runs the instance, a dataset, and media that are empty."""
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    browser = Client()
    browser.force_login(make_person("tout@evry.example", None, is_superuser=True))
    dataset = make_dataset(make_organisation("Évry-Courcouronnes"), title="Bancs")
    return SimpleNamespace(
        browser=browser,
        media=tmp_path / "media",
        work=settings.PARVIS_HOME / "work",
        dataset=dataset,
        root=Collection.get_first_root_node().pk,
    )


def left(office) -> list[Path]:
    """Files of media and of the work folder."""
    return [path for folder in (office.media, office.work) for path in folder.rglob("*") if path.is_file()]


def attached(office, name: str, body: bytes, title: str = ""):
    address = reverse("backoffice:dataset_attachments", args=[office.dataset.dataset_id])
    return office.browser.post(address, {"title": title, "file": SimpleUploadedFile(name, body)})


def filed(office, name: str, body: bytes) -> dict:
    data = {"title": name[:200], "collection": office.root, "files[]": SimpleUploadedFile(name, body)}
    return office.browser.post(reverse("wagtaildocs:add_multiple"), data).json()


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_document_that_is_not_what_it_says_or_harms_is_refused_by_every_door(office, case):
    name, make = REFUSED[case]
    body, before = make(), left(office)
    refused = attached(office, name, body)
    assert refused.status_code == 422
    assert refused.context["form"].errors["file"]
    answer = filed(office, name, body)
    assert answer["success"] is False
    assert len(answer["error_message"]) > 10
    assert not Attachment.every.exists()
    assert not Document.objects.exists()
    assert left(office) == before


def test_a_photograph_that_is_attached_or_filed_tells_its_place_no_more(office, monkeypatch):
    body = located()

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a picture is decoded in the process of the web")

    monkeypatch.setattr(PIL.Image, "open", refuse)
    assert attached(office, "photo.jpg", body).status_code == 302
    assert filed(office, "photo.jpg", body)["success"] is True
    attachment, document = Attachment.every.get(), Document.objects.get()
    assert not attachment.held  # nothing is left that names a person
    for file in (attachment.file, document.file):
        with file.open("rb") as stream:
            content = stream.read()
        header = measure(content)
        assert header is not None
        assert header.bare
        assert b"Moreau" not in content
    assert (attachment.bytes, document.file_size) == (attachment.file.size, document.file.size)


def test_a_picture_that_other_software_made_is_still_found_to_tell_its_place(tmp_path):
    path = tmp_path / "avant.jpg"
    path.write_bytes(located())
    kinds = {finding.kind for finding in search_document(path, name=path.name).blocking}
    assert "position" in kinds


@pytest.mark.parametrize("case", sorted(SEARCHED))
def test_a_document_made_to_exhaust_who_searches_it_is_told_unread_or_read(office, tmp_path, case):
    name, make = SEARCHED[case]
    path = tmp_path / name
    path.write_bytes(make())
    report = search_document(path, name=name)
    assert all(finding.kind in ("unread", "text") for finding in report.findings)
    assert not Path("/tmp/parvis-escaped.txt").exists()
    assert attached(office, name, path.read_bytes()).status_code in (302, 422)


def test_what_is_given_back_is_saved_apart_from_our_origin(office):
    note = add_attachment(OPERATOR, office.dataset, "Note", "note.txt", ContentFile(b"<script>alert(1)</script>"))
    assert filed(office, "lettre.odt", archive({"mimetype": OPEN_TEXT, "content.xml": b"<a/>"}))["success"]
    old = Document.objects.create(title="Avant", file=ContentFile(b"<script>alert(1)</script>", "avant.html"))
    made = Document.objects.exclude(pk=old.pk).get()
    for address in (
        reverse("backoffice:dataset_attachment", args=[office.dataset.dataset_id, note.slug]),
        made.url,
        old.url,
    ):
        answer = office.browser.get(address)
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].startswith("attachment"), address
        assert answer["Content-Security-Policy"] == APART, address
        assert answer["X-Content-Type-Options"] == "nosniff", address


def test_a_pdf_is_read_where_it_is_and_fetches_nothing(office):
    body = pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 0/Kids[]>>")
    assert filed(office, "notice.pdf", body)["success"]
    answer = office.browser.get(Document.objects.get().url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Security-Policy"] == "default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["facture\u202efdp.txt", "..\\..\\etc/../facture\u200b.txt", "a\u0007b\u2066.txt", "x" * 400 + ".txt"]
)
def test_names_neither_hide_nor_turn_nor_climb(office, name):
    assert attached(office, name, b"bonjour").status_code == 302
    assert filed(office, name, b"bonjour")["success"] is True
    attachment, document = Attachment.every.get(), Document.objects.get()
    for shown in (attachment.title, document.title, document.filename, attachment.file.name):
        assert not set(shown) & set("\u202e\u200b\u0007\u2066")
    for called in (attachment.title, document.filename):
        assert not set(called) & set("/\\")
    assert Path(attachment.file.path).resolve().is_relative_to(office.media / "attachments")
    assert Path(document.file.path).resolve().is_relative_to(office.media / "documents")


def test_a_document_may_be_replaced_by_a_sound_one_alone(office):
    assert filed(office, "note.txt", b"bonjour")["success"]
    document = Document.objects.get()
    address = reverse("wagtaildocs:edit", args=[document.pk])
    fields = {"title": "Note", "collection": office.root, "tags": ""}
    name, make = REFUSED["page under the name of a pdf"]
    assert office.browser.post(address, {**fields, "file": SimpleUploadedFile(name, make())}).status_code == 200
    document.refresh_from_db()
    assert document.filename == "note.txt"
    assert (
        office.browser.post(address, {**fields, "file": SimpleUploadedFile("deux.txt", b"rebonjour")}).status_code
        == 302
    )
    document.refresh_from_db()
    assert BytesIO(document.file.open("rb").read()).getvalue() == b"rebonjour"
