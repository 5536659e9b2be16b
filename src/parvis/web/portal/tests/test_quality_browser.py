"""The pages of quality in a real browser: accessible, at 320 px and wide, light and dark, without JavaScript, by keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import deposit_file, run_import_here, start_import
from parvis.hub.jobs.services import run_here
from parvis.hub.quality.kinds import MEASURE
from parvis.hub.quality.services import reckon

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LINES = "".join(
    f"{n};{'chêne' if n % 3 else ''};{n / 2};20{10 + n % 9}-01-0{1 + n % 9};2156004610001{n % 9};{2.4 + n / 1e3};48.6\n"
    for n in range(1, 61)
)
PAGES = (
    "/explore/dataset/arbres/quality/",
    "/explore/dataset/arbres/profile/",
    "/explore/dataset/nu/quality/",
    "/qualite/",
    "/qualite/?tri=-titre",
    "/organisations/ville/qualite/",
    "/inventaire/",
    "/organisations/ville/inventaire/",
)


@pytest.fixture
def portal(live_server, tmp_path) -> str:
    """Two versions of a dataset with places and faults, both measured, and one that is not."""
    town = make_organisation("Ville de Lisses", slug="ville", kind="commune")
    agglomeration = make_organisation("Agglomération", slug="agglo", kind="epci")
    trees = create_dataset(OPERATOR, town, "arbres", {"title": "Arbres", "description": "d", "frequency": "daily"})
    bare = create_dataset(OPERATOR, agglomeration, "nu", {"title": "Pas encore mesuré", "description": "d"})
    source = tmp_path / "arbres.csv"
    for dataset, times in ((bare, 1), (trees, 2), (trees, 1)):
        source.write_text("id;essence;hauteur;plante;siret;longitude;latitude\n" + LINES * times, encoding="utf-8")
        deposit = deposit_file(OPERATOR, source)
        run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
        dataset.refresh_from_db()
        if dataset is trees:
            run_here(OPERATOR, MEASURE, version=dataset.current_id)
    reckon(trees, timezone.now() + timedelta(days=9))
    return live_server.url


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_pages_are_accessible_and_fit(portal, chromium, axe, width, scheme):
    faults = {}
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale="fr-FR")
    page = context.new_page()
    complaints = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    for address in PAGES:
        answer = page.goto(portal + address)
        assert answer.status == 200, address
        violations = axe(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            violations.append("wider than the screen")
        if violations:
            faults[address] = violations
    context.close()
    assert faults == {}
    assert complaints == []


def test_pages_say_everything_without_javascript(portal, chromium):
    context = chromium.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{portal}/explore/dataset/arbres/quality/")
    assert page.locator("section h2").count() >= 10
    expect(page.locator("svg.history")).to_have_count(1)
    page.goto(f"{portal}/explore/dataset/arbres/profile/")
    page.locator("main details summary").first.click()
    expect(page.locator("details[open] tbody tr").nth(3)).to_be_visible()
    page.goto(f"{portal}/qualite/")
    page.get_by_role("link", name="Jeu de données").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Jeu de données")
    context.close()


def test_the_board_is_sorted_by_keyboard(portal, chromium):
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{portal}/qualite/")
    for _press in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.startsWith('Note sur')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**tri=-note*")
    expect(page.locator("th[aria-sort=descending]")).to_have_text(re.compile("^Note"), use_inner_text=True)
    context.close()


def test_pages_are_light(portal, chromium):
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    for address in PAGES:
        assert len(page.goto(portal + address).body()) < 150_000, address
    context.close()
