"""What this room gives the house: dataset objects tell who publishes, so they change when an organisation does."""

from django.db.models.signals import post_save

from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.selectors import restricted_groups_within
from parvis.hub.catalogue.services import organisation_saved
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="catalogue",
    groups=restricted_groups_within,
    listeners=(Listener(post_save, organisation_saved, Organisation),),
)
