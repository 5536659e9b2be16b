"""What this room gives the house: rows that lie over versions, the versions made of them, an operation of the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.signals import dataset_opened
from parvis.hub.registry import Listener, Module, Steady
from parvis.hub.rowlog.kinds import KINDS
from parvis.hub.rowlog.selectors import laid_rows, versions_relied_on


def _look() -> None:
    from parvis.hub.rowlog.services.folding import ask_for_due  # noqa: PLC0415 what makes versions is a worker's
    from parvis.hub.rowlog.services.laying import lay_what_waits  # noqa: PLC0415

    lay_what_waits()
    ask_for_due()


def _opened(dataset: Dataset, **_rest: object) -> None:
    from parvis.hub.rowlog.services.laying import version_opened  # noqa: PLC0415 it loads what reads tables

    version_opened(dataset)


MODULE = Module(
    slug="rowlog",
    jobs=KINDS,
    steady=(Steady(_look, 3.0),),
    laid_rows=laid_rows,
    versions_relied_on=versions_relied_on,
    listeners=(Listener(dataset_opened, _opened),),
    api="parvis.hub.rowlog.api.router",
    journal_actions={
        "rows.open": _("a ouvert aux programmes les lignes de"),
        "rows.close": _("a fermé aux programmes les lignes de"),
        "rows.undo": _("a annulé des lignes poussées dans"),
        "rows.resume": _("a repris les lignes poussées dans"),
    },
)
