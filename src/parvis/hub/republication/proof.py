"""What the portal shows of a dataset, as it was read there: who sees it, where it differs from ours, what it says of each file.

That a file answers where the portal stands cannot be seen from here: what the portal itself noted of its last visit is told, and when.
Nothing here asks anything of anybody: it is given what was read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from parvis.hub.republication.mapping import document_facts, shown
from parvis.hub.republication.package import Document, Package
from parvis.hub.republication.plan import KEY, Remote, Resource, body_of, card_differences, document_differences

LICENCE, TITLE = "license", "title"
AVAILABLE, STATUS, VISITED = "check:available", "check:status", "check:date"
VALID, VALIDATED = "validation-report:valid_resource", "validation-report:validation_date"
"""What data.gouv.fr notes of a file among its extras: that it visited it, and whether it follows its schema."""
MOST_FILES = 50


def proof_of(
    package: Package,
    remote: Remote | None,
    edited: frozenset[str] = frozenset(),
    refused: Collection[str] = (),
) -> dict[str, Any]:
    """As it is kept; ``remote`` is what everybody sees, None when nobody does. What the portal refused by name is told as such: it is not
    what somebody changed."""
    if remote is None:
        return {"public": False, "differences": [], "missing": [], "files": [], "counts": {}, "refused": []}
    documents = {document.key: document for document in package.documents}
    there = {key: row for row in remote.resources if isinstance(key := row.extras.get(KEY), str)}
    files = [_seen(document, there[key], refused) for key, document in documents.items() if key in there]
    differing = [row for row in files if row["differences"]]
    # Those that have something to say first: the last of two hundred acts is as good as the others.
    first = sorted(files, key=lambda row: (not row["differences"], row["available"] is not False, row["valid"] is None))
    return {
        "public": remote.is_shown,
        "title": shown(str(remote.body.get(TITLE) or "")),
        "licence": shown(str(remote.body.get(LICENCE) or "")),
        "differences": [row.to_json() for row in card_differences(package, remote, edited) if row.field not in refused],
        "refused": sorted(refused),
        "missing": [shown(documents[key].title) for key in documents if key not in there][:MOST_FILES],
        "files": first[:MOST_FILES],
        "counts": {
            "files": len(files),
            "differing": len(differing),
            "missing": len(documents) - len(files),
            "foreign": remote.foreign,
            "unreachable": sum(row["available"] is False for row in files),
            "visited": sum(row["available"] is not None for row in files),
            "invalid": sum(row["valid"] is False for row in files),
        },
    }


def _seen(document: Document, row: Resource, refused: Collection[str]) -> dict[str, Any]:
    """What is said there of a file of ours, and what the portal noted of it."""
    facts = document_facts(row.body)
    differences = document_differences(body_of(document), row.body)
    return {
        "title": shown(facts["title"]),
        "url": facts["url"],
        "checksum": shown(facts["checksum"]),
        "schema": shown(facts["schema"]),
        "differences": [part.to_json() for part in differences if part.field not in refused],
        "available": _truth(row.extras.get(AVAILABLE)),
        "status": _number(row.extras.get(STATUS)),
        "visited": _word(row.extras.get(VISITED)),
        "valid": _truth(row.extras.get(VALID)),
        "validated": _word(row.extras.get(VALIDATED)),
    }


def is_as_sent(proof: dict[str, Any] | None) -> bool:
    """Whether everybody sees there what is here."""
    if not proof or not proof["public"]:
        return False
    counts = proof["counts"]
    return not (proof["differences"] or counts["differing"] or counts["missing"])


def _truth(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000 else None


def _word(value: object) -> str:
    return value[:40] if isinstance(value, str) else ""
