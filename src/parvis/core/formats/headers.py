"""Which row of a table holds the headers: titles above, technical names below, or none at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum, auto
from itertools import pairwise

from parvis.core.text import fold

SEARCHED = 50
"""Rows looked at for a header."""
LONGEST_FACTS = 20
"""Rows among which an empty line may part facts about the table from the table."""
COMPARED = 300
"""Rows below it that it is compared with."""
FORMED = 60
"""Values of a column whose form is looked at."""
_NUMBER = re.compile(r"[-+−]?\s*\d[\d\s\u00a0\u202f.,/:%€-]*")
_PERIOD = re.compile(
    r"\s*((18|19|20|21)\d\d([-/_ ](\d{1,4}))?([-/]\d{1,2})?(T[\d:.]+)?|\d{4}-\d\d-\d\d|\d{1,2}/(\d{1,2}/)?\d{2,4})\s*"
)
"""Years and dates: good headers above numbers."""
_TECHNICAL = re.compile(r"[^\W\d]\w*")
_STEP = re.compile(r"[^\W\d]{0,12}[ _]?(\d{1,6})(?:\s*(?:-|–|à|/)\s*\d{1,6})?\s*[%h]?(?:\s*(?:-|–|à)\s*\d{1,2}h)?$")
"""A step of a scale: 12, 0-14, 25 %, 8h-9h, Q3."""
_BLANKS = "\ufeff\u00a0\u202f \t\r\n"
_NUMERIC = "9"
_LONGEST_CODE = 40
_LONGEST_UNIT = 12
_WIDE, _GROUPING = 8, 4
"""A row that names so many columns, so many for each group above it."""
_SHORT, _FEW_CODES, _MANY_CODES = 2, 3, 20
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d+")
_ALONE = re.compile(r"\d{5,}|[^@\s]+@[^@\s]+\.\w+|https?://\S+")
"""What no header is, even when nothing stands below it: long numbers, mail and web addresses."""
_FORMS = (
    (_NUMERIC, re.compile(r"[-+−]?\d{1,3}([ \u00a0\u202f]\d{3})+([.,]\d+)?|[-+−]?\d*[.,]?\d+([eE][-+]?\d+)?")),
    ("@", re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    ("://", re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)),
    ("POINT", re.compile(r"(multi)?(point|linestring|polygon)\s*z?\s*\(.*\)", re.IGNORECASE | re.DOTALL)),
    ("{}", re.compile(r"\{.*\}|\[.*\]", re.DOTALL)),
    ("uuid", re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)),
    ("hash", re.compile(r"(?=[a-f]*\d)(?=\d*[a-f])([0-9a-f]{2}){5,}", re.IGNORECASE)),
    ("9 9", re.compile(r"[-+−(]?\d[\d\s\u00a0\u202f.,/:%€()-]*")),
)
"""Ways to write values that words have not, the first that fits."""
_TYPE = re.compile(
    r"(?:champ |type )?(?:texte?|string|(?:var)?char\w*|nombre|numeri(?:que|c)|entier|int(?:eger)?|bigint|float|double|reel|decimal|date(?:time| heure)?"
    r"|timestamp|bool(?:een|ean)?|binaire|liste(?: deroulante)?|geo_?(?:point|shape)(?:_2d)?|geometr(?:ie|y))\b"
)
"""How a word that says the type of a column begins, folded: « Champ texte », « integer », « Liste déroulante »."""
_TYPED = 3
"""Columns whose type a row says, at least."""
_MISSING = frozenset(
    {"na", "n/a", "nd", "n.d.", "n.d", "nc", "n.c.", "ns", "null", "none", "nan", r"\n", "-", "--", "s.o.", "inconnu"}
)
"""Ways to write that there is no value."""
_NAMES = frozenset(
    word
    for words in (
        "id ident identifiant code codes nom name noms prenom prenoms libelle lib label intitule titre title objet",
        "type nature categorie statut etat adresse adr rue voie numero num commune communes ville departement dep",
        "region pays cp latitude lat longitude lon lng long date annee year mois jour heure montant prix total",
        "valeur value quantite nombre nb effectif population pop insee siret siren description commentaire remarque",
        "observation observations note telephone tel courriel email mail url site lien source theme secteur quartier",
        "organisme association beneficiaire titulaire service sexe age",
    )
    for word in words.split()
)
"""What columns are called so often that a cell which says it names one."""


@dataclass(frozen=True, slots=True)
class HeaderGroups:
    """Groups written above the labels of columns: what was done of them, and a column under both readings.

    ``reading`` is ``join``, ``drop``, or ``some`` when those that say nothing more are left out.
    """

    reading: str
    joined: str
    label: str

    def to_dict(self) -> dict[str, str]:
        """As a report of a reading tells it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class HeaderChoice:
    """Ranks of rows: the header (None when there is none), those above it that are not data, and a second header if any."""

    header: int | None
    preamble: tuple[int, ...] = ()
    second: int | None = None
    groups: HeaderGroups | None = None

    @property
    def first_data(self) -> int:
        """Rank of the first row of data."""
        if self.second is not None:
            return self.second + 1
        return 0 if self.header is None else self.header + 1


