"""A file of a person goes through a folder of its own, of which nothing stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from parvis.core.documents import DocumentMismatch, DocumentUnknown
from parvis.core.errors import OperationError
from parvis.core.pictures import PictureBroken, PictureUnknown
from parvis.hub.uploads import services
from parvis.hub.uploads.services import receive_document, receive_picture, rewrite


def photo(kind: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(stream, kind)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def nothing_left(settings):
    yield
    assert not list((settings.PARVIS_HOME / "work").rglob("upload-*"))


def test_a_picture_is_received_no_larger_than_asked():
    received = receive_picture("photo.jpg", ContentFile(photo()), longest=320)
    assert (received.kind, received.width, received.height) == ("jpeg", 320, 240)


def test_what_is_refused_says_so_under_a_name_that_may_be_shown():
    with pytest.raises(PictureUnknown) as refused:
        receive_picture("a/b/\u202egpj.exe", ContentFile(b"MZ"))
    assert refused.value.details["file"] == "gpj.exe"
    with pytest.raises(PictureBroken):
        receive_picture("photo.jpg", ContentFile(photo()[:2_000]))


def test_a_child_that_fails_leaves_nothing_either(monkeypatch):
    class Failed(OperationError):
        code = "failed"

    def fail(*_args: object, **_options: object) -> None:
        raise Failed(reason="essai")

    monkeypatch.setattr(services.pictures, "receive_picture", fail)
    with pytest.raises(Failed):
        receive_picture("photo.jpg", ContentFile(photo()))


def test_a_document_is_received_as_it_is_and_a_picture_as_its_pixels():
    note = ContentFile(b"bonjour")
    received = receive_document("note.txt", note)
    assert (received.media_type, received.content) == ("text/plain; charset=utf-8", note)
    assert note.read() == b"bonjour"
    body = photo("PNG") + b"more"
    plan = receive_document("plan.png", ContentFile(body))
    assert plan.media_type == "image/png"
    assert not plan.content.read().endswith(b"more")


def test_a_document_must_be_of_the_kind_of_its_name():
    with pytest.raises(DocumentUnknown):
        receive_document("page.html", ContentFile(b"<p>"))
    with pytest.raises(DocumentMismatch):
        receive_document("notice.pdf", ContentFile(b"<p>"))
    with pytest.raises(DocumentMismatch):
        receive_document("photo.jpg", ContentFile(photo("PNG")))


@pytest.mark.parametrize("is_large", [False, True], ids=["in memory", "in its file"])
def test_an_upload_holds_what_was_received_of_it_alone(is_large):
    body = photo("PNG") + b"<script>" * 100
    if is_large:
        upload = TemporaryUploadedFile("Ma photo.gif", "image/gif", len(body), None)
        upload.write(body)
    else:
        upload = SimpleUploadedFile("Ma photo.gif", body)
    received = receive_picture("Ma photo.gif", upload)
    rewrite(upload, received)
    assert (upload.name, upload.content_type, upload.size) == ("Ma photo.png", "image/png", len(received.body))
    assert upload.read() == received.body
    if is_large:
        assert Path(upload.temporary_file_path()).read_bytes() == received.body
    upload.close()
