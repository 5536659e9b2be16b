"""``parvis export-all``: everything is read back without Parvis, and nothing that must stay leaves."""

from __future__ import annotations

import csv as csv_format
import errno
import io
import json
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import frictionless
import pytest
import rdflib
from django.core.files.base import File
from wagtail.models import Comment

from parvis.hub.accounts.factories import make_organisation, make_person
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.atlas.factories import make_map, make_trees
from parvis.hub.catalogue.attachments import add_attachment
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.selectors import card_of
from parvis.hub.catalogue.services import update_card
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.notifications.models import Webhook
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.models import ThemePage
from parvis.hub.records.rules import Status
from parvis.hub.registry import modules

ROWS = """code;nom;places;loyer;ouvert;le;vu;position
01234;Évry « la neuve »;12;1,5;vrai;2026-03-01;2026-03-01T10:20:30+01:00;"48.6, 2.4"
02345;=SOMME(A1);7;-0,25;faux;2025-12-31;2026-07-14T00:00:00+02:00;"48.7, 2.5"
00007;"deux
lignes; et ""des guillemets"" encore";0;;;;;
"""


WHEN = ("export.json", "SHA256SUMS")
"""Files of the export that tell when it was made."""


@pytest.fixture
def places(tmp_path, parvis) -> Dataset:
    """A dataset of every usual type, with a place, whose second version is online."""
    path = tmp_path / "Places.csv"
    path.write_text("code;nom;places\n1;a;2\n", encoding="utf-8")
    assert parvis("import", path, "--id", "places", "--text", "code").status == 0
    path.write_text(ROWS, encoding="utf-8")
    outcome = parvis("import", path, "--id", "places", "--text", "code")
    assert outcome.status == 0, outcome.err
    return Dataset.objects.get(dataset_id="places")


def exported(parvis, root: Path, *options: object) -> dict:
    outcome = parvis("export-all", root, "--json", *options)
    assert outcome.status == 0, (outcome.out, outcome.err)
    facts = outcome.facts
    assert facts["failures"] == []
    run = subprocess.run(
        ["sha256sum", "-c", "--quiet", "--strict", "SHA256SUMS"], cwd=root, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout
    return facts


def test_rows_read_by_other_tools_are_those_of_the_api(parvis, places, tmp_path):
    root = tmp_path / "out"
    exported(parvis, root)
    folder = root / "jeux" / "places"
    target = tmp_path / "rows.jsonl"
    assert parvis("export", "places", "--format", "jsonl", "-o", target).status == 0
    answered = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    with (folder / "donnees.csv").open(encoding="utf-8-sig", newline="") as stream:
        read_rows = list(csv_format.DictReader(stream, delimiter=";"))
    for name in ("code", "nom"):
        assert [row[name] for row in read_rows] == [row[name] for row in answered]
    assert [float(row["loyer"]) if row["loyer"] else None for row in read_rows] == [row["loyer"] for row in answered]
    assert [row["le"] or None for row in read_rows] == [row["le"] for row in answered]
    parquet = duckdb.sql(
        f"SELECT sum(places), sum(loyer), count(position), list(code) FROM '{folder}/donnees.parquet'"
    ).fetchone()
    assert parquet == (19, 1.25, 2, ["01234", "02345", "00007"])
    sheet = duckdb.sql(f"SELECT sum(places), count(*) FROM read_csv('{folder}/donnees.csv', delim=';')").fetchone()
    assert sheet == (19, 3)
    features = json.loads((folder / "donnees.geojson").read_text(encoding="utf-8"))["features"]
    assert features[0]["geometry"]["coordinates"] == [2.4, 48.6] and len(features) == 3
    assert (folder / "original" / "places.csv").read_text(encoding="utf-8") == ROWS
    assert [row["rows"] for row in json.loads((folder / "versions.json").read_text())] == [1, 3]


def test_the_data_package_holds_for_its_tools(parvis, places, tmp_path):
    exported(parvis, tmp_path / "out", "--formats", "csv,parquet")
    path = tmp_path / "out" / "jeux" / "places" / "datapackage.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    assert [row["path"] for row in facts["resources"]] == ["donnees.csv", "donnees.parquet"]
    fields = {row["name"]: row["type"] for row in facts["resources"][0]["schema"]["fields"]}
    assert fields == {
        "code": "string",
        "nom": "string",
        "places": "integer",
        "loyer": "number",
        "ouvert": "boolean",
        "le": "date",
        "vu": "datetime",
        "position": "string",
    }
    report = frictionless.Package(str(path)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])
    assert report.tasks[0].stats["rows"] == 3
    assert (report.tasks[1].name, report.tasks[1].type) == ("donnees-parquet", "file")


