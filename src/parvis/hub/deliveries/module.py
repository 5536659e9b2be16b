"""What this room gives the house: deliveries expected, received, judged; links, a watched folder, mails, a board."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue import signals
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.signals import version_registered
from parvis.hub.deliveries.arrivals import delivery_gate, import_moved, version_arrived, version_published
from parvis.hub.deliveries.carried import CARRIED, LEFT
from parvis.hub.deliveries.folder import look_in_folder
from parvis.hub.deliveries.kinds import DAILY, KINDS
from parvis.hub.deliveries.mails import NOTICES
from parvis.hub.deliveries.selectors import unreadable_imports
from parvis.hub.registry import Listener, Module, Steady

MODULE = Module(
    slug="deliveries",
    jobs=KINDS,
    daily=DAILY,
    steady=(Steady(look_in_folder, 30.0),),
    listeners=(
        Listener(version_registered, version_arrived),
        Listener(post_save, import_moved, Import),
        Listener(signals.dataset_published, version_published),
    ),
    publication_check=delivery_gate,
    told_imports=unreadable_imports,
    notices=NOTICES,
    urls="parvis.hub.deliveries.urls",
    viewsets=("parvis.hub.deliveries.backoffice.SCREENS",),
    journal_actions={
        "delivery.expect": _("attend des livraisons pour"),
        "delivery.change": _("a modifié la livraison attendue de"),
        "delivery.move": _("a déplacé une échéance de"),
        "delivery.forget": _("n’attend plus de livraisons pour"),
        "delivery.open-link": _("a ouvert un lien de dépôt pour"),
        "delivery.close-link": _("a fermé un lien de dépôt de"),
        "delivery.accept": _("a accepté une livraison de"),
        "delivery.refuse": _("a refusé une livraison de"),
    },
    carried=CARRIED,
    left=LEFT,
)
