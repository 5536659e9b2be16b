"""Made-up people and organisations, for tests."""

from __future__ import annotations

import itertools

from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.accounts.rules import Role

_numbers = itertools.count(1)


def make_organisation(name: str = "", **extra) -> Organisation:
    """An organisation; its slug is made from a running number."""
    number = next(_numbers)
    return Organisation.objects.create(
        slug=extra.pop("slug", f"organisation-{number}"), name=name or f"Commune {number}", **extra
    )


def make_person(email: str = "", password: str = "mot de passe d’essai 1", **extra) -> Person:
    """Somebody who can sign in with ``password``."""
    return Person.objects.create_user(email or f"personne{next(_numbers)}@commune.example", password, **extra)


def make_member(organisation: Organisation, role: Role, **extra) -> Person:
    """Somebody with that role in that organisation, which invited them."""
    person = make_person(**{"invited_by": organisation, **extra})
    Membership.objects.create(person=person, organisation=organisation, role=role)
    return person
