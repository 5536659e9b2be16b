"""Scoreboard, alert and form of indicators in a real browser: accessible, by keyboard and by drag, without JavaScript, on paper."""

from __future__ import annotations

import re

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import expect

from parvis.domains.indicators.tests.test_views import published
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.charts.factories import make_stands

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BOARD = "/indicateurs/tableau/?i=places&i=prix&i=pose"


@pytest.fixture
def three(home, settings):
    """Three published indicators, on a portal that sends mails."""
    settings.PARVIS = {**settings.PARVIS, "PARVIS_MAIL_URL": "smtp://relais.exemple:25"}
    make_stands()
    published(slug="prix", title="Prix moyen", parts={"prix": {"dataset": "arceaux", "select": "avg(prix)"}})
    published(slug="pose", title="Poses", parts={"pose": {"dataset": "arceaux", "select": "count(*)"}})
    return published()


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def order(page) -> list[str]:
    return [one.get_attribute("data-slug") for one in page.locator("[data-slug]").all()]


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_the_pages_are_accessible_and_fit(live_server, chromium, axe, three, width, scheme):
    context = context_of(chromium, width, scheme)
    page = context.new_page()
    for address in (BOARD, "/indicateurs/tableau/", "/indicateurs/places/prevenir/", "/indicateurs/places/integrer/"):
        page.goto(live_server.url + address)
        assert axe(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    context.close()


def test_tiles_move_by_keyboard_and_by_drag(live_server, chromium, three):
    context = context_of(chromium)
    page = context.new_page()
    page.goto(live_server.url + BOARD)
    assert order(page) == ["places", "prix", "pose"]
    page.locator("#prix").get_by_role("link", name="Avancer").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("i=prix&i=places"))
    assert order(page) == ["prix", "places", "pose"]
    page.wait_for_selector('[data-slug][draggable="true"]')
    page.locator("#pose").drag_to(page.locator("#prix"))
    page.wait_for_url(re.compile("i=pose&i=prix&i=places"))
    assert order(page) == ["pose", "prix", "places"]
    context.close()


def test_everything_works_without_javascript(live_server, chromium, three):
    context = context_of(chromium, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + "/indicateurs/")
    for name in ("Prix moyen", "Places de vélo"):
        page.get_by_label(f"Mettre dans mon tableau : {name}").check()
    page.get_by_role("button", name="Composer mon tableau").click()
    expect(page.locator("[data-slug]")).to_have_count(2)
    assert set(order(page)) == {"prix", "places"}
    page.get_by_label("Ajouter un indicateur").select_option("pose")
    page.get_by_role("button", name="Afficher").click()
    expect(page.locator("[data-slug]")).to_have_count(3)
    assert order(page)[-1] == "pose"
    page.goto(live_server.url + "/indicateurs/places/prevenir/")
    page.locator("#seuil-1").fill("1 000")
    page.get_by_label("Votre adresse électronique").fill("habitante@exemple.fr")
    page.get_by_role("button", name="Créer une alerte").click()
    expect(page.locator("h1")).to_contain_text("Un courriel vous attend")
    context.close()


def test_twelve_tiles_fit_one_sheet(live_server, chromium, three):
    slugs = []
    for number in range(12):
        slugs.append(f"un-indicateur-{number}")
        published(
            slug=slugs[-1], title=f"Un indicateur dont le titre tient sur deux lignes, numéro {number}", late_after=1
        )
    context = context_of(chromium)
    page = context.new_page()
    page.goto(live_server.url + "/indicateurs/tableau/?" + "&".join(f"i={slug}" for slug in slugs))
    assert len(re.findall(rb"/Type /Page\b", page.pdf(prefer_css_page_size=True))) == 1
    context.close()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_figures_are_tried_while_the_form_is_written(live_server, chromium, axe, three, width, scheme):
    signed = Client()
    signed.force_login(make_member(three.organisation, Role.STEWARD))
    context = context_of(chromium, width, scheme)
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": signed.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + "/admin/indicateurs/places/")
    preview = page.locator("[data-preview]")
    expect(preview).to_contain_text("2023", use_inner_text=True)
    assert axe(page) == []
    page.get_by_text("Voir en ODSQL").first.click()
    page.locator("[name=part0-select]").fill("sum(plces)")
    preview.get_by_text("Vouliez-vous dire").wait_for()
    page.locator("[name=part0-select]").fill("count(*)")
    preview.get_by_text("rien n’est encore gardé").wait_for()
    context.close()
