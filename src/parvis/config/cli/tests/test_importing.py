"""``parvis import``."""

from __future__ import annotations

import json
import zipfile

import pytest

from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.datastore.models import Deposit
from parvis.hub.datastore.selectors import shape_of


def test_a_file_alone_is_published_with_the_defaults_of_the_instance(parvis, csv):
    run = parvis("import", csv)
    assert run.status == 0, run.err
    assert "2 lignes, 3 colonnes" in run.out
    assert "/explore/dataset/places-de-parking/" in run.out
    dataset = Dataset.objects.get()
    assert (dataset.dataset_id, dataset.title, dataset.status) == (
        "places-de-parking",
        "Places de parking",
        "published",
    )
    assert (dataset.licence, dataset.access, dataset.organisation.name) == ("lov2", "public", "Mon organisation")
    assert "Places de parking.csv" in dataset.description
    assert str(shape_of(dataset).get("code").type) == "text"
    assert not Deposit.objects.exists()


def test_facts_in_json(parvis, csv):
    facts = parvis("import", csv, "--json").facts
    assert (facts["dataset_id"], facts["rows"], facts["columns"], facts["published"]) == (
        "places-de-parking",
        2,
        3,
        True,
    )
    assert facts["version"] == Version.objects.get().name


def test_the_same_id_again_makes_a_new_version_and_keeps_the_card(parvis, csv):
    parvis("import", csv, "--id", "parking", "--title", "Parkings")
    csv.write_text("code;nom;places\n01234;Évry;13\n", encoding="utf-8")
    run = parvis("import", csv, "--id", "parking", "--json")
    assert run.facts["title"] == "Parkings"
    assert Version.objects.count() == 2
    assert Dataset.objects.get().current.rows == 1


def test_options_say_title_organisation_access_and_draft(parvis, csv):
    Organisation.objects.create(slug="autre", name="Une autre")
    run = parvis(
        "import", csv, "--id", "p", "--title", "T arbres", "--organisation", "Ville", "--access", "internal", "--draft"
    )
    assert run.status == 0, run.err
    assert "brouillon" in run.out
    dataset = Dataset.objects.get(dataset_id="p")
    assert (dataset.title, dataset.organisation.name, dataset.access) == ("T arbres", "Ville", "internal")
    assert (dataset.status, dataset.current, dataset.versions.count()) == ("draft", None, 1)


def test_a_sidecar_gives_the_card_and_the_types_and_both_survive(parvis, csv, tmp_path):
    sidecar = tmp_path / "fiche.json"
    body = {
        "dataset_id": "stationnement",
        "metas": {"default": {"title": "Stationnement", "publisher": "Agglo", "theme": ["Mobilité et transports"]}},
        "fields": [{"name": "places", "label": "Nombre de places", "type": "text"}],
    }
    sidecar.write_text(json.dumps(body), encoding="utf-8")
    assert parvis("import", csv, "--metadata", sidecar).status == 0
    dataset = Dataset.objects.get()
    assert (dataset.dataset_id, dataset.organisation.name, dataset.themes) == ("stationnement", "Agglo", ["transports"])
    column = shape_of(dataset).get("places")
    assert (str(column.type), column.label) == ("text", "Nombre de places")
    assert parvis("import", csv, "--id", "stationnement").status == 0
    dataset.refresh_from_db()
    assert str(shape_of(dataset).get("places").type) == "text"


def test_refused_data_publishes_nothing_and_leaves_nothing(parvis, tmp_path):
    bad = tmp_path / "bilan.csv"
    bad.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n")
    run = parvis("import", bad)
    assert run.status == 1
    assert run.err.startswith("Erreur : ")
    assert not Dataset.objects.exists()
    assert not Deposit.objects.exists()
    error = parvis("import", bad, "--json").facts["error"]
    assert error["code"]
    assert error["message"]


