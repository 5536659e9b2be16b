"""Which treatments are offered for what was found in a file, as steps of its import, and what they would give on its first rows."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from parvis.core.errors import ParvisError
from parvis.core.privacy import Finding
from parvis.core.privacy.headers import roles_of
from parvis.core.privacy.inspector import NAME
from parvis.core.privacy.kinds import KIND_BY_NAME
from parvis.core.privacy.small_counts import TRAITS
from parvis.core.staging import ROWS, StagedColumn, StagedTable, open_workspace, quote_identifier
from parvis.core.transforms import TRANSFORMS, Step, apply_steps
from parvis.hub.datastore.models import Import
from parvis.hub.jobs.process_locks import process_folder

SHOWN = 5
_COARSER = (("age", "bands"), ("birth", "year"), ("place", "department"))
"""Role of a column that describes people from outside, and the treatment that makes it coarser."""
THRESHOLDS = (5, 11)
"""Least counts that sources show (``core.privacy.small_counts.SECRECIES``)."""
_WHOLE_TABLE = ("privacy.suppress", "privacy.cells", "privacy.gather")
"""Treatments of which the first rows show nothing."""
_CROSSING = TRAITS | {"fine_place", "town", "place", "period"}
_KEPT = frozenset({"town", "place", "period"})
"""Roles of what is not added up over: there would be no table left."""
_LATITUDE, _LONGITUDE = (
    re.compile(r"(?:^|_)(?:lat|latitude|y)"),
    re.compile(r"(?:^|_)(?:lon|lng|long|longitude|x)(?:_|$|gitude)"),
)


@dataclass(frozen=True, slots=True)
class Offer:
    """One treatment offered: its value in the form, its label, the step it stands for."""

    value: str
    label: str
    step: Step


@dataclass(frozen=True, slots=True)
class Preview:
    """A column before and after: its header and pairs of cells."""

    header: str
    pairs: tuple[tuple[str, str], ...]


def headers_of(imported: Import) -> Mapping[str, str]:
    """The header (or the place) of each column of the last examination, by technical name."""
    checks = imported.findings.get("checks") or {}
    return dict((checks.get(NAME) or {}).get("headers") or {})


def offers(finding: Finding, headers: Mapping[str, str]) -> list[Offer]:
    """The treatments that make sense for a finding, the best first."""
    if finding.kind == "group":
        return _for_group(finding, headers)
    if finding.kind == "small":
        return _for_small(finding, headers)
    header = headers.get(finding.column)
    if header is None:
        return []
    return [
        Offer(name, _label(name), _step(name, header, finding, headers))
        for name in KIND_BY_NAME[finding.kind].treatments
    ]


def _for_group(finding: Finding, headers: Mapping[str, str]) -> list[Offer]:
    finding_headers = [headers[name] for name in finding.columns if name in headers]
    made = []
    for header in finding_headers:
        for role, name in _COARSER:
            if role in roles_of(header):
                label = f"{header} : {_label(name)[:1].lower()}{_label(name)[1:]}"
                made.append(Offer(f"{name}|{header}", label, Step(f"privacy.{name}", {"column": header})))
    if len(finding_headers) == len(finding.columns):
        made.append(Offer("suppress", _label("suppress"), Step("privacy.suppress", {"columns": finding_headers})))
    return made


def _for_small(finding: Finding, headers: Mapping[str, str]) -> list[Offer]:
    """Small counts masked with those that totals would give them away with, or added up over one of what crosses them."""
    names = finding.columns or (finding.column,)
    counts = [headers[name] for name in names if name in headers]
    if len(counts) < len(names):
        return []
    others = [header for name, header in headers.items() if name not in names]
    crossing = [header for header in others if roles_of(header) & _CROSSING]
    tables: dict[str, Any] = {"columns": counts, "by": crossing}
    rates = [header for header in others if "rate" in roles_of(header)]
    made = [
        Offer(f"cells|{under}", _masked_under(under), _masking(tables, rates, under)) for under in _thresholds(finding)
    ]
    for header in crossing:
        if not roles_of(header) & _KEPT:
            label = _("%(act)s « %(column)s »") % {"act": _label("gather"), "column": header}
            made.append(Offer(f"gather|{header}", label, Step("privacy.gather", {"column": header, **tables})))
    return [*made, Offer("drop", _label("drop"), Step("privacy.drop", {"columns": counts}))]


def _thresholds(finding: Finding) -> list[int]:
    """The least counts offered: the finding’s own first."""
    own = [reason.values.get("threshold") for reason in finding.reasons]
    return sorted(THRESHOLDS, key=lambda under: under not in own)


def _masking(tables: Mapping[str, Any], rates: Sequence[str], under: int) -> Step:
    return Step("privacy.cells", {**tables, "under": under, **({"beside": list(rates)} if rates else {})})


def _masked_under(under: int) -> str:
    return _("%(act)s (moins de %(under)s)") % {"act": _label("cells"), "under": under}


def _step(name: str, header: str, finding: Finding, headers: Mapping[str, str]) -> Step:
    if name == "pseudonymise":
        return Step("privacy.pseudonymise", {"column": header, "scope": secrets.token_hex(8)})
    if name == "square" and (pair := _pair(headers)):
        return Step("privacy.square", {"x": pair[0], "y": pair[1]})
    if name == "drop" and finding.kind == "position" and (pair := _pair(headers)):
        return Step("privacy.drop", {"columns": list(pair)})
    return Step(f"privacy.{name}", {"column": header})


def _pair(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """The headers of longitude and latitude, when they are in two columns."""
    x = [header for name, header in headers.items() if _LONGITUDE.search(name)]
    y = [header for name, header in headers.items() if _LATITUDE.search(name)]
    return (x[0], y[0]) if len(x) == len(y) == 1 else None


def _label(name: str) -> str:
    return _(TRANSFORMS[f"privacy.{name}"].label)


def chosen_steps(findings: Sequence[Finding], headers: Mapping[str, str], values: Mapping[str, str]) -> list[Step]:
    """The steps for the values chosen in a form, by finding's key; each step once."""
    steps: list[Step] = []
    for finding in findings:
        for offer in offers(finding, headers):
            if values.get(finding.key) == offer.value and offer.step not in steps:
                steps.append(offer.step)
    gone = {header for step in steps if step.name == "privacy.drop" for header in _columns(step)}
    return [step for step in steps if step.name == "privacy.drop" or not gone & set(_columns(step))]


