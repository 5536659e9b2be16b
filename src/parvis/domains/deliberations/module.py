"""Deliberations: dropped, read, published, sealed, found. Everything that the subject gives the house."""

from parvis.domains.deliberations.kinds import DAILY, KINDS
from parvis.domains.deliberations.models import Act, Session
from parvis.domains.deliberations.online.guard import act_changed, session_changed
from parvis.domains.deliberations.oparl.changes import LISTENERS
from parvis.hub.records import signals
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="deliberations",
    urls="parvis.domains.deliberations.urls",
    jobs=KINDS,
    daily=DAILY,
    listeners=(
        Listener(signals.record_changed, act_changed, Act),
        Listener(signals.record_changed, session_changed, Session),
        *LISTENERS,
    ),
)
