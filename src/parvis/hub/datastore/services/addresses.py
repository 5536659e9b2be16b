"""The addresses of the instance: loaded from a file, in the place of those before; removed."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from parvis.core.children import call
from parvis.core.transforms.preparation.address_files import read_addresses
from parvis.core.transforms.preparation.address_names import FILES
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.audit.services import record
from parvis.hub.datastore.confined import confined
from parvis.hub.store import addresses_name, store

SECONDS = 3600.0


def load_addresses(actor: Actor, path: Path) -> int:
    """Read a file of addresses in a child and make it what geocoding reads; how many there are. The refusals of the file leave all as it was."""
    require(actor, "administer", None, "charger des adresses")
    with confined(path.name, path, seconds=SECONDS) as (work, permits):
        memory = settings.PARVIS["PARVIS_IMPORT_MEMORY"]
        count: int = call(read_addresses, path, work, name=path.name, memory=memory, permits=permits)
        with store().alone(addresses_name()):
            for file in FILES:
                store().put(addresses_name(file), work / file)
    record(actor.name, actor.person_id, "addresses.load", "addresses", path.name, rows=count)
    return count


def clear_addresses(actor: Actor) -> None:
    """Remove the addresses: steps that geocode are then refused."""
    require(actor, "administer", None, "retirer les adresses")
    store().delete(addresses_name())
    record(actor.name, actor.person_id, "addresses.clear", "addresses", "")
