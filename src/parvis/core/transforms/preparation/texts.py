"""Texts: trimmed, in capitals, replaced, matched by regular expressions (RE2: their time grows with the text, never beyond)."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import BLANKS, trimmed
from parvis.core.staging import ROWS, quote_identifier
from parvis.core.statements.parsing import refusal
from parvis.core.text import slugify
from parvis.core.transforms.preparation.model import Choice, Group, Kind, Parameter, Preparation
from parvis.core.transforms.preparation.work import NUMBERED, Cell, Failure, Result, Work
from parvis.core.translation import Sentence, gettext_noop

_BATCH = 50_000
LONGEST_PATTERN = 1_000
_REPEATED = re.compile(r"\{(\d+)(?:,(\d*))?\}")
MOST_REPEATED = 1_000


def _each(work: Work, columns: list[str], sql: Callable[[str], str], hint: ColumnType | None = None) -> Result:
    return work.put(
        {header: Cell(sql(work.cell(header)), hint or work.column(header).hint) for header in dict.fromkeys(columns)}
    )


def _trim(work: Work, values: Mapping[str, Any]) -> Result:
    def sql(cell: str) -> str:
        text = trimmed(cell)
        if values["inside"]:
            text = f"regexp_replace({text}, '[{BLANKS}]+', ' ', 'g')"
        return f"nullif({text}, '')"

    return _each(work, values["columns"], sql)


def _title(text: str) -> str:
    """Capitals at the beginning of words, little words of French apart; « D'ARTAGNAN » gives « D'Artagnan »."""
    words = re.split(r"([\s\-'’]+)", text.lower())
    small = {"de", "du", "des", "la", "le", "les", "et", "en", "sur", "sous", "lès", "aux", "au", "d", "l"}
    last = [rank for rank, word in enumerate(words) if word.strip()]
    return "".join(
        word if (word in small and rank and rank != (last[-1] if last else 0)) else word[:1].upper() + word[1:]
        for rank, word in enumerate(words)
    )


_CASES: Mapping[str, str] = {
    "upper": "upper({cell})",
    "lower": "lower({cell})",
    "sentence": "upper(left({cell}, 1)) || lower({cell}[2:])",
}
_TAGS = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b[^<>]*>.*?(?:</\1\s*>|\Z)|<[^<>]*>", re.IGNORECASE | re.DOTALL)
"""Of HTML: comments and what is no text to read (scripts, styles) with all they hold, then every other tag."""
_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "title": _title,
    "slug": slugify,
    "unaccented": lambda text: unicodedata.normalize(
        "NFC", "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    ),
    "unicode": lambda text: unicodedata.normalize("NFC", text),
    "entities": html.unescape,
    "no-tags": lambda text: " ".join(html.unescape(_TAGS.sub(" ", text)).split()),
}


def _case(work: Work, values: Mapping[str, Any]) -> Result:
    form = values["to"]
    if form in _CASES:
        return _each(work, values["columns"], lambda cell: _CASES[form].format(cell=cell))
    return rewrite(work, values["columns"], _WRITTEN[form])


def rewrite(work: Work, columns: list[str], write: Callable[[str], str | None]) -> Result:
    """Give columns what ``write`` makes of each of their different texts."""
    cells = {}
    for rank, header in enumerate(dict.fromkeys(columns)):
        table = f"rewritten_{rank}"
        distinct_values(work, header, table, lambda text: {"after": write(text)})
        cells[header] = Cell(
            f"coalesce((SELECT any_value(r.after) FROM {table} r WHERE r.before = {work.cell(header)}), {work.cell(header)})"
        )
    return work.put(cells, source=NUMBERED, order="place")


def distinct_values(
    work: Work,
    header: str,
    table: str,
    make: Callable[[str], Mapping[str, str | None]],
    names: tuple[str, ...] = ("after",),
) -> None:
    """Fill ``table`` with what ``make`` gives for each different text of a column: ``before``, then ``names``."""
    cell = work.cell(header)
    declared = ", ".join(f"{quote_identifier(name)} VARCHAR" for name in names)
    work.connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} (before VARCHAR, {declared})")
    cursor = work.connection.cursor()
    try:
        reader = cursor.execute(f"SELECT DISTINCT {cell} FROM {ROWS} WHERE {cell} <> ''")
        while batch := reader.fetchmany(_BATCH):
            rows = [(text, make(text)) for (text,) in batch]
            columns = {"before": [text for text, _made in rows]} | {
                name: [made.get(name) for _text, made in rows] for name in names
            }
            work.register("rewritten_batch", columns)
            work.connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rewritten_batch")
    finally:
        cursor.close()


def _replace(work: Work, values: Mapping[str, Any]) -> Result:
    former, new = f"{work.bind(values['from'])}::VARCHAR", f"{work.bind(values['with'])}::VARCHAR"

    def sql(cell: str) -> str:
        if values["whole"]:
            return f"CASE WHEN {cell} = {former} THEN nullif({new}, '') ELSE {cell} END"
        return f"nullif(replace({cell}, {former}, {new}), '')"

    if not values["from"]:
        raise work.refuse(Sentence("il faut un texte à remplacer"))
    return _each(work, values["columns"], sql)


def _map(work: Work, values: Mapping[str, Any]) -> Result:
    header, pairs = values["column"], values["values"]
    cell = work.cell(header)
    work.register("mapped", {"before": list(pairs), "after": list(pairs.values())})
    value = f"(SELECT any_value(m.after) FROM mapped m WHERE m.before = {cell})"
    inside = f"(EXISTS (SELECT 1 FROM mapped m WHERE m.before = {cell}))"
    if values["others"] == "keep":
        return work.put(
            {header: Cell(f"CASE WHEN {inside} THEN nullif({value}, '') ELSE {cell} END")},
            source=NUMBERED,
            order="place",
        )
    failures = (work.failing(header, "not-in-list"),) if values["others"] == "fail" else ()
    return work.put({header: Cell(value, None, failures)}, source=NUMBERED, order="place")


def checked_pattern(work: Work, pattern: str) -> str:
    """The regular expression as a bound value; refused when RE2 cannot read it, or when it would need much memory."""
    if fault := pattern_fault(pattern, work.connection.execute):
        raise work.refuse(fault)
    return f"{work.bind(pattern)}::VARCHAR"


_FAULTS: Mapping[str, Sentence] = {
    "missing )": Sentence("une parenthèse n’est pas fermée"),
    "unexpected )": Sentence("une parenthèse est fermée sans être ouverte"),
    "missing ]": Sentence("un crochet n’est pas fermé"),
    "no argument for repetition": Sentence("« * », « + » ou « ? » ne suit rien"),
    "bad repetition": Sentence("une répétition suit une autre répétition"),
    "invalid perl operator": Sentence("« (?=…) », « (?!…) » et « (?<=…) » n’existent pas ici"),
}
"""What RE2 says of an expression that it cannot read, and ours."""


def pattern_fault(pattern: str, run: Callable[..., Any]) -> Sentence | None:
    """What is wrong with a regular expression; None when RE2 reads it without much memory. ``run`` executes a statement."""
    if len(pattern) > LONGEST_PATTERN:
        return Sentence(
            "l’expression régulière est trop longue ({limit} caractères au plus)", {"limit": LONGEST_PATTERN}
        )
    product = 1
    for match in _REPEATED.finditer(pattern):
        product *= max(int(match[1]), int(match[2] or 0), 1)
    if product > MOST_REPEATED:
        return Sentence("l’expression régulière répète trop")
    against = refusal(lambda: run("SELECT regexp_matches('', ?::VARCHAR)", [pattern]).fetchone())
    if against is None:
        return None
    why = next((words for sign, words in _FAULTS.items() if sign in against), None)
    if why is None:
        return Sentence("l’expression régulière « {pattern} » est mal écrite", {"pattern": pattern[:100]})
    return Sentence(
        "l’expression régulière « {pattern} » est mal écrite : {why}", {"pattern": pattern[:100], "why": why}
    )


_PLAIN_PARTS = re.compile(r"\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]", re.DOTALL)
"""Of an expression: what is escaped, and classes of characters; a parenthesis in them opens no group."""
_GROUP = re.compile(r"\((?!\?)|\(\?P?<(?![=!])")


def _groups(pattern: str) -> int:
    """The groups of an expression of RE2, which has more than Python reads (« \\pL »)."""
    return len(_GROUP.findall(_PLAIN_PARTS.sub("", pattern)))


def _regex_replace(work: Work, values: Mapping[str, Any]) -> Result:
    pattern = checked_pattern(work, values["pattern"])
    new, options = f"{work.bind(values['with'])}::VARCHAR", "gi" if values["ignore_case"] else "g"
    return _each(
        work, values["columns"], lambda cell: f"nullif(regexp_replace({cell}, {pattern}, {new}, '{options}'), '')"
    )


def _regex_extract(work: Work, values: Mapping[str, Any]) -> Result:
    header, pattern = values["column"], checked_pattern(work, values["pattern"])
    cell, options = work.cell(header), "i" if values["ignore_case"] else ""
    groups = _groups(values["pattern"])
    if len(values["to"]) > max(groups, 1):
        raise work.refuse(
            Sentence(
                "l’expression a {groups} groupes entre parenthèses pour {count} colonnes",
                {"groups": groups, "count": len(values["to"])},
            )
        )
    missing = Failure(f"{cell} <> '' AND NOT regexp_matches({cell}, {pattern}, '{options}')", cell, "no-match")
    cells = {}
    for rank, new in enumerate(values["to"]):
        group = rank + 1 if groups else 0
        cells[work.free(new)] = Cell(
            f"nullif(regexp_extract({cell}, {pattern}, {group}, '{options}'), '')", None, (missing,) if not rank else ()
        )
    return work.put(cells, after=header)


def _pad(work: Work, values: Mapping[str, Any]) -> Result:
    sign, length = values["with"], values["length"]
    if len(sign) != 1:
        raise work.refuse(Sentence("il faut un seul caractère"))
    bound = work.bind(sign)
    function = "lpad" if values["side"] == "left" else "rpad"

    def sql(cell: str) -> str:
        text = trimmed(cell)
        return f"CASE WHEN {text} <> '' AND length({text}) < {length} THEN {function}({text}, {length}, {bound}::VARCHAR) ELSE {cell} END"

    return _each(work, values["columns"], sql, ColumnType.TEXT)


_COLUMN = Parameter("column", Kind.COLUMN, gettext_noop("Colonne"))
_COLUMNS = Parameter("columns", Kind.COLUMNS, gettext_noop("Colonnes"))
_PATTERN = Parameter("pattern", Kind.PATTERN, gettext_noop("Expression régulière"))
_IGNORE_CASE = Parameter(
    "ignore_case", Kind.BOOLEAN, gettext_noop("Sans distinguer majuscules et minuscules"), required=False, default=False
)
_FORMS = (
    Choice("upper", gettext_noop("tout en majuscules")), Choice("lower", gettext_noop("tout en minuscules")),
    Choice("sentence", gettext_noop("une majuscule au début")), Choice("title", gettext_noop("une majuscule à chaque mot")),
    Choice("unaccented", gettext_noop("sans accents")), Choice("slug", gettext_noop("en identifiant : sans accents ni espaces")),
    Choice("unicode", gettext_noop("caractères accentués composés (Unicode NFC)")),
    Choice("entities", gettext_noop("entités HTML écrites en clair")), Choice("no-tags", gettext_noop("sans balises HTML")),
)  # fmt: skip

TEXTS: tuple[Preparation, ...] = (
    Preparation(
        "trim", Group.TEXT, gettext_noop("Retirer les espaces inutiles"),
        gettext_noop("Retire les espaces autour des textes et, au besoin, les espaces répétés à l’intérieur."),
        gettext_noop("Espaces retirés autour des textes de {columns}"),
        (_COLUMNS, Parameter("inside", Kind.BOOLEAN, gettext_noop("Réduire aussi les espaces répétés"), required=False, default=False)), _trim,
    ),
    Preparation(
        "case", Group.TEXT, gettext_noop("Changer l’écriture d’un texte"),
        gettext_noop("Met en majuscules, en minuscules, sans accents, sans balises HTML…"),
        gettext_noop("Écriture changée dans {columns} : {to}"),
        (_COLUMNS, Parameter("to", Kind.CHOICE, gettext_noop("Écriture"), choices=_FORMS)), _case,
    ),
    Preparation(
        "replace", Group.TEXT, gettext_noop("Remplacer un texte"),
        gettext_noop("Remplace un texte par un autre, dans la cellule ou quand il est toute la cellule."),
        gettext_noop("{from} remplacé par {with} dans {columns}"),
        (
            _COLUMNS, Parameter("from", Kind.TEXT, gettext_noop("Texte à remplacer")),
            Parameter("with", Kind.TEXT, gettext_noop("Remplacé par"), required=False, default=""),
            Parameter("whole", Kind.BOOLEAN, gettext_noop("Seulement si c’est toute la cellule"), required=False, default=False),
        ), _replace,
    ),
    Preparation(
        "map", Group.TEXT, gettext_noop("Remplacer des valeurs d’après une liste"),
        gettext_noop("Remplace chaque valeur d’une colonne par celle qui lui correspond dans une liste."),
        gettext_noop("Valeurs de {column} remplacées d’après une liste"),
        (
            _COLUMN, Parameter("values", Kind.VALUES, gettext_noop("Valeur, puis ce qui la remplace")),
            Parameter(
                "others", Kind.CHOICE, gettext_noop("Valeurs qui ne sont pas dans la liste"), required=False, default="keep",
                choices=(
                    Choice("keep", gettext_noop("les garder")), Choice("empty", gettext_noop("les vider")),
                    Choice("fail", gettext_noop("les signaler comme échecs")),
                ),
            ),
        ), _map, fails=True,
    ),
    Preparation(
        "regex_replace", Group.TEXT, gettext_noop("Remplacer par une expression régulière"),
        gettext_noop("Remplace tout ce que l’expression trouve ; \\1, \\2… reprennent ses groupes."),
        gettext_noop("{pattern} remplacé par {with} dans {columns}"),
        (_COLUMNS, _PATTERN, Parameter("with", Kind.TEXT, gettext_noop("Remplacé par"), required=False, default=""), _IGNORE_CASE), _regex_replace,
    ),
    Preparation(
        "regex_extract", Group.TEXT, gettext_noop("Extraire par une expression régulière"),
        gettext_noop("Met dans de nouvelles colonnes ce que trouvent les groupes de l’expression."),
        gettext_noop("{to} extrait de {column} par {pattern}"),
        (_COLUMN, _PATTERN, Parameter("to", Kind.NEWS, gettext_noop("Nouvelles colonnes")), _IGNORE_CASE), _regex_extract, fails=True,
    ),
    Preparation(
        "pad", Group.TEXT, gettext_noop("Compléter à une longueur"),
        gettext_noop("Ajoute un caractère, par exemple des zéros, jusqu’à une longueur."),
        gettext_noop("{columns} complété à {length} caractères"),
        (
            _COLUMNS, Parameter("length", Kind.INTEGER, gettext_noop("Longueur"), low=1, high=1000),
            Parameter("with", Kind.TEXT, gettext_noop("Caractère"), required=False, default="0"),
            Parameter(
                "side", Kind.CHOICE, gettext_noop("Côté"), required=False, default="left",
                choices=(Choice("left", gettext_noop("à gauche")), Choice("right", gettext_noop("à droite"))),
            ),
        ), _pad,
    ),
)  # fmt: skip
"""One row a step."""
