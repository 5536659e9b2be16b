"""What a step does to the first rows of a file, for the page and for the fragment of it that renews itself."""

from __future__ import annotations

from typing import Any

from parvis.core.ingest import Preview
from parvis.core.ingest.preview import SAMPLE
from parvis.hub.datastore.aside_words import failure_label

SHOWN_FAILURES = 10
SHOWN_COLUMNS = 30


def effect_facts(preview: Preview | None, number: int = 0) -> dict[str, Any]:
    """The rows, the failures (those of the step of that rank first) and how many rows it failed on, of those that were tried."""
    if preview is None:
        return {"preview": None, "failures": [], "failed_rows": 0, "sampled": SAMPLE}
    failures = sorted(preview.failures, key=lambda failure: failure[1] != number)
    outcomes = preview.outcomes[number - 1 : number] if number else preview.outcomes
    return {
        "preview": preview,
        "failures": [(*failure[:4], failure_label(failure[4])) for failure in failures[:SHOWN_FAILURES]],
        "failed_rows": sum(int((outcome.get("details") or {}).get("failures") or 0) for outcome in outcomes),
        "sampled": SAMPLE,
        "differing": _differing(outcomes),
    }


def _differing(outcomes: list[dict[str, Any]]) -> dict[str, str]:
    """The columns that only one of two tables has, once their rows are put together."""
    for details in (outcome.get("details") or {} for outcome in outcomes):
        if "only_here" in details:
            return {
                key: ", ".join(map(str, details[key][:SHOWN_COLUMNS])) for key in ("only_here", "only_there", "folded")
            }
    return {}
