"""From a file to a published dataset, through plain forms only."""

from __future__ import annotations

import html
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.datastore.services import comparisons
from parvis.hub.jobs.models import Job
from parvis.hub.ui.derived import derived

BIKES = (
    "Relevé du service mobilité\n"
    "code_insee;Nom;Places;Posé le;latitude;longitude\n"
    "91228;Gare d’Évry;12;03/02/2024;48,6250;2,4290\n"
    "91228;Agora;8;14/02/2024;48,6301;2,4275\n"
    "01004;Mairie;à compter;01/03/2024;48,6290;2,4411\n"
).encode("cp1252")

pytestmark = pytest.mark.django_db


def deposit(client, content=BIKES, name="arceaux_velos.csv", **data):
    """Step 1, as a plain form."""
    return client.post(
        reverse("backoffice:deposit"), {"file": SimpleUploadedFile(name, content, content_type="text/csv"), **data}
    )


def describe(client, imported, town, **changes):
    """Step 4, with a card that is enough to publish."""
    card = {
        "title": "Arceaux à vélos d’Évry",
        "organisation": town.organisation.slug,
        "description": "Les arceaux posés par le service mobilité.\n\nRelevés au printemps.",
        "licence": "lov2",
        "themes": ["transports"],
        "keywords": "vélo, stationnement",
        "frequency": "annual",
        "language": "fr",
        "access": "public",
        **changes,
    }
    return client.post(reverse("backoffice:import_card", args=[imported.pk]), card)


def columns_data(imported, **changes):
    """Step 3 as the page shows it."""
    data = {f"{column['name']}-label": column["label"] for column in imported.findings["columns"]}
    return {**data, **changes}


def test_a_file_becomes_a_published_dataset_in_five_steps(town, work):
    client = client_of(town.steward)
    response = deposit(client)
    imported = Import.objects.get()
    assert response["Location"] == reverse("backoffice:import_wait", args=[imported.pk])
    waiting = client.get(response["Location"]).content.decode()
    assert "data-job-url" in waiting
    assert 'http-equiv="refresh"' in waiting
    work()
    assert client.get(response["Location"])["Location"] == reverse("backoffice:import_reading", args=[imported.pk])

    page = client.get(reverse("backoffice:import_reading", args=[imported.pk])).content.decode()
    assert "Gare d’Évry" in page  # Windows-1252, and the first line is not the header
    assert "cp1252" in page
    assert "Relevé du service mobilité" in page
    response = client.post(reverse("backoffice:import_reading", args=[imported.pk]), {"continuer": "1"})
    assert response["Location"] == reverse("backoffice:import_columns", args=[imported.pk])

    imported.refresh_from_db()
    page = client.get(response["Location"]).content.decode()
    assert "code INSEE de commune" in page
    columns = reverse("backoffice:import_columns", args=[imported.pk])
    response = client.post(columns, columns_data(imported, **{"places-reading": "type:int", "continuer": "1"}))
    assert response["Location"] == reverse("backoffice:import_wait", args=[imported.pk]) + "?vers=colonnes"
    work()
    assert client.get(response["Location"])["Location"] == columns
    imported.refresh_from_db()
    page = client.get(columns).content.decode()
    assert "1 valeur inattendue" in page
    assert "<code>à compter</code>" in page

    data = columns_data(imported, **{"places-reading": "type:int", "nom-label": "Lieu", "continuer": "1"})
    refused = client.post(columns, {**data, "policy": "stop"})
    assert refused.status_code == 422
    assert "Choisissez quoi faire" in refused.content.decode()
    response = client.post(columns, {**data, "policy": "null"})
    # Nobody seems to be named: the step that protects persons has nothing to ask, and stays open to who looks.
    assert response["Location"] == reverse("backoffice:import_card", args=[imported.pk])
    steps = {step["url"]: step for step in client.get(response["Location"]).context["steps"]}
    personal = reverse("backoffice:import_personal", args=[imported.pk])
    assert (steps[personal]["done"], steps[personal]["skipped"]) == (False, True)
    assert "Rien de tel n’a été vu" in client.get(personal).content.decode()
    response = client.post(personal, {"continuer": "1"})
    assert response["Location"] == reverse("backoffice:import_card", args=[imported.pk])

    page = client.get(response["Location"]).content.decode()
    assert 'value="Arceaux velos"' in page
    assert (
        page.count('class="blocking"') == 1
    )  # the title and the organisation are filled already, the description is not
    response = describe(client, imported, town)
    assert response["Location"] == reverse("backoffice:import_wait", args=[imported.pk])
    work()
    imported.refresh_from_db()
    assert imported.state == Import.State.DONE, imported.error
    dataset = Dataset.objects.get()
    assert dataset.status == "draft"
    assert dataset.description == "<p>Les arceaux posés par le service mobilité.</p><p>Relevés au printemps.</p>"

    publishing = reverse("backoffice:import_publish", args=[imported.pk])
    page = client.get(publishing).content.decode()
    assert "1 valeur a été effacée" in page
    assert "Publier maintenant" in page
    response = client.post(publishing, {"publier": "1"})
    assert response["Location"] == reverse("backoffice:dataset", args=[dataset.dataset_id])
    dataset.refresh_from_db()
    assert dataset.status == "published"
    types = {column.name: str(column.type) for column in shape_of(dataset)}
    assert types["code_insee"] == "text"
    assert types["places"] == "int"
    assert types["pose_le"] == "date"