def choose_header(rows: Sequence[Sequence[str]], width: int) -> HeaderChoice:
    """The header among the first rows of a table whose usual row has ``width`` cells; lines that begin by # are comments, but for one."""
    comments = _comments(rows)
    if comments and (choice := choose_header(rows[comments:], width)).header is not None:
        second = None if choice.second is None else choice.second + comments
        skipped = (*range(comments), *(rank + comments for rank in choice.preamble))
        return HeaderChoice(choice.header + comments, skipped, second)
    start = _below_banner(rows, _first_full_row(rows, width))
    above = tuple(range(start))
    following = [row for row in rows[start + 1 : start + 1 + COMPARED] if any(cell.strip() for cell in row)]
    if _is_data(rows[start], following):
        return HeaderChoice(None, above)
    below = next((rank for rank in range(start + 1, len(rows)) if _filled(rows[rank])), None)
    if below is None or len(following) < 2 or not _is_second_header(rows[start], rows[below], following[1:]):
        return HeaderChoice(start, above)
    return HeaderChoice(start, (*above, *range(start + 1, below)), below)


def _comments(rows: Sequence[Sequence[str]]) -> int:
    """How many rows, two at least and not all of them, begin by # before any other; a single one may be a header: « #id »."""
    begin = next((rank for rank, row in enumerate(rows) if not "".join(row).strip(_BLANKS).startswith("#")), 0)
    return begin if begin > 1 else 0


def _filled(row: Sequence[str]) -> int:
    return sum(1 for cell in row if cell.strip("\ufeff \t\u00a0"))


