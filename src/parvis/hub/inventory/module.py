"""What this room gives the house: the screen where organisations answer, its words in the journal."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.inventory.carried import CARRIED
from parvis.hub.registry import Module

MODULE = Module(
    slug="inventory",
    viewsets=("parvis.hub.inventory.backoffice.SCREENS",),
    journal_actions={"inventory.say": _("a complété l’inventaire de")},
    carried=CARRIED,
)
