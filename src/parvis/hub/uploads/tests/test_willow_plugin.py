"""Renditions made by children are those that Wagtail's filters ask for."""

from __future__ import annotations

import io
import os

import pytest
from django.core.files.base import ContentFile
from django.template import Context, Template
from PIL import Image as Pillow
from PIL.ExifTags import Base
from wagtail.images.models import Image, Rendition
from willow.registry import registry

from parvis.hub.uploads.willow_plugin import ConfinedPicture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    Rendition.cache_backend.clear()  # renditions are remembered, by the number of an image that a test before this one had too


def image(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **options: object) -> Image:
    picture = Pillow.new("RGB", size, (200, 30, 30))
    picture.paste((30, 30, 200), (size[0] // 2, 0, *size))
    stream = io.BytesIO()
    picture.convert(mode).save(stream, kind, **options)
    return Image.objects.create(title="Image", file=ContentFile(stream.getvalue(), f"image.{kind.lower()}"))


def opened(rendition) -> Pillow.Image:
    with rendition.file.open("rb") as stream:
        picture = Pillow.open(io.BytesIO(stream.read()))
    assert picture.size == (rendition.width, rendition.height)
    return picture


@pytest.mark.parametrize(
    ("spec", "size"),
    [
        ("original", (300, 200)),
        ("width-150", (150, 100)),
        ("width-900", (300, 200)),
        ("height-50", (75, 50)),
        ("max-60x60", (60, 40)),
        ("min-60x60", (90, 60)),
        ("fill-100x100", (100, 100)),
        ("fill-100x50-c100", (100, 50)),
        ("scale-50", (150, 100)),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_filter_gives_the_size_that_it_says(kind, spec, size):
    picture = opened(image(kind).get_rendition(spec))
    assert (picture.size, picture.format) == (size, kind)


@pytest.mark.parametrize(
    ("kind", "spec", "written"),
    [
        ("PNG", "format-jpeg", "JPEG"),
        ("JPEG", "format-webp", "WEBP"),
        ("JPEG", "width-40|format-webp|webpquality-65", "WEBP"),
        ("JPEG", "jpegquality-40", "JPEG"),
        ("GIF", "width-40", "PNG"),
        ("AVIF", "width-40", "WEBP"),
    ],
)
def test_a_rendition_is_written_as_asked(kind, spec, written):
    assert opened(image(kind).get_rendition(spec)).format == written


def test_what_may_be_seen_through_stands_on_white_where_that_cannot_be():
    clear = image("PNG", mode="RGBA")
    body = io.BytesIO()
    Pillow.new("RGBA", (40, 40), (9, 9, 9, 0)).save(body, "PNG")
    clear.file.save("clear.png", ContentFile(body.getvalue(), "clear.png"))
    assert opened(clear.get_rendition("width-20")).mode == "RGBA"
    assert opened(clear.get_rendition("width-20|format-jpeg")).getpixel((5, 5)) == (255, 255, 255)


def test_a_photograph_of_an_older_home_stands_upright():
    turned = Pillow.Exif()
    turned[Base.Orientation] = 6
    assert opened(image(exif=turned).get_rendition("width-100")).size == (100, 150)


def test_several_renditions_at_once_are_made(settings):
    made = image().get_renditions("width-40", "width-80", "width-120|format-webp")
    assert [opened(one).width for one in made.values()] == [40, 80, 120]


def test_a_picture_that_nobody_can_decode_is_shown_as_missing(caplog):
    broken = image(size=(900, 700))
    os.truncate(broken.file.path, 700)
    tag = Template("{% load wagtailimages_tags %}{% image picture width-40 alt='' %}")
    assert "not-found" in tag.render(Context({"picture": broken}))
    assert "parvis.hub.uploads" in {record.name.rpartition(".")[0] for record in caplog.records}


def test_every_kind_of_file_that_willow_knows_is_left_to_a_child():
    for file in registry.get_image_classes():
        if file.__name__.endswith("ImageFile") and file.__name__ != "SvgImageFile":
            for operation in (
                "get_size",
                "auto_orient",
                "has_alpha",
                "has_animation",
                "get_frame_count",
                "save_as_png",
            ):
                assert registry.find_operation(file, operation)[1] is ConfinedPicture, (file, operation)
