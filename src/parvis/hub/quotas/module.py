"""What this room gives the house: limits of organisations."""

from parvis.hub.quotas.carried import CARRIED, LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="quotas",
    carried=CARRIED,
    left=LEFT,
)
