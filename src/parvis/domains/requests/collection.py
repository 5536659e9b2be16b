"""Requests as everybody sees them, and what they add to the page of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.requests import presentation
from parvis.domains.requests.law import CODE_URL, articles_for
from parvis.domains.requests.models import DataRequest
from parvis.domains.requests.rules import Stage, answer_due
from parvis.domains.requests.selectors import about_dataset, datasets_by_name
from parvis.hub.collections.declaration import Collection, Facet, Sort
from parvis.hub.registry import DatasetSection

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

OPEN_LICENCES = frozenset({"lov2", "odbl", "cc-by-4.0", "cc0-1.0", "mit", "unlicense"})
MOST_ON_DATASET = 5


class RequestCollection(Collection):
    """Those shown, the latest first."""

    kind = DataRequest
    title = gettext_lazy("Demandes de données")
    lead = gettext_lazy("Ce que chacun demande d’ouvrir, et ce qui est répondu. La loi donne un mois pour répondre.")
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet("reponse", gettext_lazy("Réponse"), "stage", choices=lambda: DataRequest.STAGES),
        Facet("objet", gettext_lazy("Objet"), "kind", choices=lambda: DataRequest.KINDS),
    )
    sorts = (
        Sort("recentes", gettext_lazy("les plus récentes"), ("-received", "-id")),
        Sort("soutiens", gettext_lazy("les plus soutenues"), ("-votes", "-id")),
    )
    list_template = "requests/list.html"
    card_template = "requests/card.html"
    page_template = "requests/page.html"
    order = 56
    home_size = 3

    def prepared(
        self, records: Sequence[DataRequest], actor: Actor, territory: Territory | None = None
    ) -> Sequence[DataRequest]:
        """Each with its words, and the datasets that the reader may know of."""
        names = {name for row in records for name in (*row.datasets, row.about) if name}
        datasets = datasets_by_name(actor, names) if names else {}
        for row in records:
            row.given = [datasets[name] for name in row.datasets if name in datasets]
            row.about_dataset = datasets.get(row.about)
            row.state_words = presentation.state_words(row)
        return records

    def lines(self, record: DataRequest) -> list[str]:
        """Its state, and how it begins."""
        return [presentation.state_words(record), record.text[:200]]

    def facts(self, record: DataRequest, request: HttpRequest) -> dict[str, Any]:
        """Its remedies, and whether it may still be supported."""
        return {
            "remedy": presentation.remedy_words(record),
            "silence": presentation.silence_words(record),
            "is_waiting": Stage(record.stage).is_waiting,
            "due": answer_due(record.received) if record.received else None,
            "law": CODE_URL,
            "articles": articles_for(record.kind),
            "cada": presentation.CADA_URL,
            "vote": request.GET.get("soutien", ""),
        }

    def list_facts(self, records: Sequence[DataRequest], request: HttpRequest) -> dict[str, Any]:
        """The way to the form."""
        return {"ask": reverse("request-ask")}

    def as_json(self, record: DataRequest) -> dict[str, Any]:
        """Its own columns."""
        return {
            "kind": record.kind,
            "text": record.text,
            "stage": record.stage,
            "received": record.received,
            "due": answer_due(record.received) if record.received else None,
            "answered": record.answered,
            "answer": record.answer,
            "ground": record.ground,
            "votes": record.votes,
            "datasets": [dataset.dataset_id for dataset in record.given],
        }

    def labels(self) -> Mapping[str, Any]:
        """Its own words."""
        return {"none": _("Aucune demande"), "search": _("Chercher une demande")}


def _facts(dataset: Dataset, actor: Actor) -> Mapping[str, Any]:
    return {
        "requests": about_dataset(dataset)[:MOST_ON_DATASET],
        "ask": f"{reverse('request-ask')}?jeu={dataset.dataset_id}",
        "licence": f"{reverse('request-ask')}?jeu={dataset.dataset_id}&objet=licence",
        "is_open": dataset.licence in OPEN_LICENCES,
    }


SECTION = DatasetSection("requests/dataset.html", _facts)
