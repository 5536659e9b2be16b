"""What ``parvis export`` and ``parvis export-all`` take."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser as Parser
from collections.abc import Iterator


class _ExportNames:
    """Names of the export formats, read when a help or a choice shows them: their writers take a while to load."""

    def __iter__(self) -> Iterator[str]:
        return iter(importlib.import_module("parvis.core.explore.formats").FORMAT_BY_NAME)

    def __str__(self) -> str:
        return ", ".join(self)


EXPORTS = _ExportNames()


def export_arguments(parser: Parser) -> None:
    """``parvis export ID``."""
    add = parser.add_argument
    add("dataset_id", metavar="ID")
    written = add("--format", required=True, metavar="F", help="%(formats)s ; original : le fichier reçu")
    written.formats = EXPORTS  # type: ignore[attr-defined]  # argparse fills helps from attributes, when it shows them
    add("-o", "--output", metavar="FICHIER", help="fichier à écrire (la sortie standard par défaut)")
    add("--where", help="filtre ODSQL")
    add(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NOM=VALEUR",
        help="paramètre de l’API, autant de fois qu’il faut : select=nom,lieu epsg=2154 use_labels=true…",
    )


def export_all_arguments(parser: Parser) -> None:
    """``parvis export-all DOSSIER``."""
    add = parser.add_argument
    add(
        "folder",
        metavar="DOSSIER",
        help="où écrire : un dossier vide, ou celui d’un export précédent, qui est mis à jour",
    )
    add("--public-only", action="store_true", help="seulement ce que tout le monde peut voir")
    add(
        "--with-people",
        action="store_true",
        help="avec les comptes, les rôles et les adresses : des données personnelles, absentes sans cette option",
    )
    add(
        "--only",
        action="append",
        default=[],
        metavar="MOTIF",
        help="seulement ces jeux (« budget-* ») ; peut être répété",
    )
    add(
        "--except",
        action="append",
        default=[],
        dest="without",
        metavar="MOTIF",
        help="sauf ces jeux ; peut être répété",
    )
    add("--formats", metavar="F,F", help="formats des lignes : csv, parquet, geojson, gpkg (tous par défaut)")
    add("--versions", action="store_true", help="avec les lignes de toutes les versions gardées")
    add("--json", action="store_true", help="réponse en JSON")
