"""A CKAN, a udata and a Data Fair moved in: recognised, brought whole, found at their former addresses, compared by another way."""

import json
from dataclasses import replace

import pytest

from parvis.config.cli.main import main
from parvis.core.errors import UnreadableFile
from parvis.core.sources.far_cards import data_fair_card, package_card, udata_card
from parvis.core.sources.tests.test_far_sheets import workbook
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import update_card
from parvis.hub.harvesting import far_comparisons, items
from parvis.hub.harvesting.models import FormerAddress, Run, Source
from parvis.hub.harvesting.tests.far_catalogues import (
    GEOJSON,
    KEY,
    LATIN,
    PDF,
    VILLES,
    FarCkan,
    FarDataFair,
    FarUdata,
)

FIELDS = [
    {"id": "Code INSEE", "type": "text", "info": {"label": "Code de la commune", "notes": "Cinq signes"}},
    {"id": "nombre", "type": "int8"},
    {"id": "part", "type": "numeric"},
    {"id": "ouvert", "type": "bool"},
    {"id": "instant", "type": "timestamp"},
]
TABLE = [
    {"Code INSEE": "01001", "nombre": 9007199254740993, "part": 0.1, "ouvert": True, "instant": "2021-06-23T07:50:20"},
    {"Code INSEE": "NA", "nombre": -1, "part": None, "ouvert": False, "instant": None},
    {"Code INSEE": " 1,5 ", "nombre": None, "part": 12.5, "ouvert": None, "instant": "1969-12-31T23:59:59"},
]
SCHEMA = [
    {
        "key": "commune",
        "type": "string",
        "title": "Commune",
        "x-originalName": "Nom commune",
        "x-refersTo": "http://schema.org/City",
    },
    {"key": "etat", "type": "string", "x-labels": {"o": "Ouvert", "f": "Fermé"}},
    {"key": "lignes", "type": "string", "separator": ";"},
    {"key": "habitants", "type": "integer"},
    {"key": "part", "type": "number"},
    {"key": "actif", "type": "boolean"},
    {"key": "jour", "type": "string", "format": "date"},
]
LINES = [
    {"commune": f"Ville {n}", "etat": "of"[n % 2], "lignes": "A;B" if n % 2 else "C", "habitants": n, "part": n / 8,
     "actif": n % 3 == 0, "jour": f"2024-02-{n + 1:02}"}
    for n in range(8)
]  # fmt: skip


@pytest.fixture
def move(home, town, portal, monkeypatch, capsys):
    """The command, in this process: its status and its JSON."""
    monkeypatch.setattr("parvis.config.cli.instance.open_instance", lambda **_: None)

    def ask(*words: str):
        status = main(["move-in", portal.address, "--organisation", town.organisation.slug, *words, "--json"])
        return status, json.loads(capsys.readouterr().out)

    return ask


def told(facts) -> dict[str, tuple]:
    return {
        row["there"]: (row["state"], row["rows"], [(d["part"], d["name"]) for d in row["differences"]])
        for row in facts["report"]["datasets"]
    }


def rows_here(client, name: str) -> list[dict]:
    text = client.get(f"/api/explore/v2.1/catalog/datasets/{name}/exports/jsonl").getvalue().decode()
    return [json.loads(line) for line in text.splitlines()]


def ckan(portal) -> FarCkan:
    """Packages of many shapes."""
    far = FarCkan(portal)
    package = far.add("arbres")
    far.resource(package, "notice.pdf", PDF)
    far.table(far.resource(package, "arbres.csv", b"Code INSEE;nombre\n01001;1\n"), FIELDS, TABLE)
    far.resource(package, "rues.csv", LATIN)
    far.resource(package, "page", None, format="HTML")
    far.resource(far.add("villes"), "villes.csv", VILLES.encode())
    far.resource(far.add("lieux"), "lieux.geojson", GEOJSON)
    far.resource(far.add("papiers"), "notice.pdf", PDF)
    far.add("vide")
    far.resource(far.add("liens"), "page", None, format="HTML")
    return far


