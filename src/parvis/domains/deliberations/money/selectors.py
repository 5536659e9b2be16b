"""Reading the amounts, links and steps of acts, always through somebody's eyes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet

from parvis.core.errors import NotFound
from parvis.domains.deliberations.models import Act, ActLink
from parvis.domains.deliberations.money.rules import AmountFacts
from parvis.domains.deliberations.rules import amount_words
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.records.rules import may_see
from parvis.hub.records.selectors import published
from parvis.hub.validation.keyed_tables import KeyedTable

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link of an act as a page shows it."""

    link: ActLink
    relation: str
    label: str
    address: str


def amounts_of(act: Act) -> list[AmountFacts]:
    """The amounts of an act, in their order."""
    rows = act.amounts.values_list("cents", "purpose", "words", "chapter", "beneficiary")
    return [AmountFacts(*row) for row in rows]


def money_facts(act: Act, actor: Actor) -> dict[str, Any]:
    """What ``deliberations/money.html`` shows of an act to who reads: amounts, links that they may follow, steps; in six questions
    at most, whatever their number."""
    steps = list(act.steps.all())
    return {
        "act": act,
        "amounts": [(row, amount_words(row.cents)) for row in act.amounts.all()],
        "links": links_of(act, actor),
        "linked_from": [
            link.act for link in _from_others(act) if may_see(actor, link.act.status, link.act.organisation_id)
        ],
        "steps": steps,
        "execution": act.get_execution_display() if act.execution else "",
    }


def money_as_json(act: Act) -> dict[str, Any]:
    """The same for programs, as anybody sees it: euros as numbers, the addresses of what it decides on."""
    return {
        "amounts": [
            {
                "euros": row.cents / 100,
                "purpose": row.purpose,
                "words": row.words,
                "chapter": row.chapter,
                "beneficiary": row.beneficiary,
            }
            for row in act.amounts.all()
        ],
        "decides_on": [
            {"relation": shown.link.relation, "label": shown.label, "address": canonical(shown.address)}
            for shown in links_of(act, ANONYMOUS)
        ],
        "execution": act.execution,
        "steps": [
            {"state": step.state, "day": step.day.isoformat(), "text": step.text, "evidence": step.evidence}
            for step in act.steps.all()
        ],
    }


def links_of(act: Act, actor: Actor) -> list[ShownLink]:
    """The links of an act that lead somewhere for the actor: what they may not see is not told of."""
    links = list(act.links.select_related("other"))
    visible = _datasets_called({link.dataset_id for link in links if link.dataset_id}, actor)
    shown = []
    for link in links:
        other, dataset = link.other, visible.get(link.dataset_id)
        if other is not None and may_see(actor, other.status, other.organisation_id):
            shown.append(ShownLink(link, link.get_relation_display(), other.title, other.get_absolute_url()))
        elif dataset is not None:
            address = row_address(dataset, link.row_key) if link.row_key else dataset.get_absolute_url()
            shown.append(ShownLink(link, link.get_relation_display(), link.label or dataset.title, address))
    return shown


def _datasets_called(names: set[str], actor: Actor) -> dict[str, Dataset]:
    """Those that the actor may see, by their present and former identifiers."""
    if not names:
        return {}
    rows = datasets_visible_to(actor).filter(Q(dataset_id__in=names) | Q(aliases__former_id__in=names)).distinct()
    by_name = {}
    for row in rows.prefetch_related("aliases"):
        by_name |= dict.fromkeys((row.dataset_id, *(alias.former_id for alias in row.aliases.all())), row)
    return by_name


def _from_others(act: Act) -> QuerySet[ActLink]:
    return ActLink.objects.filter(other=act).select_related("act").order_by("act__date", "pk")


def row_address(dataset: Dataset, key: Sequence[str | None]) -> str:
    """The page of a row of a dataset with the acts that decide on it."""
    value = json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))
    return f"{dataset.get_absolute_url()}deliberations/?{urlencode({'cle': value})}"


def links_to(dataset: Dataset) -> QuerySet[ActLink]:
    """The links of acts online to a dataset or to its rows, the latest act first."""
    links = ActLink.objects.filter(dataset_id__in=dataset.identifiers, act__in=published(Act).values("pk"))
    return links.select_related("act", "act__organisation").order_by("-act__date", "-act__pk", "pk")


def has_links(dataset: Dataset) -> bool:
    """Whether an act online decides on the dataset or on a row of it."""
    return links_to(dataset).exists()


def table_of(actor: Actor, dataset: Dataset) -> KeyedTable:
    """The rows of a dataset that the actor may see; NotFound when they may not, or nothing tells its rows apart."""
    visible = datasets_visible_to(actor).filter(pk=dataset.pk, current__isnull=False)
    table = KeyedTable(dataset)
    if not visible.exists() or not table.key:
        raise NotFound(name=dataset.dataset_id)
    return table