def _columns(step: Step) -> list[str]:
    parameters = step.parameters
    return [
        str(h)
        for h in parameters.get("columns") or [parameters[name] for name in ("column", "x", "y") if name in parameters]
    ]


def preview(imported: Import, steps: Sequence[Step], secret: bytes) -> list[Preview]:
    """What the steps would make of the first rows: each column they touch, before and after; empty when they cannot be shown."""
    headers = list(imported.findings.get("headers") or [])
    rows = [list(row) for row in (imported.findings.get("first_rows") or [])[:SHOWN]]
    shown = [step for step in steps if step.name not in _WHOLE_TABLE]
    if not (headers and rows and shown):
        return []
    before = _table(headers, rows)
    try:
        after = _applied(headers, rows, shown, secret)
    except ParvisError:
        return []
    touched = dict.fromkeys(header for step in shown for header in _columns(step))
    return [
        Preview(header, tuple(zip(before[header], after.get(header, ["—"] * len(rows)), strict=True)))
        for header in touched
        if header in before
    ]


def _table(headers: Sequence[str], rows: Sequence[Sequence[str | None]]) -> dict[str, list[str]]:
    return {header: [row[rank] or "" for row in rows] for rank, header in enumerate(headers)}


def _applied(
    headers: Sequence[str], rows: Sequence[list[Any]], steps: Sequence[Step], secret: bytes
) -> dict[str, list[str]]:
    columns = tuple(StagedColumn(f"c{rank}", header) for rank, header in enumerate(headers))
    with open_workspace(process_folder(), memory="128MB", threads=1) as workspace:
        cells = ", ".join(f"{quote_identifier(column.name)} VARCHAR" for column in columns)
        workspace.connection.execute(f"CREATE TABLE {ROWS} (line BIGINT, {cells})")
        marks = ", ".join("?" * (len(columns) + 1))
        for line, row in enumerate(rows, 1):
            workspace.connection.execute(f"INSERT INTO {ROWS} VALUES ({marks})", [line, *row])
        staged, _outcomes = apply_steps(workspace, StagedTable(columns, len(rows), 0), steps, secret=secret)
        names = ", ".join(quote_identifier(column.name) for column in staged.columns)
        treated_rows = workspace.connection.execute(f"SELECT {names} FROM {ROWS} ORDER BY line").fetchall()
    return _table([column.header for column in staged.columns], treated_rows)
