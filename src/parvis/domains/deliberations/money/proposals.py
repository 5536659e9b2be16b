"""Rows of grants and contracts that an act seems to decide on, each with why: proposed, never linked without somebody.

Columns are found by their names, those of SCDL ``subventions`` and of the essential data of public contracts first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from parvis.core.columns import ColumnType
from parvis.core.errors import ParvisError
from parvis.core.text import fold
from parvis.domains.deliberations.models import Act, ActLink
from parvis.domains.deliberations.scdl import SCHEMA as DELIBERATIONS
from parvis.domains.deliberations.selectors import files_of, published_pages
from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.ui.filters import field, quoted
from parvis.hub.validation.keyed_tables import KeyedTable, Row

if TYPE_CHECKING:
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.catalogue.models import Dataset

ROLES: Mapping[str, tuple[str, ...]] = {
    "reference": ("referencedecision", "reference_decision", "numero_deliberation", "deliberation", "delib_id"),
    "day": ("dateconvention", "date_convention", "date_decision", "date_deliberation", "datenotification"),
    "beneficiary": ("nombeneficiaire", "nom_beneficiaire", "beneficiaire", "titulaire", "nom_titulaire"),
    "amount": ("montant", "montant_subvention", "montant_ttc", "montant_ht"),
    "giver": ("idattribuant", "id_attribuant", "siren_attribuant", "acheteur_id"),
}
"""What a column says, and the names that it may have (folded)."""
SCHEMAS = ("scdl/subventions", "139bercy/format-commande-publique")
MOST_LOOKED_AT, MOST_DATASETS = 100, 12
MOST_ROWS = 100
MOST_PROPOSED = 20
AFTER = timedelta(days=400)
"""How long after an act what it decides may be signed."""
_ENOUGH = 3
_WEIGHTS = {"reference": 4, "amount": 2, "beneficiary": 2, "day": 1, "near": 0}
_SHORT = 4


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """A row that the act seems to decide on: its dataset, its key, how it is called, why."""

    dataset_id: str
    dataset_title: str
    key: tuple[str | None, ...]
    title: str
    reasons: tuple[str, ...]
    weight: int
    relation: str


def proposals_for(actor: Actor, act: Act) -> list[ProposedLink]:
    """The rows that the act may decide on, the likeliest first, less those linked already; empty for an act without number or date."""
    if not act.number or act.date is None:
        return []
    facts = _Facts(act)
    linked = {(link.dataset_id, tuple(link.row_key)) for link in act.links.all()}
    rows: list[ProposedLink] = []
    for table, columns in _tables(actor, act):
        try:
            rows += _of_table(table, columns, facts)
        except ParvisError:  # too busy, or away: the rest is proposed all the same
            continue
    fresh = [row for row in rows if (row.dataset_id, row.key) not in linked]
    return sorted(fresh, key=lambda row: -row.weight)[:MOST_PROPOSED]


class _Facts:
    """What is compared of an act, read once."""

    def __init__(self, act: Act) -> None:
        self.act = act
        self.siren = act.organisation.siren
        self.number = _plain(act.number)
        self.cents = {row.cents for row in act.amounts.all()}
        files = files_of([act])[act.pk][:1]
        pages = [page.text for file in files for page in published_pages(file)]
        self.text = " ".join(fold(" ".join([act.title, *pages])).split())


def _tables(actor: Actor, act: Act) -> list[tuple[KeyedTable, dict[str, str]]]:
    """The datasets that may tell of what the act decides: theirs, or those that name who gives."""
    likely = Q(organisation=act.organisation_id) | Q(schema_followed__name__in=SCHEMAS)
    for word in ("subvention", "march"):
        likely |= Q(title__icontains=word)
    rows = datasets_visible_to(actor).filter(likely, current__isnull=False)
    rows = rows.exclude(schema_followed__name=DELIBERATIONS)  # the acts themselves
    rows = rows.order_by("title")[:MOST_LOOKED_AT]
    tables = []
    for dataset in rows:
        columns = columns_by_role(_columns(dataset))
        is_own = dataset.organisation_id == act.organisation_id
        if "reference" in columns and (is_own or "giver" in columns):
            table = KeyedTable(dataset)
            if table.key:
                tables.append((table, columns))
        if len(tables) == MOST_DATASETS:
            break
    return tables


def _columns(dataset: Dataset) -> list[str]:
    try:
        return [column.name for column in shape_of(dataset)]
    except ParvisError:  # a version that cannot be read is told where it is read
        return []


def columns_by_role(names: Sequence[str]) -> dict[str, str]:
    """The column that says each thing, by ``ROLES``; the likeliest name first."""
    by_folded = {fold(name): name for name in names}
    pairs = {role: next((by_folded[word] for word in words if word in by_folded), "") for role, words in ROLES.items()}
    return {role: name for role, name in pairs.items() if name}


def _of_table(table: KeyedTable, columns: Mapping[str, str], facts: _Facts) -> list[ProposedLink]:
    """The rows of one table that tell enough; asked by the reference, then by the day."""
    rows = {}
    for condition in _conditions(table, columns, facts):
        for row in table.rows_where((condition,), MOST_ROWS):
            rows[table.key_of(row)] = row
    relation = ActLink.Relation.CONTRACT if "titulaire" in " ".join(columns.values()) else ActLink.Relation.GRANT
    proposed = []
    for key, row in rows.items():
        reasons = reasons_of(row, columns, facts)
        weight = sum(_WEIGHTS[name] for name, _words in reasons)
        if weight >= _ENOUGH:
            words = tuple(text for _name, text in reasons)
            dataset = table.dataset
            title = table.title_of(row)
            proposed.append(ProposedLink(dataset.dataset_id, dataset.title, key, title, words, weight, relation.value))
    return proposed


def _conditions(table: KeyedTable, columns: Mapping[str, str], facts: _Facts) -> list[str]:
    whose = _is_theirs(table, columns, facts)
    digits = re.findall(r"\d+", facts.act.number)
    like = field(columns["reference"]) + " like " + quoted(" ".join(f"*{part}*" for part in digits[-2:]) or "*")
    conditions = [like] if digits else []
    day = table.shape.get(columns.get("day", ""))
    if day is not None and day.type is ColumnType.DATE:
        conditions.append(f"{field(day.name)} = date'{facts.act.date}'")
    return [f"({condition}){whose}" for condition in conditions]


def _is_theirs(table: KeyedTable, columns: Mapping[str, str], facts: _Facts) -> str:
    """The condition that the giver is the organisation of the act, where the table says who gives and the organisation its SIREN."""
    giver = table.shape.get(columns.get("giver", ""))
    if giver is None or giver.type is not ColumnType.TEXT or not facts.siren:
        return ""
    return f" and startswith({field(giver.name)}, {quoted(facts.siren)})"


def reasons_of(row: Row, columns: Mapping[str, str], facts: Any) -> list[tuple[str, str]]:
    """Why a row may be what the act decides on: the name of each reason and its words."""
    values = {role: row.get(name) or "" for role, name in columns.items()}
    if facts.siren and values.get("giver") and not values["giver"].startswith(facts.siren):
        return []
    reasons = []
    if values.get("reference") and _same_reference(_plain(values["reference"]), facts):
        reasons.append(("reference", _("la décision citée est « %s »") % values["reference"]))
    cents = _cents(values.get("amount", ""))
    if cents is not None and cents in facts.cents:
        reasons.append(("amount", _("le montant est le même")))
    name = " ".join(fold(values.get("beneficiary", "")).split())
    if len(name) >= _SHORT and name in facts.text:
        reasons.append(("beneficiary", _("« %s » est nommé dans l’acte") % values["beneficiary"]))
    day = _day(values.get("day", ""))
    if day == facts.act.date:
        reasons.append(("day", _("la date est celle de l’acte")))
    elif day is not None and not facts.act.date <= day <= facts.act.date + AFTER:
        return []  # signed before the act, or long after: another one
    elif day is not None and reasons:
        reasons.append(("near", _("la date suit celle de l’acte")))
    return reasons


def _same_reference(reference: str, facts: Any) -> bool:
    """Whether the reference is the number of the act, alone or within a longer one that begins or ends with it."""
    number = facts.number
    if reference in (number, _plain(facts.act.transmission)):
        return True
    return len(number) > _SHORT and (reference.endswith(number) or reference.startswith(number))


def _plain(text: str) -> str:
    """Letters and digits alone, folded, numbers without the zeros before them: « DEL 2026/014 » is « del2026.14 »."""
    parts = re.findall(r"[a-z]+|\d+", fold(text))
    return ".".join(part.lstrip("0") or "0" if part.isdigit() else part for part in parts)


def _cents(text: str) -> int | None:
    try:
        return round(float(text) * 100)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
