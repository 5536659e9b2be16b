"""Pictures sent to the back office: none is decoded by the process that serves pages, none keeps what it hid, nothing is left behind."""

from __future__ import annotations

import io
from pathlib import Path
from types import SimpleNamespace

import PIL.Image
import PIL.ImageFile
import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.images.models import Image, Rendition
from wagtail.models import Collection, UploadedFile

from attacks.hostile_pictures import CLEANED, EITHER, REFUSED, SCRIPT, located, saved
from parvis.core.pictures import measure
from parvis.hub.accounts.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(settings, tmp_path) -> SimpleNamespace:
    """Who runs the instance, and media that are empty."""
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    Rendition.cache_backend.clear()  # of renditions that another test had made
    browser = Client()
    browser.force_login(make_person("tout@evry.example", None, is_superuser=True))
    return SimpleNamespace(
        browser=browser,
        media=tmp_path / "media",
        work=settings.PARVIS_HOME / "work",
        root=Collection.get_first_root_node().pk,
    )


@pytest.fixture
def decode_nothing(monkeypatch):
    """From when it is called, this process decodes no picture at all."""

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a picture is decoded in the process of the web")

    def forbid() -> None:
        monkeypatch.setattr(PIL.Image, "open", refuse)
        monkeypatch.setattr(PIL.ImageFile.ImageFile, "__init__", refuse)

    return forbid


def left(office) -> list[Path]:
    """Files of media and of the work folder."""
    return [path for folder in (office.media, office.work) for path in folder.rglob("*") if path.is_file()]


def sent(office, name: str, body: bytes, title: str = "Photo") -> dict:
    """The answer to one of many files, as the page of images sends them."""
    data = {"title": title, "collection": office.root, "files[]": SimpleUploadedFile(name, body)}
    return office.browser.post(reverse("wagtailimages:add_multiple"), data).json()


def stored(image: Image) -> bytes:
    with image.file.open("rb") as stream:
        return stream.read()


def require_pixels_alone(body: bytes) -> None:
    header = measure(body)
    assert header is not None
    assert header.bare
    assert b"Moreau" not in body
    assert SCRIPT not in body


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_hostile_picture_is_refused_with_what_to_do_and_leaves_nothing(office, decode_nothing, case):
    name, make = REFUSED[case]
    body, before = make(), left(office)
    decode_nothing()
    answer = sent(office, name, body)
    assert answer["success"] is False
    assert any(word in answer["error_message"] for word in ("renvoyez", "Renvoyez", "pris en charge", "vide"))
    assert not Image.objects.exists()
    assert not UploadedFile.objects.exists()
    assert left(office) == before


@pytest.mark.parametrize("case", sorted(CLEANED))
def test_what_a_picture_hides_is_gone_from_what_is_kept_and_from_what_is_shown(office, decode_nothing, case):
    name, make = CLEANED[case]
    body = make()
    decode_nothing()
    assert sent(office, name, body)["success"] is True
    image = Image.objects.get()
    require_pixels_alone(stored(image))
    assert image.file.name.startswith("original_images/")
    assert image.filename.isascii()
    for spec in ("width-40", "fill-30x30", "max-20x20|format-webp", "original"):
        with image.get_rendition(spec).file.open("rb") as stream:
            require_pixels_alone(stream.read())
    assert not [path for path in office.work.rglob("*") if path.is_file()]


@pytest.mark.parametrize("case", sorted(EITHER))
def test_what_swells_stays_within_its_bounds(office, decode_nothing, case):
    name, make = EITHER[case]
    body = make()
    decode_nothing()
    if sent(office, name, body)["success"]:
        require_pixels_alone(stored(Image.objects.get()))
    else:
        assert not left(office)


