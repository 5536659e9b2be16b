"""Official names and codes of France, by the lists of ``frformat``; those of communes and the like by year of the code officiel
géographique."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from parvis.core.validation.checks.check_rows import Build, Built, Subject
from parvis.core.validation.checks.values import CUSTOM, one_column

YEARS = ("2023", "2024", "latest")
"""Years of the code officiel géographique that schemas may ask for."""

_LATEST = "2024"

LATER_POSTCODES = frozenset(
    {
        "13104",
        "13117",
        "13118",
        "13123",
        "13129",
        "13280",
        "20090",
        "20118",
        "20144",
        "33115",
        "33970",
        "49570",
        "54100",
    }
    | {
        "68124",
        "68410",
        "69125",
        "75116",
        "76420",
        "80080",
        "80090",
        "83380",
        "84140",
        "94390",
        "97133",
        "97150",
        "97318",
    }
    | {
        "97352",
        "97353",
        "97411",
        "97416",
        "97417",
        "97418",
        "97421",
        "97422",
        "97423",
        "97424",
        "97432",
        "97434",
        "97435",
    }
    | {"97437", "97490", "97500", "97605", "97615"}
)
FORMER_POSTCODES = frozenset({"49199", "49303", "97610"})
"""Validata 0.12.5 judges by an older list: without the first ones and those that begin with 98, with these."""


def official(class_name: str, *, by_year: bool) -> Build:
    """The check that a value is in the list ``class_name`` of frformat."""

    def build(subject: Subject) -> Built:
        year = subject.check.params["cog"] if by_year else None
        return one_column(subject, _member(class_name, year), CUSTOM)

    return build


def postcode(subject: Subject) -> Built:
    """A French postal code, by the list that Validata has."""
    member = _member("CodePostal", None)

    def test(value: Any) -> bool:
        if value in FORMER_POSTCODES:
            return True
        return member(value) and value not in LATER_POSTCODES and not value.startswith("98")

    return one_column(subject, lambda value: isinstance(value, str) and test(value), CUSTOM)


@lru_cache(maxsize=32)
def _member(class_name: str, year: str | None) -> Callable[[Any], bool]:
    import frformat  # noqa: PLC0415 its lists are heavy, and only some schemas ask for them

    make = getattr(frformat, class_name)
    listed = make() if year is None else make(_LATEST if year == "latest" else year)
    return lambda value: isinstance(value, str) and bool(listed.is_valid(value))
