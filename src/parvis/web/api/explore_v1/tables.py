"""Small answers of version 1 as CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.http import HttpResponse


def as_csv(points: list[dict[str, Any]], separator: str) -> HttpResponse:
    """One line a point: a column for each part of its key, then one for each serie."""
    rows = [_flat(point) for point in points]
    titles = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, titles, delimiter=separator, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")


def _flat(point: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in point.items():
        if isinstance(value, dict):
            row |= _flat(value, f"{prefix}{name}.")
        else:
            row[prefix + name] = json.dumps(value) if isinstance(value, list | bool) else value
    return row