def test_misfits_stop_and_the_choices_go_on(parvis, tmp_path):
    path = tmp_path / "mesures.csv"
    path.write_text("n;v\n" + "".join(f"a{n};{n}\n" for n in range(300)) + "b;beaucoup\n", encoding="utf-8")
    run = parvis("import", path)
    assert run.status == 1
    assert "« beaucoup »" in run.err
    assert "ligne 302" in run.err
    assert parvis("import", path, "--on-misfit", "null", "--json").facts["nulled"] == 1
    assert parvis("import", path, "--on-misfit", "text", "--json").facts["nulled"] == 0


def test_a_quote_left_open_stops_and_the_choices_go_on(parvis, tmp_path):
    path = tmp_path / "villes.csv"
    path.write_text('id;ville;n\n1;"Lisses;3\n2;Évry;4\n3;Ris;5\nTotal;;12\n')
    refused = parvis("import", path)
    assert (refused.status, "ligne 2" in refused.err) == (1, True)
    assert parvis("import", path, "--no-multiline", "--json").facts["rows"] == 3
    assert parvis("import", path, "--multiline", "--keep-total", "--json").facts["rows"] == 3


def test_a_refused_new_version_leaves_the_former_one_published_and_the_card_as_it_was(parvis, csv, tmp_path):
    parvis("import", csv, "--id", "p")
    before = Dataset.objects.get()
    bad = tmp_path / "vide.csv"
    bad.write_bytes(b"")
    assert parvis("import", bad, "--id", "p", "--title", "Autre titre").status == 1
    after = Dataset.objects.get()
    assert (after.current, after.title, after.status) == (before.current, before.title, "published")


def test_several_files_are_imported_each_and_one_refused_does_not_stop_the_others(parvis, csv, tmp_path):
    bad = tmp_path / "vide.csv"
    bad.write_bytes(b"")
    run = parvis("import", bad, csv, "--json")
    assert run.status == 1
    first, second = run.facts["imports"]
    assert "error" in first
    assert second["rows"] == 2


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["absent.csv"], "not-found"),
        (["a.csv", "b.csv", "--id", "x"], "one-file-only"),
        (["a.csv", "--id", "Pas Valable"], "dataset-id"),
        (["a.csv", "--schema", "irve"], "schema-unknown"),
        (["http://127.0.0.1:8080/a.csv"], "fetch-private"),
        (
            ["http://0x7f000001/relevés.csv"],
            "fetch-host",
        ),  # a name that leads inside is not told from one that leads nowhere
    ],
)
def test_what_cannot_be_done_is_said_with_a_code(parvis, words, code):
    run = parvis("import", *words, "--json")
    assert run.status == (2 if code == "fetch-host" else 1)
    error = run.facts["error"]
    assert error["code"] == code
    assert not Dataset.objects.exists()


