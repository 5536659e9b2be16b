"""What this room gives the house: people, organisations and their roles."""

from parvis.hub.accounts.carried import CARRIED, LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="accounts",
    carried=CARRIED,
    left=LEFT,
)
