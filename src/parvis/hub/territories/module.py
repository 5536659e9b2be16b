"""What this room gives the house: the territories."""

from parvis.hub.registry import Module
from parvis.hub.territories.carried import CARRIED, LEFT

MODULE = Module(
    slug="territories",
    carried=CARRIED,
    left=LEFT,
)