def test_a_ckan_comes_whole_under_its_names_and_is_the_same(move, portal, client):
    far = ckan(portal)
    far.busy["/api/3/action/datastore_search"] = 1
    status, facts = move()
    assert not facts["error"], facts
    assert told(facts) == {
        "arbres": ("same", [3, 3], []),
        "villes": ("same", [2, 2], []),
        "lieux": ("same", [2, 2], []),
        "papiers": ("same", None, []),
        "vide": ("same", None, []),
        "liens": ("same", None, []),
    }
    assert status == 0
    assert rows_here(client, "arbres") == [
        {"code_insee": row["Code INSEE"], **{name: row[name] for name in ("nombre", "part", "ouvert")},
         "instant": row["instant"] and row["instant"] + "+00:00"}
        for row in TABLE
    ]  # fmt: skip
    here = Dataset.objects.get(dataset_id="arbres")
    assert (here.fields["code_insee"]["label"], here.fields["code_insee"]["description"]) == (
        "Code de la commune",
        "Cinq signes",
    )
    assert (here.custom["service"], here.frequency, here.licence) == ("Voirie", "annual", "lov2")
    reasons = next(row["reasons"] for row in facts["report"]["datasets"] if row["there"] == "arbres")
    assert "un autre tableau est joint ; « un jeu par tableau » (--each-table) en ferait un jeu" in reasons
    rues = next(row for row in Attachment.objects.all() if row.title == "rues.csv")
    assert rues.file.read() == LATIN
    page = client.get("/explore/dataset/arbres/", follow=True).content.decode()
    assert "https://evry.example/page" in page, "a link stays a link"
    usage = {row["there"]: row["usage"] for row in facts["report"]["datasets"]}
    assert usage["arbres"] == {"views": 41}


def test_former_addresses_of_a_ckan_lead_here_for_ever(move, portal, client):
    ckan(portal)
    move()
    Source.objects.get().delete()
    for former, place in {
        "/dataset/arbres": "/explore/dataset/arbres/",
        "/fr/dataset/id-arbres/": "/explore/dataset/arbres/",
        "/dataset/arbres/resource/r-arbres-1": "/explore/dataset/arbres/",
        "/dataset/id-arbres/resource/r-arbres-1/download/arbres.csv": "/api/explore/v2.1/catalog/datasets/arbres/exports/csv",
        "/datastore/dump/r-arbres-1": "/api/explore/v2.1/catalog/datasets/arbres/exports/csv",
    }.items():
        answer = client.get(former)
        assert (answer.status_code, answer["Location"]) == (301, place), former
    answer = client.get("/dataset/id-arbres/resource/r-arbres-2/download/rues.csv", follow=True)
    assert answer.redirect_chain[0][1] == 301
    assert b"".join(answer) == LATIN if answer.streaming else answer.content == LATIN
    assert client.get("/dataset/inconnu").status_code == 404
    assert client.post("/dataset/arbres").status_code == 404
    update_card(OPERATOR, Dataset.objects.get(dataset_id="arbres"), {"access": Access.RESTRICTED})
    assert client.get("/dataset/arbres").status_code == 404, "who may not know of a dataset learns nothing of it"


def test_what_differs_there_afterwards_is_told_column_by_column_and_document_by_document(move, portal):
    far = ckan(portal)
    assert move()[0] == 0
    changed = [{**TABLE[0], "part": 0.25}, *TABLE[1:]]
    real = far.tables["r-arbres-1"]
    far.tables["r-arbres-1"] = (FIELDS, changed)
    far.files["/dataset/id-arbres/resource/r-arbres-0/download/notice.pdf"] = PDF + b"\n"
    far.files["/dataset/id-villes/resource/r-villes-0/download/villes.csv"] = VILLES.replace("66919", "66920").encode()
    far.packages[0]["title"] = "Autre titre"
    far.packages[0]["metadata_modified"] = "2026-01-01T00:00:00.000000"
    update_card(OPERATOR, Dataset.objects.get(dataset_id="arbres"), {"title": "Le titre d’ici"})
    status, facts = move()
    differences = told(facts)
    assert status == 1
    assert ("card", "title") in differences["arbres"][2]
    assert differences["lieux"] == ("same", [2, 2], [])
    far.tables["r-arbres-1"] = real
    assert Dataset.objects.get(dataset_id="arbres").title == "Le titre d’ici"
    # Nothing told that villes.csv changed: its bytes are fetched again all the same.
    assert differences["villes"] == ("different", [2, 2], [("values", "sha256")])


