"""The indicators of the demonstration."""

from __future__ import annotations

from parvis.domains.indicators.services import load_rows
from parvis.hub.accounts.rules import OPERATOR
from parvis.packs.reading import demo_rows


def load_demo() -> None:
    """Write those that are missing; their owner is that of the first dataset they ask."""
    load_rows(OPERATOR, demo_rows("indicators"))
