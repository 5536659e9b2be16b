"""Groups that a person has because of an organisation: they go with their role in it.

Other modules say which groups those are (teams of sites, readers of restricted datasets); this room only knows that a role may
bring some along.
"""

from __future__ import annotations

from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.registry import modules


def groups_within(person: Person, organisation: Organisation) -> dict[int, str]:
    """The groups of a person that go when they leave the organisation, and what each opens, in words."""
    groups: dict[int, str] = {}
    for module in modules():
        if module.groups is not None:
            groups.update(module.groups(person, organisation))
    return groups
