"""What this room gives the house: the screens of persons and organisations, the words of what is done to accounts."""

from parvis.hub.people.messages import ACTIONS, TARGETS
from parvis.hub.people.organisations import OrganisationScreens
from parvis.hub.people.persons import PersonScreens
from parvis.hub.registry import Module

MODULE = Module(
    slug="people",
    viewsets=(OrganisationScreens, PersonScreens),
    journal_actions=ACTIONS,
    journal_targets=TARGETS,
)
