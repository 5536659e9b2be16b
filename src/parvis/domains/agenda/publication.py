"""The agenda as a dataset: a row an event to come, with its next date, for tables, maps, charts and exports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from parvis.core.calendars.formats.rows import EVENT_COLUMNS, event_rows
from parvis.domains.agenda.models import Event
from parvis.domains.agenda.selectors import as_calendars
from parvis.hub.publications.declaration import Publication
from parvis.hub.records.selectors import published

_LABELS = {
    "uid": "Identifiant",
    "titre": "Titre",
    "resume": "Résumé",
    "debut": "Début",
    "fin": "Fin",
    "jour": "Jour",
    "journee_entiere": "Journée entière",
    "premiere_date": "Première date",
    "derniere_date": "Dernière date",
    "occurrences": "Nombre de dates",
    "fuseau": "Fuseau horaire",
    "etat": "État",
    "gratuit": "Gratuit",
    "mode": "Sur place ou en ligne",
    "lieu": "Lieu",
    "adresse": "Adresse",
    "code_postal": "Code postal",
    "commune": "Commune",
    "code_insee": "Code INSEE",
    "latitude": "Latitude",
    "longitude": "Longitude",
    "accessibilite": "Accessibilité",
    "mots_cles": "Mots-clés",
    "serie": "Série",
    "organisateur": "Organisateur",
    "lien": "Lien",
    "description": "Description",
    "conditions": "Conditions",
    "public": "Public",
    "age_min": "Âge minimal",
    "age_max": "Âge maximal",
    "langues": "Langues",
    "inscription": "Inscription",
    "acces_en_ligne": "Accès en ligne",
    "image": "Image",
    "image_alternative": "Texte de remplacement de l’image",
    "image_credit": "Crédit de l’image",
    "image_licence": "Licence de l’image",
    "sources": "Sources",
    "mise_a_jour": "Mise à jour",
}
_CODES = ("uid", "code_postal", "code_insee", "accessibilite", "langues", "mots_cles", "fuseau")
CARD = {
    "title": "Agenda du territoire",
    "description": (
        "Les événements annoncés sur ce portail : ce que c’est, quand, où, pour qui, à quel prix. Une ligne par événement, avec "
        "sa prochaine date ; les événements passés y restent, avec la dernière."
    ),
    "licence": "lov2",
    "frequency": "daily",
    "themes": ["education"],
    "keywords": ["agenda", "événements", "sorties"],
    "source": "Agenda de ce portail",
    "overrides": {
        name: {"label": label, **({"type": "text"} if name in _CODES else {})} for name, label in _LABELS.items()
    },
}


def rows(day: date) -> Iterator[Sequence[Any]]:
    """Every event online, by its next date."""
    events = published(Event).order_by("next_start", "pk").prefetch_related("timings")
    for row in event_rows(as_calendars(events.iterator(500)), timezone.now()):
        yield list(row.values())


PUBLICATION = Publication(dataset_id="agenda", card=CARD, columns=EVENT_COLUMNS, rows=rows, follows=Event)
