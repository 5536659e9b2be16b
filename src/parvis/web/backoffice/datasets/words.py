"""The attributes of a card and their values, as people read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.hub.accounts.models import Organisation
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import day, is_french
from parvis.web.backoffice.datasets.forms import CardForm
from parvis.web.backoffice.words import ACCESS, LANGUAGES

FIELDS = {name: field.label for name, field in CardForm.base_fields.items()} | {
    "access": gettext_lazy("Accès"),
    "featured": gettext_lazy("Rang en page d’accueil"),
    "fields": gettext_lazy("Descriptions des champs"),
    "overrides": gettext_lazy("Corrections des colonnes"),
    "reading": gettext_lazy("Lecture du fichier"),
    "custom": gettext_lazy("Autres informations"),
    "as_told": gettext_lazy("Informations du portail d’origine"),
    "version": gettext_lazy("Version en ligne"),
}
"""Every attribute: those of the form by their labels, and the others."""


def field_label(name: str) -> str:
    """An attribute of a card in words."""
    return str(FIELDS.get(name, name))


def _term(slug: str, terms: Mapping[str, Any]) -> str:
    term = terms.get(slug)
    return slug if term is None else (term.fr if is_french() else term.en)


def _territories(names: list[str]) -> str:
    shown = []
    for name in names:
        kind, _colon, code = name.partition(":")
        territory = Territory.objects.filter(kind=kind, code=code).first()
        shown.append(f"{territory.name} ({code})" if territory else name)
    return ", ".join(shown)


def _organisation(slug: str) -> str:
    organisation = Organisation.objects.filter(slug=slug).first()
    return organisation.name if organisation else slug


def _mapping(value: Mapping[str, Any]) -> str:
    parts = []
    for key, row in value.items():
        inner = ", ".join(f"{k} = {v}" for k, v in row.items()) if isinstance(row, Mapping) else str(row)
        parts.append(f"{key} : {inner}")
    return " ; ".join(parts)


_SHOWN = {
    "themes": lambda slugs: ", ".join(_term(slug, THEME_BY_SLUG) for slug in slugs),
    "keywords": ", ".join,
    "licence": lambda slug: LICENCE_BY_SLUG[slug].name if slug in LICENCE_BY_SLUG else slug,
    "frequency": lambda slug: _term(slug, FREQUENCY_BY_SLUG),
    "territories": _territories,
    "organisation": _organisation,
    "access": lambda slug: str(ACCESS.get(slug, slug)),
    "language": lambda slug: str(LANGUAGES.get(slug, slug)),
    "temporal_start": day,
    "temporal_end": day,
    "description": lambda html: strip_tags(str(html).replace("><", "> <")),
    "fields": _mapping,
    "overrides": _mapping,
    "reading": _mapping,
    "custom": _mapping,
    "as_told": _mapping,
}


def shown_value(name: str, value: Any) -> str:
    """The value of an attribute of a card as people read it; « vide » when there is none."""
    if value in (None, "", [], {}):
        return _("vide")
    return str(_SHOWN.get(name, str)(value))
