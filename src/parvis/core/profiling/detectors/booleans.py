"""Yes and no, in English and in French."""

from __future__ import annotations

from collections.abc import Callable

from parvis.core.columns import ColumnType
from parvis.core.profiling.parsers import Parser, Words, trimmed
from parvis.core.translation import gettext_noop

_WORDS = Words(gettext_noop("un booléen"), gettext_noop("des booléens"))


def _among(yes: tuple[str, ...], no: tuple[str, ...]) -> Callable[[str], str]:
    def sql(cell: str) -> str:
        truths = ", ".join(f"'{word}'" for word in yes)
        lies = ", ".join(f"'{word}'" for word in no)
        text = f"lower({trimmed(cell)})"
        # As written first: most cells are neither capitals nor padded.
        return (
            f"CASE WHEN {cell} IN ({truths}) THEN true WHEN {cell} IN ({lies}) THEN false "
            f"WHEN {text} IN ({truths}) THEN true WHEN {text} IN ({lies}) THEN false END"
        )

    return sql


BOOLEAN = Parser(
    "boolean",
    ColumnType.BOOLEAN,
    _among(("true", "1", "yes"), ("false", "0", "no")),
    _WORDS,
    good=(("true", "true"), ("TRUE", "true"), ("False", "false"), ("0", "false"), ("1", "true")),
    bad=("oui", "2", "t", "", "vrai"),
)
"""0 and 1 alone are whole numbers: the parser ``int`` is before this one."""

BOOLEAN_FR = Parser(
    "boolean_fr",
    ColumnType.BOOLEAN,
    _among(("oui", "vrai", "true", "1"), ("non", "faux", "false", "0")),
    _WORDS,
    good=(("Oui", "true"), ("non", "false"), (" VRAI ", "true"), ("Faux", "false"), ("1", "true")),
    bad=("o", "peut-être", "non concerné", "", "nd"),
)

BOOLEAN_ON = Parser(
    "boolean_on",
    ColumnType.BOOLEAN,
    _among(("o", "oui"), ("n", "non")),
    _WORDS,
    good=(("O", "true"), ("n", "false"), ("oui", "true")),
    bad=("E", "1", "", "no"),
    headers=r"(?:^|_)(?:oui_non|o_n|on|presence|accessible|accessibilite|gratuit|payant|actif|est|public|couvert)(?:_|$)",
)
"""O and N may also be west and north: taken by itself only under a header that asks a question."""