def test_one_dataset_a_table_when_it_is_wished(move, portal, client):
    ckan(portal)
    status, facts = move("--each-table", "--only", "arbres")
    assert (status, len(facts["report"]["datasets"])) == (0, 2)
    names = set(Dataset.objects.values_list("dataset_id", flat=True))
    assert names == {"arbres-arbres", "arbres-rues"}
    assert len(rows_here(client, "arbres-arbres")) == 3
    assert [row["rue"] for row in rows_here(client, "arbres-rues")] == ["Allée des Chênes", "Impasse du Château"]
    assert client.get("/dataset/arbres/resource/r-arbres-2")["Location"] == "/explore/dataset/arbres-rues/"


def test_private_packages_come_with_a_key_and_stay_private(move, portal, tmp_path, client):
    far = ckan(portal)
    far.resource(far.add("reserve", private=True), "villes.csv", VILLES.encode())
    key = tmp_path / "cle"
    key.write_text(KEY + "\n")
    status, facts = move("--key-file", str(key), "--only", "reserve")
    assert (status, told(facts)) == (0, {"reserve": ("same", [2, 2], [])})
    assert Dataset.objects.get(dataset_id="reserve").access == Access.RESTRICTED
    assert client.get("/dataset/reserve").status_code == 404
    assert KEY not in json.dumps(facts)


def test_pages_that_lie_and_a_kill_and_a_cut_lose_nothing(move, portal, monkeypatch):
    far = ckan(portal)
    for n in range(30):
        far.resource(far.add(f"z{n:02}"), "villes.csv", VILLES.encode())
    far.vanishing, far.portal.total = ["z29"], 12
    far.cut["/dataset/id-villes/resource/r-villes-0/download/villes.csv"] = 1
    real, left = items.create_dataset, [3]

    def until_killed(*some, **more):
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return real(*some, **more)

    monkeypatch.setattr(items, "create_dataset", until_killed)
    assert move("--only", "z0[0-3]", "--only", "villes")[0] != 0
    Run.objects.filter(state="running").update(state="stopped")
    status, facts = move("--only", "z0[0-3]", "--only", "villes")
    status, facts = move("--only", "z0[0-3]", "--only", "villes")
    assert (status, {state for state, *_ in told(facts).values()}) == (0, {"same"})
    assert Dataset.objects.count() == 5
    assert Dataset.objects.filter(dataset_id__startswith="z0").count() == 4


def test_a_table_that_ckan_announces_and_does_not_give_is_read_of_its_file(move, portal, client):
    far = FarCkan(portal)
    row = far.resource(far.add("sans-table"), "villes.csv", VILLES.encode())
    row["datastore_active"] = True
    status, facts = move()
    (dataset,) = facts["report"]["datasets"]
    assert (status, dataset["rows"]) == (0, [2, 2])
    assert any("n’est pas donnée là-bas" in reason for reason in dataset["reasons"])


def test_a_file_that_makes_no_table_is_attached_and_nothing_is_lost(move, portal, client):
    far = FarCkan(portal)
    far.resource(far.add("objet"), "objet.json", b'"une phrase"')
    for _n in range(2):
        status, facts = move()
        assert told(facts) == {"objet": ("same", None, [])}
    assert status == 0
    assert client.get("/dataset/id-objet/resource/r-objet-0/download/objet.json", follow=True).status_code == 200


