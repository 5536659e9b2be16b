"""Right and wrong values of codes, as SQL over whole columns: one row for each kind that ``core.profiling`` recognises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parvis.core.official_codes import COMMUNE, IRIS, LA_POSTE, LA_POSTE_HEAD, UAI_LETTERS

_SEPARATORS = r"[\s.\-/()\x{00A0}\x{202F}]"


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How to tell the right values of a kind.

    ``right`` takes SQL for a text and gives SQL that is true for a right value, false or NULL for a wrong one. ``personal``:
    its values may name a person and are never shown as examples. ``bare``: spaces, dots and dashes inside do not count.
    ``listed``: when a list of the official codes is at hand, a value must be in it too.
    """

    kind: str
    right: Callable[[str], str]
    good: tuple[str, ...]
    bad: tuple[str, ...]
    personal: bool = False
    bare: bool = False
    listed: bool = False

    def sql(self, column: str) -> str:
        """SQL: true where the cell (quoted identifier) breaks the rule; cells without a value break none."""
        return f"({column} IS NOT NULL AND NOT coalesce({self.right(self.text(column))}, false))"

    def text(self, column: str) -> str:
        """SQL: the value as it is checked and looked up."""
        value = f"trim({column}::VARCHAR)"
        return f"regexp_replace({value}, '{_SEPARATORS}', '', 'g')" if self.bare else value


def _matches(pattern: str) -> Callable[[str], str]:
    return lambda text: f"regexp_full_match({text}, '{pattern}')"


def _luhn(text: str, digits: int) -> str:
    """SQL: the sum of Luhn's check is a multiple of ten; whole-number arithmetic, far quicker than cutting texts."""
    number = f"try_cast({text} AS BIGINT)"
    terms = []
    for place in range(digits):
        digit = f"(({number} // {10**place}) % 10)"
        terms.append(f"(2 * {digit} - 9 * ({digit} > 4)::INT)" if place % 2 else digit)
    return f"(({' + '.join(terms)}) % 10 = 0)"


def _siren(text: str) -> str:
    return f"(regexp_full_match({text}, '[0-9]{{9}}') AND {_luhn(text, 9)})"


def _siret(text: str) -> str:
    """As ``official_codes.is_siret``, over whole columns: DuckDB counts a million where Python counts twenty thousand."""
    number = f"try_cast({text} AS BIGINT)"
    total = " + ".join(f"(({number} // {10**place}) % 10)" for place in range(14))
    post = f"starts_with({text}, '{LA_POSTE}') AND {text} <> '{LA_POSTE_HEAD}'"
    return (
        f"(regexp_full_match({text}, '[0-9]{{14}}') AND {_luhn(f'left({text}, 9)', 9)} "
        f"AND CASE WHEN {post} THEN ({total}) % 5 = 0 ELSE {_luhn(text, 14)} END)"
    )


def _uai(text: str) -> str:
    key = f"substr('{UAI_LETTERS}', 1 + try_cast(left({text}, 7) AS INT) % 23, 1)"
    return f"(regexp_full_match({text}, '[0-9]{{7}}[A-Za-z]') AND upper(right({text}, 1)) = {key})"


VALUE_RULES = (
    ValueRule(
        "siret", _siret, ("21560046100010", "35600000000048", "356 000 000 49837"),
        ("2156004610008", "21560046100011", "x", "2,18602E+13"), bare=True,
    ),
    ValueRule("siren", _siren, ("200059228", "356 000 000"), ("200059229", "12345", "abc"), bare=True),
    ValueRule("epci", _siren, ("200059228",), ("200059229", "91228", "Grand Paris Sud"), bare=True),
    ValueRule(
        "insee_commune", _matches(COMMUNE), ("91228", "01001", "2A004", "97411"),
        ("1001", "00123", "Évry", "2a0041"), listed=True,
    ),
    ValueRule(
        "postcode", _matches("(0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}"), ("91000", "01000", "97400"), ("1000", "91", "99123"),
    ),
    ValueRule(
        "department", _matches("0[1-9]|[1-8][0-9]|9[0-5]|2[AB]|9[78][0-9]"), ("01", "2A", "974"), ("1", "96", "Essonne"),
    ),
    ValueRule("iris", _matches(IRIS), ("912280101", "2A0040101"), ("91228", "Centre")),
    ValueRule("rna", _matches("W[0-9][0-9A-Z][0-9]{7}"), ("W911001234", "W9R1002345"), ("911001234", "W12")),
    ValueRule("rome", _matches("[A-N][0-9]{4}"), ("A1101",), ("Z1101", "A11")),
    ValueRule("uai", _uai, ("0911577V", "0750655E"), ("0911577A", "911577")),
    ValueRule("finess", _matches("[0-9]{9}|2[AB][0-9]{7}"), ("910002773", "2A0000014"), ("91000", "x")),
    ValueRule("naf", _matches("[0-9]{2}[.]?[0-9]{2}[A-Z]"), ("84.11Z", "8411Z"), ("Z", "administration")),
    ValueRule(
        "email", _matches("[^@ ,;]+@[^@ ,;]+[.][A-Za-z]{2,}"), ("mairie@evry.fr",), ("mairie", "a@b", "a b@c.fr"),
        personal=True,
    ),
    ValueRule("url", _matches("(?i)(https?://|www[.])[^ ]+"), ("https://exemple.fr/a?b=c", "www.exemple.fr"), ("exemple",)),
    ValueRule(
        "phone", _matches("([+]33|0033)0?[1-9][0-9]{8}|0[1-9][0-9]{8}|[+](262|508|590|594|596|681|687|689)[0-9]{6,9}|3[0-9]{3}|1[0-9]{1,2}"),
        ("01 60 91 00 00", "+33160910000", "3949"), ("mairie", "01 60 91"), personal=True, bare=True,
    ),
)  # fmt: skip

RULE_BY_KIND = {rule.kind: rule for rule in VALUE_RULES}
