"""A whole portal moved in: exact rows, documents, files, identifiers; cut, taken up, moved again, and compared value by value."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import create_dataset, update_card
from parvis.hub.harvesting import items
from parvis.hub.harvesting.models import Item, Run, Source
from parvis.hub.harvesting.tests.catalogue_server import reply
from parvis.hub.harvesting.tests.far_portal import API, KEY, PNG, rows

PACKED = "« plan.dwg » est joint dans une archive ZIP"
HELD = "« plan.dwg » attend qu’on regarde ses données personnelles"


def served(client, name: str) -> list[dict]:
    """The rows as our own API gives them, in the order of their source."""
    text = client.get(f"{API}/{name}/exports/jsonl").getvalue().decode()
    return [json.loads(line) for line in text.splitlines()]


def differences(facts, name: str) -> list[tuple]:
    row = next(row for row in facts["report"]["datasets"] if row["there"] == name)
    return [(part["part"], part["name"], part["there"], part["here"]) for part in row["differences"]]


def test_a_portal_of_every_type_comes_whole_and_is_the_same_value_by_value(far, move, client):
    table = rows(7)
    table[0]["photo"], table[1]["photo"] = far.picture("tout", "f1"), far.picture("tout", "f2")
    row = far.add("tout", table, references="https://exemple.fr/a", keyword=["b", "a"])
    far.attach(row, "notice_txt", "notice.txt", b"Comment lire ce jeu.")
    far.attach(row, "plan_dwg", "plan.dwg", b"AC1027 un plan", kind="alternative_exports")
    far.add("vide", [])
    status, facts = move()
    assert [
        (r["there"], r["state"], r["rows"], r["differences"], r["reasons"]) for r in facts["report"]["datasets"]
    ] == [
        ("tout", "same", [7, 7], [], [PACKED, HELD]),
        ("vide", "same", [0, 0], [], []),
    ]
    assert status == 0
    here = Dataset.objects.get(dataset_id="tout")
    assert (here.uid, here.status, here.source_url, here.custom) == (
        row["dataset_uid"],
        Status.PUBLISHED,
        "https://exemple.fr/a",
        {"service": "Voirie"},
    )
    assert here.as_told["inspire"] == {"theme": "Transport networks"}
    renamed = {"photo": None, "forme": None}
    own_rows = served(client, "tout")
    assert [row | renamed for row in own_rows] == [row | renamed for row in table]
    shapes = [[row["forme"] and row["forme"]["geometry"] for row in some] for some in (own_rows, table)]
    assert shapes[0] == shapes[1]
    notice = client.get(f"{API}/tout/attachments/notice_txt")
    assert notice.getvalue().decode() == "Comment lire ce jeu.", "a link to a document leads to it still"
    pictures = [own["photo"]["url"] for own in own_rows if own["photo"]]
    assert len(pictures) == 2
    assert all(client.get(url, follow=True).getvalue().startswith(PNG[:4]) for url in pictures)
    assert client.get("/explore/dataset/tout/").status_code in (200, 302)
    usage = next(row["usage"] for row in facts["report"]["datasets"])
    assert usage == {"download_count": 12, "api_call_count": 345}
    assert any("filtres de lignes" in row["what"] for row in facts["report"]["out_of_reach"])


def test_a_move_killed_twice_goes_on_and_a_second_one_brings_differences_alone(far, move, monkeypatch):
    for n in range(6):
        far.add(f"j{n}", rows(3))
    real, deaths = items.create_dataset, iter([2, 3])
    left = [next(deaths)]

    def until_killed(*some, **more):
        if left[0] == 0:
            left[0] = next(deaths, 99)
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*some, **more)

    monkeypatch.setattr(items, "create_dataset", until_killed)
    for _n in range(2):
        assert move()[0] != 0
        Run.objects.filter(state="running").update(state="stopped")
    status, facts = move()
    assert (status, facts["counts"]["created"], Dataset.objects.count(), Item.objects.count()) == (0, 6, 6, 6)
    assert Run.objects.count() == 1
    here = Dataset.objects.get(dataset_id="j0")
    labels = {**here.fields, "nombre": {**here.fields["nombre"], "label": "Combien"}}
    update_card(OPERATOR, here, {"title": "Le titre d’ici", "fields": labels})
    row = far.portal.datasets[0]
    row["metas"]["default"] |= {
        "title": "Celui de là-bas",
        "keyword": ["neuf"],
        "data_processed": "2026-03-01T00:00:00+00:00",
    }
    row["fields"] = [{**part, "label": "Part en %"} if part["name"] == "part" else part for part in row["fields"]]
    far.tables["j0"] = rows(4)
    before = len(far.portal.asked)
    status, facts = move()
    exports = [path for path in far.portal.asked[before:] if "/exports/jsonl" in path]
    assert len(exports) == 1, "what the portal says unchanged is not asked for"
    here.refresh_from_db()
    assert (here.title, here.keywords, here.current.rows) == ("Le titre d’ici", ["neuf"], 4)
    assert (here.fields["nombre"]["label"], here.fields["part"]["label"]) == ("Combien", "Part en %")
    assert status == 1
    assert [part for part in differences(facts, "j0") if part[1] != "default.modified"] == [
        ("card", "default.title", "Celui de là-bas", "Le titre d’ici"),
        ("column", "nombre.label", "Nombre", "Combien"),
    ]


def test_what_changes_there_between_the_copy_and_the_comparison_is_told(far, move, town):
    far.add("j", rows(4), title="=cmd")
    fresh = far.portal.answers[f"{API}/j/exports/jsonl"]
    former = "".join(f"{json.dumps(row)}\n" for row in far.tables["j"]).encode()
    far.portal.answers[f"{API}/j/exports/jsonl"] = lambda handler: reply(handler, former)
    assert move()[0] == 0
    table = far.tables["j"] = rows(4)
    table[0]["code"], table[1]["code"] = table[1]["code"], table[0]["code"]
    status, facts = move()
    assert (status, [part[:2] for part in differences(facts, "j")]) == (1, [("values", "rows")]), (
        "each value, in another row"
    )
    table[0]["part"] = 5.5
    table[2]["code"] = "01001"
    parts = {part[:2]: part[2:] for part in differences(move()[1], "j")}
    assert parts.keys() == {("values", "part"), ("values", "code"), ("facet", "code = 01001")}
    assert parts["facet", "code = 01001"] == (2, 1)
    del table[3]
    facts = move()[1]
    assert ("rows", "", 3, 4) in differences(facts, "j")
    address, client = f"/admin/sources/lecture/{facts['run']}/rapport/", client_of(town.steward)
    page = client.get(address).content.decode()
    assert all(words in page for words in ("différent (1)", "nombre de lignes", "pages de Studio", "=cmd"))
    table_text = client.get(f"{address}?format=csv").content.decode()
    assert ";'=cmd;" in table_text, "a spreadsheet takes no title for a formula"
    assert client.get(f"{address}?format=json").json()["totals"]["different"] == 1
    assert client_of(town.other).get(address).status_code == 404
    far.portal.answers[f"{API}/j/exports/jsonl"] = fresh
    assert move()[0] == 0, "what was not the same is asked for again, though the portal tells of no change"


def test_an_identifier_that_is_taken_here_and_a_network_that_drops(far, move, town, settings):
    settings.PARVIS = {**settings.PARVIS}
    create_dataset(OPERATOR, town.organisation, "pris", {"title": "Le mien"})
    row = far.add("pris", rows(2), title="Le leur")
    far.attach(row, "a_txt", "a.txt", b"un document")
    dropped: list[str] = []

    def first_time(path: str) -> bool:
        dropped.append(path)
        return dropped.count(path) <= 2 and ("jsonl" in path or "attachments" in path)

    far.cut = first_time
    status, facts = move()
    assert (status, facts["report"]["datasets"][0]["state"]) == (1, "absent")
    status, facts = move()
    (told_row,) = facts["report"]["datasets"]
    assert (told_row["here"], told_row["rows"]) == ("le-leur", [2, 2])
    assert ("identifier", "dataset_id", "pris", "le-leur") in differences(facts, "pris")
    assert Attachment.objects.count() == 1, "a document that came once is not doubled"


def _badly(good: bytes, kind: str) -> bytes:
    match kind:
        case "cut in a line":
            return good[:-20]
        case "an error between rows":
            return good + b'{"error_code": "InternalError", "message": "boom"}\n'
    return b""


@pytest.mark.parametrize(("kind", "times"), [("cut in a line", 2), ("an error between rows", 1), ("nothing", 2)])
def test_rows_that_do_not_come_whole_are_asked_once_more_and_nothing_else_is_brought(far, move, kind, times):
    far.add("j", rows(5))
    good = "".join(f"{json.dumps(row)}\n" for row in rows(5)).encode()
    left = [times]

    def answer(handler) -> None:
        left[0] -= 1
        reply(handler, _badly(good, kind) if left[0] >= 0 else good)

    far.portal.answers[f"{API}/j/exports/jsonl"] = answer
    facts = move()[1]
    (row,) = facts["report"]["datasets"]
    if times == 1:
        assert (row["state"], row["rows"]) == ("same", [5, 5])
    else:
        assert (facts["counts"]["failed"], row["state"], Dataset.objects.get().current) == (1, "absent", None)
        assert move()[1]["report"]["datasets"][0]["rows"] == [5, 5], "and they come the next time"


def test_a_portal_that_asks_for_a_second_is_given_it(far, move):
    far.add("j", rows(2))
    left = [2]

    def answer(handler) -> None:
        left[0] -= 1
        if left[0] >= 0:
            reply(handler, b"{}", 429, Retry_After="1")
        else:
            handler.send_response(200)
            body = far.portal.catalogue(parse_qs(urlsplit(handler.path).query))
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)

    far.portal.answers[API] = answer
    assert (move()[0], left[0] < 0) == (0, True)


def test_a_portal_that_knows_csv_alone_gives_it(far, move, client):
    far.formats = {"csv"}
    table = [{**row, "forme": None, "mots": row["mots"] or None} for row in rows(6)]
    far.add("j", table)
    assert move()[1]["report"]["datasets"][0]["rows"] == [6, 6]
    assert [(row["nombre"], row["part"], row["jour"], row["lieu"]) for row in served(client, "j")] == [
        (row["nombre"], row["part"], row["jour"], row["lieu"]) for row in table
    ]


def test_a_value_that_is_none_of_its_type_keeps_no_other_from_coming_and_is_told(far, move, client):
    table = rows(6)
    table[0]["nombre"], table[1]["nombre"] = 2**63 - 1, -(2**63)
    table[2]["jour"] = "hier"
    far.add("j", table)
    facts = move()[1]
    assert differences(facts, "j") == [("column", "jour.type", "date", "text")]
    assert [(row["nombre"], row["jour"]) for row in served(client, "j")] == [
        (row["nombre"], row["jour"]) for row in table
    ]


def test_one_thing_that_no_card_can_say_takes_nothing_else_of_it_away(far, move):
    row = far.add("j", rows(2), attributions=["IGN"])
    row["metas"]["dcat"] |= {"temporal_coverage_start": "jamais", "creator": "SIG"}
    row["fields"] = [{**field, "type": "geo_thing"} if field["name"] == "chemin" else field for field in row["fields"]]
    assert {part[:2] for part in differences(move()[1], "j")} == {
        ("column", "chemin.type"),
        ("card", "dcat.temporal_coverage_start"),
    }
    here = Dataset.objects.get()
    assert (here.custom, here.as_told["dcat"]["creator"], here.fields["nombre"]["label"]) == (
        {"service": "Voirie"},
        "SIG",
        "Nombre",
    )


def test_what_is_closed_there_after_it_came_is_closed_here_and_its_date_is_theirs(far, move, client):
    row = far.add("j", rows(2))
    move()
    assert client.get(f"{API}/j").status_code == 200
    far.tables["j"] = rows(3)
    row["visibility"] = "restricted"
    row["metas"]["default"] |= {
        "modified": "2026-03-01T00:00:00+00:00",
        "data_processed": "2026-03-01T00:00:00+00:00",
    }
    facts = move()[1]
    assert (differences(facts, "j"), facts["report"]["datasets"][0]["rows"]) == ([], [3, 3])
    assert client.get(f"{API}/j").status_code == 404, "never more open here than there"
    assert Dataset.objects.get().as_told["default"]["modified"] == "2026-03-01T00:00:00+00:00"

    # One that a former version of the program left open, and one that somebody opens here.
    item = Item.objects.get()
    Dataset.objects.update(access=Access.PUBLIC)
    Item.objects.update(digest="", written={name: value for name, value in item.written.items() if name != "access"})
    move()
    assert Dataset.objects.get().access == Access.RESTRICTED
    Dataset.objects.update(access=Access.PUBLIC)  # by a written decision
    Item.objects.update(digest="")
    move()
    assert Dataset.objects.get().access == Access.PUBLIC


def test_private_datasets_come_with_a_key_and_are_no_wider_here(far, move, tmp_path, client):
    far.add("reserve", rows(2))["visibility"] = "restricted"
    far.add("ferme", rows(2))["data_visible"] = False
    far.secret.add("reserve")
    facts = move()[1]
    assert [row["state"] for row in facts["report"]["datasets"]] == ["absent", "absent"]
    key = tmp_path / "cle"
    key.write_text(KEY.removeprefix("Apikey ") + "\n")
    facts = move("--key-file", str(key))[1]
    states = {row["there"]: row["state"] for row in facts["report"]["datasets"]}
    assert states == {"reserve": "same", "ferme": "absent"}
    assert Dataset.objects.get(dataset_id="reserve").access == Access.RESTRICTED
    assert client.get(f"{API}/reserve").status_code == 404
    assert "cle-du-portail" not in json.dumps(facts)
    assert Source.objects.get().secrets


def test_what_has_its_internal_identifier_here_already_is_asked_about_and_not_doubled(far, move):
    far.add("parti", rows(2))
    here = create_dataset(
        OPERATOR, make_organisation("Voisine"), "chez-nous", {"title": "Parti d’ici"}, uid=far.uid_of("parti")
    )
    facts = move()[1]
    assert Dataset.objects.get() == here
    (row,) = facts["report"]["datasets"]
    assert row["outcome"] == "twin", row


THEMES = ["Mobilité douce", "Environnement et climat"]


def test_a_dry_run_writes_a_table_of_words_that_a_move_follows(far, move, tmp_path, town):
    far.add("budget-2024", rows(1), publisher="Ville d’Évry", license="Licence maison", theme=THEMES)
    far.add("autre", rows(1))
    table, report = tmp_path / "mots.csv", tmp_path / "rapport.csv"
    words = ("--mapping", str(table), "--only", "budget-*")
    status, plan = move(*words, "--dry-run")
    assert (status, Dataset.objects.count(), Source.objects.count()) == (0, 0, 0)
    assert [row["dataset_id"] for row in plan["datasets"] if not row["left"]] == ["budget-2024"]
    assert "organisation;Ville d’Évry;créer : Ville d’Évry;1" in table.read_text("utf-8-sig")
    assert "licence;Licence maison;;1" in table.read_text("utf-8-sig")
    assert "theme;Mobilité douce;;1" in table.read_text("utf-8-sig")
    assert "Environnement" not in table.read_text("utf-8-sig"), "a theme of ours asks for nothing"
    status, facts = move(*words, "--report", str(report))
    assert (status, [row["there"] for row in facts["report"]["datasets"]]) == (0, ["budget-2024"])
    assert Dataset.objects.get().organisation == Organisation.objects.get(name="Ville d’Évry")
    assert "budget-2024;budget-2024;Jeu budget-2024;same;rows;;1;1" in report.read_text("utf-8-sig")


def test_a_portal_that_knows_no_json_lines_gives_a_list(far, move):
    far.formats.remove("jsonl")
    far.add("liste", rows(3))
    status, facts = move()
    assert (status, facts["report"]["datasets"][0]["rows"], differences(facts, "liste")) == (0, [3, 3], [])
