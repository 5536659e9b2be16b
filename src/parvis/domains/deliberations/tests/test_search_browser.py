"""The search of acts and « Être prévenu » in a real browser: accessible, no wider than the screen, by keyboard, without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from parvis.core.acts.model import Method, Page
from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Amount, FileText
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.fulltext.writing import write_changes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Convention-cadre-" + "anticonstitutionnellement" * 6
SEARCH = "/deliberations/recherche/"


@pytest.fixture
def acts(home, settings):
    """Acts of two organisations, an unreadable one, amounts, positions."""
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    grigny, evry = make_organisation("Commune de Grigny-" + "sans-espace" * 6), make_organisation("Évry")
    session = make_session(make_assembly(grigny), present_names=["Camille Durand"])
    pages = ["Rien ici.", f"La toiture de l’école, rue du Port, {'motsansespace' * 20}. Fin."]
    act = make_act(
        grigny, LONG, pages, session=session, latitude=48.65, longitude=2.39, places=["rue du Port"], matter="7.5"
    )
    Amount.objects.create(act=act, cents=1_250_050)
    for rank in range(8):
        make_act(
            evry,
            f"Toiture {rank}",
            [f"La toiture du gymnase {rank}"],
            rapporteur=f"Élu {rank}",
            latitude=48.66,
            longitude=2.4,
        )
    scan = make_act(evry, "Illisible", [""])
    FileText.objects.filter(file__act=scan).update(published_pages=[Page(1, "", Method.UNREADABLE).to_json()])
    write_changes()
    return act


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(live_server, chromium, axe, acts, width, scheme):
    context = chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    for address in (
        f"{SEARCH}?q=toiture",
        f"{SEARCH}?exact=toiture&du=hier&autour=48.65,2.39&matiere=7.5&matiere=7",
        f"{SEARCH}?vue=carte",
        f"{SEARCH}?q=toitture&rapporteur=x&autour=nulle+part",
        "/deliberations/alertes/?q=toiture&autour=rue+du+Port",
        acts.get_absolute_url(),
    ):
        page.goto(live_server.url + address)
        for details in page.locator("main details:not([open]) > summary").all():
            if details.is_visible():
                details.click()
        assert axe(page) == [], address
        fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(fits), address
    context.close()


def test_somebody_searches_narrows_and_follows_by_keyboard_without_javascript(live_server, chromium, acts):
    context = chromium.new_context(locale="fr-FR", java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{live_server.url}/deliberations/")
    page.get_by_label("Chercher", exact=True).focus()
    page.keyboard.type("toiture école")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SEARCH}?*")
    expect(page.get_by_role("heading", name="1 acte", exact=True)).to_be_visible()
    expect(page.locator("mark", has_text="toiture").first).to_be_visible()
    expect(page.get_by_text("1 acte ne se cherche pas par ses mots")).to_be_visible()
    page.get_by_role("link", name=re.compile("^page 2")).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/texte/1/?page=2#page-2")
    page.go_back()
    page.locator("#id_q").fill("toiture")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="9 actes", exact=True).wait_for()
    page.get_by_role("link", name=re.compile("^Évry")).click()
    page.get_by_role("heading", name="8 actes", exact=True).wait_for()
    page.get_by_role("link", name="Être prévenu de ce qui y répondra").click()
    page.get_by_label("Votre adresse électronique").fill("habitante@exemple.fr")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Un courriel vous attend").wait_for()
    context.close()


def test_the_search_speaks_english(live_server, chromium, acts):
    context = chromium.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}{SEARCH}?q=toiture&tri=recentes")
    expect(page.get_by_role("heading", name="9 acts", exact=True)).to_be_visible()
    expect(page.get_by_text("1 act cannot be found by its words: it is unreadable.")).to_be_visible()
    page.goto(f"{live_server.url}/deliberations/alertes/?q=toiture")
    expect(page.get_by_role("heading", name="Be told of deliberations")).to_be_visible()
    context.close()
