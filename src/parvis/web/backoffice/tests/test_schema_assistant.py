"""Real dirty files go through the assistant to a version that respects its schema, by plain forms only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.core.versions.manifest import read_manifest
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.selectors import original_name
from parvis.hub.store import store
from parvis.hub.ui.tests.markup import tight
from parvis.hub.validation.models import Verdict
from parvis.hub.validation.selectors import chosen_for, followed
from parvis.hub.validation.services import change_steps
from parvis.packs.bundled_files import DEMO

from .test_assistant import deposit, describe

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent / "data"
GRANTS = DEMO / "files" / "subventions_lot_2017_cp1252.csv"


def address(imported, page="import_schema"):
    return reverse(f"backoffice:{page}", args=[imported.pk])


def mark_of(page):
    return re.search(r'name="based_on" value="(\w*)"', page)[1]


@pytest.fixture
def begun(town, work):
    """``begun(path)``: the file received and read, in the hands of a steward; client and import."""

    def begin(path):
        client = client_of(town.steward)
        deposit(client, path.read_bytes(), path.name)
        work()
        return client, Import.objects.latest("pk")

    return begin


def choose(client, imported, work, **choice):
    page = client.get(address(imported)).content.decode()
    response = client.post(address(imported), {"based_on": mark_of(page), **choice})
    assert response.status_code == 302, response.content.decode()
    work()
    imported.refresh_from_db()


def match(client, imported, work):
    """Accept the mapping as it is proposed."""
    page = tight(client.get(address(imported, "import_schema_columns")).content.decode())
    data = {"based_on": mark_of(page), "autres": "keep"}
    for select in re.finditer(r'<select name="(champ-\d+)".*?</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        data[select[1]] = chosen[1] if chosen else ""
    client.post(address(imported, "import_schema_columns"), data)
    work()
    imported.refresh_from_db()


def mend(client, imported, work, choice=""):
    """Accept every correction that may be, ambiguous ones as ``choice``; how many were offered."""
    page = tight(client.get(address(imported, "import_schema_mending")).content.decode())
    data = {"based_on": mark_of(page), "accepter": re.findall(r'name="accepter" value="(\d+)"', page)}
    data |= dict.fromkeys(re.findall(r'name="(choix-\d+)"', page), choice)
    client.post(address(imported, "import_schema_mending"), data)
    work()
    imported.refresh_from_db()
    return len(data["accepter"])


def report_of(imported):
    return imported.findings["checks"]["schema"]["report"]


def write(client, imported, town, work):
    describe(client, imported, town)
    work()
    imported.refresh_from_db()
    return Verdict.objects.get(dataset_version=imported.version)


def test_grants_in_windows_1252_with_other_headers_become_a_valid_version(begun, town, work):
    client, imported = begun(GRANTS)
    response = client.post(address(imported, "import_reading"), {"continuer": "1"})
    assert response["Location"] == address(imported)
    page = client.get(address(imported)).content.decode()
    assert "Subventions" in page
    assert "hamps obligatoires\u00a0: 11 sur 11" in page
    choose(client, imported, work, schema="scdl/subventions@2.1.1")
    assert report_of(imported)["valid"] is False
    match(client, imported, work)
    faults = client.get(address(imported, "import_schema_faults")).content.decode()
    assert "<mark>40 000,00</mark>" in faults
    assert "Vouliez-vous écrire 40000.00" in faults
    mend(client, imported, work)
    assert report_of(imported)["valid"] is True
    assert "Le fichier respecte le schéma" in client.get(address(imported)).content.decode()

    verdict = write(client, imported, town, work)
    assert verdict.valid
    dataset = Dataset.objects.get()
    assert followed(dataset).name == "scdl/subventions"
    manifest = read_manifest(versions_folder(dataset.uid) / imported.version.name)
    assert manifest.lineage[0]["name"] == "map.columns"
    assert dataset.steps == imported.steps
    assert store().local(original_name(dataset, imported.version)).read_bytes() == GRANTS.read_bytes()
    page = client.get(reverse("backoffice:dataset_verdict", args=[dataset.dataset_id, imported.version.name]))
    assert "Écrire les nombres sans espace" in page.content.decode()


def test_the_next_delivery_of_the_same_file_is_mapped_and_mended_by_itself(begun, town, work):
    client, imported = begun(GRANTS)
    choose(client, imported, work, schema="scdl/subventions@2.1.1")
    match(client, imported, work)
    mend(client, imported, work)
    write(client, imported, town, work)
    dataset = Dataset.objects.get()
    deposit(client, GRANTS.read_bytes(), GRANTS.name, jeu=dataset.dataset_id)
    work()
    again = Import.objects.latest("pk")
    assert report_of(again)["valid"] is True
    page = client.get(address(again, "import_schema_columns")).content.decode()
    assert "NomAttribuant" in page


def test_charging_points_whose_coordinates_are_swapped_are_put_right(begun, work):
    client, imported = begun(DATA / "irve.csv")
    choose(client, imported, work, schema="etalab/schema-irve-statique@2.3.1")
    page = client.get(address(imported, "import_schema_mending")).content.decode()
    assert "Longitude et latitude échangées" in page
    mend(client, imported, work)
    assert report_of(imported)["valid"] is True
    assert "point" in {step["name"].rpartition(".")[2] for step in imported.steps}


def test_deliberations_under_headers_in_plain_words_ask_about_their_ambiguous_dates(begun, town, work):
    client, imported = begun(DATA / "deliberations.csv")
    choose(client, imported, work, schema="autre", name="scdl/deliberations")
    page = client.get(address(imported)).content.decode()
    assert "Faire correspondre les colonnes" in page
    match(client, imported, work)
    page = client.get(address(imported, "import_schema_mending")).content.decode()
    assert "Dates ambiguës" in page
    assert "vous seul pouvez le dire" in page
    mend(client, imported, work, choice="day-first")
    assert report_of(imported)["total"] == 0, report_of(imported)["counts"]
    assert write(client, imported, town, work).valid


def test_addresses_are_checked_with_a_schema_given_as_a_file(begun, town, work):
    client, imported = begun(DATA / "adresses_cp1252.csv")
    schema = SimpleUploadedFile("adresses.json", (DATA / "adresses.schema.json").read_bytes())
    choose(client, imported, work, schema="adresse", file=schema)
    assert report_of(imported)["total"] == 2
    mend(client, imported, work)
    assert write(client, imported, town, work).valid
    assert followed(Dataset.objects.get()).kept.name == "adresses.json"


def test_one_cell_alone_is_mended_and_a_refused_proposal_does_not_come_back(begun, work):
    client, imported = begun(DATA / "adresses_cp1252.csv")
    schema = SimpleUploadedFile("adresses.json", (DATA / "adresses.schema.json").read_bytes())
    choose(client, imported, work, schema="adresse", file=schema)
    page = tight(client.get(address(imported, "import_schema_mending")).content.decode())
    data = {"based_on": mark_of(page), "cellule-0": "0", "ecarter": "1"}
    client.post(address(imported, "import_schema_mending"), data)
    work()
    imported.refresh_from_db()
    (step,) = imported.steps
    assert step["name"] == "mend.cells"
    assert len(step["parameters"]["changes"]) == 1
    assert report_of(imported)["total"] == 1
    assert client.get(address(imported, "import_schema_mending")).url == address(imported)  # none is left


def test_a_constant_and_an_ignored_column_are_kept_in_the_mapping(begun, work):
    client, imported = begun(DATA / "deliberations.csv")
    choose(client, imported, work, schema="autre", name="scdl/deliberations")
    page = tight(client.get(address(imported, "import_schema_columns")).content.decode())
    data = {"based_on": mark_of(page), "champ-0": "valeur", "valeur-0": "Ville de Grigny", "autres": "drop"}
    client.post(address(imported, "import_schema_columns"), data)
    imported.refresh_from_db()
    (step,) = imported.steps
    assert step["parameters"]["columns"] == [{"to": "COLL_NOM", "value": "Ville de Grigny"}]
    assert step["parameters"]["extras"] == "drop"


def test_who_comes_last_on_the_same_import_is_told_and_overwrites_nothing(begun, town, work):
    client, imported = begun(GRANTS)
    choose(client, imported, work, schema="scdl/subventions@2.1.1")
    read_before = mark_of(client.get(address(imported, "import_schema_mending")).content.decode())
    steps = [{"name": "mend.trim", "parameters": {"column": "objet", "variants": ["blanks"]}}]
    change_steps(actor_of(town.steward), imported, steps)
    late = client.post(address(imported, "import_schema_mending"), {"based_on": read_before, "accepter": ["0", "1"]})
    assert late.status_code == 409
    assert "Une autre personne a changé ce dépôt" in late.content.decode()
    imported.refresh_from_db()
    assert imported.steps == steps


def test_none_on_purpose_goes_on_without_a_schema(begun, work):
    client, imported = begun(GRANTS)
    response = client.post(address(imported), {"schema": "aucun"})
    assert response["Location"] == address(imported, "import_columns")
    assert chosen_for(imported).ref is None


def test_others_neither_see_nor_change_the_schema_of_an_import(begun, town):
    _client, imported = begun(GRANTS)
    for page in ("import_schema", "import_schema_columns", "import_schema_faults", "import_schema_mending"):
        assert client_of(town.other).get(address(imported, page)).status_code == 404
        assert client_of(None).get(address(imported, page)).status_code == 302
    assert client_of(town.other).post(address(imported), {"schema": "aucun"}).status_code == 404
    assert chosen_for(imported) is None


def test_a_delivery_whose_headers_changed_is_told_and_can_be_taken_up_again(begun, town, work):
    client, imported = begun(GRANTS)
    choose(client, imported, work, schema="scdl/subventions@2.1.1")
    match(client, imported, work)
    write(client, imported, town, work)
    other = GRANTS.read_bytes().replace(b"NomAttribuant", b"Donateur")
    deposit(client, other, GRANTS.name, jeu=Dataset.objects.get().dataset_id)
    work()
    refused = Import.objects.latest("pk")
    assert refused.state == Import.State.REFUSED
    page = client.get(address(refused, "import_reading")).content.decode()
    assert "NomAttribuant" in page
    assert address(refused) in page
    page = client.get(address(refused)).content.decode()
    client.post(address(refused), {"based_on": mark_of(page), "sans-etapes": "1"})
    work()
    refused.refresh_from_db()
    assert refused.state == Import.State.EXAMINED
    assert "Donateur" in refused.findings["headers"]


# -- in a real browser


@pytest.fixture
def page(chromium, live_server, town):
    """A signed-in steward's page; nothing may be written to its console."""
    complaints = []
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR", base_url=live_server.url)
    session = client_of(town.steward).cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    opened = context.new_page()
    opened.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    yield opened
    context.close()
    assert complaints == []


