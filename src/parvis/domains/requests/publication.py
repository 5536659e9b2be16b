"""Requests as a dataset: their dates and their answers, without the words of who asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import answer_due
from parvis.domains.requests.selectors import datasets_by_name
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import canonical
from parvis.hub.publications.declaration import Publication
from parvis.hub.records.selectors import published

COLUMNS = (
    "reference",
    "objet",
    "organisation",
    "recue_le",
    "reponse_au_plus_tard_le",
    "reponse",
    "repondue_le",
    "jours",
    "motif_de_refus",
    "soutiens",
    "jeux_de_donnees",
    "page",
)
CARD = {
    "title": "Demandes de données",
    "description": (
        "Les demandes de données montrées sur ce portail : à qui, quand, ce qui est répondu et en combien de jours. Les textes n’y sont "
        "pas : leurs auteurs peuvent les effacer, et une version publiée ne s’efface pas."
    ),
    "licence": "lov2",
    "frequency": "daily",
    "themes": ["administration"],
    "keywords": ["demandes de données", "données ouvertes", "CADA"],
    "source": "Demandes faites sur ce portail",
    "overrides": {
        "reference": {"type": "text", "label": "Référence"},
        "objet": {"label": "Objet"},
        "organisation": {"label": "Organisation"},
        "recue_le": {"label": "Reçue le"},
        "reponse_au_plus_tard_le": {"label": "Réponse au plus tard le"},
        "reponse": {"label": "Réponse"},
        "repondue_le": {"label": "Répondue le"},
        "jours": {"label": "Jours de réponse"},
        "motif_de_refus": {"label": "Motif de refus"},
        "soutiens": {"label": "Soutiens"},
        "jeux_de_donnees": {"label": "Jeux de données"},
        "page": {"label": "Page"},
    },
}


def rows(day: date) -> Iterator[Sequence[Any]]:
    """Every request shown, the first ones first."""
    requests = list(published(DataRequest).exclude(received=None).order_by("received", "pk"))
    open_to_all = datasets_by_name(ANONYMOUS, (name for row in requests for name in row.datasets))
    for row in requests:
        received = row.received or row.created.date()
        yield [
            row.slug,
            row.get_kind_display(),
            row.organisation.name,
            received.isoformat(),
            answer_due(received).isoformat(),
            row.get_stage_display(),
            row.answered.isoformat() if row.answered else None,
            (row.answered - received).days if row.answered else None,
            row.get_ground_display() if row.ground else None,
            row.votes,
            ", ".join(name for name in row.datasets if name in open_to_all) or None,
            canonical(row.get_absolute_url()),
        ]


PUBLICATION = Publication(dataset_id="demandes-de-donnees", card=CARD, columns=COLUMNS, rows=rows, follows=DataRequest)
