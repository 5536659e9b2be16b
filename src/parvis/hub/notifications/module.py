"""What this room gives the house: mails that wait and leave, webhooks that are called, their words in the journal."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue import signals
from parvis.hub.catalogue.models import CardRevision
from parvis.hub.notifications.carried import CARRIED, LEFT
from parvis.hub.notifications.changes import CHANGE_NOTICE, card_changed, columns_changed, dataset_closed
from parvis.hub.notifications.datasets import dataset_published, dataset_withdrawn
from parvis.hub.notifications.following import NOTICE, SECTION, WEEK_NOTICE, version_published
from parvis.hub.notifications.kinds import DAILY, KINDS
from parvis.hub.notifications.notices import NOTICES
from parvis.hub.notifications.records import record_changed
from parvis.hub.notifications.services import stopping
from parvis.hub.records import signals as record_signals
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="notifications",
    jobs=KINDS,
    daily=DAILY,
    notices=(*NOTICES, NOTICE, WEEK_NOTICE, CHANGE_NOTICE),
    dataset_sections=(SECTION,),
    viewsets=("parvis.hub.notifications.backoffice.SCREENS",),
    urls="parvis.hub.notifications.urls",
    listeners=(
        Listener(signals.dataset_published, dataset_published),
        # Before the mail of the version, which says it.
        Listener(signals.dataset_published, columns_changed),
        Listener(signals.dataset_published, version_published),
        Listener(signals.dataset_withdrawn, dataset_withdrawn),
        Listener(signals.dataset_withdrawn, dataset_closed),
        Listener(post_save, card_changed, CardRevision),
        Listener(record_signals.record_changed, record_changed),
        *stopping((NOTICE, WEEK_NOTICE)),
    ),
    journal_actions={
        "webhook.create": _("a ajouté le webhook"),
        "webhook.update": _("a modifié le webhook"),
        "webhook.rotate": _("a changé le secret du webhook"),
        "webhook.delete": _("a supprimé le webhook"),
        "webhook.disable": _("a arrêté, après trop d’échecs, le webhook"),
    },
    journal_targets={"webhook": _("webhook")},
    carried=CARRIED,
    left=LEFT,
)
