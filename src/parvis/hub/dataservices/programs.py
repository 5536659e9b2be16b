"""What programs send of a service, as its columns: the same lists, bounds and rights as the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from parvis.core.metadata import THEME_BY_SLUG
from parvis.core.sources.service_descriptions import LONGEST_OPERATION, MOST_OPERATIONS
from parvis.hub.accounts.rules import Actor
from parvis.hub.dataservices.models import WEB, DataService
from parvis.hub.dataservices.rules import (
    LONGEST_KEYWORD,
    LONGEST_TEXT,
    MOST_ENDPOINTS,
    MOST_KEYWORDS,
    TooManyLines,
    joined,
)
from parvis.hub.dataservices.selectors import datasets_named, present_names

NAMES = {
    "description_url": "description_address",
    "access_url": "access_address",
    "rate_limit": "rate",
}
"""Names of programs that are not those of columns."""
LONGEST_URL = 500


def columns_of(actor: Actor, values: Mapping[str, Any], service: DataService) -> dict[str, Any]:
    """The columns that ``values`` change of a service, which is not changed; ValidationError, TooManyLines, UnknownDatasets."""
    columns = {NAMES.get(name, name): "" if value is None else value for name, value in values.items()}
    for name in ("endpoints", "themes", "keywords", "operations", "datasets"):
        if name in columns:
            lines = (" ".join(line.split()) for line in columns[name] or ())
            columns[name] = list(dict.fromkeys(filter(None, lines)))
    if "endpoints" in columns:
        _check_endpoints(columns["endpoints"])
    if "themes" in columns:
        _check_themes(columns["themes"])
    if len(columns.get("text", "")) > LONGEST_TEXT:
        raise ValidationError({"text": _("Pas plus de %(most)s caractères.") % {"most": LONGEST_TEXT}})
    for name, most, longest in (
        ("keywords", MOST_KEYWORDS, LONGEST_KEYWORD),
        ("operations", MOST_OPERATIONS, LONGEST_OPERATION),
    ):
        if name in columns:
            _require_few(columns[name], most)
            columns[name] = [line[:longest] for line in columns[name]]
    if "datasets" in columns:
        # One that is there already and that the actor does not know of stays, where it is named by its permanent identifier.
        hidden = [name for name in columns["datasets"] if name in service.datasets]
        others = joined(name for name in columns["datasets"] if name not in hidden)
        columns["datasets"] = list(dict.fromkeys([*datasets_named(actor, others), *hidden]))
    _check(service, columns)
    return columns


def served_names(actor: Actor, service: DataService) -> list[str]:
    """What its datasets are called now; of one that the actor does not know of, its permanent identifier."""
    return present_names(actor, service.datasets)


def _check(service: DataService, columns: Mapping[str, Any]) -> None:
    """What each column takes of itself: choices, addresses, lengths."""
    trial = DataService()
    for name, value in columns.items():
        setattr(trial, name, value)
    others = [field.name for field in DataService._meta.fields if field.name not in columns]
    trial.clean_fields(exclude=others)


def _check_endpoints(addresses: Sequence[str]) -> None:
    if not addresses:
        raise ValidationError({"endpoints": _("Indiquez au moins une adresse.")})
    _require_few(addresses, MOST_ENDPOINTS)
    for address in addresses:
        if len(address) > LONGEST_URL:
            raise ValidationError({"endpoints": _("Une adresse a 500 caractères au plus.")})
        try:
            WEB(address)
        except ValidationError as error:
            raise ValidationError({"endpoints": error.messages}) from error


def _check_themes(themes: Sequence[str]) -> None:
    unknown = next((slug for slug in themes if slug not in THEME_BY_SLUG), None)
    if unknown is not None:
        raise ValidationError({"themes": _("« %s » n’est pas un thème.") % unknown[:80]})


def _require_few(lines: Sequence[str], most: int) -> None:
    if len(lines) > most:
        raise TooManyLines(most=most)
