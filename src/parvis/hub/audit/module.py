"""What this room gives the house: the journal."""

from parvis.hub.audit.carried import CARRIED
from parvis.hub.registry import Module

MODULE = Module(
    slug="audit",
    carried=CARRIED,
)