def test_a_udata_comes_whole_with_its_resources_page_by_page(move, portal, client):
    far = FarUdata(portal)
    row = far.add("arrets")
    far.resource(row, "arrets.csv", VILLES.encode())
    for name in ("notice.pdf", "plan.pdf"):
        far.resource(row, name, PDF + name.encode())
    far.resource(row, "site", None)
    community = {
        "id": "c1",
        "title": "Carte",
        "url": "https://ailleurs.example/carte.csv",
        "organization": {"name": "Asso"},
    }
    row["community_resources"].append(community)
    for n in range(60):
        far.add(f"autre-{n}", private=n == 7)
    status, facts = move("--only", "arrets", "--only", "autre-5[0-2]")
    datasets = told(facts)
    assert datasets.pop("arrets") == ("same", [2, 2], [])
    assert (status, {state for state, *_ in datasets.values()}, len(datasets)) == (0, {"same"}, 3)
    here = Dataset.objects.get(dataset_id="arrets")
    assert (here.licence, here.frequency, here.custom["recordId"]) == ("lov2", "annual", "fr-12")
    usage = next(row["usage"] for row in facts["report"]["datasets"] if row["there"] == "arrets")
    assert usage == {"views": 12, "followers": 3, "reuses": 2, "discussions": 1}
    assert sorted(Attachment.every.filter(dataset=here).values_list("title", flat=True)) == ["notice.pdf", "plan.pdf"]
    assert "carte.csv" in client.get("/explore/dataset/arrets/", follow=True).content.decode(), (
        "the community's stays a link"
    )
    first = row["resources"][0]["id"]
    for former, place in {
        "/fr/datasets/arrets/": "/explore/dataset/arrets/",
        f"/datasets/{row['id']}": "/explore/dataset/arrets/",
        f"/fr/datasets/r/{first}": "/api/explore/v2.1/catalog/datasets/arrets/exports/csv",
        f"/datasets/r/{row['resources'][1]['id']}/": FormerAddress.objects.get(
            path=f"/datasets/r/{row['resources'][1]['id']}"
        ).name,
    }.items():
        answer = client.get(former)
        assert answer.status_code == 301, former
        assert place in answer["Location"], former
    far.has_second = False
    row["tags"] = ["autre"]
    row["resources"].append({**row["resources"][1], "id": "neuf", "title": "neuf.pdf"})
    again = told(move("--only", "arrets")[1])
    assert again["arrets"] == ("same", [2, 2], [])


def test_a_data_fair_comes_line_by_line_with_its_labels_and_concepts(move, portal, client):
    far = FarDataFair(portal)
    row = far.add("lignes", SCHEMA, LINES, originalFile={"name": "lignes.csv", "size": 3, "mimetype": "text/csv"})
    far.serve("/data-fair/api/v1/datasets/lignes/raw", LATIN)
    far.attach(row, "notice.pdf", PDF)
    far.add("fiche", [], [], isMetaOnly=True, finalizedAt=None)
    status, facts = move()
    assert told(facts) == {"lignes-slug": ("same", [8, 8], []), "fiche-slug": ("same", None, [])}
    assert status == 0
    here = Dataset.objects.get(dataset_id="lignes-slug")
    assert here.fields["etat"]["annotations"]["labels"] == {"o": "Ouvert", "f": "Fermé"}
    assert here.fields["commune"]["annotations"]["concept"] == "http://schema.org/City"
    assert rows_here(client, "lignes-slug") == [{**line, "lignes": line["lignes"].split(";")} for line in LINES]
    for former in ("/datasets/lignes-slug", "/datasets/lignes", "/data-fair/embed/dataset/lignes/table"):
        assert client.get(former)["Location"] == "/explore/dataset/lignes-slug/", former
    assert client.get("/data-fair/api/v1/datasets/lignes/raw", follow=True).getvalue() == LATIN
    assert client.get("/data-fair/api/v1/datasets/lignes/full")["Location"].endswith("/lignes-slug/exports/csv")
    far.tables["lignes"] = [{**LINES[0], "habitants": 5}, *LINES[1:-1]]
    status, facts = move()
    assert status == 1
    differences = told(facts)["lignes-slug"][2]
    assert differences[0] == ("rows", "")
    assert {name for part, name in differences if part == "values"} == {f"{row['key']}.filled" for row in SCHEMA}
    assert ("facet", "commune = Ville 7") not in differences, "a value that is no longer there is told by its column"


