"""``parvis pictures``: the library of an older home is cleaned once, and what cannot be is told."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from PIL import Image as Pillow
from PIL.ExifTags import IFD, Base
from wagtail.documents import get_document_model
from wagtail.images.models import Image, Rendition

from parvis.core.errors import Forbidden
from parvis.core.pictures import measure
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.audit.selectors import entries_about
from parvis.hub.uploads.older import rewrite_library

Document = get_document_model()


def photo(size: tuple[int, int] = (400, 300), orientation: int = 1) -> bytes:
    written = Pillow.Exif()
    written[Base.Artist], written[Base.Orientation] = "Sylvie Moreau", orientation
    written.get_ifd(IFD.GPSInfo)[1] = "N"
    stream = io.BytesIO()
    Pillow.new("RGB", size, (9, 120, 40)).save(stream, "JPEG", exif=written)
    return stream.getvalue()


@pytest.fixture
def media(settings, tmp_path, db) -> Path:
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    Rendition.cache_backend.clear()
    return tmp_path / "media"


def kept(media: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(media.rglob("*")) if path.is_file()]


def test_pictures_of_an_older_home_lose_what_cameras_wrote_and_their_renditions(parvis, media):
    image = Image.objects.create(title="Place", file=ContentFile(photo(), "place.jpg"), focal_point_x=40)
    rendition = image.get_rendition("width-100").file.name
    (media / rendition).write_bytes(photo())  # as it was made then
    Document.objects.create(title="Plan", file=ContentFile(photo(), "plan.jpg"))
    Document.objects.create(title="Note", file=ContentFile(b"bonjour", "note.txt"))
    facts = parvis("pictures", "--json").facts
    assert facts == {"pictures": 2, "rewritten": 2, "left": []}
    image.refresh_from_db()
    assert (image.width, image.height, image.focal_point_x) == (400, 300, 40)
    assert image.file_size == image.file.size
    assert not image.renditions.exists()
    bodies = kept(media)
    assert len(bodies) == 3
    assert not any(b"Moreau" in body for body in bodies)
    assert [entry.action for entry in entries_about("image", str(image.pk))] == ["picture.rewrite"]
    again = parvis("pictures")
    assert (again.status, again.out) == (0, "2 images regardées, 0 réécrites, 0 laissées telles quelles.\n")


def test_a_picture_that_was_turned_is_turned_for_good(parvis, media):
    image = Image.objects.create(title="Place", file=ContentFile(photo(orientation=6), "place.jpg"), focal_point_x=40)
    assert parvis("pictures").status == 0
    image.refresh_from_db()
    assert (image.width, image.height, image.focal_point_x) == (300, 400, None)
    header = measure(kept(media)[0])
    assert header is not None
    assert (header.width, header.height, header.bare) == (300, 400, True)


def test_what_cannot_be_written_again_is_told_and_left(parvis, media):
    broken = Image.objects.create(title="Abîmée", file=ContentFile(photo(), "abimee.jpg"))
    gone = Image.objects.create(title="Partie", file=ContentFile(photo(), "partie.jpg"))
    Path(broken.file.path).write_bytes(photo()[:400])
    Path(gone.file.path).unlink()
    outcome = parvis("pictures")
    assert outcome.status == 1
    assert "abîmée ou incomplète" in outcome.err
    assert "le fichier manque" in outcome.err
    assert Path(broken.file.path).read_bytes() == photo()[:400]


def test_a_stranger_rewrites_nothing(media):
    with pytest.raises(Forbidden):
        list(rewrite_library(ANONYMOUS))
