"""Services as everybody sees them, and what they add to the page of a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parvis.core.metadata import THEME_BY_SLUG, THEMES
from parvis.hub.accounts.rules import ANONYMOUS, Actor
from parvis.hub.accounts.selectors import organisations
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.card_forms import card_forms
from parvis.hub.catalogue.selectors import datasets_announced_to
from parvis.hub.collections.declaration import Collection, Facet, Sort
from parvis.hub.dataservices.models import DataService
from parvis.hub.dataservices.portal import portal_service, portal_services
from parvis.hub.dataservices.rules import ACCESS_CHOICES, KIND_CHOICES
from parvis.hub.dataservices.selectors import listed_services, prepared, services_of, through
from parvis.hub.records.rules import Moved, may_see
from parvis.hub.registry import DatasetSection, PublicPage
from parvis.hub.sites.lens import Lens

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

MOST_ON_DATASET = 10
"""Services shown on the page of a dataset; the list has the others."""
MOST_OPERATIONS = 50
"""Operations or layers that a page shows at once; the others are behind a summary."""


class ServiceCollection(Collection):
    """Those online, then those of the portal itself."""

    kind = DataService
    title = gettext_lazy("Services")
    lead = gettext_lazy(
        "Les API, services de cartes, flux en temps réel et applications pour se servir des données sans les copier."
    )
    facets: ClassVar[tuple[Facet, ...]] = (
        Facet("nature", gettext_lazy("Nature"), "kind", choices=lambda: KIND_CHOICES),
        Facet("acces", gettext_lazy("Accès"), "access", choices=lambda: ACCESS_CHOICES),
        Facet("organisation", gettext_lazy("Organisation"), "organisation__slug", choices=lambda: _publishers()),
        Facet(
            "theme",
            gettext_lazy("Thème"),
            "themes",
            choices=lambda: [(theme.slug, _(theme.label)) for theme in THEMES],
            holds_list=True,
        ),
        Facet(
            "jeu",
            gettext_lazy("Jeu de données"),
            "datasets",
            choices=lambda: _served(),
            narrow=lambda rows, name: _of(rows, name),
        ),
    )
    sorts = (
        Sort("titre", gettext_lazy("par titre"), ("title", "id")),
        Sort("recents", gettext_lazy("les plus récents"), ("-last_published_at", "-id")),
    )
    list_template = "dataservices/list.html"
    card_template = "dataservices/card.html"
    page_template = "dataservices/page.html"
    order = 15

    def record_at(self, actor: Actor, slug: str) -> DataService:
        """The one of that address, or of that permanent identifier, whose page is at another."""
        if (own := portal_service(slug)) is not None:
            return own
        if (service := _identified(slug)) is not None and may_see(actor, service.status, service.organisation_id):
            raise Moved(slug=service.slug, address=service.get_absolute_url())
        record: DataService = super().record_at(actor, slug)
        return record

    def records(self, query: QuerySet[Any]) -> QuerySet[Any]:
        """With the territory, which pages name."""
        return query.select_related("territory")

    def beside(self, words: str, values: Mapping[str, str]) -> Sequence[Any]:
        """Those of the portal itself."""
        chosen = {facet.name: values.get(facet.name, "") for facet in self.facets}
        if chosen["theme"] or chosen["jeu"]:
            return []
        services = portal_services(words, kind=chosen["nature"], access=chosen["acces"])
        return [row for row in services if chosen["organisation"] in ("", row.organisation.slug)]

    def through(self, lens: Lens, query: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the commune, and those of no territory in particular."""
        return through(lens, query)

    def is_empty_here(self) -> bool:
        """The portal always has its own, once an organisation answers for them."""
        return not portal_services() and not listed_services().exists()

    def prepared(
        self, records: Sequence[DataService], actor: Actor, territory: Territory | None = None
    ) -> Sequence[DataService]:
        """Each with the datasets that it serves, as the reader may know of them."""
        return prepared(actor, records)

    def lines(self, record: DataService) -> list[str]:
        """What it is, who may use it, and how its presentation begins."""
        return [f"{record.kind_row.label} · {record.get_access_display()}", record.text[:200]]

    def facts(self, record: DataService, request: HttpRequest) -> dict[str, Any]:
        """Its themes in words, its operations in two parts."""
        return {
            "themes": [(slug, _(THEME_BY_SLUG[slug].label)) for slug in record.themes if slug in THEME_BY_SLUG],
            "operations": record.operations[:MOST_OPERATIONS],
            "more_operations": record.operations[MOST_OPERATIONS:],
            "catalogues": card_forms(record.identifier),
        }

    def json_ld(self, record: DataService) -> dict[str, Any]:
        """schema.org/WebAPI; what people use themselves is a WebApplication."""
        licence = record.licence_row
        facts = {
            "@context": "https://schema.org",
            "@type": "WebApplication" if record.kind == "application" else "WebAPI",
            "identifier": str(record.identifier),
            "name": record.title,
            "description": record.text or record.title,
            "url": canonical(record.get_absolute_url()),
            "documentation": record.documentation,
            "license": licence.url if licence else "",
            "keywords": ", ".join(record.keywords),
            "provider": {
                "@type": "Organization",
                "name": record.organisation.name,
                "url": canonical(record.organisation.get_absolute_url()),
            },
            "availableChannel": [{"@type": "ServiceChannel", "serviceUrl": address} for address in record.endpoints],
            "areaServed": record.territory.name if record.territory else "",
        }
        if record.kind == "application":
            facts["availableChannel"] = facts["documentation"] = None
            facts |= {"url": next(iter(record.endpoints), facts["url"])}
        return {name: value for name, value in facts.items() if value}

    def as_json(self, record: DataService) -> dict[str, Any]:
        """Its own columns."""
        return {
            "identifier": str(record.identifier),
            "kind": record.kind,
            "text": record.text,
            "endpoints": record.endpoints,
            "description_url": record.description_address,
            "documentation": record.documentation,
            "version": record.version,
            "licence": record.licence,
            "access": record.access,
            "access_url": record.access_address,
            "rate_limit": record.rate,
            "availability": record.availability,
            "answers": not record.is_down,
            "contact_name": record.contact_name,
            "contact_email": record.contact_email or record.organisation.email,
            "themes": record.themes,
            "keywords": record.keywords,
            "operations": record.operations,
            "datasets": [dataset.dataset_id for dataset in record.served],  # type: ignore[attr-defined]
            "of_the_portal": record.is_portal,
        }

    def public_pages(self) -> Iterator[PublicPage]:
        """The list, those of the portal, then the others."""
        own, pages = portal_services(), list(super().public_pages())
        if own and not pages:
            yield PublicPage(reverse(self.name))
        yield from pages
        for service in own:
            yield PublicPage(service.get_absolute_url())

    def labels(self) -> Mapping[str, Any]:
        """Its own words."""
        return {"none": _("Aucun service ne correspond"), "search": _("Chercher un service")}


