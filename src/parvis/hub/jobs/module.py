"""What this room gives the house: nothing that leaves."""

from parvis.hub.jobs.carried import LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="jobs",
    left=LEFT,
)
