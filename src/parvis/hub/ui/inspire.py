"""The INSPIRE block of a card in words, for the pages that show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.inspire.block import FIELDS
from parvis.core.inspire.vocabulary import (
    DEGREE_BY_SLUG,
    LIMIT_BY_SLUG,
    ROLE_BY_SLUG,
    THEME_BY_SLUG,
    TOPIC_BY_SLUG,
    TYPE_BY_SLUG,
)
from parvis.core.metadata import Term
from parvis.hub.ui.formatting import day, number


def _of(terms: Mapping[str, Term]) -> Callable[[Any], str]:
    def words(value: Any) -> str:
        slugs = value if isinstance(value, list) else [value]
        return " · ".join(_(terms[slug].label) if slug in terms else str(slug) for slug in slugs)

    return words


_WORDS: dict[str, Callable[[Any], str]] = {
    "scope": lambda chosen: _("oui") if chosen else _("non"),
    "themes": _of(THEME_BY_SLUG),
    "type": _of(TYPE_BY_SLUG),
    "topics": _of(TOPIC_BY_SLUG),
    "conformity": _of(DEGREE_BY_SLUG),
    "limits": _of(LIMIT_BY_SLUG),
    "party_role": _of(ROLE_BY_SLUG),
    "scale": lambda denominator: f"1:{number(denominator)}",
    "distance": lambda metres: _("%s m") % number(metres),
    "conformity_date": day,
    "metadata_date": day,
}


def inspire_rows(block: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the block says, label and words, in the reader’s language."""
    return [
        (_(field.label), str(_WORDS.get(field.name, str)(block[field.name]))) for field in FIELDS if field.name in block
    ]
