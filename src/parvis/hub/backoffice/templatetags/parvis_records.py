"""Where a record is in its life, on the hand-made screens that write it, and what may be made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from parvis.hub.accounts.rules import may
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.backoffice.submissions import FIELD, LONGEST_TOKEN
from parvis.hub.records.messages import actions_in_words
from parvis.hub.records.models import CivicRecord
from parvis.hub.registry import Layer, Way, modules, way_of

register = template.Library()


@register.inclusion_tag("backoffice/records/state.html", takes_context=True)
def record_state(context: dict[str, Any], record: CivicRecord) -> dict[str, Any]:
    """Its owner, its state, what waits to be put online, and the ways to its page, its history and its lock."""
    request, viewset = context["request"], record.snippet_viewset
    names = ("history", "lock", "unlock")
    addresses = {name: reverse(viewset.get_url_name(name), args=[record.pk]) for name in names}
    return {
        "record": record,
        "may_publish": may(actor_of(request.user), "publish", record.organisation_id),
        "may_unlock": may(actor_of(request.user), "publish", record.organisation_id)
        or record.locked_by == request.user,
        "csrf_token": context.get("csrf_token"),
        "next": request.path,
        "files_address": files_address(record),
        **addresses,
    }


@register.simple_tag(takes_context=True)
def form_token(context: dict[str, Any]) -> SafeString:
    """The hidden field of a form that makes a record, so that sending it twice makes one."""
    token = context["request"].POST.get(FIELD, "")[:LONGEST_TOKEN] or uuid4().hex
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, token)


@register.filter
def files_address(record: CivicRecord) -> str:
    """Where the documents that go with it are; empty for a kind without."""
    if not record.takes_files or record.pk is None:
        return ""
    return reverse("record_files", args=[app_of_record(record), model_of_record(record), record.pk])


@register.filter
def app_of_record(record: CivicRecord) -> str:
    """The label of its app, in addresses about records of any kind."""
    return record._meta.app_label


@register.filter
def model_of_record(record: CivicRecord) -> str:
    """The name of its model, in the same."""
    return str(record._meta.model_name)


@register.simple_tag
def ways_from_dataset(dataset_id: str) -> list[Way]:
    """What modules make of a published dataset."""
    return [way_of(link, dataset_id) for module in modules() for link in module.from_dataset]


@register.simple_tag
def layers_offered(dataset_ids: Iterable[str], url_name: str) -> list[Way]:
    """The layers of modules whose datasets are among these, as fields of the map maker."""
    names = set(dataset_ids)
    return [
        Way(layer.title, f"{reverse(url_name)}?{urlencode(_fields_of(layer))}")
        for module in modules()
        for layer in module.layers
        if layer.dataset_id in names
    ]


def _fields_of(layer: Layer) -> dict[str, str]:
    fields = {"jeu": layer.dataset_id, "genre": layer.kind, "couleur": layer.colour, "temps": layer.time}
    return {name: value for name, value in fields.items() if value} | {"nom": str(layer.title)}


@register.simple_tag
def ways_from_chart(slug: str) -> list[Way]:
    """What modules make of a saved chart."""
    return [way_of(link, slug) for module in modules() for link in module.from_chart]


@register.filter
def act_in_words(action: str) -> str:
    """An act of the journal in words."""
    return str(actions_in_words().get(action, action))


@register.filter
def kind_of_record(record: CivicRecord) -> str:
    """What it is, in a word."""
    return str(record._meta.verbose_name)
