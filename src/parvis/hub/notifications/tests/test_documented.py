"""What the reference tells receivers is what they get: the snippet verifies real calls, the table has every event."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.notifications.deliveries import announce, deliver
from parvis.hub.notifications.models import Delivery
from parvis.hub.notifications.webhook_rules import EVENTS
from parvis.hub.notifications.webhooks import create_webhook, rotate_secret

PAGE = (Path(__file__).resolve().parents[5] / "docs/reference/notifications.md").read_text(encoding="utf-8")


@pytest.fixture
def called(db, receiver):
    """The two secrets in use, and a call as a receiver gets it."""
    town = make_organisation("Lisses")
    webhook, former = create_webhook(OPERATOR, town, name="x", url=receiver.address, events=["dataset.published"])
    secret = rotate_secret(OPERATOR, webhook)
    announce("dataset.published", town.pk, "dataset", "écoles", "Écoles", "https://x.example/", version="v1")
    deliver(Delivery.objects.get().pk, 0)
    [(_path, headers, body)] = receiver.calls
    return (secret, former), headers, body


@pytest.fixture
def verified():
    """The function of the page."""
    [snippet] = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    names: dict = {}
    exec(snippet, names)
    return names["verified"]


def test_the_snippet_takes_a_call_by_either_secret_in_use(called, verified):
    secrets, headers, body = called
    assert [verified(secret, headers, body) for secret in secrets] == [body, body]


@pytest.mark.parametrize(
    "forged",
    [
        {"body": b"{}"},
        {"webhook-id": "msg_other"},
        {"webhook-timestamp": "1614265330"},
        {"webhook-signature": "v1,é"},
        {"secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_the_snippet_refuses_what_was_not_signed(called, verified, forged):
    (secret, _former), headers, body = called
    delivery = {"secret": secret, "body": body, **headers, **forged}
    with pytest.raises(ValueError, match="not signed|too old"):
        verified(delivery["secret"], delivery, delivery["body"])


def test_every_event_is_told():
    assert set(re.findall(r"^\| `(\w+\.\w+)` \|", PAGE, re.M)) == {event for event, _words in EVENTS}