def _identified(slug: str) -> DataService | None:
    try:
        return DataService.objects.filter(identifier=UUID(slug)).first()
    except ValueError:
        return None


def _publishers() -> list[tuple[str, str]]:
    """Organisations that have services online."""
    keys = set(listed_services().order_by().values_list("organisation", flat=True))
    keys |= {service.organisation_id for service in portal_services()}
    return [(row.slug, row.name) for row in organisations().filter(pk__in=keys)]


def _served() -> list[tuple[str, str]]:
    """The datasets that services online serve, by title."""
    names = {name for names in listed_services().order_by().values_list("datasets", flat=True) for name in names}
    rows = datasets_announced_to(ANONYMOUS).prefetch_related(None).filter(permanent_id__in=names) if names else ()
    return sorted(((row.dataset_id, row.title) for row in rows), key=lambda choice: choice[1])


def _of(rows: QuerySet[Any], name: str) -> QuerySet[Any]:
    dataset = datasets_announced_to(ANONYMOUS).prefetch_related(None).filter(dataset_id=name).first()
    return rows.filter(datasets__icontains=f'"{dataset.permanent_id}"') if dataset is not None else rows.none()


def _section(dataset: Dataset, actor: Actor) -> Mapping[str, Any] | None:
    services = services_of(dataset)
    rows = list(services[: MOST_ON_DATASET + 1])
    if not rows:
        return None
    return {
        "services": rows[:MOST_ON_DATASET],
        "more": len(rows) > MOST_ON_DATASET,
        "all": f"{reverse('dataservice-list')}?jeu={dataset.dataset_id}",
    }


SECTION = DatasetSection("dataservices/dataset.html", _section)
