"""What this room gives the house: datasets made of others follow them."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.preparation.kinds import KINDS
from parvis.hub.preparation.notices import NOTICES
from parvis.hub.preparation.services import source_published
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="preparation",
    jobs=KINDS,
    notices=NOTICES,
    listeners=(Listener(dataset_published, source_published),),
    viewsets=("parvis.hub.preparation.backoffice.SCREENS",),
    journal_actions={
        "dataset.remake": _("a demandé de refaire, ses sources ayant changé,"),
        "dataset.extract": _("a fait un extrait :"),
    },
)
