"""The public pages of acts in a real browser: accessible, no wider than the screen, read without JavaScript."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from parvis.core.acts.model import DoubtfulWord, Method, Page
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import ActFile, AgendaItem, FileText
from parvis.hub.accounts.factories import make_organisation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Convention-cadre-" + "anticonstitutionnellement" * 6
TEXT = "Vu le code,\nARTICLE 1er : d’approuver les travaux de l’école.\n" + "motsansespace" * 20


@pytest.fixture
def addresses(home):
    """A scan of which pages are unreadable, an annex, a correction, a sitting with a point that led to nothing, a late list."""
    commune = make_organisation("Commune de Grigny-" + "sans-espace" * 6, siren="219102860")
    session = make_session(make_assembly(commune), date(2026, 1, 15), present_names=["Camille Durand"] * 15)
    act = make_act(commune, LONG, [TEXT], session=session, number="2026-004", is_unanimous=True, present=15)
    add_file(act, ["Plan"], ActFile.Role.ANNEX, title=LONG)
    pages = [Page(1, TEXT, Method.RECOGNISED, 87.4, (DoubtfulWord(0, 2, 54),)), Page(2, "", Method.UNREADABLE)]
    FileText.objects.filter(file=act.act_files.first()).update(published_pages=[page.to_json() for page in pages])
    ActFile.objects.filter(act=act).update(unreadable_pages=1, confidence=54.0)
    make_act(commune, "Rectificatif", corrects=act, number="2026-005")
    AgendaItem.objects.create(session=session, title=LONG, is_open=False)
    page = act.get_absolute_url()
    return (
        "/deliberations/",
        page,
        f"{page}texte/1/",
        "/seances/",
        session.get_absolute_url(),
        "/deliberations/exhaustivite/",
    )


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_public_pages_are_accessible_and_fit(live_server, chromium, axe, addresses, width, scheme):
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for address in addresses:
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(fits), address
    context.close()


def test_an_act_is_found_and_read_without_javascript(live_server, chromium, addresses):
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/deliberations/?q=convention-cadre")
    page.get_by_role("link", name=LONG).click()
    expect(page.get_by_role("heading", name="ARTICLE 1er")).to_be_visible()
    page.locator("summary", has_text="mot incertain").click()
    expect(page.get_by_text("« Vu » (54\u00a0%)")).to_be_visible()
    page.get_by_role("link", name="séance du 15").click()
    expect(page.get_by_role("heading", name="Liste des délibérations examinées")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Ajouter à mon calendrier")).to_be_hidden()
    context.close()
