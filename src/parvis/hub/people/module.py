"""What this room gives the house: the screens of persons and organisations, the words of what is done to accounts."""

from parvis.hub.people.messages import ACTIONS, TARGETS
from parvis.hub.registry import Module

MODULE = Module(
    slug="people",
    viewsets=("parvis.hub.people.organisations.SCREENS", "parvis.hub.people.persons.SCREENS"),
    journal_actions=ACTIONS,
    journal_targets=TARGETS,
)
