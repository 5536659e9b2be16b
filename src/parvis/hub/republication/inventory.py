"""What an organisation has on the portal: which datasets say that they are ours, and which the portal harvests from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from parvis.hub.republication.package import SERVICE, Package
from parvis.hub.republication.plan import PAGE, RETIRED


@dataclass(slots=True)
class Inventory:
    """``pages``: the identifier there by the page of ours that it names; ``harvested``: page there by what it was harvested as."""

    pages: dict[str, str] = field(default_factory=dict)
    harvested: dict[str, str] = field(default_factory=dict)

    def identifier(self, package: Package) -> str:
        """Under which identifier a dataset is there; empty when it is not."""
        return next(
            (self.pages[page] for page in map(_address, (package.page, *package.former_pages)) if page in self.pages),
            "",
        )

    def twin(self, package: Package) -> str:
        """The page of the same dataset, when the portal harvests it; empty when it does not."""
        host = urlsplit(package.page).netloc
        marks = (_address(package.page), *(_address(page) for page in package.former_pages), f"{host}|{_name(package)}")
        return next((self.harvested[mark] for mark in marks if mark in self.harvested), "")


def _name(package: Package) -> str:
    """What harvesters know it by."""
    return package.key.removeprefix(SERVICE)


def inventory_of(rows: Iterable[Mapping[str, Any]]) -> Inventory:
    """What the portal lists, looked through; what is deleted counts only when we deleted it."""
    inventory = Inventory()
    for row in rows:
        extras, harvest = _mapping(row.get("extras")), _mapping(row.get("harvest"))
        page = extras.get(PAGE)
        if isinstance(page, str) and (not row.get("deleted") or RETIRED in extras):
            # Of two that name the same page, the first made stays: lists begin with the latest.
            inventory.pages[_address(page)] = str(row["id"])
        elif not row.get("deleted") and not row.get("archived"):
            there = str(row.get("page") or row.get("title") or row["id"])[:500]
            inventory.harvested |= dict.fromkeys(_harvest_marks(harvest), there)
    return inventory


def _harvest_marks(harvest: Mapping[str, Any]) -> Iterable[str]:
    """The address that was harvested, and its identifier on the server that it was harvested from."""
    addresses = [value for name in ("remote_url", "uri") if isinstance(value := harvest.get(name), str) and value]
    yield from map(_address, addresses)
    hosts = {urlsplit(address).netloc for address in addresses if "//" in address} | {str(harvest.get("domain") or "")}
    for name in ("dct_identifier", "remote_id"):
        if isinstance(value := harvest.get(name), str) and value:
            yield _address(value)
            yield from (f"{host}|{value}" for host in hosts if host)


def _address(text: str) -> str:
    """An address without what does not tell it from another: scheme, final slash, case of the server."""
    rest = text.partition("://")[2] or text
    host, slash, path = rest.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
