"""What this room gives the house: versions are measured once published, scores follow the cards, owners are told."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.models import CardRevision
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.quality.kinds import DAILY, KINDS
from parvis.hub.quality.mails import NOTICES
from parvis.hub.quality.services import card_changed, version_published
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="quality",
    jobs=KINDS,
    daily=DAILY,
    notices=NOTICES,
    listeners=(Listener(dataset_published, version_published), Listener(post_save, card_changed, CardRevision)),
    viewsets=("parvis.hub.quality.backoffice.BOARD", "parvis.hub.quality.backoffice.NOTICES"),
    journal_actions={
        "notices.choose": _("a choisi les alertes de"),
        "notices.renew-feed": _("a changé l’adresse du flux d’alertes de"),
    },
)