def test_months_and_years_are_told_as_they_are_written(parvis, tmp_path):
    path = tmp_path / "trains.csv"
    path.write_text(
        "mois;annee;jour;trains\n" + "".join(f"2024-{n:02};{1990 + n};2024-03-{n:02};{n}\n" for n in range(1, 13))
    )
    assert parvis("import", path, "--id", "trains").status == 0
    exported(parvis, tmp_path / "out", "--formats", "csv")
    package = frictionless.Package(str(tmp_path / "out" / "jeux" / "trains" / "datapackage.json"))
    types = {field.name: field.type for field in package.resources[0].schema.fields}
    assert (types["mois"], types["jour"], types["trains"]) == ("yearmonth", "date", "integer")
    report = package.validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "message"])


def test_hostile_names_and_long_values_are_read_back_by_other_tools(parvis, tmp_path):
    names = [
        "a/b",
        "..",
        "CON",
        "x" * 300,
        "\u202eabc",
        '"guill"',
        "=1+1",
        "<script>alert(1)</script>",
        "id",
        "ID ",
        "é" * 90,
    ]
    rows = [[f"{name[:9]}{rank}" for name in names] for rank in range(4)]
    rows[3][0] = ("é" + "z") * 500_000
    path = tmp_path / "con.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv_format.writer(stream, delimiter=";").writerows([names, *rows])
    title = 'CON / <script>alert("x")</script> \u202e =1+1 ' + "très long " * 12
    assert parvis("import", path, "--id", "con", "--title", title).status == 0
    root = tmp_path / "out"
    exported(parvis, root)
    folder = root / "jeux" / "_con"
    answered = [json.loads(line) for line in parvis("export", "con", "--format", "jsonl").out.splitlines()]
    assert [list(row.values()) for row in answered] == rows
    read_rows = duckdb.sql(
        f"FROM read_csv('{folder}/donnees.csv', delim=';', all_varchar=true, max_line_size=20000000)"
    ).fetchall()
    assert read_rows == duckdb.sql(f"FROM '{folder}/donnees.parquet'").fetchall()
    assert read_rows == [tuple(row.values()) for row in answered]
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["message"])
    for page in (root / "index.html", folder / "index.html"):
        assert "<script" not in page.read_text(encoding="utf-8")


