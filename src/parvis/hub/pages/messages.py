"""Errors of the house, as pages and their forms tell them."""

from __future__ import annotations

from django.utils.translation import get_language

from parvis.core.errors import ParvisError


def error_message(error: ParvisError) -> str:
    """What happened and what to do, in the language of the screen."""
    language = get_language() or "fr"
    return f"{error.message(language)} {error.hint(language)}".strip()
