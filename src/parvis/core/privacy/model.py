"""What a search for personal data gives: findings with their confidence, reasons and masked samples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from parvis.core.translation import Sentence


class Confidence(StrEnum):
    """How sure a finding is. What is certain or likely holds a publication back; what is possible is only shown."""

    POSSIBLE = "possible"
    LIKELY = "likely"
    CERTAIN = "certain"

    @property
    def rank(self) -> int:
        """From 0, the more certain the higher."""
        return list(Confidence).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of personal data in one place.

    ``column`` is the technical name of a column, or ``*`` for the table as a whole, or the name of a field of the card or of
    an attachment. ``count`` is the number of cells (rows, for the table), ``share`` its part of the filled cells, from 0 to 1;
    ``samples`` are masked: nobody can be told from them.
    """

    kind: str
    column: str
    label: str
    confidence: Confidence
    count: int
    share: float
    samples: tuple[str, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    columns: tuple[str, ...] = ()
    """The columns that a finding on the table as a whole combines."""

    @property
    def key(self) -> str:
        """What a decision covers: the kind and where it is; figures may change with each delivery."""
        where = "+".join(sorted(self.columns)) if self.columns else self.column
        return f"{self.kind}@{where}"

    @property
    def blocks(self) -> bool:
        """Whether a publication waits for a decision."""
        return self.confidence is not Confidence.POSSIBLE

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "kind": self.kind,
            "column": self.column,
            "label": self.label,
            "confidence": str(self.confidence),
            "count": self.count,
            "share": round(self.share, 4),
            "samples": list(self.samples),
            "reasons": [reason.to_json() for reason in self.reasons],
            "columns": list(self.columns),
        }

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Finding:
        """The finding that ``to_dict`` wrote."""
        return cls(
            kind=row["kind"],
            column=row["column"],
            label=row["label"],
            confidence=Confidence(row["confidence"]),
            count=int(row["count"]),
            share=float(row["share"]),
            samples=tuple(row["samples"]),
            reasons=tuple(_reason(reason) for reason in row["reasons"]),
            columns=tuple(row.get("columns", ())),
        )


@dataclass(frozen=True, slots=True)
class Anonymity:
    """How many rows share the same values of the columns that describe a person from outside (k-anonymity).

    ``smallest`` is the size of the smallest group (k), ``alone`` the rows that are alone in theirs, ``under`` the rows in groups
    smaller than ``threshold``.
    """

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    smallest: int
    alone: int
    under: int
    threshold: int
    rows: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "columns": list(self.columns),
            "labels": list(self.labels),
            "smallest": self.smallest,
            "alone": self.alone,
            "under": self.under,
            "threshold": self.threshold,
            "rows": self.rows,
        }


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """Everything found in one table or text; ``rows`` is the number of rows searched."""

    rows: int
    findings: tuple[Finding, ...] = ()
    anonymity: Anonymity | None = None
    about: tuple[str, ...] = field(default=())
    """What the table seems to be about (``officials``, ``companies``…): why some findings are mild."""

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings for which a publication waits."""
        return tuple(finding for finding in self.findings if finding.blocks)

    def joined(self, others: Sequence[PrivacyReport]) -> PrivacyReport:
        """This report with the findings of others added (card, attachments)."""
        more = tuple(finding for other in others for finding in other.findings)
        return PrivacyReport(self.rows, ordered((*self.findings, *more)), self.anonymity, self.about)

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return {
            "rows": self.rows,
            "findings": [finding.to_dict() for finding in self.findings],
            "anonymity": self.anonymity.to_dict() if self.anonymity else None,
            "about": list(self.about),
        }

    @classmethod
    def from_dict(cls, body: Mapping[str, Any]) -> PrivacyReport:
        """The report that ``to_dict`` wrote; KeyError or ValueError when the body is none."""
        stored = body["anonymity"]
        anonymity = (
            Anonymity(**{**stored, "columns": tuple(stored["columns"]), "labels": tuple(stored["labels"])})
            if stored
            else None
        )
        return cls(
            int(body["rows"]),
            tuple(Finding.from_dict(row) for row in body["findings"]),
            anonymity,
            tuple(body["about"]),
        )


def _reason(row: Mapping[str, str]) -> Sentence:
    """A reason as ``to_dict`` writes it; reports of former versions hold its text in French and in English."""
    former = row.get("fr", "")
    return Sentence.from_json(row) or Sentence(former)


def ordered(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The surest first, then the most frequent."""
    return tuple(sorted(findings, key=lambda f: (-f.confidence.rank, -f.count, f.column, f.kind)))
