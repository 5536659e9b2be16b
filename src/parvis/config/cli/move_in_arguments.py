"""What ``parvis move-in`` takes."""

from __future__ import annotations

from argparse import ArgumentParser as Parser


def move_in_arguments(parser: Parser) -> None:
    """``parvis move-in ADRESSE``."""
    parser.add_argument("url", metavar="ADRESSE", help="le portail d’où l’on part")
    parser.add_argument(
        "--kind",
        choices=("explore", "ckan", "udata", "data_fair"),
        help="le genre du portail (Opendatasoft et Parvis : explore) ; sans cela, il est reconnu",
    )
    parser.add_argument(
        "--key-file", metavar="FICHIER", help="fichier où est la clé d’API de ce portail, pour ses jeux réservés"
    )
    parser.add_argument("--organisation", help="à qui vont les jeux dont rien ne dit mieux (la première par défaut)")
    parser.add_argument(
        "--mapping",
        metavar="FICHIER",
        help="tableau CSV des organisations, licences et thèmes du portail et des nôtres ; avec --dry-run, il est écrit s’il manque",
    )
    pairs = "peut être répété"
    parser.add_argument(
        "--only", action="append", default=[], metavar="MOTIF", help=f"seulement ces jeux (« budget-* ») ; {pairs}"
    )
    parser.add_argument(
        "--except", action="append", default=[], dest="unwanted", metavar="MOTIF", help=f"sauf ces jeux ; {pairs}"
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="PARTIES",
        help=f"laisser ces parties du portail (« users,pages ») ; {pairs}",
    )
    parser.add_argument(
        "--each-table",
        action="store_true",
        help="un jeu par tableau, quand un jeu du portail en a plusieurs (CKAN, udata) ; sinon le meilleur, les autres joints",
    )
    parser.add_argument("--licence", default="", help="licence des jeux dont le portail n’en dit pas")
    parser.add_argument("--draft", action="store_true", help="ne rien mettre en ligne")
    parser.add_argument(
        "--ignore-robots", action="store_true", help="lire même ce que robots.txt refuse : c’est votre portail"
    )
    parser.add_argument("--dry-run", action="store_true", help="dire ce qui viendrait, sans rien écrire ici")
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FICHIER",
        help=f"écrire le rapport de comparaison, .json ou .csv ; {pairs}",
    )
    parser.add_argument("--json", action="store_true", help="réponse en JSON")
