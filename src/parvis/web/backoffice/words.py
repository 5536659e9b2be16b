"""Codes of the hub as sentences for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.metadata import FREQUENCY_BY_SLUG, LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.hub.accounts.models import Organisation
from parvis.hub.audit.models import Entry
from parvis.hub.records.messages import journal_actions, journal_targets
from parvis.hub.registry import modules
from parvis.hub.territories.models import Territory
from parvis.hub.ui.formatting import day, is_french

_ACTIONS = {
    "dataset.create": gettext_lazy("a créé le jeu"),
    "dataset.update": gettext_lazy("a modifié la fiche"),
    "dataset.access": gettext_lazy("a changé l’accès"),
    "dataset.publish": gettext_lazy("a publié"),
    "dataset.unpublish": gettext_lazy("a retiré"),
    "dataset.delete": gettext_lazy("a mis à la corbeille"),
    "dataset.restore": gettext_lazy("a restauré"),
    "dataset.rename": gettext_lazy("a changé l’identifiant"),
    "dataset.entry": gettext_lazy("a saisi en ligne"),
    "schema.follow": gettext_lazy("a choisi le schéma"),
    "schema.leave": gettext_lazy("a quitté le schéma"),
    "schema.enforcement": gettext_lazy("a réglé les vérifications"),
    "schema.default": gettext_lazy("a réglé les vérifications"),
    "schema.dismiss": gettext_lazy("a rangé un avis de nouveau schéma"),
    "import.schema": gettext_lazy("a choisi le schéma d’un import"),
    "import.refuse": gettext_lazy("a écarté des corrections proposées"),
    "version.add": gettext_lazy("a ajouté une version"),
    "version.prune": gettext_lazy("a élagué les versions"),
    "version.close": gettext_lazy("a fermé d’anciennes versions, que rien n’autorisait à montrer"),
    "attachment.add": gettext_lazy("a joint un document"),
    "attachment.remove": gettext_lazy("a retiré un document"),
    "attachment.search": gettext_lazy("a examiné un document"),
    "picture.rewrite": gettext_lazy("a réécrit une image sans ses métadonnées"),
    "privacy.decide": gettext_lazy("a décidé d’une donnée personnelle"),
    "privacy.withdraw": gettext_lazy("est revenu sur une décision"),
    "deposit.open": gettext_lazy("a déposé un fichier"),
    "deposit.abandon": gettext_lazy("a abandonné un fichier"),
    "import.start": gettext_lazy("a commencé un import"),
    "import.attach": gettext_lazy("a choisi le jeu d’un import"),
    "import.correct": gettext_lazy("a corrigé un import"),
    "import.cancel": gettext_lazy("a annulé un import"),
    "job.cancel": gettext_lazy("a arrêté une tâche"),
    "person.add": gettext_lazy("a invité"),
    "person.open": gettext_lazy("a rouvert le compte"),
    "person.close": gettext_lazy("a fermé le compte"),
    "role.set": gettext_lazy("a donné un rôle"),
    "role.remove": gettext_lazy("a retiré un rôle"),
    "key.create": gettext_lazy("a créé une clé d’API"),
    "key.revoke": gettext_lazy("a révoqué une clé d’API"),
    "notices.choose": gettext_lazy("a choisi ses avis"),
    "notices.renew-feed": gettext_lazy("a changé l’adresse de son flux d’avis"),
    "inventory.say": gettext_lazy("a tenu l’inventaire"),
    "organisation.create": gettext_lazy("a créé l’organisation"),
    "organisation.update": gettext_lazy("a modifié l’organisation"),
    "organisation.limits": gettext_lazy("a changé les limites de l’organisation"),
    "dataset.forget": gettext_lazy("a oublié des lignes"),
    "person.password": gettext_lazy("a changé le mot de passe"),
    "person.sessions": gettext_lazy("a fermé les sessions de"),
    "person.reset": gettext_lazy("a fait renouveler le mot de passe"),
    "auth.sign-in": gettext_lazy("s’est connecté"),
    "auth.sign-in-failed": gettext_lazy("a donné un mauvais mot de passe"),
    "auth.throttled": gettext_lazy("a été arrêté après trop d’essais"),
    "auth.sign-out": gettext_lazy("s’est déconnecté"),
    "auth.session-expired": gettext_lazy("a laissé sa session s’éteindre"),
    "auth.sessions-ended": gettext_lazy("a fermé des sessions"),
    "auth.password-changed": gettext_lazy("a changé son mot de passe"),
    "auth.reset-asked": gettext_lazy("a demandé un lien de mot de passe"),
    "auth.link-sent": gettext_lazy("a fait envoyer un lien de mot de passe"),
    "auth.factor-added": gettext_lazy("a ajouté un second facteur"),
    "auth.factor-removed": gettext_lazy("a retiré un second facteur"),
    "auth.factor-renewed": gettext_lazy("a renouvelé ses codes de secours"),
    "auth.factor-used": gettext_lazy("a donné son second facteur"),
    "auth.factor-failed": gettext_lazy("a donné un mauvais code"),
    "auth.address-changed": gettext_lazy("a changé d’adresse électronique"),
    "auth.key-made": gettext_lazy("a créé une clé d’API"),
    "auth.key-revoked": gettext_lazy("a révoqué une clé d’API"),
    "team.join": gettext_lazy("a fait entrer dans l’équipe d’un site"),
    "team.leave": gettext_lazy("a fait sortir de l’équipe d’un site"),
    "site.create": gettext_lazy("a créé le site"),
    "site.face": gettext_lazy("a changé le visage du site"),
    "site.home": gettext_lazy("a changé l’accueil du site"),
    "site.menus": gettext_lazy("a changé les menus du site"),
    "site.legal": gettext_lazy("a changé les pages légales du site"),
    "page.make": gettext_lazy("a commencé la page"),
    "page.push": gettext_lazy("a poussé la page vers d’autres sites"),
    "page.pushed": gettext_lazy("a reçu la page"),
    "page.settle": gettext_lazy("a tranché une différence de la page"),
    "page.attach": gettext_lazy("suit de nouveau la page"),
    "page.detach": gettext_lazy("ne suit plus la page"),
    "pack.load": gettext_lazy("a chargé le jeu d’essai"),
    "pack.contents": gettext_lazy("a chargé les contenus du jeu d’essai"),
    "territories.load": gettext_lazy("a chargé les territoires"),
    "secret-key.renew": gettext_lazy("a renouvelé la clé secrète"),
}
"""The acts of the journal that are of no module; an act without a row is shown by its code."""

_TARGETS = {
    "dataset": gettext_lazy("jeu de données"),
    "deposit": gettext_lazy("fichier déposé"),
    "import": gettext_lazy("import"),
    "job": gettext_lazy("tâche"),
    "key": gettext_lazy("clé d’API"),
    "organisation": gettext_lazy("organisation"),
    "person": gettext_lazy("personne"),
    "site": gettext_lazy("site"),
    "page": gettext_lazy("page"),
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


ACCOUNT_EVENTS = {
    "auth.sign-in": gettext_lazy("Connexion"),
    "auth.sign-in-failed": gettext_lazy("Connexion refusée : mauvais mot de passe"),
    "auth.throttled": gettext_lazy("Connexion refusée : trop d’essais"),
    "auth.sign-out": gettext_lazy("Déconnexion"),
    "auth.session-expired": gettext_lazy("Session éteinte, faute d’usage ou trop ancienne"),
    "auth.sessions-ended": gettext_lazy("Sessions fermées"),
    "auth.password-changed": gettext_lazy("Mot de passe changé"),
    "auth.reset-asked": gettext_lazy("Lien de mot de passe demandé"),
    "auth.link-sent": gettext_lazy("Lien de mot de passe envoyé par un administrateur"),
    "auth.factor-added": gettext_lazy("Second facteur ajouté"),
    "auth.factor-removed": gettext_lazy("Second facteur retiré"),
    "auth.factor-renewed": gettext_lazy("Codes de secours renouvelés"),
    "auth.factor-used": gettext_lazy("Second facteur donné"),
    "auth.factor-failed": gettext_lazy("Mauvais code de second facteur"),
    "auth.address-changed": gettext_lazy("Adresse électronique changée"),
    "auth.key-made": gettext_lazy("Clé d’API créée"),
    "auth.key-revoked": gettext_lazy("Clé d’API révoquée"),
}
"""What happened to an account, as its owner reads it."""


def account_event(entry: Entry) -> str:
    """An event of an account in words."""
    return str(ACCOUNT_EVENTS.get(entry.action, entry.action))


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
