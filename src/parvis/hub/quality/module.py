"""What this room gives the house: versions are measured once published, scores follow the cards, owners are told."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.models import CardRevision
from parvis.hub.catalogue.signals import dataset_published
from parvis.hub.quality.carried import CARRIED, LEFT
from parvis.hub.quality.feeds import look_at_feeds
from parvis.hub.quality.kinds import DAILY, KINDS
from parvis.hub.quality.mails import NOTICES
from parvis.hub.quality.services import card_changed, version_published
from parvis.hub.registry import Listener, Module, Steady

MODULE = Module(
    slug="quality",
    jobs=KINDS,
    daily=DAILY,
    steady=(Steady(look_at_feeds, 30.0),),
    notices=NOTICES,
    listeners=(Listener(dataset_published, version_published), Listener(post_save, card_changed, CardRevision)),
    viewsets=(
        "parvis.hub.quality.backoffice.BOARD",
        "parvis.hub.quality.backoffice.NOTICES",
        "parvis.hub.quality.backoffice.FEEDS",
        "parvis.hub.quality.backoffice.LINKS",
    ),
    journal_actions={
        "notices.choose": _("a choisi les alertes de"),
        "feed.watch": _("surveille le flux de"),
        "feed.leave": _("ne surveille plus le flux de"),
        "notices.renew-feed": _("a changé l’adresse du flux d’alertes de"),
    },
    carried=CARRIED,
    left=LEFT,
)
