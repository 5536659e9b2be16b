"""``parvis export-all``: the whole instance as open files that are read without Parvis."""

from __future__ import annotations

import json
import sys
import warnings
from argparse import Namespace
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from parvis.config.cli.main import DONE, WRONG
from parvis.config.cli.progress import Bar, counted
from parvis.hub.departure.rules import FORMATS, Choices, Report
from parvis.hub.departure.services import Describing, export_all
from parvis.hub.sites.selectors import site_names
from parvis.web.api.explore.catalogue_files import whole
from parvis.web.api.explore.dcat import CatalogueCard
from parvis.web.api.explore.described import catalogued_dataset, written_dataset
from parvis.web.api.explore.rdf_writer import serialized

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SHOWN_FAILURES = 20
"""Printed after an export; all of them are in its export.json."""


def run(args: Namespace) -> int:
    """Write, then say what was written, what stays and what could not be; 1 when something could not."""
    formats = FORMATS
    if args.formats is not None:
        formats = tuple(dict.fromkeys(name.strip().lower() for name in args.formats.split(",") if name.strip()))
    choices = Choices(args.public_only, args.with_people, tuple(args.only), tuple(args.without), formats, args.versions)
    # What GDAL remarks of a mix of simple and multiple geometries is for whoever programs with it.
    warnings.filterwarnings("ignore", category=RuntimeWarning, module="pyogrio")
    folder, name, bar = Path(args.folder), next(iter(site_names().values()), "Parvis"), Bar("Export")
    try:
        report = export_all(
            folder, choices, Describing(written_dataset, lambda datasets: _graph(name, datasets), name), bar
        )
    finally:
        bar.close()
    if args.json:
        print(json.dumps({"folder": str(folder), **asdict(report)}, ensure_ascii=False))
    else:
        _tell(folder, choices, report)
    return WRONG if report.failures else DONE


def _graph(name: str, datasets: Iterable[Dataset]) -> Iterator[bytes]:
    card = CatalogueCard(settings.PARVIS["PARVIS_BASE_URL"], name, f"Le catalogue des données ouvertes de {name}.")
    base = f"{settings.PARVIS['PARVIS_BASE_URL']}/api/explore/v2.1"
    return serialized(whole(card), (catalogued_dataset(dataset, base) for dataset in datasets), "ttl")


def _tell(folder: Path, choices: Choices, report: Report) -> None:
    size = f"{report.bytes / 1e6:.1f}".replace(".", ",")
    parts = [counted(report.datasets, "jeu"), counted(report.rows, "ligne")]
    parts += [counted(report.pages, "page"), counted(report.files, "fichier")]
    print(f"Export : {folder} ({', '.join(parts)}, {size} Mo)")
    print(
        f"  {counted(report.written, 'fichier écrit')}, {report.unchanged} inchangés, "
        f"{counted(report.removed, 'fichier retiré')}. À lire d’abord : LISEZMOI.md, index.html."
    )
    if choices.with_people:
        print("  Il contient des données personnelles : comptes, rôles, adresses. Gardez-le en lieu sûr.")
    elif not choices.public_only:
        print("  Il contient ce qui n’est pas public : brouillons, jeux réservés. Sans les personnes (--with-people).")
    print(f"  Ce qui n’y est pas, et pourquoi : export.json ({counted(len(report.left), 'mention')}).")
    for failure in report.failures[:SHOWN_FAILURES]:
        print(f"  Échec : {failure['what']} — {failure['why']}", file=sys.stderr)
    if len(report.failures) > SHOWN_FAILURES:
        print(f"  … (+ {len(report.failures) - SHOWN_FAILURES})", file=sys.stderr)
