"""Two organisations, a published dataset in each, people and their keys."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.services import append, open_deposit, run_import_here, start_import

API = "/api/parvis/v1"
CSV = b"code;nom;places\n01234;Evry;12\n02345;Grigny;7\n"
CARD = {"title": "Places", "description": "<p>Les places de stationnement par commune.</p>"}


class Program:
    """What calls the API with a key."""

    def __init__(self, secret: str | None) -> None:
        self.client = Client(headers={"Authorization": f"Apikey {secret}"} if secret else {})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        kind = headers.pop("content_type", "application/json")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(method, f"{API}{path}", data, content_type=kind, headers=named)


def in_days(days: int) -> Any:
    return timezone.now() + timedelta(days=days)


def key_for(person: Person, scope: Scope, organisation: Organisation | None, **facts: Any) -> tuple[ApiKey, str]:
    facts = {"expires": in_days(60), **facts}
    return create_key(OPERATOR, person, "essai", scope=scope, organisation=organisation, **facts)


def program(person: Person, scope: Scope, organisation: Organisation | None, **facts: Any) -> Program:
    return Program(key_for(person, scope, organisation, **facts)[1])


def imported_dataset(organisation: Organisation, dataset_id: str) -> Dataset:
    dataset = create_dataset(OPERATOR, organisation, dataset_id, {**CARD, "title": f"Places {dataset_id}"})
    deposit = open_deposit(OPERATOR, "places.csv", len(CSV))
    append(OPERATOR, deposit, 0, BytesIO(CSV))
    run_import_here(OPERATOR, start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
    dataset.refresh_from_db()
    return dataset


@pytest.fixture
def town(db) -> Organisation:
    return make_organisation("Ville", slug="ville")


@pytest.fixture
def steward(town) -> Person:
    return make_member(town, Role.STEWARD)


@pytest.fixture
def write(steward, town) -> Program:
    """A program that writes and publishes for the town."""
    return program(steward, Scope.PUBLISH, town)


@pytest.fixture
def places(town) -> Dataset:
    return imported_dataset(town, "places")