def _first_full_row(rows: Sequence[Sequence[str]], width: int) -> int:
    first = None
    begin = _after_facts(rows, width)
    for rank, row in enumerate(rows[begin:SEARCHED], start=begin):
        filled = _filled(row)
        if not filled:
            continue
        first = rank if first is None else first
        corner = len(row) == width and filled == width - 1 and not row[0].strip(_BLANKS)  # « "","x" », as R writes
        title = (
            width > 1 and not corner and (filled <= max(1, width // 3) or (len(row) < width and filled <= width // 2))
        )
        if not title:
            return first if _are_sparse([rows[first], *rows[rank + 1 :]], width) else rank
    return first or 0


def _are_sparse(rows: Sequence[Sequence[str]], width: int) -> bool:
    """True when the first row, which fills as few cells as a title, is like a third of the others: rows of unequal lengths."""
    counts = [filled for row in rows[:COMPARED] if (filled := _filled(row))]
    short = [1 < count <= width // 3 for count in counts]
    return len(short) > _MANY_CODES and short[0] and sum(short) >= 0.3 * len(short)


def _below_banner(rows: Sequence[Sequence[str]], start: int) -> int:
    """The row after ``start`` where it names all columns, and that one but a few groups of many: the table below is mostly empty."""
    if start + 2 >= len(rows):
        return start
    upper, lower = rows[start], [cell.strip(_BLANKS) for cell in rows[start + 1]]
    count, most = _filled(lower), max(map(len, rows[start + 1 :]))
    words = all(not cell or (not is_number(cell) and _form(cell) is None) for cell in lower)
    wide = count >= _WIDE and count >= 0.9 * most and len(set(lower)) >= 0.7 * count
    return start + 1 if wide and words and _GROUPING * _filled(upper) <= count else start


def _after_facts(rows: Sequence[Sequence[str]], width: int) -> int:
    """Rank of the row after what a few narrow rows say of the table, when an empty line parts them from a longer one and its header."""
    for last in reversed([rank for rank, row in enumerate(rows[:LONGEST_FACTS]) if not _filled(row)]):
        above = [_filled(row) for row in rows[:last]]
        below = [_filled(row) for row in rows[last:]]
        narrow = any(above) and max(above) <= max(width // 2, 2) and max(above) < min(width, max(below, default=0))
        if narrow and sum(map(bool, above)) < sum(map(bool, below)):
            following = [row for row in rows[last + 2 : last + 2 + COMPARED] if _filled(row)]
            return 0 if _is_data(rows[last + 1], following) else last + 1
    return 0


def is_number(cell: str) -> bool:
    """True for what reads as a number, a date, a range: digits and the signs between them."""
    return bool(_NUMBER.fullmatch(cell.strip("\u00a0\u202f ")))


def _column(rows: Sequence[Sequence[str]], rank: int) -> list[str]:
    return [row[rank] for row in rows if rank < len(row) and row[rank].strip()]


def _is_numeric(values: Sequence[str]) -> bool:
    return bool(values) and sum(map(is_number, values)) >= 0.9 * len(values)


def _is_data(row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True when the row looks like those below it rather than like their titles: something speaks for it, and nothing against.

    Rows that are the same say nothing: they may be headers that come again.
    """
    if not following:
        return any(_ALONE.fullmatch(cell.strip(_BLANKS)) for cell in row)
    following = [other for other in following if _bare(other) != _bare(row)] or following
    scale = _scale(row, following)
    columns = [_column(following, rank) for rank in range(len(row))]
    signs = [
        _sign(cell, columns[rank], len(following), first=not rank) for rank, cell in enumerate(row) if rank not in scale
    ]
    if sum(1 for cell, column in zip(row, columns, strict=True) if column and not cell.strip(_BLANKS)) > 1:
        signs.append(Sign.SEEN)  # headers are seldom blank over what is filled
    return Sign.HEADER not in signs and (Sign.DATA in signs or signs.count(Sign.SEEN) > 1)


def _bare(row: Sequence[str]) -> list[str]:
    return [cell.strip(_BLANKS) for cell in row]


class Sign(Enum):
    """What one cell says of its row."""

    DATA = auto()
    SEEN = auto()
    """Data when another cell says the same: a word that is met once below."""
    HEADER = auto()


def _sign(cell: str, column: Sequence[str], rows: int, *, first: bool) -> Sign | None:
    """What the cell says, beside the values below it; a blank corner over a full column is that of a table of two entries."""
    text, values = cell.strip(_BLANKS), [value.strip(_BLANKS) for value in column]
    if not text:
        return Sign.HEADER if first and rows > 1 and len(values) == rows else None
    if not values or fold(text) in _MISSING:
        return None
    usual = _usual_form(values)
    if usual is None:
        return _word_sign(text, values)
    form = _form(text)
    if form == usual:
        period = _PERIOD.fullmatch(text) and sum(map(_is_period, values)) < 0.9 * len(values)
        return None if period or ("A" in form and not _letters_seen(text, values) and text not in values) else Sign.DATA
    if is_number(text) or (form is not None and usual != _NUMERIC) or _letters_seen(text, values):
        return None
    return Sign.HEADER


def _is_period(cell: str) -> bool:
    return _PERIOD.fullmatch(cell) is not None


def _word_sign(text: str, values: Sequence[str]) -> Sign | None:
    """Among words, one already seen below is data, unless headers are called so; a technical name is a header."""
    seen = values.count(text)
    if seen and len(text) <= _SHORT:
        return Sign.SEEN if _is_one_of_few(text, values) else None
    if seen:
        return None if fold(text) in _NAMES else Sign.DATA if seen > 1 else Sign.SEEN
    technical = "_" in text and _TECHNICAL.fullmatch(text) and not any("_" in value for value in values)
    return Sign.HEADER if technical or fold(text) in _NAMES else None


def _is_one_of_few(text: str, values: Sequence[str]) -> bool:
    """True for one of two or three short codes that a long column repeats, « h » or « f »."""
    codes = set(values)
    few = 1 < len(codes) <= _FEW_CODES and len(values) >= _MANY_CODES and all(len(code) <= _SHORT for code in codes)
    return few and values.count(text) >= 0.1 * len(values)


def _letters_seen(text: str, values: Sequence[str]) -> bool:
    """True when a code has the same letters: « attr1 » over « test1 », « test2 » is no code of the same kind."""
    return _LETTERS.findall(text) in [_LETTERS.findall(value) for value in values if value != text]


def _usual_form(values: Sequence[str]) -> str | None:
    """The form that nine values in ten share; None for words."""
    some = values[:FORMED]
    form, count = Counter(map(_form, some)).most_common(1)[0]
    return form if count >= 0.9 * len(some) else _NUMERIC if _is_numeric(some) else None


def _form(text: str) -> str | None:
    """How a value is written, letters as A and figures as 9 whatever their number; None for words, which have no form.

    >>> _form("FR-0012"), _form("2A004"), _form("1 234,50"), _form("POINT(2.4 48.5)"), _form("a@b.fr"), _form("Évry")
    ('A-9', '9A9', '9', 'POINT', '@', None)
    """
    for form, pattern in _FORMS:
        if pattern.fullmatch(text):
            return form
    if not any(sign.isdigit() for sign in text) or len(text) > _LONGEST_CODE or " " in text:
        return None
    return _DIGITS.sub("9", _LETTERS.sub("A", text))


def _scale(row: Sequence[str], following: Sequence[Sequence[str]]) -> set[int]:
    """Ranks of the numbers of the row that grow from column to column as the steps of a scale: months, hours, ages, thresholds.

    Three in equal steps, or four whole numbers, as only one row in ten below them does.
    """
    ranks = [rank for rank, cell in enumerate(row) if _STEP.match(cell.strip(_BLANKS))]
    steps = _steps(row, ranks)
    if len(ranks) < 3 or not _grow(steps):
        return set()
    equal = len({after - before for before, after in pairwise(steps)}) == 1
    alike = sum(_grow(_steps(other, ranks)) for other in following if len(other) == len(row))
    return set(ranks) if (equal or len(ranks) > 3) and alike <= 0.1 * len(following) else set()


def _steps(row: Sequence[str], ranks: Sequence[int]) -> list[int]:
    matches = [_STEP.match(row[rank].strip(_BLANKS)) if rank < len(row) else None for rank in ranks]
    return [int(match[1]) for match in matches if match is not None]


def _grow(steps: Sequence[int]) -> bool:
    return len(steps) > 2 and all(before < after for before, after in pairwise(steps))


def _abbreviates(header: Sequence[str], row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True for a row of abbreviations or units under the labels of columns of numbers alone, as none of their cells is."""
    ranks = [rank for rank, cell in enumerate(row) if cell]
    if len(ranks) < 2 or len(ranks) == len(row) or len(row) > len(header) or not all(header[rank] for rank in ranks):
        return False
    words = [row[rank] for rank in ranks]
    short = all(len(word) <= _LONGEST_UNIT and " " not in word and not is_number(word) for word in words)
    if not short or any(fold(word) in _MISSING for word in words):
        return False
    columns = [_column(following, rank) for rank in ranks]
    numeric = sum(map(_is_numeric, columns))
    return numeric > 1 and numeric == sum(map(bool, columns)) and not any(map(_holds_words, columns))


def _explains(header: Sequence[str], row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True for a row that says in words what each technical name above means, over columns of which two or more are numbers."""
    if len(row) < 2 or len(row) != len(header) or not all(row) or len(set(row)) < len(row):
        return False
    technical = sum(_TECHNICAL.fullmatch(cell.strip(_BLANKS)) is not None for cell in header)
    words = sum(" " in cell for cell in row)
    if technical < 0.9 * len(header) or words < 0.5 * len(row) or any(map(is_number, row)):
        return False
    columns = [_column(following, rank) for rank in range(len(row))]
    again = any(cell in values for cell, values in zip(row, columns, strict=True))
    return sum(map(_is_numeric, columns)) > 1 and not again


def _tells_types(header: Sequence[str], row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True for a row that says the type of nearly each column that the header names, as none of their cells does."""
    ranks = [rank for rank, cell in enumerate(row) if cell]
    typed = [rank for rank in ranks if _TYPE.match(fold(row[rank]))]
    if len(typed) < max(_TYPED, 0.9 * len(ranks), 0.5 * _filled(header)):
        return False
    return not any(_TYPE.match(fold(value.strip())) for rank in typed for value in _column(following, rank))


def _holds_words(values: Sequence[str]) -> bool:
    return any(not is_number(value) and fold(value.strip()) not in _MISSING for value in values)


def _is_second_header(header: Sequence[str], row: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """True for a row of technical names under the labels: words without spaces, even above numbers, never met again.

    One in ten may have spaces where others have underscores.
    """
    names = [cell.strip() for cell in row]
    if any(tells(header, names, following) for tells in (_abbreviates, _explains, _tells_types)):
        return True
    if len(names) < 2 or len(names) != len(header) or len(set(names)) != len(names):
        return False
    technical = [_TECHNICAL.fullmatch(name) is not None for name in names]
    if not all(technical) and not ("_" in "".join(names) and sum(technical) >= 0.9 * len(names) and all(names)):
        return False
    columns = [_column(following, rank) for rank in range(len(names))]
    numeric = sum(map(_is_numeric, columns))
    repeated = any(name in values for name, values in zip(names, columns, strict=True))
    return numeric > 0 and not repeated
