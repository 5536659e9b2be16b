"""No code knows which languages there are: what is told is written once, in French, and told by the catalogues."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "parvis"
LANGUAGES = {"fr", "en"}
PAIRED = re.compile(r"\w+_(fr|en)")
PLACEHOLDER = re.compile(r"\{\w+_(?:fr|en)\}")
IN_TEMPLATES = re.compile(r"LANGUAGE_CODE\s*[!=]=\s*[\"']|_(?:fr|en)\s*(?:\||\}\})")
EXCEPTIONS = {
    "core/calendars/formats/table.py": "columns of OpenAgenda’s exports (title_fr)",
    "core/errors.py": "the JSON of jobs has French and English, and so have rows of former versions",
    "core/odsql/calendar.py": "names of months and days in the languages of the Explore API, no language of the portal",
    "core/schemas/model.py": "the JSON of validation reports has French and English",
    "web/api/explore/dcat_terms.py": "codes of the European Union for the languages of data",
    "web/backoffice/messages.py": "languages that data may be in, as cards say",
}
"""Files that may name French or English, and why (decision 0067); this list only shrinks."""


def _pairs(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and text of what makes two languages of one: fields, details, keys and branches."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            for row in node.body:
                names = [row.target] if isinstance(row, ast.AnnAssign) else getattr(row, "targets", [])
                yield from (
                    (row.lineno, name.id) for name in names if isinstance(name, ast.Name) and _is_language(name.id)
                )
        elif isinstance(node, ast.keyword) and node.arg and _is_language(node.arg):
            yield node.value.lineno, f"{node.arg}="
        elif isinstance(node, ast.Name | ast.Attribute) and "is_french" in ast.unparse(node):
            yield node.lineno, "is_french"
        elif isinstance(node, ast.Dict):
            keys = {key.value for key in node.keys if isinstance(key, ast.Constant)}
            if keys >= LANGUAGES or any(isinstance(key, str) and PAIRED.fullmatch(key) for key in keys):
                yield node.lineno, f"a dictionary of {sorted(map(str, keys))[:4]}"
        elif isinstance(node, ast.Compare) and any(_names_language(part) for part in [node.left, *node.comparators]):
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("startswith"):
            if any(_names_language(argument) for argument in node.args):
                yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and PLACEHOLDER.search(node.value):
            yield node.lineno, node.value


def _is_language(name: str) -> bool:
    return name in LANGUAGES or PAIRED.fullmatch(name) is not None


def _names_language(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in LANGUAGES


def _found() -> dict[str, list[str]]:
    pairs_by_file: dict[str, list[str]] = {}
    for path in sorted(PACKAGE.rglob("*")):
        if {"tests", "migrations", "static", "node_modules"} & set(path.parts) or path.suffix not in {".py", ".html"}:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".py":
            pairs = [f"{line}: {what}" for line, what in _pairs(ast.parse(text))]
        else:
            pairs = [f"{text.count(chr(10), 0, pair.start()) + 1}: {pair[0]}" for pair in IN_TEMPLATES.finditer(text)]
        if pairs:
            pairs_by_file[str(path.relative_to(PACKAGE))] = pairs
    return pairs_by_file


def test_french_and_english_are_paired_nowhere_but_where_it_is_said():
    pairs_by_file = _found()
    assert {name: pairs for name, pairs in pairs_by_file.items() if name not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) - set(pairs_by_file) == set(), "an exception that serves no more"


@pytest.mark.parametrize(
    "code",
    [
        "class Row:\n    fr: str",
        "class Row:\n    label_en = ''",
        "Error(reason_fr='a')",
        "Error(en='a')",
        "title if is_french() else name",
        "title if formatting.is_french() else name",
        "a if language == 'fr' else b",
        "a if language.startswith('en') else b",
        "{'fr': 'a', 'en': 'b'}[language]",
        "{'message_en': 'b'}",
        "gettext_noop('Refusé : {reason_fr}.')",
    ],
)
def test_each_kind_of_pair_is_seen(code):
    assert list(_pairs(ast.parse(code)))


def test_what_is_told_by_the_catalogues_is_no_pair():
    code = "class Row:\n    label: str\nError(reason=Sentence('vide'))\na if language == SOURCE else b\n{'fr': 'a'}"
    assert list(_pairs(ast.parse(code))) == []
