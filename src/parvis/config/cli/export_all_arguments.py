"""What ``parvis export-all`` takes."""

from __future__ import annotations

from argparse import ArgumentParser as Parser


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
