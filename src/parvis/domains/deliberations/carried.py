"""What leaves of this room when the whole instance does, and what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parvis.hub.carried import MADE_AGAIN, OF_THE_MACHINE, Carried
from parvis.hub.records.rules import Status

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _online_files(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(act__status=Status.PUBLISHED, act__withdrawn_at=None).exclude(published="")


CARRIED = (
    Carried(model="deliberations.Assembly", name="deliberations/assemblees"),
    Carried(model="deliberations.Official", name="deliberations/elus"),
    Carried(model="deliberations.Session", name="deliberations/seances"),
    Carried(model="deliberations.AgendaItem", name="deliberations/ordres-du-jour"),
    Carried(model="deliberations.Act", name="deliberations/actes"),
    Carried(
        model="deliberations.ActFile",
        name="deliberations/fichiers",
        public=_online_files,
        public_columns=(
            "act",
            "role",
            "position",
            "title",
            "published",
            "published_digest",
            "published_bytes",
            "published_type",
        ),
    ),
    Carried(model="deliberations.FileText", name="deliberations/textes"),
    Carried(model="deliberations.Suggestions", name="deliberations/lectures"),
    Carried(model="deliberations.Amount", name="deliberations/montants"),
    Carried(model="deliberations.ActLink", name="deliberations/liens"),
    Carried(model="deliberations.Step", name="deliberations/etapes"),
)

LEFT = {
    "deliberations.OparlObject": MADE_AGAIN,
    "deliberations.OparlChange": OF_THE_MACHINE,
    "deliberations.ToldOnce": OF_THE_MACHINE,
}
