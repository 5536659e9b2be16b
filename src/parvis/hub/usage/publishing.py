"""The counts as a dataset of the portal, through the usual import: a table by month that anybody reads, downloads and queries."""

from __future__ import annotations

import csv
import hashlib
import tempfile
from datetime import date
from pathlib import Path

from parvis.core.progress import Progress
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisations
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.selectors import source_of
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.sites.models import SiteFace
from parvis.hub.usage.rules import Nature, subject_of
from parvis.hub.usage.selectors import public_counts

DATASET_ID = "usage-du-portail"
FILE = "usage-du-portail.csv"

COLUMNS = ("mois", "site", "code_commune", "nature", "objet", "identifiant", "precision", "robots", "nombre")

_NATURES = {
    Nature.VIEW: "page vue",
    Nature.DOWNLOAD: "téléchargement",
    Nature.CALL: "appel de l’API",
    Nature.EMBED: "affichage sur un autre site",
    Nature.SEARCH: "recherche",
    Nature.UNANSWERED: "recherche sans résultat",
}
"""The published words are French whatever the language of who reads: they are data."""

CARD = {
    "title": "Usage du portail de données",
    "description": (
        "Combien de fois, chaque mois, les pages de ce portail ont été vues, ses fichiers téléchargés, son API appelée, ses blocs "
        "affichés ailleurs, son catalogue interrogé. Ce sont des compteurs : ni adresse, ni témoin (cookie), ni navigateur, ni "
        "parcours n’est gardé ; les mots cherchés ne sont pas publiés. Les robots qui se disent tels sont comptés à part. Un serveur "
        "arrêté net peut avoir perdu ses dernières secondes. Le mois en cours va jusqu’à la veille."
    ),
    "licence": "lov2",
    "frequency": "daily",
    "themes": ["technologie"],
    "keywords": ["usage", "audience", "portail"],
    "source": "Compteurs de ce portail",
    "overrides": {name: {"type": "text"} for name in ("mois", "identifiant", "precision", "code_commune")},
    "fields": {
        "mois": {"label": "Mois", "description": "Année et mois, comme 2026-03."},
        "site": {"label": "Site", "description": "Nom du site du portail."},
        "code_commune": {
            "label": "Code de la commune",
            "description": "De la commune dont c’est le site ; vide sinon.",
        },
        "nature": {"label": "Nature", "description": "Ce qui s’est passé."},
        "objet": {"label": "Objet", "description": "Genre de ce qui a été lu."},
        "identifiant": {"label": "Identifiant", "description": "Fin de l’adresse de ce qui a été lu."},
        "precision": {"label": "Précision", "description": "Format du fichier, ou porte de l’API."},
        "robots": {"label": "Robots", "description": "Vrai pour les robots qui se disent tels."},
        "nombre": {"label": "Nombre de fois"},
    },
}


def publish_counts(actor: Actor, until: date, progress: Progress) -> Dataset | None:
    """Publish what was counted before that day as the current version of ``usage-du-portail``.

    None when nothing was counted yet, when there is nobody to publish it, when somebody withdrew it (it stays withdrawn), or
    when its current version already says the same. Forbidden unless the actor has every right.
    """
    require(actor, "administer", None, "publier l’usage du portail")
    dataset = Dataset.objects.filter(dataset_id=DATASET_ID).select_related("current", "organisation").first()
    if dataset is not None and dataset.status in (Status.UNPUBLISHED, Status.DELETED):
        return None
    owner = dataset.organisation if dataset is not None else _publisher()
    rows = public_counts(until)
    if owner is None or not rows:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / FILE
        _write(path, rows)
        if dataset is not None and dataset.current is not None and _says_the_same(dataset, path):
            return None
        return _import(actor, dataset or create_dataset(actor, owner, DATASET_ID, CARD), path, progress)


def _import(actor: Actor, dataset: Dataset, path: Path, progress: Progress) -> Dataset:
    deposit = deposit_file(actor, path)
    try:
        run_import_here(actor, start_import(actor, deposit=deposit, dataset=dataset, publish=True), progress)
    except BaseException:
        abandon(actor, deposit)
        raise
    dataset.refresh_from_db()
    return dataset


def _publisher() -> Organisation | None:
    """The organisation of the main site's territory, else the first one."""
    face = SiteFace.objects.filter(site__is_default_site=True).first()
    own = organisations().filter(territory=face.territory_id).first() if face and face.territory_id else None
    return own or organisations().order_by("pk").first()


def _says_the_same(dataset: Dataset, path: Path) -> bool:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == source_of(dataset).manifest.original.sha256


def _write(path: Path, rows: list[tuple[date, int, str, str, str, str, bool, int]]) -> None:
    faces = {face.site_id: face for face in SiteFace.objects.select_related("site", "territory")}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(COLUMNS)
        for month, site, nature, subject, name, detail, robots, count in rows:
            face = faces.get(site)
            writer.writerow(
                [
                    f"{month:%Y-%m}",
                    face.name if face else f"site n° {site}",
                    face.territory.code if face and face.territory and face.territory.kind == "commune" else "",
                    _NATURES[Nature(nature)],
                    subject_of(subject).published,
                    name,
                    detail,
                    "vrai" if robots else "faux",
                    count,
                ]
            )
