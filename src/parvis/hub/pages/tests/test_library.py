"""Images and documents of the library are for those who may read the pages that show them."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.core.files.base import ContentFile
from wagtail.documents import get_document_model
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import PageViewRestriction, ReferenceIndex

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.pages.factories import block, make_theme_page, site_of_tests
from parvis.hub.pages.services import make_page
from parvis.hub.sites.models import SiteFace

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(home):
    """A document and a picture, with their addresses."""
    document = get_document_model().objects.create(title="Rapport", file=ContentFile(b"secret", "rapport.txt"))
    image = Image.objects.create(title="Photo", file=get_test_image_file())
    caches[
        "renditions"
    ].clear()  # renditions are remembered, by the number of an image that a test before this one had too
    name = image.get_rendition("width-40").file.name.removeprefix("images/")
    return document, image, (document.url, f"/media/images/{name}")


def shown_in(page, document, image):
    page.picture = image
    page.body = [block("text", f'<p><a linktype="document" id="{document.pk}">Le rapport</a></p>')]
    page.save()
    ReferenceIndex.create_or_update_for_object(page)


def statuses(client, files):
    return [client.get(address).status_code for address in files[2]]


def test_what_only_a_draft_shows_is_for_those_who_write(client, files):
    page = make_page(OPERATOR, site_of_tests(), "projet", "Le projet", [], publish=False)
    shown_in(page, *files[:2])
    assert statuses(client, files) == [404, 404]
    page.save_revision().publish()
    assert statuses(client, files) == [200, 200]
    page.refresh_from_db()
    page.unpublish()
    assert statuses(client, files) == [404, 404]
    client.force_login(make_person("tout@evry.example", None, is_superuser=True))
    assert statuses(client, files) == [200, 200]
    assert client.get(files[2][1])["Cache-Control"].startswith("private")


def test_what_a_restricted_page_shows_is_for_whom_it_is(client, files):
    page = make_theme_page()
    shown_in(page, *files[:2])
    assert statuses(client, files) == [200, 200]
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert statuses(client, files) == [404, 404]
    client.force_login(make_person("agent@evry.example", None))
    assert statuses(client, files) == [200, 200]


def test_what_no_page_shows_and_what_sites_show_is_open(client, files):
    assert statuses(client, files) == [200, 200]
    page = make_page(OPERATOR, site_of_tests(), "projet", "Le projet", [], publish=False)
    shown_in(page, *files[:2])
    face = SiteFace.for_site(site_of_tests())
    face.logo = files[1]
    face.save()
    ReferenceIndex.create_or_update_for_object(face)
    assert statuses(client, files) == [404, 200]
