"""Steps set by keyboard with an effect that renews itself, through a network that drops; without scripts, the same by buttons."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.backoffice.tests.keyboard import tab_to
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.datastore.models import Import

from .test_assistant import deposit
from .test_recipe import FILE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page_with(chromium, live_server, town):
    """A signed-in steward's page, with scripts or without; a network that drops complains in its console, which is as it should be."""
    contexts = []

    def opened(scripts: bool):
        context = chromium.new_context(java_script_enabled=scripts, locale="fr-FR", base_url=live_server.url)
        session = client_of(town.steward).cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def address(work, town):
    """The steps of an import, examined."""
    deposit(client_of(town.steward), FILE, "subventions.csv")
    work()
    return reverse("backoffice:import_recipe", args=[Import.objects.get().pk])


def test_the_effect_of_a_step_follows_its_settings_and_outlives_the_network(page_with, axe, address):
    page, faults = page_with(True), {}
    page.goto(f"{address}?ajouter=filter")
    status, effect = page.locator("[data-live-status]"), page.locator("#apercu")
    page.locator("#id_where-0-column").select_option("statut")
    tab_to(page, "#id_where-0-value")
    page.keyboard.type("refusé")
    expect(status).to_have_text("Aperçu à jour : 1 ligne, aucun échec.")
    expect(effect.get_by_role("region", name="Tableau après les étapes")).not_to_contain_text("Judo")
    faults["effect"] = axe(page)

    page.context.set_offline(True)
    page.locator("#id_where-0-value").fill("voté")
    expect(status).to_contain_text("Le réseau ne répond pas")
    expect(page.locator("#id_where-0-value")).to_have_value("voté")
    page.context.set_offline(False)
    expect(status).to_have_text("Aperçu à jour : 2 lignes, aucun échec.")
    assert Import.objects.get().steps == []

    page.goto(f"{address}?ajouter=rename")
    page.locator("#id_comment").fill("pour le tableau")
    expect(status).to_contain_text("L’effet ne peut pas encore être montré.")
    page.locator("#id_names").fill("absente = x")
    expect(status).to_contain_text("L’étape 1 ne peut pas être faite.")
    page.locator("#id_names").fill("nom = qui")
    expect(effect.get_by_role("columnheader", name="qui")).to_be_visible()
    assert {where: listed for where, listed in faults.items() if listed} == {}


@pytest.mark.parametrize("scripts", [True, False])
def test_steps_are_moved_switched_off_and_undone_by_keyboard(page_with, axe, address, scripts):
    page = page_with(scripts)
    for name, field, value in (("rename", "names", "nom = qui"), ("add", "to", "ville")):
        page.goto(f"{address}?ajouter={name}")
        page.locator(f"#id_{field}").fill(value)
        if name == "add":
            page.locator("#id_value").fill("Évry")
        page.get_by_role("button", name="Ajouter l’étape").press("Enter")
        page.wait_for_url(f"**{address}#etape-*")
    steps = page.locator(".bo-steps > li")
    expect(steps).to_have_count(2)
    page.locator("#etape-2 button[name=monter]").press("Enter")
    expect(steps.first).to_contain_text("ville")
    expect(page.locator("#etape-1")).to_be_focused()
    page.locator("#etape-1 button[name=basculer]").press("Enter")
    expect(page.locator("#etape-1")).to_contain_text("Désactivée")
    expect(page.locator("#apercu")).not_to_contain_text("Évry")
    page.get_by_role("button", name="Annuler la dernière modification").press("Enter")
    expect(page.locator("#apercu")).to_contain_text("Évry")
    page.get_by_role("link", name="Insérer avant").last.press("Enter")
    expect(page.get_by_label("Insérer une étape avant l’étape 2")).to_be_visible()
    page.set_viewport_size({"width": 320, "height": 800})
    if scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert axe(page) == []
