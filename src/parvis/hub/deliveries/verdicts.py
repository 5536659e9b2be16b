"""What is odd in a new version beside the one before: from both manifests, without reading a row."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from parvis.core.columns import Column
from parvis.core.versions.manifest import Manifest
from parvis.core.versions.shape_changes import ShapeChanges, shape_changes

MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that calls for a decision: its code, and what its sentence needs."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {"code": self.code, "details": self.details}


def findings_of(after: Manifest, before: Manifest | None, fewer_percent: int) -> list[Finding]:
    """What somebody should look at before readers see ``after``; the gravest first."""
    if not after.rows:
        return [Finding("empty")]
    return [*_compared(after, before, fewer_percent), *_own(after)]


def _own(after: Manifest) -> list[Finding]:
    """What is wrong with the file whatever came before."""
    findings: list[Finding] = []
    report = (after.checks.get("schema") or {}).get("report") or {}
    if report and not report.get("valid"):
        title = after.checks["schema"].get("title") or after.checks["schema"].get("name") or ""
        findings.append(Finding("schema", {"count": int(report.get("total") or 0), "schema": str(title)}))
    misfits = after.nulled - after.missing
    if misfits > 0:
        findings.append(Finding("misfits", {"count": misfits}))
    refused = after.rejects - after.aside
    if refused > 0:
        findings.append(Finding("lines", {"count": refused}))
    return findings


def _compared(after: Manifest, before: Manifest | None, fewer_percent: int) -> list[Finding]:
    if before is None:
        return []
    if after.original.sha256 and after.original.sha256 == before.original.sha256:
        return [Finding("same-file")]
    findings: list[Finding] = []
    lost = 100 * (before.rows - after.rows) / before.rows if before.rows else 0
    if lost >= fewer_percent:
        findings.append(Finding("fewer-rows", {"before": before.rows, "after": after.rows, "percent": int(lost)}))
    changes = shape_changes(before.shape, after.shape)
    for old, new in changes.renamed:
        findings.append(Finding("column-renamed", {"old": old.label, "new": new.label}))
    if changes.gone:
        labels = [column.label for column in changes.gone]
        findings.append(Finding("column-gone", {"columns": labels[:MOST_NAMED], "count": len(labels)}))
    findings += _changed(after, before, changes)
    return findings


def _changed(after: Manifest, before: Manifest, changes: ShapeChanges) -> list[Finding]:
    """Columns of both that lost all their values, or have another type."""
    common = [column for column in after.shape if before.shape.get(column.name) is not None]
    emptied = [column for column in common if _is_empty(after, column) and not _is_empty(before, column)]
    # A column without a value is guessed to be text: that it lost them says enough.
    retyped = [column for _former, column in changes.retyped if column not in emptied]
    return [
        Finding(code, {"columns": [column.label for column in columns[:MOST_NAMED]], "count": len(columns)})
        for code, columns in (("column-emptied", emptied), ("column-retyped", retyped))
        if columns
    ]


def _is_empty(manifest: Manifest, column: Column) -> bool:
    profile = manifest.profile.get(column.name)
    return profile is not None and manifest.rows > 0 and profile.nulls >= manifest.rows


def facts_of(after: Manifest, before: Manifest | None) -> dict[str, Any]:
    """What the page of a delivery says of it besides: how many rows and columns, now and before, and columns that came."""
    facts: dict[str, Any] = {"rows": after.rows, "columns": len(after.shape), "sha256": after.original.sha256}
    if before is not None:
        came = [column.label for column in after.shape if before.shape.get(column.name) is None]
        facts |= {"rows_before": before.rows, "columns_before": len(before.shape), "came": came[:MOST_NAMED]}
    return facts
