"""A dataset that takes rows, and a program that pushes some."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore import services
from parvis.hub.rowlog.services import laying
from parvis.hub.rowlog.services.laying import lay_new
from parvis.hub.rowlog.services.streams import Choices, open_stream

CARD = {"description": "Les passages comptés par les boucles de la voirie.", "licence": "lov2"}
COUNTERS = "code;passages;jour;lieu\n" + "".join(
    f"C{n:03d};{n};2026-01-{n % 28 + 1:02d};48.6,2.{n}\n" for n in range(50)
)


def publish_table(organisation, dataset_id: str, text: str) -> Dataset:
    dataset = create_dataset(OPERATOR, organisation, dataset_id, {**CARD, "title": dataset_id})
    return publish_file(dataset, text)


def publish_file(dataset: Dataset, text: str) -> Dataset:
    body = text.encode()
    deposit = services.open_deposit(OPERATOR, f"{dataset.dataset_id}.csv", len(body))
    services.append(OPERATOR, deposit, 0, io.BytesIO(body))
    services.run_import_here(OPERATOR, services.start_import(OPERATOR, deposit=deposit, dataset=dataset, publish=True))
    return Dataset.objects.select_related("current", "organisation").get(pk=dataset.pk)


class Pusher:
    """A program with a key."""

    def __init__(self, dataset: Dataset, secret: str) -> None:
        self.dataset, self.client = dataset, Client(headers={"Authorization": f"ApiKey {secret}"})
        self.address = f"/api/parvis/v1/datasets/{dataset.dataset_id}/rows"

    def push(self, body, kind="application/json", query="", token="", seen=True):
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Idempotency-Key": token} if token else {}
        answer = self.client.post(f"{self.address}?{query}", text, content_type=kind, headers=headers)
        if seen:
            lay_new(self.dataset.pk)
        return answer

    def post(self, path: str, body=None):
        answer = self.client.post(f"{self.address}/{path}", json.dumps(body or {}), content_type="application/json")
        lay_new(self.dataset.pk)
        return answer

    def get(self, path: str = ""):
        return self.client.get(f"{self.address}{path}")

    def records(self, query: str = "", host: str = "localhost") -> dict:
        address = f"/api/explore/v2.1/catalog/datasets/{self.dataset.dataset_id}/records?{query}"
        return Client().get(address, headers={"host": host}).json()

    def passages(self, code: str) -> int | None:
        rows = self.records(f'where=code="{code}"')["results"]
        return rows[0]["passages"] if rows else None

    def count(self) -> int:
        return self.records("limit=0")["total_count"]


@pytest.fixture(autouse=True)
def no_thread(monkeypatch):
    """What is pushed is laid where a test says so: a thread would not see the transaction that it is in."""
    monkeypatch.setattr(laying.Layer, "wake", lambda self, dataset_id: None)


def push_key(person, **limits):
    """The secret of a key of a person that pushes rows in their organisation."""
    organisation, end = person.memberships.get().organisation, timezone.now() + timedelta(days=30)
    return create_key(
        actor_of(person), person, "boucles", scope=Scope.PUSH, organisation=organisation, expires=end, **limits
    )[1]


@pytest.fixture
def steward(home, db):
    return make_member(make_organisation("Voirie"), Role.STEWARD)


@pytest.fixture
def pusher(steward):
    organisation = steward.memberships.get().organisation
    dataset = publish_table(organisation, "boucles", COUNTERS)
    open_stream(actor_of(steward), dataset, Choices(key=("code",)))
    return Pusher(dataset, push_key(steward))
