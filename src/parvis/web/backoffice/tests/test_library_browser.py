"""Images are sent to the library in a real browser: a refusal says what to do, and what is received is shown."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from PIL import Image as Pillow
from playwright.sync_api import expect
from wagtail.images.models import Image, Rendition
from wagtail.models import Collection

from parvis.hub.backoffice.tests.town import client_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server, town, settings, tmp_path):
    """The page on which who runs the instance sends images."""
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    if Collection.get_first_root_node() is None:  # emptied by a test with transactions of its own
        Collection.add_root(name="Root")
    Rendition.cache_backend.clear()
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", base_url=live_server.url)
    session = client_of(town.superuser).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    context.set_default_timeout(30_000)
    opened = context.new_page()
    opened.goto(reverse("wagtailimages:add_multiple"))
    yield opened
    context.close()


def photo() -> bytes:
    written, stream = Pillow.Exif(), io.BytesIO()
    written[315] = "Sylvie Moreau"
    Pillow.new("RGB", (1_200, 900), (9, 120, 40)).save(stream, "JPEG", exif=written)
    return stream.getvalue()


def test_one_image_is_refused_with_what_to_do_and_the_other_is_received_and_shown(page):
    files = [
        {"name": "plan.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
        {"name": "place.jpg", "mimeType": "image/jpeg", "buffer": photo()},
    ]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_text("« plan.png » n’est pas une image JPEG, PNG, WebP, GIF ou AVIF.").wait_for()
    expect(page.get_by_text("enregistrez-la en JPEG ou en PNG, puis renvoyez-la")).to_be_visible()
    page.locator("#upload-list input[name$='-title']").wait_for()
    image = Image.objects.get()
    with image.file.open("rb") as stream:
        assert b"Moreau" not in stream.read()
    page.goto(reverse("wagtailimages:index"))
    shown = page.locator("main img").first
    shown.wait_for()
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
