"""What this room gives the house: documents of records."""

from parvis.hub.records.carried import CARRIED, LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="records",
    carried=CARRIED,
    left=LEFT,
)
