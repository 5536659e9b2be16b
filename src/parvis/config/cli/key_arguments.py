"""What ``parvis key`` takes. Pure argparse."""

from __future__ import annotations

from argparse import ArgumentParser


def key_arguments(parser: ArgumentParser) -> tuple[ArgumentParser, ...]:
    """Declare them; the parsers of its acts."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    create = acts.add_parser("create", help="créer une clé", description="Créer une clé, montrée cette seule fois.")
    create.add_argument("--person", required=True, metavar="ADRESSE", help="à qui est la clé")
    create.add_argument("--name", required=True, help="à quoi elle sert")
    create.add_argument("--organisation", help="n’ouvrir que ce que la personne voit dans cette organisation")
    create.add_argument(
        "--scope",
        choices=("read-public", "read", "propose", "deposit", "push", "write", "publish", "administer"),
        default="read",
        help="read-public : ce que chacun peut lire ; read : tout ce que la personne peut lire (défaut) ; "
        "propose : ce que chacun peut lire, et proposer des contributions ; deposit : déposer des actes ; push : pousser des lignes ; "
        "write : écrire des brouillons par l’API ; publish : les publier aussi ; administer : administrer aussi",
    )
    create.add_argument(
        "--expires",
        metavar="DATE",
        help="dernier jour d’usage (AAAA-MM-JJ), ou nombre de jours ; obligatoire pour une clé qui écrit ou pousse, 366 jours au plus",
    )
    create.add_argument(
        "--dataset",
        action="append",
        default=[],
        metavar="ID",
        help="seul jeu que la clé peut changer, avec push, write ou publish (autant de fois qu’il faut)",
    )
    shown = acts.add_parser("list", help="les clés", description="Les clés, sans leur secret.")
    shown.add_argument("--person", metavar="ADRESSE", help="celles d’une personne")
    revoke = acts.add_parser("revoke", help="révoquer une clé", description="Révoquer une clé, pour toujours.")
    revoke.add_argument("key", metavar="CLÉ", help="son numéro, ou son début tel que « list » le montre")
    return create, shown, revoke
