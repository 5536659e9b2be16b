"""What webhooks are told of civic records, whatever their subject."""

from __future__ import annotations

from typing import Any

from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.notifications.deliveries import announce, forget_told
from parvis.hub.records.models import CivicRecord

EVENTS = {
    "publish": "record.published",
    "unpublish": "record.withdrawn",
    "retire": "record.withdrawn",
    "archive": "record.withdrawn",
}
"""Acts on a record that others hear of."""


def record_changed(sender: type[CivicRecord], record: CivicRecord, act: str, **_rest: Any) -> None:
    """Tell the webhooks of its organisation that it is online, or no longer; forget what they were told of what is erased."""
    if act == "erase":
        forget_told(record.slug)
    if act in EVENTS:
        address = absolute_url(without_prefix(record.get_absolute_url()))
        announce(EVENTS[act], record.organisation_id, record.noun, record.slug, record.title, address)
