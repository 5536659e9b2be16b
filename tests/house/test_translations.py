"""French is written in the code; English must be complete."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "parvis"
TAG = re.compile(r"""\{%\s*(?:translate|trans)\s+(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')""")
BLOCK = re.compile(r"\{%\s*blocktranslate([^%]*)%\}(.*?)\{%\s*endblocktranslate\s*%\}", re.S)
CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "Sentence",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}


def _english() -> set[str]:
    texts: set[str] = set()
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                if message.id and message.string and all(_forms(message.string)):
                    texts.update(_forms(message.id))
    return texts


def _forms(text) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


def _in_templates():
    for path in PACKAGE.rglob("templates/**/*.html"):
        text = path.read_text(encoding="utf-8")
        for double, single in TAG.findall(text):
            yield path, (double or single).replace('\\"', '"')
        for options, body in BLOCK.findall(text):
            for part in re.split(r"\{%\s*plural\s*%\}", body):
                shown = re.sub(r"\{\{\s*(\w+)\s*\}\}", r"%(\1)s", part.replace("%", "%%"))  # as Django does
                yield path, re.sub(r"\s*\n\s*", " ", shown.strip()) if "trimmed" in options else shown


def _in_code():
    for path in PACKAGE.rglob("*.py"):
        if "tests" in path.parts or "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CALLS:
                name = node.func.id
                first = 1 if name.startswith("pgettext") else 0
                count = 2 if name.startswith("ngettext") else 1
                for argument in node.args[first : first + count]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield path, argument.value


def test_every_french_sentence_has_its_english():
    translated = _english()
    missing = sorted(
        {
            f"{path.relative_to(PACKAGE)}: {text}"
            for path, text in [*_in_templates(), *_in_code()]
            if text not in translated
        }
    )
    assert missing == []


FILLED = re.compile(r"%\((\w+)\)s")


def test_the_english_of_a_template_is_filled_with_what_its_french_names():
    """A name that the French has not is not given to the English, which Django then leaves out for the French."""
    in_templates = {text for _path, text in _in_templates()}
    astray = []
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                french, english = _forms(message.id), _forms(message.string)
                if french[0] in in_templates:
                    named = set(FILLED.findall(" ".join(french)))
                    astray += [text for text in english if set(FILLED.findall(text or "")) - named]
    assert astray == []


def test_what_is_counted_has_an_english_plural():
    """The same word translated alone elsewhere is not found by ``ngettext``: it shows in French."""
    counted, translated = set(), set()
    for path in PACKAGE.rglob("locale/en/LC_MESSAGES/django.po"):
        with path.open("rb") as stream:
            for message in read_po(stream):
                if message.pluralizable:
                    counted.add(message.id)
                    translated |= {message.id} if all(message.string) else set()
    assert counted - translated == set()
