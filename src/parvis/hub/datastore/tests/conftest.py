"""An organisation, its people, a file to import."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from parvis.hub.accounts.models import Membership, Organisation, Person
from parvis.hub.accounts.rules import Actor, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset

CSV = "code;nom;places\n01234;Évry;12\n02345;Grigny;7\n"


@dataclass(frozen=True, slots=True)
class People:
    """Actors with and without rights in one organisation."""

    contributor: Actor
    steward: Actor
    stranger: Actor


@pytest.fixture
def organisation():
    return Organisation.objects.create(slug="ville", name="Ville")


@pytest.fixture
def people(organisation) -> People:
    def someone(name: str, role: Role | None) -> Actor:
        person = Person.objects.create_user(f"{name}@exemple.fr")
        if role:
            Membership.objects.create(person=person, organisation=organisation, role=role)
        return actor_of(person)

    return People(
        someone("contributrice", Role.CONTRIBUTOR), someone("responsable", Role.STEWARD), someone("passant", None)
    )


@pytest.fixture
def dataset(organisation, people) -> Dataset:
    card = {"title": "Places", "description": "<p>Les places de stationnement par commune.</p>"}
    return create_dataset(people.contributor, organisation, "places", card)


@pytest.fixture
def csv(tmp_path) -> Path:
    path = tmp_path / "places.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def empty_home(settings, tmp_path):
    """A home of its own for each test; the engine of the process keeps looking at the session's."""
    settings.PARVIS_HOME = tmp_path / "home"
    settings.PARVIS_HOME.mkdir()
    yield settings.PARVIS_HOME
    shutil.rmtree(settings.PARVIS_HOME, ignore_errors=True)
