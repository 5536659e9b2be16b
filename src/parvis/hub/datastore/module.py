"""What this room gives the house: imports and exports as background work, whole files made once a dataset is published."""

from pathlib import Path

from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from parvis.core.ingest.codes import CodesInspector
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.signals import dataset_published, dataset_withdrawn
from parvis.hub.datastore.carried import CARRIED, LEFT
from parvis.hub.datastore.inspections import Inspection
from parvis.hub.datastore.kinds import KINDS
from parvis.hub.datastore.models import Import
from parvis.hub.datastore.services.imports import dataset_closed, territories_changed, version_published
from parvis.hub.datastore.services.prepared_files import dataset_saved
from parvis.hub.registry import Listener, Module
from parvis.hub.territories.signals import territories_loaded


def _inspection(imported: Import, work: Path) -> Inspection | None:
    """The codes of a file, for the card that is proposed while it is described."""
    return Inspection(CodesInspector()) if imported.state == Import.State.EXAMINING else None


MODULE = Module(
    slug="datastore",
    inspection=_inspection,
    jobs=KINDS,
    listeners=(
        Listener(dataset_published, version_published),
        Listener(dataset_withdrawn, dataset_closed),
        Listener(post_save, dataset_saved, Dataset),
        Listener(territories_loaded, territories_changed),
    ),
    journal_actions={
        "dataset.entry": _("a modifié en ligne des lignes de"),
        "dataset.recipe": _("a changé la recette de"),
        "dataset.forget": _("a effacé des lignes de"),
        "version.add": _("a ajouté une version à"),
        "version.prune": _("a retiré d’anciennes versions de"),
        "deposit.open": _("a déposé un fichier"),
        "deposit.abandon": _("a abandonné un fichier"),
        "import.start": _("a commencé l’import de"),
        "import.attach": _("a rattaché à un jeu de données l’import de"),
        "import.correct": _("a corrigé l’import de"),
        "import.cancel": _("a annulé l’import de"),
        "addresses.load": _("a chargé les adresses de"),
        "addresses.clear": _("a retiré les adresses de"),
    },
    journal_targets={
        "addresses": _("adresses"),
        "deposit": _("fichier déposé"),
        "import": _("import"),
    },
    carried=CARRIED,
    left=LEFT,
)
