"""Codes of the hub as sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.hub.accounts.models import Organisation
from parvis.hub.records.messages import journal_actions, journal_targets
from parvis.hub.registry import modules
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import day, is_french

_ACTIONS = {
    "picture.rewrite": gettext_lazy("a réécrit une image sans ses métadonnées"),
    "job.cancel": gettext_lazy("a arrêté une tâche"),
    "pack.load": gettext_lazy("a chargé le jeu d’essai"),
    "pack.contents": gettext_lazy("a chargé les contenus du jeu d’essai"),
    "territories.load": gettext_lazy("a chargé les territoires"),
    "secret-key.renew": gettext_lazy("a renouvelé la clé secrète"),
}
"""The acts of the journal that are of no module; an act without a row is shown by its code."""

_TARGETS = {
    "job": gettext_lazy("tâche"),
    "pack": gettext_lazy("jeu d’essai"),
    "territories": gettext_lazy("territoires"),
    "instance": gettext_lazy("instance"),
}

FIELDS = {
    "title": gettext_lazy("Titre"),
    "description": gettext_lazy("Description"),
    "organisation": gettext_lazy("Organisation"),
    "contact_name": gettext_lazy("Contact"),
    "contact_email": gettext_lazy("Adresse du contact"),
    "themes": gettext_lazy("Thèmes"),
    "keywords": gettext_lazy("Mots-clés"),
    "licence": gettext_lazy("Licence"),
    "frequency": gettext_lazy("Fréquence"),
    "temporal_start": gettext_lazy("Début de la période"),
    "temporal_end": gettext_lazy("Fin de la période"),
    "territories": gettext_lazy("Territoires"),
    "language": gettext_lazy("Langue des données"),
    "source": gettext_lazy("Source"),
    "source_url": gettext_lazy("Adresse de la source"),
    "ip_note": gettext_lazy("Propriété intellectuelle"),
    "personal_data": gettext_lazy("Données personnelles"),
    "access": gettext_lazy("Accès"),
    "featured": gettext_lazy("Rang en page d’accueil"),
    "fields": gettext_lazy("Descriptions des champs"),
    "overrides": gettext_lazy("Corrections des colonnes"),
    "reading": gettext_lazy("Lecture du fichier"),
    "custom": gettext_lazy("Autres informations"),
    "as_told": gettext_lazy("Informations du portail d’origine"),
    "version": gettext_lazy("Version en ligne"),
}
"""The attributes of a card."""

ACCESS = {
    "public": gettext_lazy("public : tout le monde"),
    "internal": gettext_lazy("interne : les membres des organisations choisies"),
    "restricted": gettext_lazy("restreint : les groupes choisis"),
}

LANGUAGES = {"fr": gettext_lazy("français"), "en": gettext_lazy("anglais")}


REASONS = {
    "preamble": gettext_lazy("texte au-dessus de l’en-tête"),
    "second-header": gettext_lazy("second en-tête"),
    "repeated-header": gettext_lazy("en-tête répété"),
    "broken-quotes": gettext_lazy("guillemets mal fermés"),
    "too-many-cells": gettext_lazy("plus de cellules que l’en-tête"),
    "footer": gettext_lazy("texte sous le tableau"),
    "not-a-feature": gettext_lazy("n’est pas un objet géographique"),
    "broken-json": gettext_lazy("JSON mal formé"),
    "not-an-object": gettext_lazy("n’est pas un objet JSON"),
}
"""Why a line of a file could not become a row (``reason`` of the rejects)."""


def reason_label(reason: str) -> str:
    """The reason of a reject in words."""
    return str(REASONS.get(reason, reason))


def action_label(action: str) -> str:
    """An act of the journal in words."""
    return str(actions().get(action, action))


def actions() -> dict[str, Any]:
    """The acts of the journal in words, those of records and modules too."""
    return (
        _ACTIONS
        | journal_actions()
        | {code: words for module in modules() for code, words in module.journal_actions.items()}
    )


def targets() -> dict[str, Any]:
    """What is acted on, in words, of records and modules too."""
    return (
        _TARGETS
        | journal_targets()
        | {code: words for module in modules() for code, words in module.journal_targets.items()}
    )


def field_label(name: str) -> str:
    """An attribute of a card in words."""
    return str(FIELDS.get(name, name))


def _term(slug: str, known: Mapping[str, Any]) -> str:
    term = known.get(slug)
    return slug if term is None else (term.fr if is_french() else term.en)


def _territories(names: list[str]) -> str:
    shown = []
    for name in names:
        kind, _colon, code = name.partition(":")
        found = Territory.objects.filter(kind=kind, code=code).first()
        shown.append(f"{found.name} ({code})" if found else name)
    return ", ".join(shown)


def _organisation(slug: str) -> str:
    found = Organisation.objects.filter(slug=slug).first()
    return found.name if found else slug


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