def test_a_schema_given_is_followed_and_its_verdict_is_told(parvis, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("code,jour\n91228,03/02/2024\n", encoding="utf-8")
    schema = tmp_path / "places.json"
    schema.write_text('{"title": "Places", "fields": [{"name": "code"}, {"name": "jour", "type": "date"}]}')
    run = parvis("import", file, "--schema", schema, "--json")
    assert run.status == 0
    assert (run.facts["schema"], run.facts["valid"], run.facts["faults"]) == ("places.json", False, 1)
    text_run = parvis("import", file, "--schema", schema)
    assert "1 erreur par rapport au schéma places.json" in text_run.out


@pytest.mark.parametrize("text", ["[1]", "pas du json", '{"fields": {"a": 1}}'])
def test_a_sidecar_of_another_shape_is_refused(parvis, csv, tmp_path, text):
    sidecar = tmp_path / "fiche.json"
    sidecar.write_text(text, encoding="utf-8")
    run = parvis("import", csv, "--metadata", sidecar, "--json")
    assert (run.status, run.facts["error"]["code"]) == (1, "metadata-shape")


@pytest.mark.parametrize(
    ("default", "dcat", "name"),
    [({"title": "t" * 201}, {}, "title"), ({"title": "T"}, {"contact_email": "a<b>@c d"}, "contact_email")],
)
def test_a_value_of_a_card_that_will_not_do_is_told_by_its_name_and_nothing_is_made(
    parvis, csv, tmp_path, default, dcat, name
):
    sidecar = tmp_path / "fiche.json"
    sidecar.write_text(
        json.dumps({"dataset_id": "refuse", "metas": {"default": default, "dcat": dcat}}), encoding="utf-8"
    )
    run = parvis("import", csv, "--metadata", sidecar, "--json")
    assert (run.status, run.facts["error"]["code"]) == (1, "value-refused")
    assert run.facts["error"]["message"].startswith(f"« {name} » : ")
    assert not Dataset.objects.filter(dataset_id="refuse").exists()


PEOPLE = "nom;prénom\nDUPONT;Jean\nMARTIN;Marie\nPETIT;Luc\n"


def test_a_file_of_people_waits_until_a_decision_is_given(parvis, tmp_path):
    path = tmp_path / "inscrits.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    run = parvis("import", path, "--json")
    assert run.status == 1
    assert run.facts["error"]["code"] == "publication-held"
    assert "--privacy-decision" in run.facts["error"]["hint"]
    assert (
        parvis("import", path, "--privacy-decision", "non", "--json").facts["error"]["code"] == "privacy-decision-bad"
    )
    decision = "Essai : ces personnes sont inventées."
    run = parvis("import", path, "--privacy-decision", decision, "--json")
    assert run.status == 0
    assert run.facts["published"]


def test_a_waiting_file_is_kept_as_a_draft_and_published_with_a_decision(parvis, tmp_path):
    path = tmp_path / "inscrits.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    assert parvis("import", path, "--draft", "--json").status == 0
    assert parvis("datasets", "publish", "inscrits", "--json").status == 1
    run = parvis(
        "datasets", "publish", "inscrits", "--privacy-decision", "Essai : ces personnes sont inventées.", "--json"
    )
    assert run.status == 0


def test_access_is_narrowed_before_the_new_rows_can_be_read(parvis, csv, tmp_path):
    parvis("import", csv, "--id", "inscrits")
    path = tmp_path / "inscrits.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    run = parvis("import", path, "--id", "inscrits", "--access", "internal", "--json")
    assert run.status == 0, run.err
    dataset = Dataset.objects.get(dataset_id="inscrits")
    assert (dataset.access, dataset.status, dataset.current.rows) == ("internal", "published", 3)


MAP = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": [[[2.3, 48.8], [2.4, 48.8], [2.4, 48.9], [2.3, 48.8]]]},
            "properties": {"nom": "A", "n": 1, "lieu": {"lon": 2.35, "lat": 48.85}},
        }
    ],
}


