"""What this room gives the house: the address of challenges, and the erasing of what is known of addresses."""

from parvis.hub.registry import Module
from parvis.hub.visitors.carried import LEFT
from parvis.hub.visitors.kinds import DAILY, KINDS

MODULE = Module(
    slug="visitors",
    jobs=KINDS,
    daily=DAILY,
    urls="parvis.hub.visitors.urls",
    left=LEFT,
)
