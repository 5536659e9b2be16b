"""Groups that a person has because of an organisation: they go with their role in it.

Other rooms say which groups those are (teams of sites, readers of restricted datasets); this room only knows that a role may
bring some along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parvis.hub.accounts.models import Organisation, Person

type GroupSource = Callable[[Person, Organisation], Mapping[int, str]]

_sources: dict[str, GroupSource] = {}


def register_groups(name: str, source: GroupSource) -> None:
    """Make a source of groups known; it gives, for a person and an organisation, groups by key with what they open."""
    _sources[name] = source


def groups_within(person: Person, organisation: Organisation) -> dict[int, str]:
    """The groups of a person that go when they leave the organisation, and what each opens, in words."""
    found: dict[int, str] = {}
    for source in _sources.values():
        found.update(source(person, organisation))
    return found
