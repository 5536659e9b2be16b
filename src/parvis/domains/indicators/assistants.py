"""What assistants may ask of indicators: the figures of the day, and one of them with its definition and its sources."""

from __future__ import annotations

from typing import Any

from parvis.domains.indicators.collection import IndicatorCollection
from parvis.hub.accounts.rules import Actor
from parvis.hub.collections.api import listing_of, record_of
from parvis.hub.registry import Tool


def list_indicators(actor: Actor) -> dict[str, Any]:
    """Every published indicator with its figure of the day."""
    return listing_of(IndicatorCollection(), actor).model_dump(mode="json")


def read_indicator(actor: Actor, slug: str) -> dict[str, Any]:
    """One of them, whole; NotFound when it does not exist for the actor."""
    return record_of(IndicatorCollection(), actor, slug).model_dump(mode="json")


TOOLS = (
    Tool(
        list_indicators,
        "Lister les indicateurs",
        "The indicators that the territory follows, each with its figure of the day, its age, its target and its state. "
        "value is null where the caller may not read the datasets behind it.",
    ),
    Tool(
        read_indicator,
        "Lire un indicateur",
        "An indicator whole: every figure by period and place, how it is computed, and the rows it comes from. Cite its url.",
        {"slug": "The slug of an indicator, as list_indicators gives it."},
    ),
)
