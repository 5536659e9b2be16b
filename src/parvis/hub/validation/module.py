"""What this room gives the house: each file is checked against its schema, before publication and again when schemas change."""

from django.db.models.signals import post_delete, post_save
from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.models import Version
from parvis.hub.jobs.daily import Daily
from parvis.hub.registry import Listener, Module
from parvis.hub.validation.carried import CARRIED, LEFT
from parvis.hub.validation.kinds import KINDS, RECHECK
from parvis.hub.validation.publication_check import inspection_for, schema_gate
from parvis.hub.validation.services.verdicts import version_added, version_removed

MODULE = Module(
    slug="validation",
    jobs=KINDS,
    daily=(Daily(RECHECK, hour=4),),
    inspection=inspection_for,
    publication_check=schema_gate,
    listeners=(Listener(post_save, version_added, Version), Listener(post_delete, version_removed, Version)),
    viewsets=("parvis.hub.validation.backoffice.SCREENS",),
    journal_actions={
        "schema.follow": _("a appliqué un schéma à"),
        "schema.leave": _("n’applique plus de schéma à"),
        "schema.enforcement": _("a réglé la conformité aux schémas de"),
        "schema.default": _("a réglé la conformité aux schémas de"),
        "schema.dismiss": _("a écarté l’annonce d’un nouveau schéma pour"),
        "import.schema": _("a appliqué un schéma à l’import de"),
        "import.refuse": _("a écarté des corrections proposées pour l’import de"),
    },
    carried=CARRIED,
    left=LEFT,
)
