"""What this room gives the house: the screen of one's keys, their words in the journal."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.apikeys.carried import LEFT
from parvis.hub.registry import Module

MODULE = Module(
    slug="apikeys",
    viewsets=("parvis.hub.apikeys.backoffice.SCREENS",),
    journal_actions={
        "key.create": _("a créé une clé d’API"),
        "key.revoke": _("a révoqué une clé d’API"),
    },
    journal_targets={
        "key": _("clé d’API"),
    },
    left=LEFT,
)
