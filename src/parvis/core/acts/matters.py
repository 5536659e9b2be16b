"""The matters of @ctes, levels 1 and 2: their codes and their accented French names.

They are those of the classification served by the State on 13 November 2017, as SCDL spells them; préfectures may add levels below.
"""

from __future__ import annotations

import csv
import importlib.resources
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType


@cache
def matters() -> Mapping[str, str]:
    """The name of each matter by its code (« 7 », « 7.5 »), in their order."""
    path = importlib.resources.files("parvis.core.acts") / "data" / "matters.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["code"]: row["name"] for row in rows})


def matter_words(code: str) -> str:
    """« 7.5 Subventions »; the code alone when the classification has none, empty without a code."""
    name = matters().get(code, "")
    return f"{code} {name}".strip()


def full_matter(code: str) -> str:
    """« Finances locales/Subventions », as SCDL writes a matter of level 2; empty for any other code."""
    first, _dot, second = code.partition(".")
    names = matters()
    return f"{names[first]}/{names[code]}" if second and code in names else ""
