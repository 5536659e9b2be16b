"""What this room gives the house: each file and document is searched, publications wait until what was found is decided."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from parvis.core.privacy import PrivacyInspector
from parvis.hub.catalogue.attachments import AttachmentCheck
from parvis.hub.catalogue.signals import dataset_opened, dataset_published
from parvis.hub.datastore.inspections import Inspection
from parvis.hub.datastore.models import Import
from parvis.hub.privacy.carried import CARRIED
from parvis.hub.privacy.publication_check import described_document, holds_attachment, look_at_attachment, privacy_gate
from parvis.hub.privacy.services import close_former, note_opening
from parvis.hub.registry import Listener, Module


def _inspection(imported: Import, work: Path) -> Inspection:
    return Inspection(PrivacyInspector())


MODULE = Module(
    slug="privacy",
    inspection=_inspection,
    publication_check=privacy_gate,
    attachment_check=AttachmentCheck(look_at_attachment, holds_attachment, described_document),
    listeners=(Listener(dataset_opened, close_former), Listener(dataset_published, note_opening)),
    journal_actions={
        "privacy.decide": _("a statué sur les données personnelles de"),
        "privacy.withdraw": _("est revenu sur une décision pour les données personnelles de"),
        "version.close": _("a fermé d’anciennes versions, que rien n’autorisait à montrer, de"),
        "attachment.search": _("a examiné un document de"),
    },
    carried=CARRIED,
)