def test_the_catalogue_is_a_graph_of_the_datasets(parvis, places, tmp_path):
    exported(parvis, tmp_path / "out")
    graph = rdflib.Graph().parse(tmp_path / "out" / "catalog.ttl")
    dcat, dct = rdflib.Namespace("http://www.w3.org/ns/dcat#"), rdflib.DCTERMS
    datasets = list(graph.subjects(rdflib.RDF.type, dcat.Dataset))
    assert [str(graph.value(node, dct.title)) for node in datasets] == [places.title]
    with (tmp_path / "out" / "catalogue.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["dataset_id"] for row in csv_format.DictReader(stream, delimiter=";")] == ["places"]


def test_a_folder_of_an_export_is_imported_as_the_same_dataset(parvis, places, tmp_path):
    update_card(
        OPERATOR, places, {"title": "Les places", "keywords": ["velo"], "fields": {"nom": {"label": "Nom du lieu"}}}
    )
    note = File(io.BytesIO(b"Places de l\xe2\x80\x99ann\xc3\xa9e."), "Notice 2026.txt")
    attachment = add_attachment(OPERATOR, places, "La notice", "Notice 2026.txt", note)
    exported(parvis, tmp_path / "out")
    folder = tmp_path / "out" / "jeux" / "places"
    before = tmp_path / "before.jsonl"
    assert parvis("export", "places", "--format", "jsonl", "-o", before).status == 0
    outcome = parvis("import", folder, "--id", "retour")
    assert outcome.status == 0, outcome.err
    after = tmp_path / "after.jsonl"
    assert parvis("export", "retour", "--format", "jsonl", "-o", after).status == 0
    assert after.read_text(encoding="utf-8") == before.read_text(encoding="utf-8")
    back = Dataset.objects.get(dataset_id="retour")
    assert (back.title, back.keywords, back.licence) == ("Les places", ["velo"], places.licence)
    assert back.fields["nom"]["label"] == "Nom du lieu"
    (document,) = back.attachments.all()
    assert (document.slug, document.title, document.sha256) == (attachment.slug, "La notice", attachment.sha256)


def test_a_whole_export_comes_back_and_nothing_is_more_in_sight_than_it_was(parvis, places, tmp_path, csv):
    for name, options in (("brouillon", ["--draft"]), ("interne", ["--access", "internal"]), ("ouvert", [])):
        assert parvis("import", csv, "--id", f"jeu-{name}", "--title", f"Le jeu {name}", *options).status == 0
    own = make_organisation("Ville d’Essai", slug="essai", siren="200059228")
    Dataset.objects.update(organisation=own)
    root = tmp_path / "out"
    exported(parvis, root)
    (root / "jeux" / "jeu-ouvert" / "donnees.csv").unlink()  # as of a dataset whose rows are elsewhere
    columns = ("dataset_id", "title", "status", "access", "organisation__slug", "organisation__siren")
    before = set(Dataset.objects.values_list(*columns))
    rows = {name: parvis("export", name, "--format", "jsonl").out for name in ("places", "jeu-interne")}
    Dataset.objects.update(current=None)
    Dataset.objects.all().delete()
    Organisation.objects.all().delete()
    outcome = parvis("import", root, "--json")
    assert outcome.status == 1
    by_place = {Path(row["file"]).name: row for row in outcome.facts["imports"]}
    assert by_place["jeu-ouvert"]["error"]["code"] == "folder-without-rows"
    after = set(Dataset.objects.values_list(*columns))
    assert after == {row for row in before if row[0] != "jeu-ouvert"}
    assert rows == {name: parvis("export", name, "--format", "jsonl").out for name in rows}


def test_what_a_card_says_for_inspire_in_languages_and_of_its_closing_comes_back(parvis, places, tmp_path):
    written = {
        "hvd": ["geospatial"],
        "inspire": {"scope": True, "themes": ["ad"], "topics": ["location"], "lineage": "Levé de 2025.", "scale": 5000},
        "access": "restricted",
        "closure": ["security"],
        "closure_note": "Captages d’eau potable.",
        "fields": {"nom": {"label": "Nom du lieu", "annotations": {"labels": {"a": "Première"}}}},
        "translations": {
            "en": {
                "title": "Places",
                "description": "<p>Where they are.</p>",
                "keywords": ["place"],
                "fields": {"nom": {"label": "Name", "description": "Of the place.", "labels": {"a": "First"}}},
            }
        },
    }
    update_card(OPERATOR, places, written)
    update_card(OPERATOR, places, {"title": "Les places de 2026"})  # its English title is of the former one
    exported(parvis, tmp_path / "out")
    outcome = parvis("import", tmp_path / "out" / "jeux" / "places", "--id", "retour")
    assert outcome.status == 0, outcome.err
    places.refresh_from_db()
    card, back = card_of(places), card_of(Dataset.objects.get(dataset_id="retour"))
    assert card["translations"]["en"]["sources"].keys() and card["inspire"] == written["inspire"]
    for name in written.keys() - {"fields"}:
        assert back[name] == card[name], name
    assert back["fields"]["nom"] == card["fields"]["nom"]
    assert "inspire" not in back["as_told"], "made again of the block, never kept beside it"


def test_a_second_run_writes_what_changed_alone(parvis, places, tmp_path, csv):
    root = tmp_path / "out"
    assert parvis("import", csv, "--id", "parking").status == 0
    exported(parvis, root)
    facts = exported(parvis, root)
    assert (facts["written"], facts["removed"]) == (0, 0)
    assert parvis("import", csv, "--id", "neuf").status == 0
    assert parvis("datasets", "delete", "parking").status == 0
    before = {path: path.stat().st_mtime_ns for path in (root / "jeux" / "places").rglob("*") if path.is_file()}
    facts = exported(parvis, root)
    assert sorted(path.name for path in (root / "jeux").iterdir()) == ["neuf", "places"]
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "jeux/parking" in [row["what"] for row in facts["left"]]


def test_former_versions_leave_with_their_rows_when_asked(parvis, places, tmp_path):
    exported(parvis, tmp_path / "out", "--versions")
    former = places.versions.exclude(pk=places.current_id).get()
    folder = tmp_path / "out" / "jeux" / "places" / "versions" / former.name
    assert (folder / "donnees.csv").read_text(encoding="utf-8-sig") == "code;nom;places\n1;a;2\n"
    assert (folder / "original" / "places.csv").read_text() == "code;nom;places\n1;a;2\n"


def test_a_public_export_has_nothing_that_anybody_may_not_see(parvis, places, tmp_path, csv):
    drafts = [
        ("brouillon", ["--draft"]),
        ("interne", ["--access", "internal"]),
        ("reserve", ["--access", "restricted"]),
    ]
    for name, options in drafts:
        path = tmp_path / f"{name}.csv"
        path.write_text(f"code;mot\n1;planque-{name}\n2;b\n", encoding="utf-8")
        assert parvis("import", path, "--id", f"jeu-{name}", *options).status == 0
    Dataset.objects.filter(pk=places.pk).update(original_withheld=True)
    make_theme_page(block("text", "<p>Des vélos.</p>"))
    public, whole = tmp_path / "public", tmp_path / "whole"
    exported(parvis, public, "--public-only")
    exported(parvis, whole)
    assert [path.name for path in (public / "jeux").iterdir()] == ["places"]
    assert not (public / "jeux" / "places" / "original").exists() and (whole / "jeux" / "places" / "original").exists()
    shown = b"".join(path.read_bytes() for path in public.rglob("*") if path.is_file())
    everything = b"".join(path.read_bytes() for path in whole.rglob("*.csv"))
    assert b"planque" not in shown and b"jeu-interne" not in shown
    assert all(f"planque-{name}".encode() in everything for name, _options in drafts)
    assert not (public / "journal").exists() and (whole / "journal" / "journal.csv").exists()


def test_what_editors_prepare_of_a_page_and_say_of_it_to_each_other_stays(db, parvis, tmp_path):
    page, person = make_theme_page(block("text", "<p>Des vélos.</p>")), make_person("redaction@example.org")
    Comment.objects.create(page=page, user=person, text="Le maire hésite encore", contentpath="title")
    page.title = "La gratuité, bientôt"
    page.save_revision()
    for options, drafts, comments in (
        (["--public-only"], False, False),
        ([], True, False),
        (["--with-people"], True, True),
    ):
        root = tmp_path / f"sortie{len(options)}{drafts}"
        exported(parvis, root, *options)
        content = b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file()).decode("utf-8", "replace")
        assert "Des vélos." in content
        assert ("La gratuité, bientôt" in content) == drafts
        assert ("Le maire hésite encore" in content) == comments


