"""The whole report as JSON, streamed.

    {"valid", "schema", "version", "rows", "columns", "total",
     "counts": [{"kind", "rule", "column", "count", "title"}],
     "advice": [{"code", "details", "message"}],
     "faults": [{"kind", "row", "column", "position", "value", "rule", "details", "title", "message",
                 "proposals": [{"value", "certainty", "reading"}]}]}

``certainty`` is ``sure``, ``likely``, ``choice`` or ``lost``; the value of what is lost is null.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from parvis.core.readings.model import Certainty
from parvis.core.schemas.model import TableSchema
from parvis.core.validation.messages import Explanation, advice_sentence, title
from parvis.core.validation.model import Fault, Report
from parvis.core.validation.reports.fault_messages import FaultExplainer

_BATCH = 500


def json_report(report: Report, schema: TableSchema, language: str = "fr") -> Iterator[bytes]:
    """The report in UTF-8 JSON, with every fault, in constant memory."""
    head = report_facts(report, language)
    yield (json.dumps(head, ensure_ascii=False)[:-1] + ', "faults": [').encode()
    teller = FaultExplainer(schema, language, report.columns)
    batch: list[str] = []
    first = True
    for fault in report.faults:
        batch.append(json.dumps(_facts(fault, teller.tell(fault)), ensure_ascii=False, default=str))
        if len(batch) >= _BATCH:
            yield (("" if first else ",\n") + ",\n".join(batch)).encode()
            first, batch = False, []
    if batch:
        yield (("" if first else ",\n") + ",\n".join(batch)).encode()
    yield b"]}\n"


def report_facts(report: Report, language: str = "fr") -> dict[str, Any]:
    """The report without its faults, with words."""
    return {
        "valid": report.valid,
        "schema": report.schema,
        "version": report.version,
        "rows": report.rows,
        "columns": list(report.columns),
        "total": report.total,
        "counts": [{**count.to_dict(), "title": title(count.rule, language)} for count in report.counts],
        "advice": [{**advice.to_dict(), "message": advice_sentence(advice, language)} for advice in report.advice],
    }


def _facts(fault: Fault, explanation: Explanation) -> dict[str, Any]:
    proposals = [
        {
            "value": None if c.certainty is Certainty.LOST else c.after,
            "certainty": str(c.certainty),
            "reading": c.variant,
        }
        for c in explanation.candidates
    ]
    return {
        **fault.to_dict(),
        "title": explanation.title,
        "message": f"{explanation.found} {explanation.mend}".strip(),
        "proposals": proposals,
    }
