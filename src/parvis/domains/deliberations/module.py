"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from parvis.domains.deliberations.kinds import KINDS
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.online.guard import act_changed, session_changed
from parvis.hub.records import signals
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="deliberations",
    urls="parvis.domains.deliberations.urls",
    jobs=KINDS,
    listeners=(
        Listener(signals.record_changed, act_changed, Act),
        Listener(signals.record_changed, session_changed, Session),
    ),
)
