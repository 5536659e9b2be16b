"""Text as it stands, lists of texts and JSON."""

from __future__ import annotations

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import Parser, Words, filled, trimmed
from parvis.core.translation import gettext_noop


def _text(cell: str) -> str:
    return f"CASE WHEN {filled(cell)} THEN {cell} END"


def _json(cell: str) -> str:
    text = trimmed(cell)
    return f"CASE WHEN {text}[1] IN ('{{', '[') AND json_valid({text}) THEN {cell} END"


def _text_list(cell: str) -> str:
    text = trimmed(cell)
    kinds = f"json_type({text}, '$[*]')"
    return (
        f"CASE WHEN {text}[1] = '[' AND json_valid({text}) "
        f"THEN CASE WHEN len(list_filter({kinds}, lambda k: k <> 'VARCHAR')) = 0 "
        f"THEN json_extract_string({text}, '$[*]') END END"
    )


def split_text(separator: str) -> Parser:
    """The reading of cells that hold several values around ``separator``; a JSON list of texts is taken as it is.

    Every filled cell fits; blanks around a value and empty values are left out.
    """
    quoted = separator.replace("'", "''")

    def read(cell: str) -> str:
        parts = f"list_transform(string_split({cell}, '{quoted}'), lambda v: {trimmed('v')})"
        return (
            f"CASE WHEN {filled(cell)} THEN coalesce({_text_list(cell)}, list_filter({parts}, lambda v: v <> '')) END"
        )

    return Parser(
        f"{SPLIT}{separator}",
        ColumnType.TEXT,
        read,
        Words(gettext_noop("une liste de textes"), gettext_noop("des listes de textes")),
        good=(),
        bad=(),
        annotations={"multivalued": separator},
        automatic=False,
    )


SPLIT = "text_list:"
"""Start of the name of these readings; the separator follows."""

TEXT = Parser(
    "text",
    ColumnType.TEXT,
    _text,
    Words(gettext_noop("un texte"), gettext_noop("des textes")),
    good=((" Évry ", " Évry "), ("01", "01"), ("-", "-")),
    bad=("", "  ", "\u00a0", "\u202f\t"),
)

TEXT_LIST = Parser(
    "text_list",
    ColumnType.TEXT,
    _text_list,
    Words(gettext_noop("une liste de textes"), gettext_noop("des listes de textes")),
    good=(('["a", "b"]', "[a, b]"), ("[]", "[]"), ('["l\'été"]', "['l\\'été']")),
    bad=("[1, 2]", '{"a": 1}', "a;b", '["a"', ""),
    annotations={"multivalued": ","},
)

JSON = Parser(
    "json",
    ColumnType.JSON,
    _json,
    Words(gettext_noop("une valeur JSON"), gettext_noop("des valeurs JSON")),
    good=(('{"a": [1]}', '{"a": [1]}'), (' [1, {"b": 2}]', ' [1, {"b": 2}]')),
    bad=("{a: 1}", "12", "[", "texte", ""),
)

JSON_TOLD = Parser(
    "json_told",
    ColumnType.JSON,
    _text,
    Words(gettext_noop("un texte"), gettext_noop("des textes")),
    good=(('{"a": [1]}', '{"a": [1]}'), ("12", "12"), ("pas du JSON", "pas du JSON")),
    bad=("", " "),
    automatic=False,
)
"""A column said to be of JSON by its card: what is none stays as it was written, and ``json_format`` says so where it is asked."""

FILE = Parser(
    "file",
    ColumnType.FILE,
    _text,
    Words(gettext_noop("un fichier"), gettext_noop("des fichiers")),
    good=(("photo.jpg", "photo.jpg"),),
    bad=("", " "),
    automatic=False,
)
