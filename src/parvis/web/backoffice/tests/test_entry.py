"""Rows typed online: plain forms page by page, the grid by keyboard and by paste, nobody's work lost."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.ui.tests.patience import patience
from parvis.hub.validation.models import EntryDraft
from parvis.hub.validation.services import follow, keep_schema

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMA = {
    "title": "Places",
    "version": "1.0.0",
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": "^[0-9]{5}$"}},
        {"name": "jour", "type": "date"},
        {"name": "places", "type": "integer"},
    ],
}


@pytest.fixture
def dataset(town):
    """A draft that follows a schema and has no data yet."""
    steward = actor_of(town.steward)
    card = {"title": "Places", "description": "<p>Les places de stationnement, par commune.</p>"}
    made = create_dataset(steward, town.organisation, "places", card)
    follow(steward, made, keep_schema(json.dumps(SCHEMA).encode(), "places.json"))
    return made


ENTRY = "/admin/jeux/places/saisie/"


def typed(rows, first=0, former=0, **more):
    cells = {f"c-{rank}-{column}": value for rank, row in enumerate(rows) for column, value in enumerate(row)}
    return {"page": "1", "premiere": str(first), "combien": str(former), **cells, **more}


def test_rows_are_kept_checked_and_published_by_plain_forms(town, dataset):
    client = client_of(town.steward)
    assert 'name="c-0-0"' in client.get(ENTRY).content.decode()
    client.post(ENTRY, typed([["1004", "2024-02-03", "12"], ["", "", ""]], garder="1"))
    assert EntryDraft.objects.get().rows == [["1004", "2024-02-03", "12"]]
    page = client.get(ENTRY).content.decode()
    assert "1 erreur par rapport au schéma" in page
    assert 'aria-invalid="true"' in page
    response = client.post(ENTRY, typed([["01004", "2024-02-03", "12"]], former=1, publier="1"))
    assert response["Location"] == reverse("backoffice:dataset_versions", args=["places"])
    dataset.refresh_from_db()
    assert (dataset.current.rows, dataset.current.source) == (1, "saisie en ligne")


def test_a_column_that_import_renamed_is_called_by_its_label(town, dataset):
    client = client_of(town.steward)
    client.post(ENTRY, typed([["01004", "2024-02-03", "12"]], publier="1"))
    renamed = {"overrides": {"jour": {"name": "places"}}, "fields": {"places": {"label": "Places assises"}}}
    Dataset.objects.filter(pk=dataset.pk).update(**renamed)
    page = client.get(ENTRY).content.decode()
    assert page.count('aria-label="Places assises, ligne 1"') == 2  # the one renamed so, and the one called so


def test_a_row_is_removed_and_the_others_stay(town, dataset):
    client = client_of(town.steward)
    client.post(ENTRY, typed([["91228", "", "1"], ["91286", "", "2"], ["91521", "", "3"]], garder="1"))
    client.post(ENTRY, typed([["91228", "", "1"], ["91286", "", "2"], ["91521", "", "3"]], former=3, retirer="1"))
    assert [row[0] for row in EntryDraft.objects.get().rows] == ["91228", "91521"]


def test_a_long_table_is_walked_page_by_page(town, dataset):
    client = client_of(town.steward)
    client.post(ENTRY, typed([[f"{rank:05d}", "", str(rank)] for rank in range(60)], garder="1"))
    response = client.post(ENTRY, typed([["00000", "", "0"]] * 50, former=50, aller="suivante"))
    assert response["Location"] == f"{ENTRY}?page=2#grille"
    page = client.get(f"{ENTRY}?page=2").content.decode()
    assert 'value="00059"' in page
    assert re.search(r"Page 2 sur 2", page)


def test_a_version_saved_meanwhile_by_somebody_else_is_told(town, dataset):
    first, second = client_of(town.steward), client_of(town.administrator)
    for client in (first, second):
        client.post(ENTRY, typed([["91228", "2024-02-03", "12"]], garder="1"))
    assert first.post(ENTRY, typed([["91228", "2024-02-03", "12"]], former=1, publier="1")).status_code == 302
    late = second.post(ENTRY, typed([["91286", "2024-02-03", "7"]], former=1, publier="1"))
    assert late.status_code == 409
    page = late.content.decode()
    assert "Une autre version est arrivée entre-temps" in page
    assert 'value="91286"' in page
    csv = second.get(reverse("backoffice:dataset_entry_file", args=["places"])).content.decode()
    assert csv == "code,jour,places\n91286,2024-02-03,7\n"
    assert second.post(ENTRY, typed([["91286", "", "7"]], former=1, **{"par-dessus": "1"})).status_code == 302
    assert dataset.versions.count() == 2


def test_only_those_who_edit_may_type(town, dataset):
    assert client_of(town.other).get(ENTRY).status_code == 404
    assert client_of(town.reader).post(ENTRY, typed([["91228", "", ""]])).status_code in (302, 403, 404)
    assert client_of(None).get(ENTRY).status_code == 302
    assert not EntryDraft.objects.exists()


def test_rows_are_checked_for_the_script_without_being_kept(town, dataset):
    client = client_of(town.steward)
    body = json.dumps({"rows": [["1004", "hier", ""], ["", "", ""]]})
    answer = client.post(f"{ENTRY}verifier/", body, content_type="application/json")
    faults = {(fault["row"], fault["column"]) for fault in answer.json()["faults"]}
    assert faults == {(0, 0), (0, 1)}
    assert not EntryDraft.objects.exists()
    assert client.post(f"{ENTRY}verifier/", "[", content_type="application/json").status_code == 302


# -- in a real browser


@pytest.fixture
def page(chromium, live_server, town):
    """A signed-in steward's page."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", base_url=live_server.url)
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    yield context.new_page()
    context.close()


PASTE = """([selector, text]) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  document.querySelector(selector).dispatchEvent(
    new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.mark.browser
def test_a_block_of_a_spreadsheet_is_pasted_checked_and_published(page, axe, dataset):
    page.goto(ENTRY)
    assert axe(page) == []
    block = "\n".join(f"912{rank:02d}\t2024-02-{rank + 1:02d}\t{rank}" for rank in range(8)) + "\n1004\thier\t3"
    page.evaluate(PASTE, ["#c-0-0", block])
    expect(page.locator("#c-7-0")).to_have_value("91207")
    page.wait_for_selector("#c-8-1[aria-invalid=true]")
    expect(page.locator("#f-c-8-1")).to_contain_text("hier", use_inner_text=True)
    page.locator("#c-8-0").fill("01004")
    page.keyboard.press("Tab")
    page.keyboard.type("2024-02-09") if page.locator("#c-8-1").input_value() == "" else page.locator("#c-8-1").fill(
        "2024-02-09"
    )
    page.wait_for_selector("#c-8-1:not([aria-invalid])")
    page.locator("#c-8-1").press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "c-7-1"
    assert axe(page) == []
    page.get_by_role("button", name="Enregistrer une nouvelle version et la publier").click()
    page.wait_for_url("**/versions/", timeout=patience(60_000))
    dataset.refresh_from_db()
    assert dataset.current.rows == 9


@pytest.mark.browser
def test_the_pages_of_schemas_are_accessible_and_fit_a_small_screen(page, axe, dataset):
    for address in (ENTRY, "/admin/jeux/places/schema/", "/admin/verifications/"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        assert axe(page) == [], address
        page.set_viewport_size({"width": 320, "height": 700})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address
        assert axe(page) == [], address
