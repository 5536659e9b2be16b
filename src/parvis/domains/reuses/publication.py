"""Reuses as a dataset: what they are of and when, without the words of who sent them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.selectors import titles_of
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import canonical
from parvis.hub.publications.declaration import Publication
from parvis.hub.records.selectors import published

COLUMNS = ("reference", "nature", "jeux_de_donnees", "organisation", "mise_en_ligne", "lien_repond", "page")
CARD = {
    "title": "Réutilisations des données",
    "description": (
        "Les réutilisations montrées sur ce portail : leur nature, les jeux de données employés, leur date et leur page. Les textes et "
        "les signatures n’y sont pas : leurs auteurs peuvent les effacer, et une version publiée ne s’efface pas."
    ),
    "licence": "lov2",
    "frequency": "daily",
    "themes": ["administration"],
    "keywords": ["réutilisations", "données ouvertes"],
    "source": "Réutilisations de ce portail",
    "overrides": {
        "reference": {"type": "text", "label": "Référence"},
        "nature": {"label": "Nature"},
        "jeux_de_donnees": {"label": "Jeux de données"},
        "organisation": {"label": "Organisation"},
        "mise_en_ligne": {"label": "Mise en ligne"},
        "lien_repond": {"label": "Lien qui répond"},
        "page": {"label": "Page"},
    },
}


def rows(day: date) -> Iterator[Sequence[Any]]:
    """Every reuse online, the first ones first."""
    reuses = list(published(Reuse).order_by("first_published_at", "pk"))
    open_to_all = titles_of(ANONYMOUS, (name for reuse in reuses for name in reuse.datasets))
    for reuse in reuses:
        online = reuse.first_published_at or reuse.created
        yield [
            reuse.slug,
            reuse.get_kind_display(),
            ", ".join(name for name in reuse.datasets if name in open_to_all),
            reuse.organisation.name,
            online.date().isoformat(),
            not reuse.is_dead,
            canonical(reuse.get_absolute_url()),
        ]


PUBLICATION = Publication(dataset_id="reutilisations", card=CARD, columns=COLUMNS, rows=rows, follows=Reuse)
