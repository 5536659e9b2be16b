"""Sentences in the reader's language, from the catalogues that the screens use too.

French is the language of the code: a sentence is its own key, marked with ``gettext_noop`` where it is written, and looked up
only where it is told. ``scripts/compile_translations.py`` puts every catalogue (``*/locale/<language>/LC_MESSAGES/django.po``) of
the package together into one file a language, read here with the standard library; Django reads the same ones for the screens.
A language more is a folder more: no code knows which there are.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from pathlib import Path
from string import Formatter
from typing import Self

SOURCE = "fr"
"""The language of the code, which needs no catalogue: what speaks French reads no file, even where none may be read."""

_FRENCH_SPACES = (
    ("« ", "«\u00a0"),
    (" »", "\u00a0»"),
    (" :", "\u00a0:"),
    (" ;", "\u202f;"),
    (" ?", "\u202f?"),
    (" !", "\u202f!"),
)
_FOLDER = Path(__file__).resolve().parents[1] / "locale"
_DOMAIN = "parvis"
_SPEC = re.compile(r"(?:\.\df)?")


def gettext_noop(message: str) -> str:
    """``message`` itself: marks a sentence for the catalogues where it is written rather than told."""
    return message


def ngettext_noop(singular: str, plural: str) -> tuple[str, str]:
    """Both forms of a sentence that counts, marked likewise, for ``translate_plural``."""
    return singular, plural


type Value = str | int | float | Sentence | None
"""What may fill a placeholder, and cross to another process or be stored."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence kept until its reader is known: ``message`` in French, the values of its named placeholders.

    A value that is a ``Sentence`` is told in the same language. ValueError for a placeholder that is more than a name and a number
    of decimals: sentences come back from children that read strangers' files, and ``{a:9999999999}`` would take all memory.
    """

    message: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for _text, name, spec, conversion in Formatter().parse(self.message) if self.values else ():
            if name is not None and (conversion or not name.isidentifier() or not _SPEC.fullmatch(spec or "")):
                raise ValueError(self.message[:200])

    def text(self, language: str) -> str:
        """It, in ``language``."""
        values = {
            name: value.text(language) if isinstance(value, Sentence) else value for name, value in self.values.items()
        }
        return translate(self.message, language, **values)

    def to_json(self) -> dict[str, object]:
        """It as it crosses to another process or is stored."""
        return {"sentence": self.message, "values": {name: _storable(value) for name, value in self.values.items()}}

    @classmethod
    def from_json(cls, document: object) -> Self | None:
        """What ``to_json`` wrote; None of anything else."""
        if not isinstance(document, Mapping) or set(document) != {"sentence", "values"}:
            return None
        message, values = document["sentence"], document["values"]
        if not isinstance(message, str) or not isinstance(values, Mapping):
            return None
        try:
            return cls(message, {str(name): cls.from_json(value) or value for name, value in values.items()})
        except ValueError:
            return None


def chained(message: str, parts: Sequence[str | Sentence]) -> str | Sentence:
    """``parts`` one after the other as ``message`` links two of them: « {types} ou {type} »; empty when there are none."""
    before, after = (name for _text, name, _spec, _conversion in Formatter().parse(message) if name)
    return reduce(lambda left, right: Sentence(message, {before: left, after: right}), parts) if parts else ""


def translate(message: str, language: str, **values: object) -> str:
    """``message`` in ``language`` (``en``, ``en-GB``), its named placeholders filled when values are given.

    A sentence that the language lacks stays French.
    """
    text = message if _is_source(language) or not message else _catalogue(primary(language)).gettext(message)
    return text.format_map(Values(values)) if values else text


def _storable(value: object) -> object:
    """A value of a sentence as JSON that any database takes: a stranger's file may be quoted, and PostgreSQL has no NUL."""
    if isinstance(value, Sentence):
        return value.to_json()
    return value.replace("\0", "") if isinstance(value, str) else value


def recorded(stored: object, language: str) -> str:
    """What was stored of a sentence, in ``language``: what ``to_json`` wrote, or texts by language, as rows held before."""
    sentence = Sentence.from_json(stored)
    if sentence is not None:
        return sentence.text(language)
    texts = stored if isinstance(stored, Mapping) else {}
    return str(texts.get(primary(language)) or texts.get(SOURCE) or "")


@cache
def typeset(message: str, language: str) -> str:
    """``message`` in ``language``: in French, with the non-breaking spaces that rows leave out to be easier to read."""
    text = translate(message, language)
    if text == message:
        for plain, joined in _FRENCH_SPACES:
            text = text.replace(plain, joined)
    return text


def quoted(text: object, language: str) -> str:
    """``text`` between the quotes of ``language``."""
    return translate(gettext_noop("«\u00a0{text}\u00a0»"), language, text=text)


def translate_plural(singular: str, plural: str, number: float, language: str, **values: object) -> str:
    """``singular`` or ``plural`` as ``number`` asks in ``language``; nought is singular in French."""
    if _is_source(language):
        text = singular if abs(number) < 2 else plural
    else:
        text = _catalogue(primary(language)).ngettext(singular, plural, int(number) if number == int(number) else 2)
    return text.format(**values) if values else text


def languages() -> tuple[str, ...]:
    """Codes of the languages in which everything can be told, the source first."""
    others = (folder.name for folder in _FOLDER.iterdir() if folder.is_dir() and folder.name != SOURCE)
    return (SOURCE, *sorted(others))


class Values(dict[str, object]):
    """What fills placeholders: one that is missing must never hide the sentence itself."""

    def __missing__(self, key: str) -> str:
        return "?"


def supported(language: str) -> str:
    """The language in which a reader of ``language`` is answered: the source where there is no catalogue."""
    code = primary(language)
    return code if code in languages() else SOURCE


def _is_source(language: str) -> bool:
    return primary(language) == SOURCE


def primary(language: str) -> str:
    """``en`` of ``en-GB``."""
    return language.replace("_", "-").split("-", 1)[0].lower()


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(_DOMAIN, _FOLDER, [language], fallback=True)
