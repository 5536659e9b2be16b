"""What this room gives the house: sources that are read by themselves, and their screens."""

from django.utils.translation import gettext_lazy as _

from parvis.hub.harvesting.asked_rows import far_rows
from parvis.hub.harvesting.carried import CARRIED, LEFT
from parvis.hub.harvesting.kinds import KINDS
from parvis.hub.harvesting.notices import NOTICES
from parvis.hub.harvesting.rules import DUE
from parvis.hub.harvesting.selectors import next_due, other_files, section_of
from parvis.hub.jobs.daily import Awaited
from parvis.hub.registry import DatasetSection, Module

MODULE = Module(
    slug="harvesting",
    jobs=KINDS,
    far_rows=far_rows,
    awaited=(Awaited(DUE, next_due),),
    notices=NOTICES,
    dataset_sections=(DatasetSection("harvesting/other_files.html", section_of),),
    dataset_links=lambda dataset: [row["url"] for row in other_files(dataset)],
    api="parvis.hub.harvesting.api.router",
    viewsets=("parvis.hub.harvesting.backoffice.SCREENS", "parvis.hub.harvesting.move_backoffice.SCREENS"),
    journal_actions={
        "source.create": _("a ajouté la source"),
        "source.update": _("a changé la source"),
        "source.delete": _("a retiré la source"),
        "source.run": _("a lancé la lecture de la source"),
        "source.stop": _("a arrêté la lecture de la source"),
        "source.resume": _("a repris la lecture de la source"),
        "source.believe": _("a confirmé les absences de la source"),
        "source.hook-make": _("a fait lire à l’appel la source"),
        "source.hook-renew": _("a changé le secret des appels de la source"),
        "source.hook-open": _("a remis en service les appels de la source"),
        "source.hook-close": _("a arrêté les appels de la source"),
        "source.hook-remove": _("ne fait plus lire à l’appel la source"),
        "source.same": _("a relié à un jeu d’ici un jeu de la source"),
        "source.prevent": _("a annulé le passage d’un jeu à la source"),
        "source.separate": _("a distingué d’un jeu d’ici un jeu de la source"),
    },
    journal_targets={"source": _("source")},
    carried=CARRIED,
    left=LEFT,
)
