"""What this room gives the house: the legal pages of each site."""

from parvis.hub.legal.carried import CARRIED
from parvis.hub.registry import Module

MODULE = Module(
    slug="legal",
    carried=CARRIED,
)