def test_charts_and_maps_leave_in_a_public_export_as_the_api_tells_strangers_of_them(db, client, parvis, tmp_path):
    stands, closed = make_stands(), make_stands(dataset_id="coffres", title="Coffres", access="internal")
    make_chart(stands), make_chart(closed, title="Planque de coffres")
    make_chart(stands, title="Planque en brouillon", status=Status.DRAFT)
    trees = make_trees()
    make_map(trees), make_map(trees, title="Planque de carte", status=Status.DRAFT)
    root = tmp_path / "out"
    exported(parvis, root, "--public-only")
    for noun, path in (("charts", "graphiques/graphiques"), ("maps", "cartes/cartes")):
        listed = json.loads(client.get(f"/api/parvis/v1/{noun}").content)["results"]
        shown = [json.loads(client.get(f"/api/parvis/v1/{noun}/{row['slug']}").content) for row in listed]
        leaving = {row["slug"]: row for row in json.loads((root / f"{path}.json").read_text(encoding="utf-8"))}
        assert leaving.keys() == {row["slug"] for row in shown} and len(shown) == 1
        for row in shown:
            own = leaving[row["slug"]]
            assert {**own["description"], "title": own["title"]} == row["description"]
            assert own["title"] == row["title"]
    assert not [path for path in root.rglob("*") if path.is_file() and b"Planque" in path.read_bytes()]


