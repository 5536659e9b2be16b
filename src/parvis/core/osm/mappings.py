"""How rows of a dataset say what OpenStreetMap says in tags: one mapping a theme, as data.

A mapping is written in TOML, shipped for usual themes (``themes/``), changed in the back office, and told to others in the four
parts that Osmose's merge analysers have: tags that are compared or always the same (``static1``, ``mapping1``), and those that
are written at creation alone (``static2``, ``mapping2``).
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from parvis.core.osm.errors import BadTheme
from parvis.core.osm.values import LONGEST_VALUE, ValueKind, is_nothing, tag_value
from parvis.core.text import fold
from parvis.core.translation import Sentence, gettext_noop

FOLDER = Path(__file__).parent / "themes"
OSM_IDENTIFIER = "@id"
"""In the place of a tag of reference: the row names the object itself (``node/123``)."""
FARTHEST = 2_000.0
"""Metres within which a same thing may be looked for: beyond, everything of a town would look alike."""
MOST_LINES = 60
LONGEST = 40_000
"""Characters of a mapping."""
_KEY = re.compile(r"[A-Za-z_][\w:.\-]{0,62}")


@dataclass(frozen=True, slots=True)
class TagRule:
    """A tag made of a column: the first of ``columns`` that the dataset has. ``values``: what cells say, folded, and the tag's word."""

    tag: str
    columns: tuple[str, ...]
    kind: ValueKind = ValueKind.TEXT
    values: Mapping[str, str] = field(default_factory=dict)
    factor: float = 1.0
    words: Mapping[str, str] = field(default_factory=dict)
    """For each of the tag's words, what a cell that says it is: the first of those in the mapping."""

    def cell(self, value: str) -> str:
        """What the column would be for a value of the tag; empty when the column has no word for it."""
        if value in self.words:
            return self.words[value]
        if self.kind is ValueKind.BOOLEAN:
            return {"yes": "true", "no": "false"}.get(value, "")
        if self.kind is ValueKind.CHOICE or self.values:
            return ""
        return tag_value(value, self.kind, {}, 1 / self.factor)

    def value(self, row: Mapping[str, str]) -> str:
        """What the tag would be for a row; empty when the row does not say."""
        column = next((name for name in self.columns if name in row), "")
        return tag_value(row[column], self.kind, self.values, self.factor) if column else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A theme: the objects it is about, what is compared, within what distance."""

    name: str
    title: str
    preset: str
    """The preset of the iD editor."""
    tags: Mapping[str, str]
    """What an object must have to be one; several values are separated by ``|``, the first is written at creation."""
    added: Mapping[str, str] = field(default_factory=dict)
    """Written at creation besides."""
    compared: tuple[TagRule, ...] = ()
    created: tuple[TagRule, ...] = ()
    """Tags made of columns at creation alone: OpenStreetMap is not corrected by them."""
    reference_tag: str = ""
    reference_columns: tuple[str, ...] = ()
    name_tag: str = "name"
    name_columns: tuple[str, ...] = ()
    distance: float = 50.0
    """Metres within which two things may be the same."""
    moved: float = 30.0
    """Metres beyond which the same thing is told to have moved."""
    one_per_reference: bool = False
    """Whether rows with the same reference are one thing (charging points of a station)."""
    creates: bool = True
    """Whether what is missing may be created as a point: a boundary may not."""
    trap: str = ""
    """What to beware of, in a sentence."""
    asked_by_streetcomplete: tuple[str, ...] = ()
    """Tags that the StreetComplete application asks for on the spot."""
    schema: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that may be read, each once."""
        rules = [name for rule in (*self.compared, *self.created) for name in rule.columns]
        return tuple(dict.fromkeys([*self.reference_columns, *self.name_columns, *rules]))

    @property
    def kinds(self) -> Mapping[str, ValueKind]:
        """How the values of each compared tag are compared."""
        own = {rule.tag: rule.kind for rule in self.compared}
        return own if self.reference_tag in ("", OSM_IDENTIFIER) else {self.reference_tag: ValueKind.LIST, **own}

    def fits(self, tags: Mapping[str, str]) -> bool:
        """Whether an object with these tags is one of the theme."""
        return all(
            key in tags and (values == "*" or tags[key] in values.split("|")) for key, values in self.tags.items()
        )

    def expected(self, row: Mapping[str, str]) -> dict[str, str]:
        """The compared tags that a row says."""
        return dict(self._values(self.compared, row))

    def new_tags(self, row: Mapping[str, str], compared: Mapping[str, str]) -> dict[str, str]:
        """The tags of an object made of a row that says ``compared``: those of the theme, then what the row says."""
        theme = {key: values.split("|")[0] for key, values in self.tags.items() if values != "*"}
        return {**dict(self._values(self.created, row)), **compared, **self.added, **theme}

    def reference(self, row: Mapping[str, str]) -> str:
        """The reference of a row as it is written; empty without."""
        text = next((row[name] for name in self.reference_columns if name in row), "").strip()
        return "" if is_nothing(text) else text[:LONGEST_VALUE]

    def name_of(self, row: Mapping[str, str]) -> str:
        """What a row is called; empty without."""
        text = next((row[name] for name in self.name_columns if row.get(name, "").strip()), "")
        return "" if is_nothing(text) else " ".join(text.split())[:LONGEST_VALUE]

    @staticmethod
    def _values(rules: Iterable[TagRule], row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        for rule in rules:
            if value := rule.value(row):
                yield rule.tag, value

    def for_columns(self, present: Iterable[str]) -> Theme:
        """The mapping as a dataset with those columns uses it: columns that it has not are left out, and rules without any."""
        has = set(present)

        def own(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name in names if name in has)

        def rules(those: tuple[TagRule, ...]) -> tuple[TagRule, ...]:
            return tuple(replace(rule, columns=own(rule.columns)) for rule in those if own(rule.columns))

        return replace(
            self,
            compared=rules(self.compared),
            created=rules(self.created),
            reference_columns=own(self.reference_columns),
            name_columns=own(self.name_columns),
        )


def read_mapping(text: str, name: str = "") -> Theme:
    """A mapping written in TOML; BadTheme says what is wrong with it."""
    _require(len(text) < LONGEST, gettext_noop("elle est trop longue"))
    try:
        facts = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits, brackets in brackets
        raise BadTheme(reason=Sentence("ce n’est pas du TOML ({detail})", {"detail": str(error)[:100]})) from error
    return mapping_of(facts, name)


def mapping_of(facts: Mapping[str, Any], name: str = "") -> Theme:
    """A mapping as its TOML says it; BadTheme."""
    reference, naming = (_table(facts, key) for key in ("reference", "naming"))
    mapping = Theme(
        name=name or _text(facts, "theme"),
        title=_text(facts, "title"),
        preset=_text(facts, "preset"),
        tags=_tags(facts, "tags"),
        added=_tags(facts, "added"),
        compared=_rules(facts, "compare"),
        created=_rules(facts, "create"),
        reference_tag=_text(reference, "tag"),
        reference_columns=_names(reference, "columns"),
        name_tag=_text(naming, "tag"),
        name_columns=_names(naming, "columns"),
        distance=_metres(facts, "distance", 50.0),
        moved=_metres(facts, "moved", 30.0),
        one_per_reference=facts.get("one_per_reference") is True,
        creates=facts.get("creates") is not False,
        trap=_text(facts, "trap"),
        asked_by_streetcomplete=_names(facts, "streetcomplete"),
        schema=_text(facts, "schema"),
    )
    _require(bool(mapping.tags), gettext_noop("il faut au moins une étiquette qui dise de quels objets il s’agit"))
    tags = [rule.tag for rule in (*mapping.compared, *mapping.created)]
    _require(len(tags) == len(set(tags)), gettext_noop("une étiquette y est deux fois"))
    _require(not set(tags) & set(mapping.tags), gettext_noop("une étiquette du thème ne peut pas venir d’une colonne"))
    _require(
        mapping.reference_tag in ("", OSM_IDENTIFIER) or bool(_KEY.fullmatch(mapping.reference_tag)),
        gettext_noop("l’étiquette de référence n’en est pas une"),
    )
    return mapping


@cache
def themes() -> Mapping[str, Theme]:
    """The mappings shipped, by name, in the order of their titles."""
    read = [read_mapping(path.read_text(encoding="utf-8"), path.stem) for path in sorted(FOLDER.glob("*.toml"))]
    return {mapping.name: mapping for mapping in sorted(read, key=lambda mapping: fold(mapping.title))}


def theme_text(name: str) -> str:
    """The TOML of a mapping that is shipped; BadTheme for another name."""
    if name not in themes():
        raise BadTheme(reason=Sentence("aucun thème ne s’appelle « {name} »", {"name": name[:40]}))
    return (FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def _require(condition: bool, reason: str) -> None:
    if not condition:
        raise BadTheme(reason=Sentence(reason))


def _table(facts: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    table = facts.get(key, {})
    _require(isinstance(table, dict), gettext_noop("une partie n’a pas la forme attendue"))
    return table if isinstance(table, dict) else {}


def _text(facts: Mapping[str, Any], key: str) -> str:
    text = facts.get(key, "")
    _require(isinstance(text, str) and len(text) <= 2_000, gettext_noop("une valeur n’est pas un texte"))
    return str(text)


def _names(facts: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = facts.get(key, [])
    _require(
        isinstance(names, list) and len(names) <= MOST_LINES and all(isinstance(name, str) for name in names),
        gettext_noop("une liste de colonnes n’en est pas une"),
    )
    return tuple(names)


def _tags(facts: Mapping[str, Any], key: str) -> dict[str, str]:
    table = _table(facts, key)
    _require(
        len(table) <= MOST_LINES
        and all(
            _KEY.fullmatch(tag) and isinstance(value, str) and 0 < len(value) <= LONGEST_VALUE
            for tag, value in table.items()
        ),
        gettext_noop("une étiquette est mal écrite"),
    )
    return dict(table)


def _metres(facts: Mapping[str, Any], key: str, usual: float) -> float:
    number = facts.get(key, usual)
    _require(
        isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number),
        gettext_noop("une distance n’est pas un nombre"),
    )
    _require(1 <= number <= FARTHEST, gettext_noop("une distance doit être entre 1 et 2 000 mètres"))
    return float(number)


def _rules(facts: Mapping[str, Any], key: str) -> tuple[TagRule, ...]:
    tables = facts.get(key, [])
    _require(
        isinstance(tables, list) and len(tables) <= MOST_LINES, gettext_noop("la liste des étiquettes n’en est pas une")
    )
    return tuple(_rule(table) for table in tables)


def _rule(table: object) -> TagRule:
    _require(isinstance(table, dict), gettext_noop("une étiquette comparée est mal écrite"))
    facts: Mapping[str, Any] = table if isinstance(table, dict) else {}
    tag, columns, kind = _text(facts, "tag"), _names(facts, "columns"), _text(facts, "kind") or "text"
    _require(bool(_KEY.fullmatch(tag)) and bool(columns), gettext_noop("une étiquette comparée est mal écrite"))
    _require(kind in list(ValueKind), gettext_noop("une étiquette comparée a une sorte inconnue"))
    values = _table(facts, "values")
    _require(
        all(isinstance(value, str) and len(value) <= LONGEST_VALUE for value in values.values()),
        gettext_noop("une valeur traduite n’est pas un texte"),
    )
    factor = facts.get("factor", 1.0)
    _require(isinstance(factor, int | float) and 0 < factor < 1e6, gettext_noop("une unité n’est pas un nombre"))
    words = {value: word for word, value in reversed(list(values.items()))}
    return TagRule(tag, columns, ValueKind(kind), {fold(word): v for word, v in values.items()}, float(factor), words)
