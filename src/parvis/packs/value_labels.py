"""Read the coded values that are well known, and what they are called (``value_labels.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache

from parvis.core.value_labels import Family
from parvis.packs.bundled_files import HERE


@cache
def families() -> tuple[Family, ...]:
    """Every family of the file, in its order."""
    facts = tomllib.loads((HERE / "value_labels.toml").read_text(encoding="utf-8"))
    return tuple(Family(row["values"], frozenset(row.get("columns", ()))) for row in facts["family"])