def test_a_workbook_of_a_ckan_is_compared_value_by_value_by_another_reader(move, portal, tmp_path, monkeypatch):
    far = FarCkan(portal)
    book = workbook(tmp_path / "rues.xlsx", above=0)
    far.resource(far.add("rues"), "rues.xlsx", book.read_bytes())
    status, facts = move()
    assert (status, told(facts)) == (0, {"rues": ("same", [3, 3], [])})
    real = far_comparisons.sum_of_parquet

    def with_one_value_lost(files, columns, *more):
        table = real(files, columns, *more)
        columns_there = {**table.columns, "nombre": replace(table.columns["nombre"], sum="0" * 16)}
        return replace(table, columns=columns_there)

    monkeypatch.setattr(far_comparisons, "sum_of_parquet", with_one_value_lost)
    status, facts = move()
    assert (status, told(facts)["rues"][2]) == (1, [("values", "nombre")])


def test_files_joined_to_the_lines_of_a_data_fair_come_as_files_of_the_rows(move, portal, client):
    far = FarDataFair(portal)
    schema = [
        {"key": "nom", "type": "string"},
        {"key": "attachmentPath", "type": "string", "x-refersTo": "http://schema.org/DigitalDocument"},
    ]
    own = "/data-fair/api/v1/datasets/photos"
    elsewhere = far.serve("/ailleurs/plan.txt", b"Un plan.")
    lines = [
        {"nom": "un", "attachmentPath": "l0/photo d’été.txt"},
        {"nom": "deux", "attachmentPath": "l1/photo d’été.txt"},
        {"nom": "trois", "attachmentPath": elsewhere},
        {"nom": "quatre", "attachmentPath": "l3/perdue.txt"},
        {"nom": "cinq", "attachmentPath": "../../autre/raw"},
        {"nom": "six"},
        {"nom": "sept", "attachmentPath": "l0/photo d’été.txt"},
    ]
    quoted = "photo d%E2%80%99%C3%A9t%C3%A9.txt".replace(" ", "%20")
    for rank in (0, 1):
        far.serve(f"{own}/attachments/l{rank}/{quoted}", f"Photo {rank}.".encode())
    far.json_at(f"{own}/attachments/l3/perdue.txt", lambda query, key: 404)
    far.add("photos", schema, lines)
    status, facts = move()
    cells = [row["attachmentpath"] for row in rows_here(client, "photos-slug")]
    names = [cell["filename"] if isinstance(cell, dict) else cell for cell in cells]
    assert names[0] == names[6] != names[1], "two files of one name are two, one file named twice is one"
    assert names[5] is None
    bodies = [client.get(cell["url"], follow=True).getvalue() for cell in cells[:3]]
    assert bodies == [b"Photo 0.", b"Photo 1.", b"Un plan."]
    assert Attachment.objects.count() == 3
    assert not [path for path in portal.asked if "autre" in path], (
        "a path that leads out of the dataset is asked of nobody"
    )
    (row,) = facts["report"]["datasets"]
    assert (status, row["state"]) == (1, "different")
    assert "restés là-bas : 1" in " ".join(row["reasons"])
    assert [(part["part"], part["name"]) for part in row["differences"]] == [("document", "fichiers des lignes")]
    requests = len([path for path in portal.asked if "/attachments/" in path])
    far.serve(f"{own}/attachments/l3/perdue.txt", b"Photo 3.")
    status, facts = move()
    assert (status, facts["report"]["datasets"][0]["state"]) == (0, "same")
    assert len([path for path in portal.asked if "/attachments/" in path]) == requests + 1, (
        "what came is not asked again"
    )
    far.tables["photos"] = [lines[2]]
    far.datasets[0] |= {"finalizedAt": "2026-02-01T00:00:00Z", "count": 1}
    move()
    assert Attachment.objects.count() == 1, "files that no line names any longer go"


