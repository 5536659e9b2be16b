"""What this room gives the house: the datasets of subjects, published each night and within the hour of a change."""

from parvis.hub.jobs.daily import Daily
from parvis.hub.publications.kinds import EACH, KINDS
from parvis.hub.publications.services import record_changed
from parvis.hub.records import signals
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="publications",
    jobs=KINDS,
    daily=(Daily(EACH, hour=3),),
    listeners=(Listener(signals.record_changed, record_changed),),
)