def test_a_page_is_made_again_when_what_it_shows_changed_and_only_then(parvis, places, tmp_path, monkeypatch):
    drawn, serve = [], ThemePage.serve
    monkeypatch.setattr(
        ThemePage, "serve", lambda self, *words, **more: (drawn.append(self.slug), serve(self, *words, **more))[1]
    )
    make_theme_page(block("text", "<p>Des mots.</p>", "b1"), slug="mots", title="Mots")
    page = make_theme_page(
        block("text", "<p>Des vélos.</p>", "b1"),
        block("chart", {"dataset": "places", "grouping": "ouvert"}, "b2"),
    )
    root = tmp_path / "out"
    exported(parvis, root)
    assert sorted(drawn) == ["mots", "velo"]
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".parvis" not in path.parts}
    facts = exported(parvis, root)
    assert sorted(drawn) == ["mots", "velo"] and (facts["written"], facts["removed"], facts["pages"]) == (0, 0, 2)
    assert list((root / "medias" / "dessins").iterdir())
    assert all(path.read_bytes() == content for path, content in before.items() if path.name not in WHEN)
    other = tmp_path / "Places.csv"
    other.write_text("code;nom;places;ouvert\n1;a;2;vrai\n2;b;3;vrai\n", encoding="utf-8")
    assert parvis("import", other, "--id", "places", "--text", "code").status == 0
    drawn.clear()
    exported(parvis, root)
    assert drawn == ["velo"]
    drawn.clear()
    next((root / "medias" / "dessins").iterdir()).unlink()
    facts = exported(parvis, root)
    assert drawn == ["velo"] and facts["written"] == 1
    (root / "pages" / "localhost" / "velo.html").write_text("touched")
    page.title = "Le vélo"
    page.save_revision().publish()
    drawn.clear()
    exported(parvis, root)
    assert "Le vélo" in (root / "pages" / "localhost" / "velo.html").read_text(encoding="utf-8")
    fresh = tmp_path / "fresh"
    exported(parvis, fresh)
    for path in fresh.rglob("*"):
        if path.is_file() and path.name not in WHEN and ".parvis" not in path.parts:
            assert (root / path.relative_to(fresh)).read_bytes() == path.read_bytes(), path
    assert {path.relative_to(root) for path in root.rglob("*")} == {
        path.relative_to(fresh) for path in fresh.rglob("*")
    }


def test_people_leave_when_asked_and_secrets_never(parvis, places, tmp_path):
    person = make_person("jeanne.martin@example.org", "mot de passe de Jeanne 91")
    organisation = make_organisation("Ville d’essai")
    assert (
        parvis("user", "add", "paul@example.org", "--organisation", organisation.slug, "--name", "Paul Personne").status
        == 0
    )
    address = "https://moi:cachotterie@example.org/appel?cle=cachotterie"
    Webhook.objects.create(organisation=organisation, name="essai", url=address, secret="cachotterie")
    for name, options in (("sans", ()), ("avec", ("--with-people",))):
        exported(parvis, tmp_path / name, *options)
        content = b"".join(path.read_bytes() for path in (tmp_path / name).rglob("*") if path.is_file())
        assert (b"jeanne.martin@example.org" in content) == (name == "avec")
        assert (b"paul@example.org" in content) == (name == "avec")
        assert (b"https://example.org/appel" in content) and b"cachotterie" not in content
        assert person.password.encode() not in content