def test_a_portal_is_recognised_and_one_that_is_none_says_what_it_answered(move, portal, capsys):
    FarDataFair(portal).add("lignes", SCHEMA, LINES)
    status, plan = move("--dry-run")
    assert (status, [(row["dataset_id"], row["rows"]) for row in plan["datasets"]]) == (0, [("lignes-slug", 8)])
    assert Source.objects.count() == 0
    portal.answers.clear()
    portal.answers["/api/explore/v2.1/catalog/datasets"] = lambda handler: handler.send_error(404)
    assert main(["move-in", portal.address, "--dry-run"]) == 2
    words = capsys.readouterr().err
    assert all(name in words for name in ("CKAN", "udata", "Data Fair", "Opendatasoft", "--kind"))


@pytest.mark.parametrize(
    "body", [b"[]", b'{"success": true, "result": 4}', b'{"id": "x", "tags": 4, "resources": 5, "metrics": []}']
)
def test_a_card_of_another_shape_is_an_error_of_the_house_or_an_empty_card(body, tmp_path):
    answer = tmp_path / "answer"
    answer.write_bytes(body)
    for reader in (package_card, udata_card, data_fair_card):
        try:
            card = reader(answer)
        except UnreadableFile:
            continue
        assert (card.words, card.documents, dict(card.usage)) == ((), (), {})


def test_a_table_without_a_row_is_told_and_its_file_attached(move, portal, client):
    far = FarCkan(portal)
    row = far.resource(far.add("attente"), "attente.csv", b"nom\n")
    far.table(row, [{"id": "nom", "type": "text"}], [])
    for _n in range(2):
        _status, facts = move()
        assert told(facts) == {"attente": ("same", None, [])}
    assert Attachment.objects.get().file.read() == b"nom\n"
    far.tables[row["id"]] = (far.tables[row["id"]][0], [{"nom": "Arceaux"}])
    row["last_modified"] = "2026-02-01T00:00:00"
    _status, facts = move()
    assert told(facts) == {"attente": ("same", [1, 1], [])}, "its rows come the day that it has some"
    far.tables[row["id"]] = (far.tables[row["id"]][0], [])
    row["last_modified"] = "2026-03-01T00:00:00"
    _status, facts = move()
    assert rows_here(client, "attente") == [{"nom": "Arceaux"}], "what came stays when an answer is empty"


def test_truths_of_a_datastore_are_compared_as_its_dump_writes_them(move, portal):
    far = FarCkan(portal)
    row = far.resource(far.add("ouvertures"), "ouvertures.csv", b"ouvert\ntrue\n")
    far.table(row, [{"id": "ouvert", "type": "bool"}], [{"ouvert": True}, {"ouvert": False}, {"ouvert": None}])
    far.json_at(f"/datastore/dump/{row['id']}", lambda query, key: b"_id,ouvert\n1,t\n2,f\n3,\n", kind="text/csv")
    status, facts = move()
    assert (status, told(facts)) == (0, {"ouvertures": ("same", [3, 3], [])})


def test_spaces_around_the_words_of_a_file_are_no_difference(move, portal):
    far = FarCkan(portal)
    body = "nom;valeur\n  Les Pyramides  ;  1,5 \n   ;2\nÉvry ;3\n".encode()
    far.resource(far.add("espaces"), "espaces.csv", body)
    status, facts = move()
    assert (status, told(facts)) == (0, {"espaces": ("same", [3, 3], [])})


def test_a_person_who_publishes_alone_on_a_udata_is_no_organisation_here(move, portal, tmp_path):
    far = FarUdata(portal)
    row = far.add("seule", organization=None, owner={"first_name": "Anne", "last_name": "Exemple"})
    far.resource(row, "villes.csv", VILLES.encode())
    words = tmp_path / "mots.csv"
    move("--dry-run", "--mapping", str(words))
    assert "Exemple" not in words.read_text()
    _status, facts = move()
    assert "Exemple" not in json.dumps(facts, ensure_ascii=False)
