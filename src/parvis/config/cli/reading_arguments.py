"""What several commands take: how a file is read, and whether they answer in JSON."""

from __future__ import annotations

import argparse

Parser = argparse.ArgumentParser


def add_reading(parser: Parser) -> None:
    """The options of the readers."""
    add = parser.add_argument
    add("--encoding", help="encodage du fichier, si la détection se trompe")
    add("--delimiter", help="séparateur de colonnes, si la détection se trompe")
    add("--header-line", type=int, metavar="N", help="ligne de l’en-tête, à partir de 1 ; 0 : pas d’en-tête")
    add(
        "--multiline",
        action=argparse.BooleanOptionalAction,
        help="des cellules entre guillemets tiennent sur plusieurs lignes, ou chaque ligne du fichier est une ligne du tableau",
    )
    add(
        "--keep-total",
        action="store_true",
        default=None,
        help="garder parmi les données la dernière ligne, quand elle est le total des autres",
    )
    add(
        "--header-groups",
        choices=("join", "drop"),
        help="ce qui est écrit au-dessus de plusieurs colonnes : le joindre à leurs noms, ou l’en exclure",
    )
    add("--sheet", help="feuille d’un classeur ; « * » : toutes, en un seul tableau")
    add("--member", help="fichier d’une archive ; « * », « 2024-*.csv » : tous ceux-là, en un seul tableau")
    add(
        "--file-column",
        action=argparse.BooleanOptionalAction,
        help="quand plusieurs fichiers ou feuilles font un tableau, une colonne dit d’où vient chaque ligne",
    )
    add(
        "--records",
        dest="json_path",
        metavar="CHEMIN",
        help="liste d’un JSON ou d’un XML : clés ou éléments, des points entre eux",
    )


def add_json(parser: Parser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="répondre en JSON")
