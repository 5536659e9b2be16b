"""Corrections in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

from parvis.core.readings.model import Certainty
from parvis.core.repairs import Proposal, proposal_text
from parvis.core.translation import SOURCE

register = template.Library()


@register.filter
def proposal_title(row: Mapping[str, Any]) -> str:
    """What a stored proposal is about, and its column."""
    certainty = Certainty(row["certainty"])
    proposal = Proposal(row["code"], row["variant"], row["column"], row["count"], row["valid"], certainty)
    words = proposal_text(proposal, get_language() or SOURCE)
    return f"{words} – {row['column']}" if row["column"] else words