def press(page, selector):
    """Reach that element by Tab alone, and press Enter."""
    for _press in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement?.matches(selector) ?? false", selector):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{selector} cannot be reached by keyboard from {page.url}")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_schema_is_followed_by_keyboard_alone_on_accessible_pages(page, axe, begun, work):
    _client, imported = begun(DATA / "deliberations.csv")
    submit = "form:not(.bo-quit) p.bo-actions button.button[type=submit]"
    faults = {}

    def look(name):
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            faults[name, width] = axe(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name

    page.goto(address(imported))
    look("choice")
    press(page, submit)
    page.wait_for_url("**/attente/**")
    work()
    page.wait_for_url("**/schema/")
    look("verdict")
    press(page, "a[href$='/colonnes/'].button")
    page.wait_for_url("**/colonnes/")
    look("columns")
    press(page, submit)
    page.wait_for_url("**/attente/**")
    work()
    page.wait_for_url("**/schema/")
    page.goto(address(imported, "import_schema_faults"))
    look("faults")
    press(page, "a[href$='/corrections/'].button")
    page.wait_for_url("**/corrections/")
    look("corrections")
    press(page, submit)
    page.wait_for_url("**/attente/**")
    work()
    page.wait_for_url("**/corrections/")  # what only a person can tell is left
    imported.refresh_from_db()
    assert any(step["name"] == "mend.date" for step in imported.steps)
    assert {name: found for name, found in faults.items() if found} == {}
