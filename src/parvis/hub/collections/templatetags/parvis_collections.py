"""What a collection says of one of its records, in templates."""

from __future__ import annotations

from django import template

from parvis.hub.collections.declaration import Collection
from parvis.hub.records.models import CivicRecord

register = template.Library()


@register.simple_tag
def lines_of(collection: Collection, record: CivicRecord) -> list[str]:
    """The few lines that say it under its title."""
    return collection.lines(record)
