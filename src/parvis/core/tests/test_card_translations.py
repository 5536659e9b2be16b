"""Translations of cards: their shape and bounds, what is missing or out of date, tables for a translator outside."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.card_translations import (
    BadTranslation,
    State,
    changed_by,
    checked,
    digest,
    parts_of,
    source_texts,
    spoken_fields,
    stamped,
    texts_of,
    with_texts,
)
from parvis.core.columns import LABELS, Column, ColumnType
from parvis.core.translation_tables import UnreadableTable, read_table, table_of

COLUMNS = [
    Column("code", "Code", ColumnType.TEXT, annotations={LABELS: {"O": "Oui", "a.b": "Autre. Chose"}}),
    Column("nom", "Nom", ColumnType.TEXT, "Le nom"),
]
CARD = {"title": "Arbres", "description": "<p>Un.</p>", "keywords": ["arbre", "parc"]}
SOURCES = source_texts(CARD, COLUMNS)


def test_every_text_of_a_card_has_a_path():
    assert SOURCES == {
        "title": "Arbres",
        "description": "<p>Un.</p>",
        "keywords": "arbre, parc",
        "fields.code.label": "Code",
        "fields.code.values.O": "Oui",
        "fields.code.values.a.b": "Autre. Chose",
        "fields.nom.label": "Nom",
        "fields.nom.description": "Le nom",
    }


@given(st.fixed_dictionaries({path: st.text("abé ;.À1-'", max_size=20) for path in SOURCES}))
def test_what_is_written_by_paths_is_read_by_paths(texts):
    entry = checked({"en": with_texts({}, texts, SOURCES)}).get("en", {})
    lines = {path: " ".join(text.split()) for path, text in texts.items() if text.strip()}
    words = texts_of(entry)
    for path in ("title", "fields.code.label", "fields.nom.label", "fields.nom.description"):
        assert words.get(path, "") == lines.get(path, "")
    assert checked({"en": entry}).get("en", {}) == entry
    assert set(entry.get("sources", {})) == set(words)


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_typed_is_kept_once_and_for_all(title, label):
    entry = checked({"en": with_texts({}, {"title": title, "fields.nom.label": label}, SOURCES)}).get("en", {})
    assert checked({"en": entry}).get("en", {}) == entry


def test_a_translation_is_out_of_date_once_its_source_changes_and_not_before():
    entry = with_texts({}, {"title": "Trees", "fields.nom.label": "Name"}, SOURCES)
    states = {part.path: part.state for part in parts_of(SOURCES, entry)}
    assert (states["title"], states["keywords"]) == (State.DONE, State.MISSING)
    changed = {**SOURCES, "title": "Arbres de la ville"}
    states = {part.path: part.state for part in parts_of(changed, entry)}
    assert (states["title"], states["fields.nom.label"]) == (State.STALE, State.DONE)
    confirmed = with_texts(entry, {"title": "Trees"}, changed)
    assert parts_of(changed, confirmed)[0].state is State.DONE
    assert parts_of(changed, stamped({"title": "Town trees"}, entry, changed))[0].state is State.DONE
    assert parts_of(changed, stamped({"title": "Trees"}, entry, changed))[0].state is State.STALE


def test_spaces_alone_make_no_other_text():
    assert digest("Un  texte\r\n") == digest("Un texte") != digest("un texte")


@pytest.mark.parametrize(
    "translations",
    [
        [],
        {"anglais": {"title": "x"}},
        {"en": "Trees"},
        {"en": {"title": 3}},
        {"en": {"title": "x" * 201}},
        {"en": {"keywords": "a, b"}},
        {"en": {"keywords": [str(n) for n in range(101)]}},
        {"en": {"fields": []}},
        {"en": {"fields": {"nom": {"unit": "m"}}}},
        {"en": {"licence": "x"}},
        {f"x{chr(97 + n % 26)}{chr(97 + n // 26)}": {"title": "x"} for n in range(25)},
    ],
)
def test_what_is_no_translation_is_refused_by_its_part(translations):
    with pytest.raises(BadTranslation):
        checked(translations)


def test_what_is_empty_is_not_kept_and_what_hides_is_taken_out():
    hostile = "Tr\u202eees\n"
    entries = checked({"EN": {"title": hostile, "keywords": [" ", "a", "a"]}, "de": {"title": " "}, "es": None})
    assert entries == {"en": {"title": "Trees", "keywords": ["a"]}}


def test_descriptions_are_cleaned_by_who_keeps_them():
    assert checked({"en": {"description": "<b>x"}}, lambda text: text.replace("<b>", ""))["en"]["description"] == "x"


def test_a_program_changes_what_it_names_and_nothing_else():
    before = {
        "en": {"title": "Trees", "fields": {"nom": {"label": "Name"}, "code": {"label": "Code"}}},
        "de": {"title": "B"},
    }
    change = {"en": {"description": "<p>x</p>", "fields": {"nom": {"label": None}, "code": None}}, "de": None}
    assert changed_by(before, change) == {"en": {"title": "Trees", "description": "<p>x</p>", "fields": {}}}


def test_labels_of_values_merge_one_by_one():
    fields = {"code": {"annotations": {"facet": True, LABELS: {"O": "Oui", "N": "Non"}}}}
    spoken = spoken_fields(fields, {"fields": {"code": {"label": "Code", LABELS: {"O": "Yes"}}}})
    assert spoken["code"]["annotations"] == {"facet": True, LABELS: {"O": "Yes", "N": "Non"}}
    assert fields["code"]["annotations"][LABELS]["O"] == "Oui"


def _table(tmp_path, text: str | bytes):
    path = tmp_path / "table"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_table(path, "table.csv")


def test_a_table_goes_out_and_comes_back_the_same(tmp_path):
    entry = with_texts({}, {"title": 'Trees "of"; the town', "description": "<p>One\ntwo</p>"}, SOURCES)
    text = table_of(parts_of(SOURCES, entry), lambda part: part.kind, lambda part, words: words)
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))
    assert [row["path"] for row in rows] == list(SOURCES)
    table = _table(tmp_path, text)
    assert table.faults == ()
    assert {line.path: line.target for line in table.lines if line.target} == texts_of({**entry, "keywords": []})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path, encoding, delimiter):
    body = delimiter.join(("path", "translation")) + "\r\n" + delimiter.join(("title", "Bäume")) + "\r\n"
    assert [(line.path, line.target) for line in _table(tmp_path, body.encode(encoding)).lines] == [("title", "Bäume")]


def test_bad_lines_are_told_by_their_number_and_the_others_are_read(tmp_path):
    table = _table(tmp_path, "path;translation\ntitle;Trees\n;x\n\ntitle;Again\nkeywords\n")
    assert [line.path for line in table.lines] == ["title"]
    assert [number for number, _reason in table.faults] == [3, 5, 6]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"a;b\n1;2\n",
        b"\x00\xff\xfe" * 100,
        b'path;translation\n"' + b"x" * 300_000,
        b"PK\x03\x04" + bytes(range(256)),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, body):
    with pytest.raises(UnreadableTable):
        _table(tmp_path, body)
