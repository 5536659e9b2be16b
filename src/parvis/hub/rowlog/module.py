"""What this room gives the house: rows that lie over versions, the versions made of them, an operation of the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from parvis.hub.catalogue.signals import dataset_opened
from parvis.hub.registry import Listener, Module, Steady
from parvis.hub.rowlog.carried import CARRIED, LEFT
from parvis.hub.rowlog.kinds import KINDS
from parvis.hub.rowlog.selectors import laid_rows, versions_relied_on
from parvis.hub.rowlog.services.folding import ask_for_due
from parvis.hub.rowlog.services.laying import lay_what_waits, tell_catalogue, tidy_what_lies, version_opened


def _look() -> None:
    lay_what_waits()
    ask_for_due()


MODULE = Module(
    slug="rowlog",
    jobs=KINDS,
    steady=(Steady(_look, 3.0), Steady(tidy_what_lies, 60.0), Steady(tell_catalogue, 60.0)),
    laid_rows=laid_rows,
    versions_relied_on=versions_relied_on,
    listeners=(Listener(dataset_opened, version_opened),),
    api="parvis.hub.rowlog.api.router",
    journal_actions={
        "rows.open": _("a ouvert aux programmes les lignes de"),
        "rows.close": _("a fermé aux programmes les lignes de"),
        "rows.undo": _("a annulé des lignes poussées dans"),
        "rows.resume": _("a repris les lignes poussées dans"),
    },
    carried=CARRIED,
    left=LEFT,
)
