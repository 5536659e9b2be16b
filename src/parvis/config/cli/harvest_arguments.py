"""What ``parvis harvest`` takes."""

from __future__ import annotations

from argparse import ArgumentParser as Parser


def harvest_arguments(parser: Parser) -> None:
    """``parvis harvest add|run|list|show|hook``."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    add = acts.add_parser("add", help="ajouter une source", description="Ajouter une source, ou seulement l’essayer.")
    _add(add)
    run = acts.add_parser("run", help="lire une source", description="Lire une source maintenant, ici.")
    run.add_argument("source", metavar="SOURCE")
    run.add_argument("--resume", action="store_true", help="reprendre la dernière lecture où elle s’est arrêtée")
    run.add_argument("--complete", action="store_true", help="tout relire, même ce que la source dit inchangé")
    shown = acts.add_parser("list", help="les sources", description="Les sources, leur état et leur prochaine lecture.")
    show = acts.add_parser(
        "show",
        help="une source et sa dernière lecture",
        description="Une source, et jeu par jeu ce qu’une lecture a fait.",
    )
    show.add_argument("source", metavar="SOURCE")
    show.add_argument("--run", type=int, metavar="N", help="numéro de la lecture (la dernière par défaut)")
    show.add_argument(
        "--outcome",
        choices=("created", "updated", "skipped", "twin", "failed", "missing", "archived"),
        help="seulement ces jeux-là",
    )
    hook = acts.add_parser(
        "hook",
        help="lire une source à l’appel",
        description="L’adresse qu’un autre logiciel appelle pour que la source soit lue tout de suite, et ses derniers appels.",
    )
    hook.add_argument("source", metavar="SOURCE")
    what = hook.add_mutually_exclusive_group()
    what.add_argument(
        "--make",
        choices=("signed", "address"),
        help="créer l’adresse (signed : appels signés ; address : adresse secrète, pour qui ne sait pas signer)",
    )
    what.add_argument(
        "--renew", action="store_true", help="changer le secret, ou l’adresse secrète ; l’ancien sert encore un jour"
    )
    what.add_argument("--stop", action="store_true", help="refuser les appels pour le moment")
    what.add_argument("--start", action="store_true", help="les prendre de nouveau")
    what.add_argument("--remove", action="store_true", help="retirer l’adresse")
    hook.add_argument(
        "--secret", action="store_true", help="avec --make signed : lire sur l’entrée standard le secret de l’appelant"
    )
    for act in (add, run, shown, show, hook):
        act.add_argument("--json", action="store_true", help="réponse en JSON")


def _add(add: Parser) -> None:
    add.add_argument("url", metavar="ADRESSE")
    add.add_argument("--dialect", required=True, metavar="GENRE", help="ce que parle la source : file, explore…")
    add.add_argument("--title", default="", help="nom de la source")
    add.add_argument("--organisation", help="identifiant ou nom de l’organisation qui publie (la première par défaut)")
    add.add_argument(
        "--schedule",
        default="",
        metavar="QUAND",
        help="« chaque nuit à 3 h », « toutes les 15 minutes », ou cinq champs de cron",
    )
    add.add_argument(
        "--mode",
        choices=("copy", "metadata", "federated"),
        default="copy",
        help="copy : la fiche et les données (défaut) ; metadata : la fiche et des liens vers les données ; "
        "federated : la fiche, et les données demandées au portail (API Explore) quand on les lit",
    )
    add.add_argument("--draft", action="store_true", help="ne rien mettre en ligne")
    pairs = "peut être répété"
    add.add_argument("--option", action="append", default=[], metavar="NOM=VALEUR", help=f"option du genre ; {pairs}")
    add.add_argument(
        "--filter",
        action="append",
        default=[],
        metavar="NOM=VALEUR",
        help=f"ne prendre que territory=, organisation=, theme=, tag= ou schema= ; {pairs}",
    )
    add.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="NOM:MOT=LE NÔTRE",
        help=f"organisations:, licences: ou themes:, un mot de la source et le nôtre ; {pairs}",
    )
    add.add_argument("--licence", default="", help="licence des jeux dont la source n’en dit pas")
    add.add_argument(
        "--header",
        action="append",
        default=[],
        metavar="NOM",
        help="en-tête secret, dont la valeur est lue sur l’entrée standard, une par ligne",
    )
    add.add_argument(
        "--ignore-robots", action="store_true", help="lire même ce que robots.txt refuse, avec l’accord du producteur"
    )
    add.add_argument("--preview", action="store_true", help="montrer les vingt premiers jeux, sans rien enregistrer")
