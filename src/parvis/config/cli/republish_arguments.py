"""What ``parvis republish`` takes."""

from __future__ import annotations

from argparse import ArgumentParser as Parser

from parvis.config.cli.reading_arguments import add_json


def republish(parser: Parser) -> None:
    """``parvis republish status|dry-run|send``."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    for name, words in (
        ("status", "où en est l’envoi, jeu par jeu"),
        ("dry-run", "dire ce qui serait envoyé, champ par champ, sans rien envoyer"),
        ("send", "envoyer maintenant ce qui a changé"),
    ):
        act = acts.add_parser(name, help=words, description=f"{words[0].upper()}{words[1:]}.")
        act.add_argument("organisation", metavar="ORGANISATION", help="identifiant ou nom de l’organisation")
        add_json(act)
