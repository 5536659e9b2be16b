"""Which datasets and services of an organisation are to be seen on its portal, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db.models import QuerySet

from parvis.hub.accounts.models import Organisation
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.selectors import every_published_dataset
from parvis.hub.harvesting.selectors import origins_of
from parvis.hub.privacy.selectors import tables_of_persons
from parvis.hub.registry import modules
from parvis.hub.republication.models import Copy, Portal
from parvis.hub.republication.package import SERVICE, Package, ServicePackage
from parvis.hub.republication.packages import package_of
from parvis.hub.republication.rules import (
    CameFromElsewhere,
    CameFromThere,
    DeletedThere,
    NamesPersons,
    NotChosen,
    Outcome,
    Scope,
    SendingFailed,
)

if TYPE_CHECKING:
    from parvis.hub.harvesting.models import Source


@dataclass(frozen=True, slots=True)
class Wish:
    """A dataset that is to be there, as ``make`` says it, or is not to be, for ``reason``."""

    key: str
    title: str
    source: Dataset | None = None
    make: Callable[[], Package] | None = None
    reason: SendingFailed | None = None


def packages_of(organisation: Organisation) -> Iterator[Package]:
    """What modules have appear elsewhere of an organisation."""
    for module in modules():
        if module.republished is not None:
            yield from module.republished(organisation)


def wishes_of(portal: Portal) -> Iterator[Wish]:
    """Every dataset and service of the organisation that everybody may read, those of modules first; only these without a scope."""
    made_by_modules, service_choices = set(), service_choices_of(portal)
    for package in packages_of(portal.organisation):
        made_by_modules.add(package.key)
        if isinstance(package, ServicePackage):
            yield _service_wish(portal, package, service_choices.get(package.key))
        else:
            yield Wish(package.key, package.title, make=lambda package=package: package)
    datasets = [row for row in public_datasets(portal.organisation) if row.dataset_id not in made_by_modules]
    choices = choices_of(portal)
    reasons = _Reasons(portal, datasets)
    for dataset in datasets:
        reason = reasons.of(dataset, choices.get(dataset.pk))
        make = None if reason else lambda dataset=dataset: package_of(dataset)
        yield Wish(dataset.dataset_id, dataset.title, dataset, make, reason)


def public_datasets(organisation: Organisation) -> QuerySet[Dataset]:
    """Those that are online, for everybody, by their title."""
    rows = every_published_dataset().select_related("organisation__territory", "current")
    return rows.filter(organisation=organisation, access=Access.PUBLIC).order_by("title", "pk")


def choices_of(portal: Portal) -> Mapping[int, bool]:
    """What people said of datasets one by one, by their key."""
    rows = portal.copies.filter(chosen__isnull=False, source__isnull=False)
    return dict(rows.values_list("source_id", "chosen"))


def service_choices_of(portal: Portal) -> Mapping[str, bool]:
    """What people said of services one by one, by their key."""
    rows = portal.copies.filter(chosen__isnull=False, dataset_id__startswith=SERVICE)
    return dict(rows.values_list("dataset_id", "chosen"))


def datasets_there(portal: Portal, package: ServicePackage) -> tuple[str, ...]:
    """The identifiers there of the datasets that a service serves, as they are known when it is sent: after them."""
    # Another organisation of ours may have sent one there: the portal is the same.
    rows = Copy.objects.filter(portal__address=portal.address, source__permanent_id__in=package.serves)
    rows = rows.exclude(remote_id="")
    rows = rows.exclude(outcome=Outcome.RETIRED).values_list("remote_id", "error")
    return tuple(name for name, error in rows if (error or {}).get("code") != DeletedThere.code)


def _service_wish(portal: Portal, package: ServicePackage, chosen: bool | None) -> Wish:
    reason: SendingFailed | None = None
    if not portal.services or chosen is False:
        reason = NotChosen()
    elif host_of(portal.address) in {host_of(address) for _title, address in package.sources}:
        reason = CameFromThere(host=host_of(portal.address))
    elif package.sources and not chosen:
        reason = CameFromElsewhere(source=package.sources[0][0])
    make = None if reason else lambda: replace(package, there=datasets_there(portal, package))
    return Wish(package.key, package.title, make=make, reason=reason)


class _Reasons:
    """Why datasets are not sent; what is asked of other rooms is asked once for all."""

    def __init__(self, portal: Portal, datasets: list[Dataset]) -> None:
        self._portal, self._host = portal, host_of(portal.address)
        keys = [row.pk for row in datasets]
        self._origins: Mapping[int, list[Source]] = origins_of(keys) if portal.scope != Scope.NONE else {}
        self._persons = tables_of_persons(keys) if portal.scope != Scope.NONE else frozenset()

    def of(self, dataset: Dataset, chosen: bool | None) -> SendingFailed | None:
        """None for one that is sent. What came from the portal itself is never sent back, whoever asks."""
        scope, origins = self._portal.scope, self._origins.get(dataset.pk, [])
        if scope == Scope.NONE or chosen is False or (scope == Scope.CHOSEN and not chosen):
            return NotChosen()
        hosts = {host_of(source.url) for source in origins} | _declared_hosts(dataset)
        if self._host in hosts:
            return CameFromThere(host=self._host)
        if chosen:
            return None
        if origins or dataset.current.is_federated:
            return CameFromElsewhere(source=origins[0].title if origins else dataset.source or "?")
        return NamesPersons() if dataset.pk in self._persons else None


def host_of(address: str) -> str:
    """The server of an address, without « www. »: portals answer with and without."""
    try:
        host = urlsplit(address if "//" in address else f"//{address}").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def _declared_hosts(dataset: Dataset) -> set[str]:
    """The portals that its own card says it comes from."""
    metadata = dataset.as_told.get("default", {})
    names = ("source_domain_address", "source_domain")
    return {host_of(str(metadata[name])) for name in names if metadata.get(name)} | (
        {host_of(dataset.source_url)} if "/datasets/" in dataset.source_url else set()
    )
