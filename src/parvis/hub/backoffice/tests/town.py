"""A town with people in each role, and a browser for each."""

from __future__ import annotations

from types import SimpleNamespace

from django.test import Client

from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import Role


def client_of(person: Person | None) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def make_town() -> SimpleNamespace:
    """A town with one person in each role, a stranger from another town, and the one who runs the instance."""
    organisation = make_organisation("Évry-Courcouronnes")
    people = {
        role.value: make_member(organisation, role, email=f"{role.value}@evry.example", password=None) for role in Role
    }
    other = make_organisation("Lieusaint")
    return SimpleNamespace(
        organisation=organisation,
        other_organisation=other,
        **people,
        other=make_member(other, Role.ADMINISTRATOR, email="autre@lieusaint.example", password=None),
        superuser=make_person("tout@evry.example", None, is_superuser=True, is_staff=True),
        anonymous=None,
    )
