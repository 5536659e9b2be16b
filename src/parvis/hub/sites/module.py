"""What this room gives the house: faces and menus of sites."""

from parvis.hub.registry import Module
from parvis.hub.sites.carried import CARRIED

MODULE = Module(
    slug="sites",
    carried=CARRIED,
)
