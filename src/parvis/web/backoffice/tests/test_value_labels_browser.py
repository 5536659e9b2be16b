"""Labels of values, from the list of columns to the map that shows them: at two widths, and without scripts."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.maps.factories import make_trees

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLACES = [(2.4 + n / 1000, 48.6) for n in range(40)]


def test_a_label_typed_in_the_back_office_is_read_on_the_map_and_in_the_table(page, axe, town):
    make_trees(PLACES, organisation=town.organisation, dataset_id="arbres")
    page.goto(reverse("backoffice:dataset_fields", args=["arbres"]))
    assert axe(page) == []
    page.get_by_role("link", name="Libellés des valeurs de « Espèce »").click()
    expect(page.get_by_role("heading", name="Valeurs de", level=3)).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 800})
    assert axe(page) == []
    assert page.evaluate("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth") <= 0
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("Libellé – Platane").fill("Platanus")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Les libellés sont enregistrés")).to_be_visible()
    expect(page.get_by_role("link", name="Libellés des valeurs de « Espèce »")).to_have_text("1 libellé")
    page.goto("/explore/dataset/arbres/map/")
    expect(page.locator(".map-legend")).to_contain_text("Platanus")
    expect(page.locator(".map-legend")).not_to_contain_text("Platane")
    page.goto("/explore/dataset/arbres/table/")
    expect(page.get_by_title("Dans les données : Platane").first).to_have_text("Platanus")
    assert axe(page) == []


def test_proposals_need_no_scripts(chromium, live_server, town):
    make_trees(PLACES, organisation=town.organisation, dataset_id="arbres", title="ARBRES")
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR", base_url=live_server.url)
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.goto(reverse("backoffice:dataset_values", args=["arbres", "espece"]))
    page.get_by_role("button", name="Proposer des libellés").click()
    expect(page.get_by_text("Parvis n’a pas de libellé à proposer")).to_be_visible()
    page.get_by_label("Libellé – Chêne").fill("Quercus")
    page.get_by_role("button", name="Enregistrer les libellés").first.click()
    page.goto("/explore/dataset/arbres/table/")
    expect(page.get_by_title("Dans les données : Chêne").first).to_have_text("Quercus")
    context.close()
