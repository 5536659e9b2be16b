"""What this room gives the house: nothing that leaves."""

from parvis.hub.geocoding.carried import LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="geocoding",
    left=LEFT,
)