def test_every_way_in_is_the_same(office, decode_nothing):
    body, replacement, bomb = located(), located("PNG"), REFUSED["png of 50,000 × 50,000"][1]()
    decode_nothing()
    add_url, chooser = reverse("wagtailimages:add"), reverse("wagtailimages_chooser:create")
    fields = {"title": "Photo", "collection": office.root, "description": "", "tags": ""}
    assert office.browser.post(add_url, {**fields, "file": SimpleUploadedFile("a.jpg", body)}).status_code == 302
    prefixed = {f"image-chooser-upload-{name}": value for name, value in fields.items()}
    chosen = office.browser.post(chooser, {**prefixed, "image-chooser-upload-file": SimpleUploadedFile("b.jpg", body)})
    assert chosen.json()["step"] in ("chosen", "duplicate_found")
    for image in Image.objects.all():
        require_pixels_alone(stored(image))
    edited = reverse("wagtailimages:edit", args=[Image.objects.first().pk])
    refused = office.browser.post(edited, {**fields, "file": SimpleUploadedFile("c.png", bomb)})
    assert "trop grande" in refused.content.decode()
    assert office.browser.post(edited, {**fields, "file": SimpleUploadedFile("c.png", replacement)}).status_code == 302
    changed = Image.objects.first()
    assert changed.filename.endswith(".png")
    require_pixels_alone(stored(changed))


def test_a_picture_whose_form_has_another_fault_is_kept_clean_until_it_is_mended(office, decode_nothing):
    body = located()
    decode_nothing()
    answer = sent(office, "photo.jpg", body, title="x" * 300)
    waiting = UploadedFile.objects.get(pk=answer["uploaded_file_id"])
    with waiting.file.open("rb") as stream:
        require_pixels_alone(stream.read())
    mended = reverse("wagtailimages:create_multiple_from_uploaded_image", args=[waiting.pk])
    prefix = f"uploaded-image-{waiting.pk}"
    data = {
        f"{prefix}-title": "Photo",
        f"{prefix}-collection": office.root,
        f"{prefix}-tags": "",
        f"{prefix}-description": "",
    }
    assert office.browser.post(mended, data).json()["success"] is True
    require_pixels_alone(stored(Image.objects.get()))


def test_a_picture_too_large_for_memory_is_rewritten_in_its_temporary_file(office, decode_nothing):
    body = saved("PNG", (2_000, 1_200)) + SCRIPT
    assert len(body) > 2_621_440
    decode_nothing()
    assert sent(office, "scan.png", body)["success"] is True
    require_pixels_alone(stored(Image.objects.get()))


def test_an_original_of_an_older_home_is_shown_without_its_place(office, decode_nothing):
    image = Image.objects.create(title="Avant", file=ContentFile(located(size=(300, 200)), "avant.jpg"))
    assert b"Moreau" in stored(image)
    decode_nothing()
    with image.get_rendition("width-100").file.open("rb") as stream:
        require_pixels_alone(stream.read())


def test_an_original_that_nobody_can_decode_costs_a_page_its_picture_alone(office, decode_nothing):
    image = Image.objects.create(title="Avant", file=ContentFile(saved("JPEG"), "avant.jpg"))
    Path(image.file.path).write_bytes(saved("JPEG")[:300])
    decode_nothing()
    assert office.browser.get(reverse("wagtailimages:index")).status_code == 200


def test_a_picture_of_a_person_is_asked_and_taken_nowhere(office, decode_nothing):
    body = saved("PNG")
    decode_nothing()
    address = reverse("wagtailadmin_account")
    assert 'type="file"' not in office.browser.get(address).content.decode()
    office.browser.post(address, {"avatar-avatar": SimpleUploadedFile("moi.png", body), "theme-theme": "system"})
    assert not left(office)


def test_a_workbook_of_redirects_is_read_nowhere(office):
    workbook = SimpleUploadedFile("a.xlsx", b"PK\x03\x04" + io.BytesIO(b"a").read())
    for way in ("start_import", "process_import"):
        answer = office.browser.post(reverse(f"wagtailredirects:{way}"), {"import_file": workbook})
        assert (answer.status_code, answer["Location"]) == (302, reverse("wagtailadmin_home"))