def test_replacing_the_data_keeps_corrections_and_shows_what_changes(town, work):
    client = client_of(town.steward)
    deposit(client)
    work()
    first = Import.objects.get()
    client.post(
        reverse("backoffice:import_columns", args=[first.pk]),
        columns_data(first_with_findings(first), **{"places-reading": "type:text", "nom-drop": "on"}),
    )
    work()
    describe(client, first, town, access="internal", announced="on")
    work()
    client.post(reverse("backoffice:import_publish", args=[first.pk]), {"publier": "1"})
    dataset = Dataset.objects.get()
    assert dataset.current.rows == 3
    assert dataset.announced

    deposit(client, BIKES + "91228;Université;30;02/04/2024;48,62;2,44\n".encode("cp1252"), jeu=dataset.dataset_id)
    work()
    second = Import.objects.exclude(pk=first.pk).get()
    assert second.overrides["places"]["type"] == "text"
    page = client.get(reverse("backoffice:import_columns", args=[second.pk])).content.decode()
    assert "Réintégrer « nom »" in page
    response = describe(client, second, town, based_on=dataset.revisions.first().pk, access="internal")
    assert response.status_code == 302
    work()
    page = client.get(reverse("backoffice:import_publish", args=[second.pk])).content.decode()
    assert re.search(r"4\s*\(\+1\)", page)
    dataset.refresh_from_db()
    assert dataset.current.rows == 3  # nothing changed for the public yet
    client.post(reverse("backoffice:import_publish", args=[second.pk]), {"publier": "1"})
    dataset.refresh_from_db()
    assert dataset.current.rows == 4


def first_with_findings(imported):
    """The import as it is now."""
    imported.refresh_from_db()
    return imported


def test_the_file_is_read_again_with_other_choices_without_being_sent_again(town, work):
    client = client_of(town.contributor)
    deposit(client)
    work()
    imported = Import.objects.get()
    response = client.post(
        reverse("backoffice:import_reading", args=[imported.pk]), {"header_line": "1", "revoir": "1"}
    )
    assert response.status_code == 302
    work()
    imported.refresh_from_db()
    assert imported.findings["headers"][0] == "Relevé du service mobilité"
    assert Deposit.objects.count() == 1


