"""``parvis rows push``: the rows of a file of any form, each taken or refused by its rank in the file."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from parvis.config.cli.arguments import build_parser
from parvis.config.cli.row_files import AT_ONCE, rows_of_file
from parvis.config.cli.rows import run
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.rowlog.services import laying
from parvis.hub.rowlog.services.streams import Choices, open_stream
from parvis.hub.rowlog.tests.conftest import COUNTERS, publish_table

pytestmark = pytest.mark.django_db


@pytest.fixture
def counters(home, monkeypatch):
    monkeypatch.setattr(laying.Layer, "wake", lambda self, dataset_id: None)
    dataset = publish_table(make_organisation("Voirie"), "boucles", COUNTERS)
    open_stream(OPERATOR, dataset, Choices(key=("code",)))
    return dataset


def rows_push(*words: str) -> int:
    return run(build_parser().parse_args(["rows", "push", "boucles", *words]))


def row_of(dataset, code: str) -> dict:
    laying.lay_new(dataset.pk)
    address = f'/api/explore/v2.1/catalog/datasets/boucles/records?where=code="{code}"'
    return Client().get(address, headers={"host": "localhost"}).json()["results"][0]


def test_what_a_file_tells_of_rows_is_changed_and_what_cannot_be_is_told_by_its_rank(counters, tmp_path, capsys):
    path = tmp_path / "passages.csv"
    many = "".join(f"N{n};{n}\n" for n in range(AT_ONCE))
    path.write_text(f"code;passages\nC001;500\n{many}C002;beaucoup\nC003\n", encoding="utf-8")
    before = row_of(counters, "C003")
    assert rows_push(str(path), "--operation", "merge", "--name", "nuit", "--json") == 1
    outcome = json.loads(capsys.readouterr().out)
    assert (outcome["put"], outcome["refused"]) == (AT_ONCE + 1, 2)
    assert [(row["row"], row["code"]) for row in outcome["refusals"]] == [
        (AT_ONCE + 2, "row-value"),
        (AT_ONCE + 3, "row-column"),
    ]
    changed = row_of(counters, "C001")
    assert (changed["passages"], changed["jour"], changed["lieu"]["lat"]) == (500, "2026-01-02", 48.6)
    assert row_of(counters, "C003") == before
    path.write_text("code;passages\nC001;501\n", encoding="utf-8")
    assert rows_push(str(path)) == 0
    assert "boucles : 1 ligne prise" in capsys.readouterr().out
    assert row_of(counters, "C001")["jour"] is None  # a whole row has nothing but what it tells


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '[{"code": "A"}, 3]'),
        ("a.jsonl", '{"code": "A"}\n\n3\n'),
        ("a.ndjson", '{"code": "A"}\n{"code"\n'),
        ("a.txt", '\ufeff"code",b\nA,1\nA,1,2\n'),
    ],
)
def test_each_form_of_file_gives_its_rows_and_what_is_none_where_it_stands(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    first, second = rows_of_file(str(path))
    assert first["code"] == "A"
    assert list(second) == ["?"]
