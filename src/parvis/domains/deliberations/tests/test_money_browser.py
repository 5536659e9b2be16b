"""« Suites et montants » by keyboard and without JavaScript, the pages of what was decided: accessible, no wider than the screen."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from parvis.domains.deliberations.money import services
from parvis.domains.deliberations.money.selectors import amounts_of, row_address
from parvis.domains.deliberations.tests.test_money import GRANT, KEY, grants, town  # noqa: F401 fixtures
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.pages.factories import block, make_theme_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = [(320, "dark"), (1280, "light")]


def context_of(chromium, width=1280, scheme="light", **more):
    return chromium.new_context(
        locale="fr-FR", viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", **more
    )


def signed_in(live_server, context, organisation):
    client = Client()
    client.force_login(make_member(organisation, Role.STEWARD))
    name = django_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    return context.new_page()


def fits(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def press(page, name: str) -> None:
    """Reach the button of that name with Tab, and press it."""
    button = page.get_by_role("button", name=name)
    for _tab in range(150):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(name)


def test_an_act_is_followed_by_keyboard_alone_without_scripts(live_server, chromium, town, grants):  # noqa: F811
    context = context_of(chromium, java_script_enabled=True)
    context.route("**/*.js", lambda route: route.abort())  # no script of any page runs; the test may still look
    page = signed_in(live_server, context, town.body)
    page.goto(f"{live_server.url}/admin/suites-des-actes/{town.act.slug}/")
    page.get_by_label("Montant en euros").first.focus()
    page.keyboard.type("12 500")
    page.keyboard.press("Tab")
    page.keyboard.type("subv")
    press(page, "Enregistrer les montants")
    expect(page.get_by_label("Montant en euros").first).to_have_value("12500")
    assert amounts_of(town.act)[0].purpose == "grant"
    press(page, "Confirmer le lien avec Club nautique")
    expect(page.get_by_role("link", name="Club nautique (Subventions)")).to_be_visible()
    page.get_by_label("Où en est-ce").focus()
    page.keyboard.type("réal")
    press(page, "Ajouter cette suite")
    expect(page.get_by_role("button", name="Retirer la suite")).to_be_visible()
    town.act.refresh_from_db()
    assert town.act.execution == "done"


def test_pages_are_accessible_and_fit(live_server, chromium, axe, town, grants):  # noqa: F811
    services.set_amounts(town.steward, town.act, [GRANT])
    services.link_row(town.steward, town.act, grants, KEY, "grant")
    services.add_step(town.steward, town.act, "done", timezone.localdate(), "C’est fait.", "https://evry.example/photo")
    theme_page = make_theme_page(block("decisions", {"title": "Ce qui a été décidé sur le lac", "words": "nautique"}))
    back_office = f"/admin/suites-des-actes/{town.act.slug}/?jeu=subventions&mots=&acte=nautique"
    addresses = [
        back_office,
        row_address(grants, KEY),
        f"{grants.get_absolute_url()}deliberations/",
        theme_page.get_url(),
        town.act.get_absolute_url(),
    ]
    for width, scheme in SIZES:
        context = context_of(chromium, width, scheme)
        page = signed_in(live_server, context, town.body)
        for address in addresses:
            page.goto(live_server.url + address if address.startswith("/") else address)
            assert axe(page) == [], (address, width)
            assert fits(page), (address, width)
        context.close()
