"""Rows by ``/records``, where a portal gives no export: to the wall, beyond it by windows, and nothing that is not whole.

The portal beyond the wall is this one: its own API understands the conditions and counts the rows, as another implementation would.
"""

import csv
import io
import json
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.sources import explore_records
from parvis.core.sources.contract import Request
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.explore_records import first_page
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import services
from parvis.hub.harvesting.tests.far_portal import API, rows
from parvis.hub.jobs.worker import drain

WALL = 300


@pytest.fixture
def published(home, town):
    """A dataset of these rows, online here: its fields and its rows as the API tells them."""

    def publish(client, name: str, table: list[dict]) -> tuple[list[dict], list[dict]]:
        stream = io.StringIO()
        writer = csv.DictWriter(stream, list(table[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(table)
        body = stream.getvalue().encode()
        card = {"title": name, "description": "<p>.</p>", "licence": "lov2"}
        dataset = create_dataset(OPERATOR, town.organisation, name, card)
        deposit = services.open_deposit(OPERATOR, f"{name}.csv", len(body))
        services.append(OPERATOR, deposit, 0, io.BytesIO(body))
        services.run_import(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
        drain()
        fields = client.get(f"{API}/{name}").json()["fields"]
        lines = client.get(f"{API}/{name}/exports/jsonl").getvalue().decode().splitlines()
        assert len(lines) == len(table)
        return fields, [json.loads(line) for line in lines]

    return publish


def read(client, name: str, fields: list[dict], folder, *, again: bool = False, most: int = 300):
    """All rows as the dialect reads them of our API, whose wall is nearer than it is; and what was asked."""
    destination, questions = folder / f"rows-{again}.jsonl", []
    destination.write_bytes(b"")
    pending = [first_page(f"https://ici.exemple.fr{API}/{name}/records", fields, again=again)]
    while pending:
        request = pending.pop(0)
        parts = urlsplit(request.url)
        question = parse_qs(parts.query)
        questions.append(question)
        if "group_by" not in question:
            assert int(question["offset"][0]) + int(question["limit"][0]) <= WALL, "nothing is asked beyond the wall"
        response = client.get(f"{parts.path}?{parts.query}")
        assert response.status_code == 200, (parts.query, response.content)
        answer = folder / "answer"
        answer.write_bytes(response.content)
        # A state goes through JSON, as a run keeps it.
        request = Request(**json.loads(json.dumps({"url": request.url, "state": dict(request.state)})))
        pending += explore_records.ROWS.rows(answer, request, destination)
        assert len(questions) < most
    return [json.loads(line) for line in destination.read_text(encoding="utf-8").splitlines()], questions


def counted(table: list[dict]) -> Counter[str]:
    """Rows whatever their order."""
    return Counter(json.dumps(row, sort_keys=True) for row in table)


WAYS = {
    "by a number, with ties across the wall and holes": [
        {"n": "" if i % 13 == 0 else i // 40, "mot": f"mot {i}"} for i in range(1500)
    ],
    "more equal values than the wall, parted by the next field": [
        {"n": 7 if i < 1200 else i, "part": f"{i / 8:.3f}"} for i in range(1400)
    ],
    "by a day": [{"jour": f"{1800 + i // 12}-{1 + i % 12:02}-15", "mot": "même"} for i in range(1300)],
    "by negative and small numbers": [{"part": f"{(i - 500) / 1000:.4f}"} for i in range(1000)],
    "by a text alone, with quotes and holes": [
        {"mot": "" if i % 9 == 0 else f'a "b" \\ {i % 70}', "rien": "x"} for i in range(1100)
    ],
}


@pytest.mark.parametrize("name", WAYS)
def test_all_rows_come_past_the_wall_by_windows(name, published, client, tmp_path, monkeypatch):
    monkeypatch.setattr(explore_records, "WALL", WALL)
    fields, table = published(client, "loin", WAYS[name])
    lines, questions = read(client, "loin", fields, tmp_path)
    assert counted(lines) == counted(table)
    assert len(questions) < 4 * len(table) / explore_records.PAGE + 20, "no more is asked than is needed"
    lines_again, questions_again = read(client, "loin", fields, tmp_path, again=True)
    assert counted(lines_again) == counted(table)
    if len([row for row in fields if row["type"] in ("int", "date", "datetime", "double")]) > 1:
        assert questions[1] != questions_again[1], "what is compared is read in another order"


def test_rows_that_nothing_tells_apart_beyond_the_wall_do_not_come_by_halves(published, client, tmp_path, monkeypatch):
    monkeypatch.setattr(explore_records, "WALL", WALL)
    fields, _table = published(client, "pareil", [{"n": 1, "mot": "x"}] * 700)
    with pytest.raises(UnreadableAnswer, match="700 lignes de mêmes valeurs"):
        read(client, "pareil", fields, tmp_path)


def _page(results, total: int) -> bytes:
    return json.dumps({"results": results, "total_count": total}).encode()


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([_page([{"n": 1}] * 100, 150), _page([{"n": 1}] * 30, 150), _page([], 150)], "150 lignes annoncées, 130 lues"),
        ([_page([{"n": 1}] * 100, 150), _page([{"n": 1}] * 50, 160)], "150 lignes annoncées, 160 lues"),
        ([_page([{"n": 1}] * 100, 50)], "50 lignes annoncées, 100 lues"),
        ([b'{"error_code": "x"}'], "« results » et « total_count » sont attendus"),
        ([_page([1, 2], 2)], "« results » et « total_count » sont attendus"),
        ([_page([], 5_000_000)], "2000000 au plus"),
        (
            [
                _page([{"n": 1}] * 100, 20_000),
                _page([{"n": 5}] * 100, 20_000),
                _page([{"n": 4}] * 100, 20_000),
            ],
            "ne sont pas rangées par « n »",
        ),
        ([_page([{"n": 1}] * 100, 20_000), _page([{"n": {"x": 1}}] * 100, 20_000)], "ne sont pas rangées par « n »"),
    ],
)
def test_pages_that_contradict_themselves_bring_nothing(pages, reason, tmp_path):
    destination = tmp_path / "rows.jsonl"
    destination.write_bytes(b"")
    pending = [first_page("https://p.exemple.fr/records", [{"name": "n", "type": "int"}])]
    answer = tmp_path / "answer"
    with pytest.raises(UnreadableAnswer, match=reason):
        for body in pages:
            answer.write_bytes(body)
            pending += explore_records.ROWS.rows(answer, pending.pop(0), destination)


@pytest.mark.parametrize("status", [404, 403])
def test_a_portal_without_exports_comes_by_pages_and_is_compared_by_pages(status, far, move, client):
    far.formats, far.refusal = set(), status
    table = rows(250)
    far.add("pages", table)
    far.add("vide", [])
    result, facts = move()
    assert [(row["there"], row["state"], row["rows"]) for row in facts["report"]["datasets"]] == [
        ("pages", "same", [250, 250]),
        ("vide", "same", [0, 0]),
    ]
    assert result == 0
    assert "lues page par page" in facts["report"]["datasets"][0]["reasons"][0]
    lines = client.get(f"{API}/pages/exports/jsonl").getvalue().decode().splitlines()
    assert [json.loads(line)["nombre"] for line in lines] == [row["nombre"] for row in table]
    asked_for = [path for path in far.portal.asked if path.startswith(f"{API}/pages/exports/")]
    assert len(asked_for) <= (3 if status == 404 else 1) + 2, "a refusal is taken for an answer"


def test_a_portal_that_closes_its_rows_too_says_so_and_its_card_is_here(far, move):
    far.formats = set()
    far.add("ferme", rows(3))
    far.portal.answers[f"{API}/ferme/records"] = far.refusing(403)
    _result, facts = move()
    row = facts["report"]["datasets"][0]
    assert (row["state"], "refuse l’accès (réponse 403)" in " ".join(row["reasons"])) == ("absent", True)