def test_a_refused_file_says_why_and_what_to_do(town, work):
    client = client_of(town.contributor)
    deposit(client, b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n", "tableau.csv")
    work()
    imported = Import.objects.get()
    assert imported.state == Import.State.REFUSED
    page = client.get(reverse("backoffice:import_reading", args=[imported.pk])).content.decode()
    assert imported.error["message"] in page.replace("&nbsp;", "\u00a0")
    assert imported.error["code"] in page
    home = client.get("/admin/").content.decode()
    assert "Refusés" in home
    assert "tableau.csv" in home


def test_a_quote_left_open_stops_until_a_person_says_what_the_lines_are(town, work):
    client = client_of(town.contributor)
    deposit(client, 'id;ville;n\n1;"Lisses;3\n2;Évry;4\n3;Ris;5\nTotal;;12\n'.encode(), "villes.csv")
    work()
    imported = Import.objects.get()
    assert imported.state == Import.State.REFUSED
    assert imported.error["code"] == "file-unclosed-quote"
    address = reverse("backoffice:import_reading", args=[imported.pk])
    assert "chaque ligne du fichier est une ligne du tableau" in client.get(address).content.decode()
    client.post(address, {"multiline": "False", "revoir": "1"})
    work()
    assert first_with_findings(imported).findings["rows"] == 3
    assert imported.reading == {"multiline": False}
    client.post(address, {"multiline": "False", "keep_total": "True", "revoir": "1"})
    work()
    assert first_with_findings(imported).findings["rows"] == 4
    assert 'value="False" selected' in client.get(address).content.decode()


def test_an_address_must_be_public(town, work):
    client = client_of(town.contributor)
    client.post(reverse("backoffice:deposit"), {"url": "http://127.0.0.1/secret.csv"})
    work()
    imported = Import.objects.get()
    assert imported.state in (Import.State.REFUSED, Import.State.FAILED)
    assert imported.error["message"]


@pytest.mark.parametrize("data", [{}, {"url": "ftp://exemple.fr/a.csv"}, {"url": "pas une adresse"}])
def test_neither_file_nor_address_is_an_error_on_the_form(town, data):
    response = client_of(town.contributor).post(reverse("backoffice:deposit"), data)
    assert response.status_code == 422
    assert Import.objects.count() == 0


def test_a_contributor_prepares_and_a_steward_publishes(town, work):
    client = client_of(town.contributor)
    deposit(client)
    work()
    imported = Import.objects.get()
    describe(client, imported, town)
    work()
    publishing = reverse("backoffice:import_publish", args=[imported.pk])
    page = client.get(publishing).content.decode()
    assert "Publier maintenant" not in page
    assert "responsable des données" in page
    assert client.post(publishing, {"publier": "1"}).status_code == 403
    assert Dataset.objects.get().status == "draft"
    assert client_of(town.steward).post(publishing, {"publier": "1"}).status_code == 302
    assert Dataset.objects.get().status == "published"


@pytest.mark.parametrize("page", ["import_reading", "import_columns", "import_card", "import_publish", "import_wait"])
def test_the_import_of_somebody_else_does_not_exist(town, work, page):
    deposit(client_of(town.contributor))
    work()
    imported = Import.objects.get()
    assert client_of(town.other).get(reverse(f"backoffice:{page}", args=[imported.pk])).status_code == 404


def test_the_progress_is_told_to_its_owner_only(town, work):
    client = client_of(town.contributor)
    deposit(client)
    job = Job.objects.get()
    url = reverse("backoffice:job", args=[job.pk])
    facts = client.get(url).json()
    assert facts["over"] is False
    assert "next" not in facts
    work()
    facts = client.get(url).json()
    assert facts["over"] is True
    assert facts["next"] == reverse("backoffice:import_reading", args=[Import.objects.get().pk])
    assert client_of(town.other).get(url).status_code == 404


def test_an_import_can_be_stopped(town):
    client = client_of(town.contributor)
    deposit(client)
    imported = Import.objects.get()
    assert client.post(reverse("backoffice:import_cancel", args=[imported.pk])).status_code == 302
    imported.refresh_from_db()
    assert imported.state == Import.State.CANCELLED


def test_an_identifier_already_taken_is_said_beside_its_field(town, work):
    client = client_of(town.steward)
    for _time in range(2):
        deposit(client)
        work()
        imported = Import.objects.first()
        response = describe(client, imported, town, dataset_id="arceaux")
    assert response.status_code == 409
    assert "déjà pris" in response.content.decode()
    assert Dataset.objects.count() == 1


def test_territories_are_looked_for_without_losing_what_was_typed(town, work):
    client = client_of(town.steward)
    deposit(client)
    work()
    response = describe(client, Import.objects.get(), town, territory_search="Nulle-Part", chercher="1")
    assert response.status_code == 200
    page = response.content.decode()
    assert "Arceaux à vélos d’Évry" in page
    assert "Aucun territoire" in page
    assert Dataset.objects.count() == 0


def test_two_versions_are_compared_row_by_row(town, work, monkeypatch):
    client = client_of(town.steward)
    deposit(client)
    work()
    describe(client, Import.objects.get(), town)
    work()
    dataset = Dataset.objects.get()
    deposit(client, BIKES.replace(b"Agora;8", b"Agora;9"), jeu=dataset.dataset_id)
    work()
    second = Import.objects.first()
    describe(client, second, town, based_on=dataset.revisions.first().pk)
    work()
    compare = reverse("backoffice:dataset_compare", args=[dataset.dataset_id])
    with monkeypatch.context() as large:
        large.setattr(comparisons, "AT_ONCE", 1)
        waiting = client.get(compare).content.decode()
        assert "en cours de comparaison" in waiting
        assert 'http-equiv="refresh"' in waiting
        work()
        assert "1 ligne ajoutée" in client.get(compare).content.decode()
        derived.clear()
        Job.objects.update(key="")
        large.setattr(comparisons, "MOST_WAITING", 0)
        refused = client.get(compare)
        assert refused.status_code == 200
        assert "déjà en préparation" in refused.content.decode()
    page = client.get(compare).content.decode()
    assert "1 ligne ajoutée" in page
    assert "1 ligne retirée" in page
    assert "2 lignes inchangées" in page
    versions = client.get(reverse("backoffice:dataset_versions", args=[dataset.dataset_id])).content.decode()
    assert "Mettre en ligne" in versions
    older = dataset.versions.last()
    switch = reverse("backoffice:dataset_make_current", args=[dataset.dataset_id, older.name])
    assert client_of(town.contributor).post(switch).status_code == 403
    assert client.post(switch).status_code == 302
    dataset.refresh_from_db()
    assert dataset.current == older
    original = reverse("backoffice:dataset_original", args=[dataset.dataset_id, older.name])
    assert b"".join(client.get(original).streaming_content) == BIKES


def test_a_version_is_taken_up_again_without_its_file_being_sent(town, work):
    client = client_of(town.steward)
    deposit(client)
    work()
    describe(client, Import.objects.get(), town)
    work()
    dataset = Dataset.objects.get()
    again = reverse("backoffice:dataset_import_again", args=[dataset.dataset_id, dataset.versions.get().name])
    assert client.get(again).status_code == 302
    assert Import.objects.count() == 1  # nothing happens on GET
    assert client.post(again).status_code == 302
    work()
    imported = Import.objects.first()
    assert imported.dataset == dataset
    assert imported.state == Import.State.EXAMINED
    assert [column["name"] for column in imported.findings["columns"]][:2] == ["code_insee", "nom"]


def test_words_read_as_no_value_are_told_with_their_reason_and_may_be_refused(town, work):
    client = client_of(town.steward)
    lines = "".join(f"911{n:02};{n}\n" for n in range(20)) + "91228;s\n91223;s\n91225;nd\n"
    deposit(client, f"iris;menages\n{lines}".encode(), name="menages.csv")
    work()
    imported = Import.objects.get()
    columns = reverse("backoffice:import_columns", args=[imported.pk])
    page = html.unescape(client.get(columns).content.decode())
    assert "2 cellules sont couvertes par un secret (s × 2)" in page
    assert "1 cellules disent que la valeur manque (nd × 1)" in page
    assert "valeur inattendue" not in page
    data = columns_data(imported, **{"menages-reading": "", "proposer": "menages|text"})
    assert client.post(columns, data)["Location"].endswith("?vers=colonnes")
    work()
    imported.refresh_from_db()
    assert imported.overrides["menages"]["parser"] == "text"
    page = client.get(columns).content.decode()
    assert "couvertes par un secret" not in page
    assert "Garder ces mots" not in page


def test_a_table_of_an_archive_that_has_several_is_chosen_by_its_name_and_size(town, work):
    client = client_of(town.steward)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("arrets.txt", "id;nom\n1;Gare\n")
        archive.writestr("lignes.txt", "ligne;couleur\nA;rouge\nB;bleu\n")
    deposit(client, stream.getvalue(), "reseau.zip")
    imported = Import.objects.get()
    work()
    reading = reverse("backoffice:import_reading", args=[imported.pk])
    page = html.unescape(client.get(reading).content.decode())
    assert '<option value="lignes.txt">lignes.txt (29 o)</option>' in page
    client.post(reading, {"member": "lignes.txt"})
    work()
    imported.refresh_from_db()
    assert imported.findings["rows"] == 2
    assert '<option value="arrets.txt">' in client.get(reading).content.decode()


def test_titles_above_several_columns_are_joined_or_left_out_by_choice(town, work):
    client = client_of(town.steward)
    rows = ["Code;Commune;2020;;2021;", ";;F;H;F;H", "91228;Évry;1;2;3;4", "91340;Lisses;5;6;7;8"]
    deposit(client, "\n".join(rows).encode(), "population.csv")
    work()
    address = reverse("backoffice:import_reading", args=[Import.objects.get().pk])
    page = client.get(address)
    choices = [
        (value, html.unescape(str(label))) for value, label in page.context["form"]["header_groups"].field.choices
    ]
    assert choices == [
        ("", "les joindre au nom de chaque colonne – « 2020 F » (proposé)"),
        ("drop", "les exclure – « F »"),
    ]
    assert page.content.decode().index("header_groups") < page.content.decode().index('name="continuer"')
    answer = client.post(address, {"header_groups": "drop", "continuer": "1"})
    work()
    assert answer.url.endswith("?vers=colonnes")
    labels = [column["label"] for column in Import.objects.get().findings["columns"]]
    assert labels[2:] == ["F", "H", "F", "H"]
    chosen = client.get(address).context["form"]["header_groups"]
    assert chosen.value() == "drop"
    assert [value for value, _label in chosen.field.choices] == ["drop", "join"]
