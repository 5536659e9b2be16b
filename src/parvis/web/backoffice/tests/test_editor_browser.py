"""A page written in Wagtail's editor without a query language: figure, chart and conditions chosen in menus, then read online."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from playwright.sync_api import expect

from parvis.hub.backoffice.tests.keyboard import tab_to
from parvis.hub.charts.factories import made_rows, make_stands
from parvis.hub.drawings import menu_sources
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.pages.services import folder_of

from .test_console_browser import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ATTEMPTS, HEARD = 10, 300
"""Clicks on a fold that is not listened to yet, and the milliseconds one takes."""


@pytest.fixture
def editor(page, town, live_server, settings):
    """A new page in the editor, saved when somebody says so."""
    settings.WAGTAIL_AUTOSAVE_INTERVAL = 0
    make_stands(organisation=town.organisation)
    folder = folder_of(site_of_tests())
    folder.save_revision().publish()
    signed_in(page, town.superuser, live_server)
    page.goto(f"/admin/pages/add/parvis_pages/themepage/{folder.pk}/")
    page.fill("[name=title]", "Les arceaux")
    return page


def add(page, kind: str) -> None:
    """Add a block after the others."""
    page.get_by_role("button", name="Insérer un bloc").last.click()
    page.get_by_role("option", name=kind, exact=True).click()


def unfold(page) -> None:
    """Open the settings of the last block, once Wagtail has folded them: it hears no click before it has."""
    toggle = page.locator(
        "section", has=page.locator("[data-panel-heading]", has_text="Plus de réglages")
    ).last.locator("[data-panel-toggle]")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    for _attempt in range(ATTEMPTS):
        toggle.click()
        page.wait_for_timeout(HEARD)
        if toggle.get_attribute("aria-expanded") == "true":
            break
    expect(toggle).to_have_attribute("aria-expanded", "true")


def insert(page, rank: int, kind: str) -> None:
    """Add a block over the test dataset, with all its settings in sight."""
    add(page, kind)
    page.select_option(f"[name=body-{rank}-value-dataset]", label="Arceaux à vélos")
    unfold(page)


def asked_again(page):
    """Wait for the menus that a choice has the page ask for."""
    return page.expect_response(lambda answer: "/admin/menus/" in answer.url)


def test_a_page_is_written_in_menus_and_tells_the_right_numbers(editor, axe):
    page = editor
    insert(page, 0, "Chiffre clé")
    page.fill("[name=body-0-value-label]", "arceaux de quatre places et plus")
    where = "body-0-value-where"
    with asked_again(page):
        page.locator(f"[name='{where}.colonne']").select_option(label="Modèle")
    expect(page.locator(f"[name='{where}.colonne']")).to_have_count(2)
    values = page.locator(f"[name='{where}.valeur']").first
    expect(page.locator(f"[id='{values.get_attribute('list')}'] option")).to_have_count(2)
    with asked_again(page):
        values.fill("Arceau")
        values.press("Tab")
    text = page.locator(f"[name='{where}']")
    expect(text).to_have_value('`modele` = "Arceau"')
    assert axe(page) == []

    group = page.get_by_role("group", name="Seulement les lignes où").first
    group.locator("summary", has_text="Voir en ODSQL").click()
    with asked_again(page):
        text.fill('modele = "Arceau" and places >= 4')
        text.press("Tab")
    expect(page.locator(f"[name='{where}.colonne']")).to_have_count(3)
    expect(page.locator(f"[name='{where}.colonne']").nth(1)).to_have_value("places")
    expect(page.locator(f"[name='{where}.valeur']").nth(1)).to_have_value("4")

    insert(page, 1, "Graphique")
    page.locator("[id^=colonnes]").nth(1).wait_for()
    page.get_by_label("Regrouper par").select_option(label="Commune")
    with asked_again(page):
        page.locator("[name='body-1-value-where.colonne']").select_option(label="Commune")
    expect(page.locator("[name='body-1-value-where.colonne']")).to_have_count(2)
    with asked_again(page):
        page.locator("[name='body-1-value-where.op']").first.select_option(label="est rempli")

    page.get_by_role("button", name="Autres actions").click()
    page.get_by_role("button", name="Publier").click()
    page.wait_for_url(re.compile("/admin/contenus/|/admin/pages/"))
    page.goto("/pages/les-arceaux/")
    rows = made_rows()
    matching = sum(row[1] == "Arceau" and row[3] >= 4 for row in rows)
    expect(page.locator(".key-figures .figure")).to_have_text(re.compile(rf"\b{matching}\b"))
    for commune, count in Counter(row[0] for row in rows if row[0]).items():
        expect(page.locator("main table tr", has_text=commune)).to_contain_text(str(count))


def test_values_beyond_the_commonest_and_alternatives_are_chosen_by_keyboard(editor, monkeypatch):
    page = editor
    monkeypatch.setattr(menu_sources, "MOST_VALUES", 1)
    insert(page, 0, "Chiffre clé")
    where = "body-0-value-where"
    for rank, (link, words, whole) in enumerate((("et", "gri", "Grigny"), ("ou", "lieus", "Lieusaint"))):
        if rank:
            tab_to(page, ".query-add > summary")
            page.keyboard.press("Enter")
            tab_to(page, f".query-add [name='{where}.lien']")
            page.keyboard.type(link)
            tab_to(page, f".query-add [name='{where}.colonne']")
        else:
            tab_to(page, f"[name='{where}.colonne']")
        page.keyboard.type("Commune")
        page.keyboard.press("Tab")
        expect(page.locator(f"[name='{where}.valeur'][data-suggest]")).to_have_count(rank + 1)
        values = page.locator(f"[name='{where}.valeur'][data-suggest]").nth(rank)
        tab_to(page, f"[name='{where}.valeur'][data-suggest]")
        page.keyboard.type(words)
        expect(values.locator("xpath=..").locator("datalist option")).to_have_attribute("value", whole)
        values.fill(whole)
        values.press("Tab")
    expect(page.locator(f"[name='{where}']")).to_have_value('`commune` = "Grigny" or `commune` = "Lieusaint"')
    expect(page.get_by_role("group", name="Au moins une de ces conditions")).to_be_visible()


def test_columns_are_named_in_bubbles_and_filters_by_what_they_are_called(editor, town):
    page = editor
    make_stands(dataset_id="autres", title="Autres arceaux", organisation=town.organisation)
    page.reload()
    insert(page, 0, "Carte")
    page.get_by_label("Insérer une colonne").select_option(label="Modèle")
    text = page.get_by_label("Texte de la bulle")
    expect(text).to_be_focused()
    page.keyboard.type(" de {Places} places, {rien}")
    expect(text).to_have_value("{Modèle} de {Places} places, {rien}")
    expect(page.locator("[name=body-0-value-popup]")).to_have_value("{modele} de {places} places, {rien}")

    add(page, "Barre de filtres")
    page.select_option("[name=body-1-value-filters-0-value-dataset]", label="Autres arceaux")
    unfold(page)
    others = page.get_by_label("La même colonne dans les autres jeux")
    others.select_option(label="Commune")
    expect(page.locator("[name=body-1-value-filters-0-value-columns]")).to_have_value("commune")
    page.select_option("[name=body-0-value-dataset]", label="Autres arceaux")
    expect(others).to_contain_text("la page ne montre aucun autre jeu de données")
