"""The gallery as everybody sees it, and what it adds to the page of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.domains.reuses.models import Reuse
from parvis.domains.reuses.selectors import of_dataset, titles_of
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.addresses import canonical
from parvis.hub.collections.declaration import Collection, Facet, Sort
from parvis.hub.registry import DatasetSection

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

MOST_ON_DATASET = 6
"""Reuses shown on the page of a dataset; the gallery has the others."""


class ReuseCollection(Collection):
    """Those online, the latest first."""

    kind = Reuse
    title = gettext_lazy("Réutilisations")
    lead = gettext_lazy("Ce que des habitants, des associations, des entreprises et des élèves font de nos données.")
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet("nature", gettext_lazy("Nature"), "kind", choices=lambda: Reuse.KINDS),
        Facet("jeu", gettext_lazy("Jeu de données"), "datasets", choices=lambda: _used(), holds_list=True),
    )
    sorts = (
        Sort("recentes", gettext_lazy("les plus récentes"), ("-last_published_at", "-id")),
        Sort("titre", gettext_lazy("par titre"), ("title", "id")),
    )
    list_template = "reuses/list.html"
    card_template = "reuses/card.html"
    page_template = "reuses/page.html"
    order = 55

    def prepared(self, records: Sequence[Reuse], actor: Actor, territory: Territory | None = None) -> Sequence[Reuse]:
        """Each with the datasets that it uses, as the reader may know of them."""
        datasets = titles_of(actor, (name for reuse in records for name in reuse.datasets))
        for reuse in records:
            reuse.used = [datasets[name] for name in reuse.datasets if name in datasets]
        return records

    def lines(self, record: Reuse) -> list[str]:
        """What it is, of whom, and how it begins."""
        what = f"{record.get_kind_display()} · {record.signature}" if record.signature else record.get_kind_display()
        return [str(what).capitalize(), record.text[:200]]

    def json_ld(self, record: Reuse) -> dict[str, Any]:
        """schema.org/CreativeWork."""
        used = [canonical(f"{dataset.get_absolute_url()}information/") for dataset in record.used]
        author = {"author": {"@type": "Person", "name": record.signature}} if record.signature else {}
        return {
            "@context": "https://schema.org",
            "@type": "CreativeWork",
            "name": record.title,
            "text": record.text,
            "url": record.link,
            "isBasedOn": used,
            **author,
        }

    def as_json(self, record: Reuse) -> dict[str, Any]:
        """Its own columns."""
        return {
            "kind": record.kind,
            "text": record.text,
            "link": record.link,
            "link_answers": not record.is_dead,
            "author": record.signature,
            "datasets": [dataset.dataset_id for dataset in record.used],
        }

    def labels(self) -> Mapping[str, Any]:
        """Its own words."""
        return {"none": _("Aucune réutilisation"), "search": _("Chercher une réutilisation")}

    def list_facts(self, records: Sequence[Reuse], request: HttpRequest) -> dict[str, Any]:
        """The way to the form."""
        return {"propose": reverse("reuse-propose")}


def _used() -> list[tuple[str, str]]:
    """The datasets that reuses online use, by title."""
    lists = Reuse.objects.filter(live=True).values_list("datasets", flat=True)
    datasets = titles_of(ANONYMOUS, (name for names in lists for name in names))
    return sorted(((name, row.title) for name, row in datasets.items()), key=lambda choice: choice[1])


def _facts(dataset: Dataset, actor: Actor) -> Mapping[str, Any]:
    reuses = of_dataset(dataset)
    total = reuses.count()
    return {
        "reuses": reuses[:MOST_ON_DATASET],
        "total": total,
        "more": total > MOST_ON_DATASET,
        "all": f"{reverse('reuse-list')}?jeu={dataset.dataset_id}",
        "propose": f"{reverse('reuse-propose')}?jeu={dataset.dataset_id}",
    }


SECTION = DatasetSection("reuses/dataset.html", _facts)
