"""What the description of the API says of webhooks is what they are sent: each kind of event, called for good."""

from __future__ import annotations

import json

import jsonschema
import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.notifications.datasets import announce_dataset, dataset_published, dataset_withdrawn
from parvis.hub.notifications.deliveries import deliver, send_test
from parvis.hub.notifications.models import Delivery
from parvis.hub.notifications.webhook_rules import EVENTS, WISHED
from parvis.hub.notifications.webhooks import create_webhook
from parvis.hub.records.services import withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(home, receiver):
    """One call of each event, as its receiver gets it."""
    dataset = make_stands()
    administrator = actor_of(make_member(dataset.organisation, Role.ADMINISTRATOR))
    wished = [event for event, _words in WISHED]
    webhook, _secret = create_webhook(
        administrator, dataset.organisation, name="x", url=receiver.address, events=wished
    )
    dataset_published(dataset, dataset.current)
    announce_dataset(
        "dataset.schema_broken", dataset, version=dataset.current.name, schema="etalab/schema-irve", faults=3
    )
    columns = {"gone": ["a"], "added": [], "renamed": [{"before": "b", "after": "c"}]}
    retyped = [{"name": "d", "before": "int", "after": "text"}]
    announce_dataset("dataset.columns_changed", dataset, version=dataset.current.name, **columns, retyped=retyped)
    announce_dataset("dataset.licence_changed", dataset, before="lov2", after="odbl")
    moment = "2026-11-30T08:00:00+00:00"
    announce_dataset("dataset.silent", dataset, since=moment)
    announce_dataset("dataset.heard", dataset, since=moment, until=moment)
    withdraw(OPERATOR, make_chart(dataset))
    dataset_withdrawn(dataset, dataset.status)
    send_test(administrator, webhook)
    for delivery in Delivery.objects.all():
        deliver(delivery.pk, 0)
    return receiver.calls


def test_each_event_is_sent_as_it_is_described(client, calls):
    document = client.get("/api/parvis/v1/openapi.json").json()
    seen = set()
    for _path, headers, body in calls:
        message = json.loads(body)
        operation = document["webhooks"][message["type"]]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        whole = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **schema,
            "components": document["components"],
        }
        jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(message)
        assert {row["name"] for row in operation["parameters"]} <= {name.lower() for name in headers}
        seen.add(message["type"])
    assert seen == set(document["webhooks"]) == {event for event, _words in EVENTS}


def test_what_is_not_described_is_not_sent(home, receiver):
    organisation = make_organisation()
    create_webhook(OPERATOR, organisation, name="x", url=receiver.address, events=["dataset.withdrawn"])
    dataset = make_stands(organisation=organisation)
    announce_dataset("dataset.withdrawn", dataset, secret="jamais")
    assert "jamais" not in Delivery.objects.get().body
