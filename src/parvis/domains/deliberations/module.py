"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from django.utils.translation import gettext_lazy as _

from parvis.domains.deliberations.collection import ACTS, SESSIONS
from parvis.domains.deliberations.kinds import KINDS
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.online.guard import act_changed, session_changed
from parvis.hub.records import signals
from parvis.hub.registry import Link, Listener, Module

MODULE = Module(
    slug="deliberations",
    collections=(ACTS, SESSIONS),
    urls="parvis.domains.deliberations.urls",
    organisation_links=(Link(_("Délibérations et actes de cette organisation"), "acts-of-organisation"),),
    home_links=(Link(_("Lire les délibérations"), "act-list"),),
    jobs=KINDS,
    listeners=(
        Listener(signals.record_changed, act_changed, Act),
        Listener(signals.record_changed, session_changed, Session),
    ),
)
