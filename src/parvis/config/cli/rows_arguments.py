"""What the command of pushed rows takes."""

from __future__ import annotations

import argparse

from parvis.config.cli.reading_arguments import add_json


def rows(parser: argparse.ArgumentParser) -> None:
    """Its one act."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    sentence = "pousser les lignes d’un fichier, mille à la fois"
    push = acts.add_parser("push", help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
    push.add_argument("dataset_id", metavar="JEU", help="identifiant du jeu, ouvert aux lignes poussées")
    push.add_argument("file", metavar="FICHIER", help=".json, .jsonl, .ndjson, ou CSV en UTF-8")
    push.add_argument(
        "--operation",
        choices=("put", "merge", "delete"),
        default="put",
        help="put pose des lignes entières (par défaut), merge ne change que les colonnes dites, delete retire par la clé",
    )
    push.add_argument("--whole", action="store_true", help="ne rien garder d’un lot dont une ligne est refusée")
    push.add_argument(
        "--name", metavar="NOM", help="nom de l’envoi : refait sous le même nom, il ne pousse rien une seconde fois"
    )
    add_json(push)
