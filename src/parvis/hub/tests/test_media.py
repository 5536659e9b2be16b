"""What people attach, as Django stores and reads it."""

from __future__ import annotations

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from parvis.hub.media import StoredMedia


@pytest.fixture(autouse=True)
def elsewhere(settings, tmp_path) -> None:
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}/autre%20disque"}


def test_a_file_is_stored_below_media_and_read_back(tmp_path):
    name = default_storage.save("documents/plan.pdf", ContentFile(b"%PDF"))
    assert isinstance(default_storage._wrapped, StoredMedia)
    assert (tmp_path / "autre disque" / "media" / "documents" / "plan.pdf").read_bytes() == b"%PDF"
    assert default_storage.open(name).read() == b"%PDF"
    assert (default_storage.size(name), default_storage.exists(name)) == (4, True)
    assert default_storage.path(name) == f"{tmp_path}/autre disque/media/documents/plan.pdf"
    assert default_storage.url("documents/été.pdf") == "/media/documents/%C3%A9t%C3%A9.pdf"


def test_a_second_file_of_that_name_gets_another_even_when_both_looked_before_either_was_stored(monkeypatch):
    first = default_storage.save("a.txt", ContentFile("un"))
    exists, looked = StoredMedia.exists, [False]
    monkeypatch.setattr(StoredMedia, "exists", lambda self, name: looked.pop() if looked else exists(self, name))
    second = default_storage.save("a.txt", ContentFile("deux"))
    assert (first, second != first) == ("a.txt", True)
    assert [default_storage.open(name).read() for name in (first, second)] == [b"un", b"deux"]


def test_a_file_that_was_closed_is_opened_again():
    file = default_storage.open(default_storage.save("a.txt", ContentFile(b"un")))
    file.close()
    with file.open() as again:
        assert again.read() == b"un"


def test_folders_are_listed_and_files_deleted():
    for name in ("images/a.png", "images/petites/b.png"):
        default_storage.save(name, ContentFile(b"x"))
    assert default_storage.listdir("images") == (["petites"], ["a.png"])
    assert default_storage.exists("images")
    default_storage.delete("images/a.png")
    default_storage.delete("images/a.png")
    assert default_storage.listdir("images") == (["petites"], [])
    with pytest.raises(FileNotFoundError):
        default_storage.open("images/a.png")
    with pytest.raises(FileNotFoundError):
        default_storage.size("images/a.png")


def test_no_name_leads_out_of_the_media():
    with pytest.raises(SuspiciousFileOperation):
        default_storage.save("../secret-key", ContentFile(b"x"))
    with pytest.raises(FileNotFoundError):
        default_storage.open("../secret-key")
    assert not default_storage.exists("../secret-key")


def test_none_is_written_in_place():
    with pytest.raises(ValueError, match="only read"):
        default_storage.open("a.txt", "wb")
