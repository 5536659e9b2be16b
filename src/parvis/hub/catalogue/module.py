"""What this room gives the house: dataset objects tell who publishes, so they change when an organisation does."""

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.carried import CARRIED, LEFT
from parvis.hub.catalogue.kinds import DIGESTS, KINDS
from parvis.hub.catalogue.selectors import restricted_groups_within
from parvis.hub.catalogue.services import organisation_saved
from parvis.hub.jobs.daily import Daily
from parvis.hub.registry import Listener, Module

MODULE = Module(
    slug="catalogue",
    groups=restricted_groups_within,
    jobs=KINDS,
    daily=(Daily(DIGESTS, hour=3),),
    listeners=(Listener(post_save, organisation_saved, Organisation),),
    journal_actions={
        "dataset.create": _("a créé le jeu de données"),
        "dataset.update": _("a modifié la fiche de"),
        "dataset.access": _("a changé l’accès à"),
        "dataset.withhold-original": _("a retiré du public le fichier d’origine de"),
        "dataset.offer-original": _("a rendu public le fichier d’origine de"),
        "dataset.publish": _("a publié"),
        "dataset.unpublish": _("a retiré"),
        "dataset.delete": _("a mis à la corbeille"),
        "dataset.restore": _("a restauré"),
        "dataset.rename": _("a changé l’identifiant de"),
        "dataset.answer-to": _("a fait répondre à un ancien nom"),
        "attachment.add": _("a joint un document à"),
        "attachment.remove": _("a retiré un document de"),
    },
    journal_targets={
        "dataset": _("jeu de données"),
    },
    carried=CARRIED,
    left=LEFT,
)
