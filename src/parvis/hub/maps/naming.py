"""How the rows of a map are called: by their name, else by what they are and where; and territories by name, not by code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from parvis.core.charts.marks import TERRITORIES
from parvis.core.columns import Column, ColumnType
from parvis.core.versions.manifest import ColumnProfile
from parvis.hub.maps.rules import ABOUT_WORDS, CODE_WORDS, is_code, words_of
from parvis.hub.territories.codes import NAMED, territories_of_codes
from parvis.hub.ui.formatting import written

type Profile = Mapping[str, ColumnProfile]
type Names = Mapping[str, Mapping[str, str]]
"""By column, the name of the territory of each code that it holds."""

TITLE_WORDS = ("nom", "titre", "libelle", "intitule", "denomination", "name", "title", "label", "enseigne", "noms")
"""Words by which the column that names a row is known, best first."""
_WHAT_WORDS = [
    "type",
    "nature",
    "categorie",
    "genre",
    "espece",
    "essence",
    "mobilier",
    "objet",
    "domaine",
    "activite",
    "theme",
    "famille",
    "usage",
    "equipement",
    "service",
    "modele",
    "vehicule",
    "produit",
    "kind",
    "category",
]
"""Words of columns that tell what a row is, the most telling first."""
_WHERE_WORDS = [
    "adresse",
    "address",
    "voie",
    "rue",
    "lieu",
    "lieudit",
    "site",
    "emplacement",
    "localisation",
    "station",
    "arret",
    "quartier",
    "secteur",
    "commune",
    "communes",
    "ville",
    "localite",
    "city",
]
"""Words of columns that tell where it is, the most precise first."""
_PLACE_WORDS = {
    "com", "commune", "communes", "ville", "villes", "dep", "dept", "departement", "departements", "reg", "region", "epci", "pays",
    "voie", "rue",
}  # fmt: skip
"""Words of columns that name places that hold the rows: a name of theirs is a row's only when there is one a row."""
_STREET = {"voie", "rue"}
_NUMBERS = {"numero", "num", "numero_voie", "num_voie", "no_voie", "numero_de_voie"}
"""Names of the column of house numbers, which goes before the name of its street."""
_CODE = re.compile(r"[\w:/.+-]*\d[\w:/.+-]*")
_LONGEST = 80
"""Letters of a name; what is longer is a text about it."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What a row is called by: the values of ``title`` one after the other, else those of ``described`` that are filled."""

    title: tuple[Column, ...] = ()
    described: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All the columns that it needs."""
        return tuple({column.name: column for column in (*self.title, *self.described)}.values())

    @property
    def leading(self) -> Column | None:
        """The column whose value alone finds the row again; None when rows have no name."""
        return self.title[-1] if self.title else None


NAMELESS = Naming()
"""How rows are called of which nothing is known."""


def naming_of(columns: Sequence[Column], profile: Profile, rows: int) -> Naming:
    """How rows of these columns are called: no source, operator or identifier that many of them bear in common."""
    texts = [
        column for column in columns if column.type is ColumnType.TEXT and not column.annotations.get("multivalued")
    ]
    title = _title(texts, profile, rows)
    number = next((column for column in columns if column.name in _NUMBERS), None)
    street = next((column for column in texts if _STREET & words_of(column) and column.name not in _NUMBERS), None)
    if number is not None and street is not None and (title is None or _STREET & words_of(title)):
        return Naming((number, title or street), _described([one for one in texts if one is not street], profile))
    if title is None:
        return Naming((), _described(texts, profile) or _identifiers(texts, profile))
    return Naming((title,), _described([column for column in texts if column is not title], profile))


def with_name_first(columns: list[Column], profile: Profile, rows: int) -> tuple[list[Column], bool]:
    """The columns, led by the one that names a row, which stays in sight as the others pass; and whether the first one should.

    Another column keeps its first place only where it tells rows apart as well as the name does. Before a code that no name
    replaces come those that describe the rows, and all of them pass: it would hold the place of what can be read.
    """
    naming = naming_of(columns, profile, rows)
    first, name = columns[0], naming.leading
    if name is None and is_code(first):
        described = [column for column in naming.described if not is_code(column)]
        return [*described, *(column for column in columns if column not in described)], False
    if name is None or name is first:
        return columns, True
    if not is_code(first) and not _tells_less(profile, first, name):
        return columns, True
    return [name, *(column for column in columns if column is not name)], True


def row_name(naming: Naming, row: Mapping[str, Any], names: Names) -> str:
    """What a row is called; empty when nothing tells."""
    if naming.leading is not None and row.get(naming.leading.name) not in (None, ""):
        return " ".join(filter(None, (value_text(column, row.get(column.name), names) for column in naming.title)))
    texts = [value_text(column, row.get(column.name), names) for column in naming.described]
    return " · ".join(dict.fromkeys(text for text in texts if text))


def value_text(column: Column, value: object, names: Names) -> str:
    """A value as it is read: by its label, the name of a territory for its code."""
    return column.label_of(value) or names.get(column.name, {}).get(str(value)) or written(value, column)


def place_names(codes_by_column: Iterable[tuple[Column, Collection[str]]]) -> dict[str, dict[str, str]]:
    """The names of the territories of these codes, by column; codes of no territory are left out.

    A code of a former commune keeps its own beside the name of what it is part of now.
    """
    texts = {column.name: names_of_codes(column.kind, codes) for column, codes in codes_by_column}
    return {name: names for name, names in texts.items() if names}


def names_of_codes(kind: str, codes: Collection[str]) -> dict[str, str]:
    """The names of the territories of these codes of a kind of columns; codes of no territory are left out."""
    official = NAMED[kind][1]
    return {
        code: place.name if kind == "iris" or official(code) == place.code else f"{place.name} ({code})"
        for code, place in territories_of_codes(kind, codes).items()
    }


def names_territories(column: Column) -> bool:
    """Whether a column holds codes of territories, one a row."""
    return column.kind in NAMED and column.type is ColumnType.TEXT and not column.annotations.get("multivalued")


def label_of(column: Column, names: Names) -> str:
    """What a column is called: « Commune » for one of codes that are shown by their names."""
    if column.name not in names or column.kind == "iris":
        return column.label
    return TERRITORIES[NAMED[column.kind][0]].label(get_language() or "fr")


def _title(texts: Sequence[Column], profile: Profile, rows: int) -> Column | None:
    named = [
        column
        for column in texts
        if _title_rank(column) is not None and not column.kind and _is_varied(column, profile, rows)
    ]
    named = [column for column in named if not _PLACE_WORDS & words_of(column) or _is_one_a_row(column, profile)]
    most = max((_distinct(profile, column) for column in named), default=0)
    telling = [column for column in named if _distinct(profile, column) * 2 >= most]
    if telling:
        return min(telling, key=lambda column: (_title_rank(column), len(words_of(column))))
    free = [
        column
        for column in texts
        if not column.kind
        and not (CODE_WORDS | ABOUT_WORDS) & words_of(column)
        and (_is_one_a_row(column, profile) or _is_that_of_few(column, profile, rows))
    ]
    free = [column for column in free if not _are_codes(column, profile) and not _are_long(column, profile)]
    return max(free, key=lambda column: _distinct(profile, column), default=None)


def _described(texts: Sequence[Column], profile: Profile) -> tuple[Column, ...]:
    """What a row is, then where: a column each, the first that is told for nearly all rows and varies."""
    what = _first(_WHAT_WORDS, [column for column in texts if not column.kind], profile)
    where = _first(_WHERE_WORDS, [column for column in texts if column is not what], profile, kinds=("insee_commune",))
    return tuple(column for column in (what, where) if column is not None)


def _identifiers(texts: Sequence[Column], profile: Profile) -> tuple[Column, ...]:
    """The identifier that a person may read, of rows that nothing else tells apart."""
    codes = (column for column in texts if CODE_WORDS & words_of(column) and _is_one_a_row(column, profile))
    return tuple(column for column in codes if not _are_long(column, profile, 24))[:1]


def _first(
    words: Sequence[str], columns: Sequence[Column], profile: Profile, kinds: tuple[str, ...] = ()
) -> Column | None:
    for least in (0.9, 0.5):
        for word in (*words, *kinds):
            for column in columns:
                is_it = column.kind == word if word in kinds else word in words_of(column) and not column.kind
                is_code = not column.kind and (bool(CODE_WORDS & words_of(column)) or _are_codes(column, profile))
                if is_it and not is_code and _distinct(profile, column) > 1 and _filled(profile, column) >= least:
                    return column
    return None


def _tells_less(profile: Profile, first: Column, name: Column) -> bool:
    if first.name not in profile or name.name not in profile or first.type is not ColumnType.TEXT:
        return False
    return 2 * profile[first.name].distinct <= profile[name.name].distinct


def _title_rank(column: Column) -> int | None:
    words = words_of(column)
    return next((rank for rank, word in enumerate(TITLE_WORDS) if word in words), None)


def _is_varied(column: Column, profile: Profile, rows: int) -> bool:
    """Whether rows are told apart by it: one value is not that of half of them, and half of them at least have one."""
    column_profile = profile.get(column.name)
    if column_profile is None or not column_profile.top:
        return column_profile is None or column_profile.distinct > 0
    filled = max(rows - column_profile.nulls, 1)
    return column_profile.nulls * 2 <= rows and (filled < 4 or column_profile.top[0][1] * 2 <= filled)


def _is_one_a_row(column: Column, profile: Profile) -> bool:
    """Whether most of its values are those of one row."""
    column_profile = profile.get(column.name)
    if column_profile is None or column_profile.distinct < 2 or not column_profile.top:
        return False
    return column_profile.top[0][1] <= max(3, 0.05 * column_profile.distinct)


def _is_that_of_few(column: Column, profile: Profile, rows: int) -> bool:
    """Whether its values are those of two rows or less in the mean, and none is that of many: three polling stations of one school."""
    column_profile = profile.get(column.name)
    if column_profile is None or not column_profile.top:
        return False
    return column_profile.distinct * 2 >= rows and column_profile.top[0][1] * 20 <= rows


def _are_codes(column: Column, profile: Profile) -> bool:
    """Whether its values are codes: digits among no words, or a letter or two."""
    values = [value for value, _count in profile[column.name].top] if column.name in profile else []
    return sum(_CODE.fullmatch(value) is not None or len(value) < 3 for value in values) * 2 > len(values)


def _are_long(column: Column, profile: Profile, longest: int = _LONGEST) -> bool:
    values = [value for value, _count in profile[column.name].top] if column.name in profile else []
    return bool(values) and sum(map(len, values)) / len(values) > longest


def _distinct(profile: Profile, column: Column) -> int:
    return profile[column.name].distinct if column.name in profile else 0


def _filled(profile: Profile, column: Column) -> float:
    """The share of rows that have a value, as far as the most frequent ones tell."""
    column_profile = profile.get(column.name)
    if column_profile is None:
        return 0.0
    seen = sum(count for _value, count in column_profile.top) or column_profile.distinct
    return seen / max(seen + column_profile.nulls, 1)
