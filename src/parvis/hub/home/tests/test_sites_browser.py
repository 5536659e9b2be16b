"""The forms of a site in a real browser: its face, home, menus and legal pages, light and dark, by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale, Page, Site

from parvis.hub.backoffice.tests.keyboard import press, tab_to
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.home.models import SiteHome
from parvis.hub.home.tests.test_face import face_url
from parvis.hub.legal.models import LegalNotice
from parvis.hub.sites.models import SiteFace, SiteMenus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FORMS = (SiteFace, SiteHome, SiteMenus, LegalNotice)


@pytest.fixture
def keeper(page, live_server, town):
    """The page of who keeps the site."""
    # Earlier tests with a live server have emptied every table.
    Locale.objects.get_or_create(language_code="fr")
    root = Page.objects.filter(depth=1).first() or Page.add_root(title="Racine", slug="racine")
    Site.objects.get_or_create(is_default_site=True, defaults={"hostname": "localhost", "root_page": root})
    session = client_of(town.superuser).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    return page


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_forms_of_a_site_are_accessible_and_fit(keeper, axe, width, scheme):
    keeper.set_viewport_size({"width": width, "height": 900})
    keeper.emulate_media(color_scheme=scheme)
    for model in FORMS:
        assert keeper.goto(face_url(model)).status == 200
        assert keeper.evaluate("document.documentElement.scrollWidth") <= width, model
        assert axe(keeper) == [], model


def write(page, name: str, words: str) -> None:
    """Go to a field by keyboard and write in place of what it says."""
    tab_to(page, f"[name={name}]")
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def test_the_face_and_the_legal_notice_are_written_by_keyboard_alone(keeper):
    keeper.goto(face_url())
    write(keeper, "name", "Le parvis de Lisses")
    write(keeper, "tagline", "Nos données, sur la place")
    press(keeper, "form[method=post] [type=submit]")
    keeper.locator(".messages .success").wait_for()
    keeper.goto(face_url(LegalNotice))
    write(keeper, "host_name", "Infocom")
    press(keeper, "form[method=post] [type=submit]")
    keeper.locator(".messages .success").wait_for()
    face = SiteFace.objects.get()
    assert (face.name, face.tagline) == ("Le parvis de Lisses", "Nos données, sur la place")
    assert LegalNotice.objects.get().host_name == "Infocom"
    keeper.goto("/")
    expect(keeper.locator("header").first).to_contain_text("Le parvis de Lisses", use_inner_text=True)
