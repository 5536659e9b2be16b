"""What is looked at in each file received: modules each give a way to make an inspector for an import."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from parvis.core.ingest import Inspector
from parvis.core.validation.reports.endings import ENDINGS
from parvis.hub.datastore.models import Import
from parvis.hub.registry import modules
from parvis.hub.store import store

REPORT_FILES = tuple(f"rapport.{ending}" for ending in ENDINGS)
"""The files of a full report."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspector, and the name in the store of the report that it writes; empty when it writes none."""

    inspector: Inspector
    report: str = ""


def inspections_of(imported: Import, work: Path) -> list[Inspection]:
    """The inspectors for an import, in the order of the modules; what they write is in folders of ``work``."""
    made = [module.inspection(imported, work) for module in modules() if module.inspection is not None]
    return [inspection for inspection in made if inspection is not None]


def store_reports(inspections: Sequence[Inspection]) -> None:
    """Store the full reports just written, in the place of former ones."""
    for inspection in inspections:
        if inspection.report and inspection.inspector.folder is not None:
            store_report(inspection.inspector.folder, inspection.report)


def store_report(folder: Path, name: str) -> None:
    """Store the files of one report, each whole; a former one that has no successor goes."""
    for file in REPORT_FILES:
        if _is_own_file(folder / file):
            store().put(f"{name}/{file}", folder / file)
        else:
            store().delete(f"{name}/{file}")


def _is_own_file(path: Path) -> bool:
    """Whether it is a file and no link: a child that read a stranger's file made it."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1