def test_columns_have_the_order_of_the_sidecar_and_the_geometry_its_place(parvis, tmp_path):
    kinds = {"lieu": "geo_point_2d", "forme": "geo_shape", "n": "int", "nom": "text"}
    sidecar, path = tmp_path / "fiche.json", tmp_path / "zones.geojson"
    sidecar.write_text(json.dumps({"fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}))
    path.write_text(json.dumps(MAP))
    assert parvis("import", path, "--metadata", sidecar).status == 0
    dataset = Dataset.objects.get()
    assert {column.name: str(column.type) for column in shape_of(dataset)} == kinds
    assert list(shape_of(dataset).names) == list(kinds)
    assert parvis("import", path, "--id", dataset.dataset_id).status == 0
    dataset.refresh_from_db()
    assert list(shape_of(dataset).names) == list(kinds)


def test_dates_and_identifier_of_the_former_portal_come_with_the_sidecar(parvis, csv, tmp_path):
    sidecar = tmp_path / "fiche.json"
    body = {
        "dataset_id": "moved",
        "dataset_uid": "da_wnys12",
        "metas": {"default": {"modified": "2024-05-06T07:08:09Z"}},
    }
    sidecar.write_text(json.dumps(body), encoding="utf-8")
    assert parvis("import", csv, "--metadata", sidecar).status == 0
    dataset = Dataset.objects.get()
    assert dataset.uid == "da_wnys12"
    assert dataset.as_told["default"]["modified"] == "2024-05-06T07:08:09+00:00"
    assert parvis("import", csv, "--metadata", sidecar).status == 0
    dataset.refresh_from_db()
    assert dataset.as_told["default"]["modified"] == "2024-05-06T07:08:09+00:00"
    csv.write_bytes(csv.read_bytes() + b"03456;Ris-Orangis;9\n")
    assert parvis("import", csv, "--id", "moved").status == 0
    dataset.refresh_from_db()
    assert "modified" not in dataset.as_told.get("default", {})


def test_a_dataset_restricted_elsewhere_is_restricted_here_unless_it_is_said(parvis, csv, tmp_path):
    sidecar = tmp_path / "fiche.json"
    sidecar.write_text(json.dumps({"dataset_id": "moved", "visibility": "restricted"}), encoding="utf-8")
    assert parvis("import", csv, "--metadata", sidecar).status == 0
    assert Dataset.objects.get().access == "restricted"
    assert parvis("import", csv, "--metadata", sidecar, "--id", "open", "--access", "public").status == 0
    assert Dataset.objects.get(dataset_id="open").access == "public"


def test_words_for_no_value_are_counted_by_reason_and_a_column_may_be_kept_as_text(parvis, tmp_path):
    path = tmp_path / "revenus.csv"
    lines = "".join(f"commune {n};2022.{n:05};{20_000 + n}\n" for n in range(1, 41))
    path.write_text(f"nom;acte;revenu\n{lines}rare;2022.00041;s\nvide;2022.00042;NA\n", encoding="utf-8")
    facts = parvis("import", path, "--id", "revenus", "--json").facts
    assert (facts["nulled"], [(note["column"], note["code"]) for note in facts["notes"]]) == (
        2,
        [("acte", "numbered"), ("revenu", "values-absent"), ("revenu", "values-secret")],
    )
    dataset = Dataset.objects.get()
    assert [str(column.type) for column in shape_of(dataset)] == ["text", "text", "int"]
    run = parvis("import", path, "--id", "revenus", "--text", "revenu")
    assert "revenu :" not in run.out
    assert "acte : Ces valeurs numérotent" in run.out
    dataset.refresh_from_db()
    assert str(shape_of(dataset).get("revenu").type) == "text"
    assert parvis("import", path, "--id", "revenus", "--json").facts["nulled"] == 0, "the choice is kept"


def test_an_archive_says_which_tables_it_has_and_what_became_of_them(parvis, tmp_path):
    path = tmp_path / "reseau.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("arrets.txt", "id;nom\n1;Gare\n")
        archive.writestr("lignes.txt", "ligne;couleur\nA;rouge\nB;bleu\n")
    run = parvis("import", path)
    assert run.status == 1
    assert "arrets.txt (14 o), lignes.txt (29 o)" in run.err
    assert '--member "lignes.txt"' in run.err
    run = parvis("import", path, "--member", "arrets.txt", "--draft")
    assert run.status == 0, run.err
    assert "Fichier lu dans l’archive : « arrets.txt ». Autres fichiers : lignes.txt." in run.out


def test_files_of_an_archive_with_the_same_columns_are_imported_as_one_table(parvis, tmp_path):
    path = tmp_path / "frequentation.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for year in (2023, 2024):
            archive.writestr(f"{year}.csv", "mois;entrées\n01;12\n02;9\n")
    run = parvis("import", path)
    assert run.status == 0, run.err
    assert "4 lignes, 3 colonnes" in run.out
    assert "la colonne « fichier » dit lequel (2023.csv, 2024.csv)" in run.out
    assert shape_of(Dataset.objects.get()).names == ("mois", "entrees", "fichier")


def test_the_list_of_an_xml_that_has_several_is_chosen(parvis, tmp_path):
    path = tmp_path / "reseau.xml"
    path.write_text(
        '<r><arret id="1" nom="Gare"/><arret id="2" nom="Agora"/><l id="A" c="b"/><l id="B" c="c"/><l id="C" c="d"/></r>'
    )
    assert "Liste lue : « r.l ». Autres listes : r.arret (2)." in parvis("import", path, "--draft").out
    assert parvis("import", path, "--records", "r.arret", "--draft", "--json").facts["rows"] == 2