def test_only_the_datasets_that_patterns_name_leave(parvis, places, tmp_path, csv):
    assert parvis("import", csv, "--id", "parking").status == 0
    exported(parvis, tmp_path / "out", "--only", "pla*", "--only", "park*", "--except", "*king")
    assert [path.name for path in (tmp_path / "out" / "jeux").iterdir()] == ["places"]
    outcome = parvis("export-all", tmp_path / "none", "--only", "rien-*", "--json")
    assert outcome.status == 1 and outcome.facts["error"]["code"] == "export-nothing"
    assert not (tmp_path / "none").exists()


def test_wrong_words_write_nothing(parvis, places, tmp_path):
    outcome = parvis("export-all", tmp_path / "out", "--formats", "csv,xls", "--json")
    assert outcome.status == 1 and outcome.facts["error"]["code"] == "export-formats"
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "a.txt").write_text("a")
    outcome = parvis("export-all", tmp_path / "taken")
    assert outcome.status == 1 and "n’est pas vide" in outcome.err
    assert not (tmp_path / "out").exists() and [path.name for path in (tmp_path / "taken").iterdir()] == ["a.txt"]


def test_a_dataset_whose_files_are_lost_is_told_and_the_others_leave(parvis, places, tmp_path, csv):
    assert parvis("import", csv, "--id", "parking").status == 0
    root = tmp_path / "out"
    exported(parvis, root)
    former = (root / "jeux" / "parking" / "donnees.csv").read_bytes()
    lost = Dataset.objects.get(dataset_id="parking")
    Dataset.objects.filter(pk=lost.pk).update(uid="da_lost01")
    outcome = parvis("export-all", root, "--json")
    assert outcome.status == 1
    assert [row["what"] for row in outcome.facts["failures"]] == ["jeux/parking"]
    assert (root / "jeux" / "places" / "donnees.csv").exists()
    assert (root / "jeux" / "parking" / "donnees.csv").read_bytes() == former


def test_a_disk_that_fills_up_stops_the_command_which_then_goes_on(parvis, places, tmp_path, csv, monkeypatch):
    assert parvis("import", csv, "--id", "parking").status == 0
    root = tmp_path / "out"

    def full(*_all, **_more):
        yield b"half"
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("parvis.hub.departure.datasets.export", full)
        outcome = parvis("export-all", root, "--json")
    assert outcome.status == 2 and outcome.facts["error"]["code"] == "export-disk-full"
    assert not list(root.rglob("donnees.*")) and not (root / "SHA256SUMS").exists()
    assert exported(parvis, root)["datasets"] == 2


def test_every_room_that_keeps_records_has_its_place(parvis, places, tmp_path):
    exported(parvis, tmp_path / "out")
    for module in modules():
        for table in module.carried:
            assert (tmp_path / "out" / f"{table.name}.csv").exists() or table.is_of_people, table.name


@pytest.mark.browser
def test_it_is_browsed_from_the_disk_and_every_link_leads_to_a_file(parvis, places, tmp_path, chromium, axe):
    words = '<p>Des vélos, <a href="/explore/dataset/places/">et leurs places</a>.</p>'
    chart = block("chart", {"dataset": "places", "grouping": "ouvert"})
    make_theme_page(block("text", words), chart)
    root = tmp_path / "out"
    exported(parvis, root)
    context = chromium.new_context(
        viewport={"width": 360, "height": 800}, color_scheme="dark", java_script_enabled=True
    )
    page, addresses_asked, ways = context.new_page(), [], [root / "index.html"]
    page.on("request", lambda request: addresses_asked.append(request.url))
    seen, drawn = set(), []
    while ways:
        path = ways.pop()
        if path in seen or path.suffix != ".html":
            continue
        seen.add(path)
        page.goto(path.as_uri())
        assert axe(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        for href in page.eval_on_selector_all("a[href], link[href]", "all => all.map(one => one.href)"):
            parts = urlsplit(href)
            if parts.scheme == "file":
                target = Path(unquote(parts.path))
                assert target.is_file(), (path, href)
                ways.append(target)
        drawn += page.eval_on_selector_all("img", "all => all.map(one => one.complete && one.naturalWidth > 0)")
    assert {path.relative_to(root).parts[0] for path in seen} == {"index.html", "jeux", "pages"}
    assert drawn and all(drawn)
    assert all(url.startswith(("file:", "data:")) for url in addresses_asked)
    context.close()
