"""What is done to accounts, roles and organisations, in words: those of the journal, and those that the owner of an account reads."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.hub.audit.models import Entry

ACTIONS = {
    "person.add": _("a invité"),
    "person.open": _("a rouvert le compte"),
    "person.close": _("a fermé le compte"),
    "role.set": _("a donné un rôle à"),
    "role.remove": _("a retiré un rôle à"),
    "organisation.create": _("a créé l’organisation"),
    "organisation.update": _("a modifié l’organisation"),
    "organisation.limits": _("a changé les limites de l’organisation"),
    "person.password": _("a changé le mot de passe de"),
    "person.sessions": _("a fermé les sessions de"),
    "person.reset": _("a fait renouveler le mot de passe de"),
    "auth.sign-in": _("s’est connecté"),
    "auth.sign-in-failed": _("a donné un mauvais mot de passe"),
    "auth.throttled": _("a été arrêté après trop d’essais"),
    "auth.sign-out": _("s’est déconnecté"),
    "auth.session-expired": _("a laissé sa session s’éteindre"),
    "auth.sessions-ended": _("a fermé des sessions"),
    "auth.password-changed": _("a changé son mot de passe"),
    "auth.reset-asked": _("a demandé un lien de mot de passe"),
    "auth.link-sent": _("a fait envoyer un lien de mot de passe"),
    "auth.factor-added": _("a ajouté un second facteur"),
    "auth.factor-removed": _("a retiré un second facteur"),
    "auth.factor-renewed": _("a renouvelé ses codes de secours"),
    "auth.factor-used": _("a donné son second facteur"),
    "auth.factor-failed": _("a donné un mauvais code"),
    "auth.address-changed": _("a changé d’adresse électronique"),
    "auth.key-made": _("a créé une clé d’API"),
    "auth.key-revoked": _("a révoqué une clé d’API"),
}
"""The acts, in words that follow the name of a person."""

TARGETS = {
    "organisation": _("organisation"),
    "person": _("personne"),
}

ACCOUNT_EVENTS = {
    "auth.sign-in": _("Connexion"),
    "auth.sign-in-failed": _("Connexion refusée : mauvais mot de passe"),
    "auth.throttled": _("Connexion refusée : trop d’essais"),
    "auth.sign-out": _("Déconnexion"),
    "auth.session-expired": _("Session éteinte, faute d’usage ou trop ancienne"),
    "auth.sessions-ended": _("Sessions fermées"),
    "auth.password-changed": _("Mot de passe changé"),
    "auth.reset-asked": _("Lien de mot de passe demandé"),
    "auth.link-sent": _("Lien de mot de passe envoyé par un administrateur"),
    "auth.factor-added": _("Second facteur ajouté"),
    "auth.factor-removed": _("Second facteur retiré"),
    "auth.factor-renewed": _("Codes de secours renouvelés"),
    "auth.factor-used": _("Second facteur donné"),
    "auth.factor-failed": _("Mauvais code de second facteur"),
    "auth.address-changed": _("Adresse électronique changée"),
    "auth.key-made": _("Clé d’API créée"),
    "auth.key-revoked": _("Clé d’API révoquée"),
}
"""What happened to an account, as its owner reads it."""


def account_event(entry: Entry) -> str:
    """An event of an account in words."""
    return str(ACCOUNT_EVENTS.get(entry.action, entry.action))
