"""Webhooks hear of what people write and publish, whatever its subject."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.notifications.models import Delivery, Webhook
from parvis.hub.records.rules import Status
from parvis.hub.records.services import publish, withdraw

pytestmark = pytest.mark.django_db


def test_a_record_that_goes_online_or_away_is_told_to_the_webhooks_of_its_organisation(home):
    chart = make_chart(make_stands(), status=Status.DRAFT)
    other = make_stands(dataset_id="autres").organisation
    events = ["record.published", "record.withdrawn"]
    for owner in (chart.organisation, other):
        Webhook.objects.create(organisation=owner, name="x", url="https://hook.example/", events=events, active=True)
    publish(OPERATOR, chart)
    withdraw(OPERATOR, chart)
    deliveries = [
        (row.webhook.organisation_id, row.event) for row in Delivery.objects.order_by("id").select_related("webhook")
    ]
    assert deliveries == [(chart.organisation_id, event) for event in events]
