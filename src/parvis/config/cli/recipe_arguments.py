"""What the commands of recipes and addresses take."""

from __future__ import annotations

import argparse

from parvis.config.cli.reading_arguments import add_json, add_reading

Parser = argparse.ArgumentParser


def recipe(parser: Parser) -> None:
    """Its acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    check = acts.add_parser(
        "check", help="vérifier une recette", description="Vérifier une recette, sans rien importer."
    )
    check.add_argument("recipe", metavar="RECETTE.toml", help="la recette")
    add_json(check)
    sentence = "montrer ce qu’une recette fait des premières lignes d’un fichier"
    preview = acts.add_parser("preview", help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
    preview.add_argument("recipe", metavar="RECETTE.toml", help="la recette")
    preview.add_argument("file", metavar="FICHIER", help="le fichier")
    add_reading(preview)
    add_json(preview)
    sentence = "écrire la recette d’un jeu de données"
    show = acts.add_parser("show", help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
    show.add_argument("dataset_id", metavar="JEU", help="identifiant du jeu")
    acts.add_parser(
        "steps", help="dire les étapes qu’il y a", description="Dire les étapes qu’il y a, et leurs réglages."
    )


def addresses(parser: Parser) -> None:
    """Its acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    sentence = "charger les adresses qui servent à géocoder, à la place des précédentes"
    load = acts.add_parser("load", help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
    load.add_argument(
        "file", metavar="FICHIER", help="CSV de la Base Adresse Nationale, d’une Base Adresse Locale, ou de BANO"
    )
    add_json(load)
    clear = acts.add_parser("clear", help="retirer ces adresses", description="Retirer les adresses chargées.")
    add_json(clear)
