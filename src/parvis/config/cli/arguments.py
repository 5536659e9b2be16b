"""What each command takes. Pure argparse: ``--help`` answers without loading Django."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass

from parvis import __version__
from parvis.config.cli.export_arguments import EXPORTS, export_all_arguments, export_arguments
from parvis.config.cli.harvest_arguments import harvest_arguments
from parvis.config.cli.key_arguments import key_arguments
from parvis.config.cli.move_in_arguments import move_in_arguments
from parvis.config.cli.reading_arguments import add_json as _json
from parvis.config.cli.reading_arguments import add_reading as _reading
from parvis.config.cli.recipe_arguments import addresses, recipe
from parvis.config.cli.republish_arguments import republish
from parvis.config.cli.rows_arguments import rows

Parser = argparse.ArgumentParser


BENCH_PARTS = (
    *(
        "import",
        "validate",
        "mend",
        "recipe",
        "contributions",
        "quality",
        "questions",
        "tiles",
        "exports",
        "export-all",
        "odata",
        "catalogue",
        "harvest",
        "move-in",
        "acts",
        "shapes",
        "conflation",
        "basemap",
        "memory",
        "pages",
        "agenda",
        "traffic",
        "slow",
        "fairness",
        "push",
    ),
)
"""Parts of the benchmark, written here so that ``--help`` loads nothing; a test compares them with the real ones."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its word, what it does in one sentence, its module in this package, its arguments, what it needs.

    ``instance`` is ``must-exist``, ``may-create`` or ``none``; ``reads``: it will read files in a confined child. ``bare``: those of its
    acts that need no instance, which ``bare_module`` runs.
    """

    name: str
    sentence: str
    module: str
    arguments: Callable[[Parser], None]
    instance: str = "must-exist"
    reads: bool = False
    bare: frozenset[str] = frozenset()
    bare_module: str = ""


def _nothing(parser: Parser) -> None:
    """No argument of its own."""


def _address(parser: Parser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute (127.0.0.1 par défaut)")
    parser.add_argument("--port", type=int, default=8000, help="port d’écoute (8000 par défaut)")
    parser.add_argument(
        "--workers",
        type=_positive,
        help="processus web (par défaut le nombre de cœurs, 2 au plus, 1 sous 1,5 Go de mémoire)",
    )


def _demo(parser: Parser) -> None:
    _address(parser)
    parser.add_argument("--no-serve", action="store_true", help="charger la démonstration sans ouvrir le portail")


def _init(parser: Parser) -> None:
    parser.add_argument(
        "--territory",
        action="append",
        default=[],
        metavar="CODE",
        help="code INSEE d’une commune, SIREN d’un EPCI, code d’un département ou « region:11 » ; peut être répété",
    )


def _import(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "files",
        nargs="+",
        metavar="FICHIER",
        help="fichier, adresse http(s), dossier d’un jeu de parvis export-all, ou cet export entier",
    )
    add("--id", dest="dataset_id", help="identifiant du jeu (tiré du nom du fichier par défaut)")
    add("--metadata", metavar="FICHIER.json", help="fiche du jeu : un objet « dataset » de l’API Explore v2.1")
    add("--title", help="titre du jeu")
    add("--organisation", help="identifiant ou nom de l’organisation qui publie (la première par défaut)")
    add("--schema", help="schéma que les données suivent : nom, fichier ou adresse ; chaque version est vérifiée")
    add("--access", choices=("public", "internal", "restricted"), help="à qui le jeu est ouvert")
    add(
        "--recipe",
        metavar="RECETTE.toml",
        help="étapes de préparation, retenues pour les imports suivants (parvis recipe)",
    )
    add("--draft", action="store_true", help="ne pas publier")
    add(
        "--on-misfit",
        choices=("stop", "text", "null"),
        default="stop",
        help="valeur qui ne convient pas à sa colonne : arrêter (défaut), garder la colonne en texte, vider la cellule",
    )
    add(
        "--text",
        action="append",
        default=[],
        metavar="COLONNE",
        help="garder cette colonne en texte, mots et zéros compris ; peut être répété, retenu pour les imports suivants",
    )
    _reading(parser)
    _decision(parser)
    _json(parser)


def _decision(parser: Parser) -> None:
    parser.add_argument(
        "--privacy-decision",
        metavar="« TEXTE »",
        help="à quel titre ce qui a été vu de personnel est publié, ou pourquoi ce n’est pas personnel ; gardé au dossier",
    )


def _datasets(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    for name, sentence in (
        ("list", "tous les jeux"),
        ("show", "la fiche d’un jeu"),
        ("versions", "les versions d’un jeu"),
        ("publish", "publier un jeu"),
        ("unpublish", "retirer un jeu des portes publiques"),
        ("revert", "revenir à une version précédente"),
        ("delete", "mettre un jeu de côté (récupérable)"),
        ("documents", "chercher à nouveau des données personnelles dans tous les documents joints"),
    ):
        act = acts.add_parser(name, help=sentence, description=sentence.capitalize())
        if name not in ("list", "documents"):
            act.add_argument("dataset_id", metavar="ID")
        if name in ("publish", "revert"):
            _decision(act)
        if name == "delete":
            act.add_argument("--force", action="store_true", help="même si d’autres jeux sont faits avec celui-ci")
        if name == "revert":
            act.add_argument("--version", help="nom de la version (la précédente par défaut)")
        _json(act)


def _key(parser: Parser) -> None:
    for act in key_arguments(parser):
        _json(act)


def _user(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    add = acts.add_parser("add", help="créer un compte", description="Créer un compte.")
    add.add_argument("email", metavar="ADRESSE")
    add.add_argument("--name", default="", help="prénom et nom")
    add.add_argument("--organisation", help="identifiant ou nom de l’organisation où la personne a un rôle")
    add.add_argument(
        "--role",
        choices=("reader", "contributor", "steward", "administrator"),
        default="contributor",
        help="rôle dans l’organisation (contributor par défaut)",
    )
    add.add_argument("--site", help="site que la personne écrit : nom d’hôte, préfixe, commune ou code INSEE")
    add.add_argument(
        "--duty",
        choices=("write", "publish"),
        default="write",
        help="sur ce site : write écrit et propose (défaut), publish publie aussi",
    )
    add.add_argument("--superuser", action="store_true", help="tous les droits sur l’instance")
    add.add_argument("--password-stdin", action="store_true", help="lire le mot de passe sur l’entrée standard")
    link = acts.add_parser(
        "link", help="montrer un lien de mot de passe", description="Montrer, ici seulement, un lien qui sert une fois."
    )
    link.add_argument("email", metavar="ADRESSE")
    sentence = "fermer les sessions d’un compte, ou de tous"
    end = acts.add_parser("end-sessions", help=sentence, description=sentence.capitalize())
    sentence = "faire renouveler le mot de passe d’un compte, ou de tous"
    reset = acts.add_parser(
        "reset",
        help=sentence,
        description=f"{sentence.capitalize()} : l’ancien ne sert plus, les sessions sont fermées, chacun reçoit un lien.",
    )
    reset.add_argument("--second-factor", action="store_true", help="retirer aussi les seconds facteurs")
    for act in (end, reset):
        act.add_argument("emails", metavar="ADRESSE", nargs="*")
        act.add_argument("--all", action="store_true", help="tous les comptes ouverts")
    for act in (add, link, end, reset):
        _json(act)


def _secret_key(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    sentence = "mettre une nouvelle clé secrète, chiffrer de nouveau ce qui l’était, fermer toutes les sessions"
    renew = acts.add_parser("renew", help=sentence, description=sentence.capitalize())
    _json(renew)


def _quality(parser: Parser) -> None:
    parser.add_argument("dataset_id", metavar="ID")
    _json(parser)


def _search(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    sentence = "refaire les index de recherche, de ce que l’instance contient ; le portail peut servir pendant ce temps"
    rebuilt = acts.add_parser("rebuild", help=sentence, description=f"{sentence[0].upper()}{sentence[1:]}.")
    _json(rebuilt)


def _basemap(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    built = acts.add_parser(
        "build",
        help="faire le fond de carte d’un extrait d’OpenStreetMap",
        description="Faire le fond de carte d’un extrait d’OpenStreetMap, et le mettre en service quand il est prêt.",
        epilog="Interrompue, la commande reprend à la dernière étape finie. Les cartes ouvertes ne changent qu’à la fin.",
    )
    built.add_argument("file", metavar="FICHIER.osm.pbf", help="extrait d’une région, au format PBF")
    sentence = "le fond de carte en service"
    shown = acts.add_parser("show", help=sentence, description=f"{sentence.capitalize()}.")
    sentence = "retirer le fond de carte : les cartes montrent les contours livrés avec Parvis"
    removed = acts.add_parser("remove", help=sentence, description=f"{sentence.capitalize()}.")
    for act in (built, shown, removed):
        _json(act)


def _deliberations(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    verify = acts.add_parser(
        "verify",
        help="vérifier les sceaux des actes publiés",
        description="Vérifier les sceaux des actes publiés : toute la chaîne de l’instance et ses fichiers, un fichier, ou une adresse.",
        epilog="0 : intact. 1 : rompu, modifié ou jamais publié. 2 : la vérification n’a pas pu se faire.",
    )
    verify.add_argument(
        "target",
        nargs="?",
        metavar="ADRESSE|FICHIER",
        help="fichier à chercher dans la chaîne, ou adresse d’un acte sur n’importe quel portail (toute l’instance par défaut)",
    )
    verify.add_argument(
        "--chain",
        metavar="CHAÎNE",
        help="chaîne enregistrée avant (chaine.jsonl) : celle d’aujourd’hui doit en être la suite ; avec un FICHIER, "
        "elle suffit, sans instance",
    )
    _json(verify)


def _bench(parser: Parser) -> None:
    parser.add_argument("--rows", type=_positive, default=1_000_000, metavar="N", help="lignes du fichier mesuré")
    parser.add_argument(
        "--acts", type=_positive, default=100_000, metavar="N", help="actes de la partie acts (100 000 par défaut)"
    )
    parser.add_argument(
        "--datasets",
        type=_positive,
        default=200,
        metavar="N",
        help="jeux de la partie harvest (200 par défaut ; 2 000 sont la cible)",
    )
    parser.add_argument(
        "--seconds", type=float, default=3.0, metavar="S", help="durée de chaque salve de requêtes (3 par défaut)"
    )
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        choices=EXPORTS,
        metavar="F",
        help="un format d’export seulement, autant de fois qu’il faut",
    )
    parser.add_argument(
        "--only", action="append", choices=BENCH_PARTS, help="une partie seulement, autant de fois qu’il faut"
    )
    _json(parser)


def _privacy(parser: Parser) -> None:
    parser.add_argument("files", nargs="+", metavar="FICHIER", help="tableau, PDF, document de bureau ou texte")
    _reading(parser)
    _json(parser)


def _validate(parser: Parser) -> None:
    add = parser.add_argument
    add("file", metavar="FICHIER", help="le fichier à vérifier")
    add("--schema", required=True, metavar="NOM", help="nom d’un schéma livré (scdl/deliberations), fichier ou adresse")
    add("--version", help="version du schéma (la dernière par défaut)")
    add(
        "--format",
        choices=("text", "json", "csv"),
        default="text",
        help="text : l’essentiel, à lire (défaut) ; json, csv : toutes les anomalies",
    )
    add("--strict", action="store_true", help="lire comme Validata : noms de colonnes à la majuscule près")


def _schemas(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    listed = acts.add_parser("list", help="les schémas livrés", description="Les schémas livrés.")
    shown = acts.add_parser("show", help="ce que demande un schéma", description="Ce que demande un schéma.")
    shown.add_argument("name", metavar="NOM", help="nom d’un schéma livré, fichier ou adresse")
    shown.add_argument("--version", help="version du schéma (la dernière par défaut)")
    renewed = acts.add_parser(
        "update", help="prendre les schémas publiés depuis", description="Prendre les schémas publiés depuis."
    )
    renewed.add_argument("--url", help="adresse du catalogue (celui de schema.data.gouv.fr par défaut)")
    for act in (listed, shown, renewed):
        _json(act)
    sentence = "écrire le classeur à remplir d’un schéma"
    template = acts.add_parser("template", help=sentence, description=sentence.capitalize())
    template.add_argument("name", metavar="NOM", help="nom du schéma (scdl/subventions), fichier ou adresse")
    template.add_argument("--version", help="version du schéma (la dernière par défaut)")
    template.add_argument(
        "-o", "--output", metavar="FICHIER.xlsx", help="fichier à écrire (au nom du schéma par défaut)"
    )
    template.add_argument(
        "--language", choices=("fr", "en"), default="fr", help="langue des explications (fr par défaut)"
    )
    _json(template)


def _territories(parser: Parser) -> None:
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACTION")
    sentence = "prendre un découpage ou des contours plus récents"
    update = acts.add_parser("update", help=sentence, description=sentence.capitalize())
    update.add_argument(
        "files",
        nargs="*",
        metavar="FICHIER",
        help="communes d’Admin Express (GeoPackage, Shapefile zippé, GeoJSON), ou communes.json, epci.json de "
        "@etalab/decoupage-administratif",
    )
    update.add_argument("--dry-run", action="store_true", help="dire ce qui changerait, ne rien écrire")
    update.add_argument("--shipped", action="store_true", help="revenir d’abord aux territoires livrés avec Parvis")
    update.add_argument(
        "--population-year",
        type=int,
        metavar="ANNÉE",
        help="année des populations du fichier (par défaut, celle des populations en vigueur : trois ans plus tôt)",
    )
    _json(update)


def _backup(parser: Parser) -> None:
    parser.add_argument(
        "file", nargs="?", metavar="FICHIER", help="archive .tar.gz, ou .tar.gz.age quand elle est chiffrée"
    )
    parser.add_argument(
        "--make-identity",
        metavar="FICHIER",
        help="ne rien sauvegarder : faire une paire de clés, la secrète dans ce fichier, pour chiffrer les sauvegardes",
    )
    _json(parser)


def _restore(parser: Parser) -> None:
    parser.add_argument("file", metavar="FICHIER", help="archive .tar.gz ou .tar.gz.age")
    parser.add_argument("--identity", metavar="FICHIER", help="clé secrète age qui ouvre une sauvegarde chiffrée")
    _json(parser)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("un nombre entier positif est attendu")
    return number


COMMANDS = (
    Command("demo", "charger la démonstration et ouvrir le portail", "demo", _demo, "may-create", reads=True),
    Command("init", "créer une instance, avec les organisations d’un territoire", "init", _init, "may-create"),
    Command("serve", "ouvrir le portail : web et travaux de fond", "serve", _address),
    Command("import", "importer un fichier et le publier", "importing", _import, "may-create", reads=True),
    Command(
        "recipe",
        "vérifier une recette de préparation, l’essayer sur un fichier",
        "recipe",
        recipe,
        reads=True,
        bare=frozenset({"check", "steps"}),
        bare_module="recipe_check",
    ),
    Command("addresses", "charger les adresses qui servent à géocoder", "addresses", addresses, reads=True),
    Command("rows", "pousser les lignes d’un fichier dans un jeu qui en reçoit", "rows", rows),
    Command("datasets", "voir et gérer les jeux de données", "datasets", _datasets),
    Command(
        "harvest",
        "lire des sources qui viennent d’ailleurs, selon un calendrier",
        "harvest",
        harvest_arguments,
        reads=True,
    ),
    Command("republish", "voir, essayer, lancer l’envoi vers data.gouv.fr", "republish", republish),
    Command("move-in", "faire venir un portail entier, et le comparer", "move_in", move_in_arguments, reads=True),
    Command("export", "écrire un jeu de données dans un fichier", "export", export_arguments),
    Command(
        "export-all",
        "écrire toute l’instance en fichiers ouverts, qui se lisent sans Parvis",
        "export_all",
        export_all_arguments,
    ),
    Command("user", "gérer les comptes", "user", _user),
    Command("key", "gérer les clés d’API", "key", _key),
    Command("secret-key", "renouveler la clé secrète de l’instance", "secret_key", _secret_key),
    Command("quality", "dire la note d’un jeu de données et ce qui lui manque", "quality", _quality),
    Command(
        "pictures", "réécrire sans leurs métadonnées les images reçues par une version plus ancienne", "pictures", _json
    ),
    Command("deliberations", "vérifier les sceaux des actes publiés", "deliberations", _deliberations, "none"),
    Command("basemap", "faire le fond de carte d’un extrait d’OpenStreetMap", "basemap", _basemap, reads=True),
    Command("search", "refaire les index de recherche", "search", _search),
    Command("doctor", "dire si l’instance est entière et bien réglée", "doctor", _json),
    Command("backup", "tout mettre dans une archive", "backup", _backup),
    Command("restore", "reprendre une instance depuis une archive", "restore", _restore, "none"),
    Command("privacy", "chercher des données personnelles dans un fichier", "privacy", _privacy, "none", reads=True),
    Command("validate", "vérifier qu’un fichier respecte un schéma", "validating", _validate, "none", reads=True),
    Command("schemas", "voir les schémas de données, écrire leurs classeurs à remplir", "schemas", _schemas, "none"),
    Command(
        "territories", "mettre à jour communes, intercommunalités et contours", "territories", _territories, reads=True
    ),
    Command("bench", "mesurer, à côté d’autres outils quand ils sont là", "bench", _bench, "none"),
)

BY_NAME = {command.name: command for command in COMMANDS}


REMOTE = ("import", "rows", "datasets", "recipe", "harvest", "key")
"""What can be done on another portal (``--url``)."""


def build_parser() -> Parser:
    """The parser of the whole command line."""
    parser = Parser(
        prog="parvis",
        description="Le portail de données d’un territoire.",
        epilog="PARVIS_HOME dit où est l’instance (./parvis-home par défaut).",
    )
    parser.add_argument("--version", action="version", version=f"parvis {__version__}")
    parser.add_argument(
        "--url",
        dest="portal",  # commands have a « url » of their own
        metavar="ADRESSE",
        help=f"faire la commande sur le portail de cette adresse, par son API ({', '.join(REMOTE)}), avec la clé de PARVIS_API_KEY",
    )
    parser.add_argument(
        "--key-file", metavar="FICHIER", help="avec --url, fichier où est la clé d’API, au lieu de PARVIS_API_KEY"
    )
    words = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")
    for command in COMMANDS:
        own = words.add_parser(command.name, help=command.sentence, description=f"Parvis : {command.sentence}.")
        command.arguments(own)
    return parser
