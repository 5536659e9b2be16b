"""What a card says in other languages than its own: its shape, its bounds, what is missing and what is out of date. Pure.

A translation keeps a digest of the text that it was made of (``sources``), so that it is known to be old when that text changes. A
part of a card has a path: ``title``, ``description``, ``keywords``, ``fields.<name>.label``, ``fields.<name>.description``,
``fields.<name>.values.<value>``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any, ClassVar

from parvis.core.columns import LABELS, Column
from parvis.core.errors import DataError
from parvis.core.text import seen_text
from parvis.core.translation import Sentence, gettext_noop
from parvis.core.value_labels import LONGEST_LABEL, MOST_LABELS, bounded

MOST_LANGUAGES = 24
"""Languages that one card may be in."""
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_FIELD = 200, 50_000, 2_000
MOST_KEYWORDS, LONGEST_KEYWORD, MOST_FIELDS = 100, 100, 2_000
SOURCES = "sources"
"""Where a translation keeps the digests of the texts that it was made of, by path."""
RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})?")
_PARTS = ("title", "description", "keywords", "fields", SOURCES)
_FIELD_PARTS = ("label", "description", LABELS)

type Entry = dict[str, Any]
type Translations = dict[str, Entry]


class BadTranslation(DataError):
    """Something that is said to be a translation of a card is none."""

    code: ClassVar[str] = "translation-shape"
    sentence: ClassVar[str] = gettext_noop("Traduction « {language} », « {part} » : {reason}")


class State(StrEnum):
    """Where the translation of a text stands."""

    MISSING = "missing"
    STALE = "stale"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Part:
    """A text of a card, and what it is called in another language."""

    path: str
    source: str
    target: str
    state: State
    column: str = ""
    """The technical name of the column that it is about; empty for the card itself."""

    @property
    def kind(self) -> str:
        """``title``, ``description``, ``keywords``, ``label`` or ``value``."""
        kind = self.path.split(".", 3)[2] if self.column else self.path
        return "value" if kind == "values" else kind

    @property
    def value(self) -> str:
        """The value of the column whose label it is; empty for the others."""
        return self.path.split(".", 3)[3] if self.kind == "value" else ""


def digest(text: str) -> str:
    """What tells that a text is still the one that was translated, spaces aside."""
    return blake2b(" ".join(text.split()).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def checked(translations: Any, clean: Callable[[str], str] = str) -> Translations:
    """Translations as a card keeps them; ``clean`` makes the HTML of descriptions safe. BadTranslation for another shape.

    Texts that are empty are left out, and languages of which nothing remains.
    """
    if not isinstance(translations, Mapping):
        raise _bad("", "translations", gettext_noop("un objet par langue est attendu"))
    if len(translations) > MOST_LANGUAGES:
        raise _bad("", "translations", gettext_noop("{most} langues au plus."), most=MOST_LANGUAGES)
    entries = {}
    for name, entry in translations.items():
        language = str(name).strip().lower()
        if not _LANGUAGE.fullmatch(language):
            raise _bad(str(name)[:20], "", gettext_noop("le code n’est pas celui d’une langue"))
        if made := _entry(language, entry, clean):
            entries[language] = made
    return entries


def _entry(language: str, entry: Any, clean: Callable[[str], str]) -> Entry:
    if entry is None:
        return {}
    _object(language, "", entry, _PARTS)
    words: Entry = {
        "title": _line(language, "title", entry.get("title"), LONGEST_TITLE),
        "description": clean(_text(language, "description", entry.get("description"), LONGEST_DESCRIPTION)).strip(),
        "keywords": _keywords(language, entry.get("keywords")),
        "fields": _fields(language, entry.get("fields")),
    }
    words = {name: value for name, value in words.items() if value}
    if not words:
        return {}
    sources = entry.get(SOURCES) or {}
    _object(language, SOURCES, sources, None)
    translated = texts_of(words)
    marks = {path: str(mark)[:16] for path, mark in sources.items() if path in translated}
    return {**words, SOURCES: marks} if marks else words


def _fields(language: str, fields: Any) -> dict[str, Any]:
    if fields is None:
        return {}
    _object(language, "fields", fields, None)
    if len(fields) > MOST_FIELDS:
        raise _bad(language, "fields", gettext_noop("{most} colonnes au plus."), most=MOST_FIELDS)
    described = {}
    for name, entry in fields.items():
        path = f"fields.{name}"
        if entry is None:
            continue
        _object(language, path, entry, _FIELD_PARTS)
        labels = entry.get(LABELS)
        if labels is not None:
            _object(language, f"{path}.{LABELS}", labels, None)
        row = {
            "label": _line(language, f"{path}.label", entry.get("label"), LONGEST_TITLE),
            "description": _line(language, f"{path}.description", entry.get("description"), LONGEST_FIELD),
            LABELS: bounded(labels),
        }
        if row := {part: value for part, value in row.items() if value}:
            described[str(name)] = row
    return described


def _keywords(language: str, words: Any) -> list[str]:
    if words is None:
        return []
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise _bad(language, "keywords", gettext_noop("une liste de textes est attendue"))
    if len(words) > MOST_KEYWORDS:
        raise _bad(language, "keywords", gettext_noop("{most} mots-clés au plus."), most=MOST_KEYWORDS)
    lines = (_line(language, "keywords", word, LONGEST_KEYWORD) for word in words)
    return list(dict.fromkeys(line for line in lines if line))


def _object(language: str, part: str, value: Any, names: Iterable[str] | None) -> None:
    if not isinstance(value, Mapping):
        raise _bad(language, part, gettext_noop("un objet est attendu"))
    foreign = sorted(set(map(str, value)) - set(names)) if names is not None else []
    if foreign:
        raise _bad(language, part or foreign[0][:40], gettext_noop("« {name} » est inconnu"), name=foreign[0][:40])


def _text(language: str, part: str, value: Any, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise _bad(language, part, gettext_noop("un texte est attendu"))
    if len(value) > longest:
        raise _bad(language, part, gettext_noop("{most} caractères au plus."), most=longest)
    return value.replace("\0", "").strip()


def _line(language: str, part: str, value: Any, longest: int) -> str:
    return seen_text(_text(language, part, value, longest))


def _bad(language: str, part: str, reason: str, **values: Any) -> BadTranslation:
    return BadTranslation(language=language or "…", part=part, reason=Sentence(reason, values))


def source_texts(card: Mapping[str, Any], columns: Iterable[Column]) -> dict[str, str]:
    """What there is to translate of a card, by path, in the order in which it is read; ``columns`` are as it describes them."""
    fields = {column.name: column for column in columns if "." not in column.name}
    return texts_of(
        {
            "title": card["title"],
            "description": card["description"],
            "keywords": list(map(str, card["keywords"] or ())),
            "fields": {
                name: {"label": column.label, "description": column.description, LABELS: column.labels}
                for name, column in fields.items()
            },
        }
    )


def texts_of(entry: Mapping[str, Any]) -> dict[str, str]:
    """The texts of an entry that says something, by path; keywords between commas."""
    texts = {
        "title": entry.get("title") or "",
        "description": entry.get("description") or "",
        "keywords": ", ".join(entry.get("keywords") or ()),
    }
    for name, row in (entry.get("fields") or {}).items():
        texts[f"fields.{name}.label"] = row.get("label") or ""
        texts[f"fields.{name}.description"] = row.get("description") or ""
        labels = list((row.get(LABELS) or {}).items())[:MOST_LABELS]
        texts |= {f"fields.{name}.values.{value}": label for value, label in labels}
    return {path: text for path, text in texts.items() if text}


def parts_of(sources: Mapping[str, str], entry: Mapping[str, Any]) -> list[Part]:
    """Each text to translate with its translation, and whether it is still one of it."""
    translated, marks = texts_of(entry), entry.get(SOURCES) or {}
    return [
        Part(path, text, target := translated.get(path, ""), _state(text, target, marks.get(path)), _column_of(path))
        for path, text in sources.items()
    ]


def _state(source: str, target: str, mark: str | None) -> State:
    if not target:
        return State.MISSING
    return State.DONE if mark is None or mark == digest(source) else State.STALE


def _column_of(path: str) -> str:
    return path.split(".", 3)[1] if path.startswith("fields.") else ""


def with_texts(
    entry: Mapping[str, Any], texts: Mapping[str, str], sources: Mapping[str, str], *, confirmed: bool = True
) -> Entry:
    """The entry with these translations, by path; an empty one takes back what was said.

    What is written is marked as made of the present source (``confirmed``); what is left out keeps its mark.
    """
    merged, marks = texts_of(entry), dict(entry.get(SOURCES) or {})
    for path, text in texts.items():
        merged.pop(path, None)
        marks.pop(path, None)
        if text.strip():
            merged[path] = text
            if confirmed and path in sources:
                marks[path] = digest(sources[path])
    made: Entry = {"fields": {}}
    for path, text in merged.items():
        if not (column := _column_of(path)):
            words = [word.strip() for word in re.split(r"[,;\n]", text)]
            made[path] = [word for word in words if word] if path == "keywords" else text
            continue
        _fields_word, _name, kind, *value = path.split(".", 3)
        row = made["fields"].setdefault(column, {})
        if kind == "values":
            row.setdefault(LABELS, {})[value[0]] = text
        else:
            row[kind] = text
    return {**made, SOURCES: marks}


def stamped(entry: Mapping[str, Any], before: Mapping[str, Any], sources: Mapping[str, str]) -> Entry:
    """An entry that a program wrote, each text that is another than before marked as made of the present source."""
    marks = {**(before.get(SOURCES) or {}), **(entry.get(SOURCES) or {})}
    former, own = texts_of(before), entry.get(SOURCES) or {}
    for path, text in texts_of(entry).items():
        if path not in own and path in sources and text != former.get(path):
            marks[path] = digest(sources[path])
    return {**entry, SOURCES: marks}


def changed_by(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Translations after some changes: languages, parts and columns that are left out stay, null takes back what was said."""
    merged = dict(before)
    for language, change in changes.items():
        if change is None:
            merged.pop(language, None)
            continue
        entry = merged.get(language) or {}
        # What it was made of is told again: texts that stay keep their mark (``stamped``).
        parts = {name: part for name, part in {**entry, **change}.items() if name != SOURCES and part is not None}
        if isinstance(change.get("fields"), Mapping):
            parts["fields"] = _changed_fields(entry.get("fields") or {}, change["fields"])
        merged[language] = parts
    return merged


def _changed_fields(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    fields = {**before}
    for name, change in changes.items():
        row = {**(before.get(name) or {}), **(change or {})}
        fields[name] = {part: value for part, value in row.items() if value is not None} if change is not None else {}
    return {name: row for name, row in fields.items() if row}


def spoken_fields(fields: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    """What a card says of columns, in the words of the entry where it has some; labels of values merge one by one."""
    merged = {name: dict(row) for name, row in fields.items()}
    for name, words in (entry.get("fields") or {}).items():
        row = merged.setdefault(name, {})
        row |= {part: words[part] for part in ("label", "description") if words.get(part)}
        if words.get(LABELS):
            annotations = dict(row.get("annotations") or {})
            source = annotations.get(LABELS)
            annotations[LABELS] = {**(source if isinstance(source, Mapping) else {}), **words[LABELS]}
            row["annotations"] = annotations
    return merged


def longest_of(kind: str) -> int:
    """How long the translation of a kind of part may be."""
    lengths = {
        "title": LONGEST_TITLE,
        "description": LONGEST_DESCRIPTION,
        "value": LONGEST_LABEL,
        "label": LONGEST_TITLE,
    }
    return lengths.get(kind, MOST_KEYWORDS * LONGEST_KEYWORD)
