"""The counts as a dataset of the portal, through the usual import: a table by month that anybody reads, downloads and queries."""

from __future__ import annotations

from datetime import date
from typing import Any

from parvis.hub.publications.declaration import Publication
from parvis.hub.sites.models import SiteFace
from parvis.hub.usage.rules import Nature, subject_of
from parvis.hub.usage.selectors import public_counts

DATASET_ID = "usage-du-portail"

COLUMNS = ("mois", "site", "code_commune", "nature", "objet", "identifiant", "precision", "robots", "nombre")

PUBLISHED_NATURES = {
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


def counted_rows(day: date) -> list[list[Any]]:
    """What was counted before that day, by month."""
    faces = {face.site_id: face for face in SiteFace.objects.select_related("site", "territory")}
    return [_row(faces.get(site), *counts) for site, counts in ((row[1], row) for row in public_counts(day))]


def _row(
    face: SiteFace | None,
    month: date,
    site: int,
    nature: str,
    subject: str,
    name: str,
    detail: str,
    robots: bool,
    count: int,
) -> list[Any]:
    return [
        f"{month:%Y-%m}",
        face.name if face else f"site n° {site}",
        face.territory.code if face and face.territory and face.territory.kind == "commune" else "",
        PUBLISHED_NATURES[Nature(nature)],
        subject_of(subject).published,
        name,
        detail,
        robots,
        count,
    ]


PUBLICATION = Publication(dataset_id=DATASET_ID, card=CARD, columns=COLUMNS, rows=counted_rows)
