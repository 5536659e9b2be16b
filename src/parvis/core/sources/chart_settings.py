"""The configuration of charts of a former portal, carried by an address or kept by a dataset: its series, as what widgets say."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

_LONGEST_VALUE: Final = 500


def charts_of(text: str) -> Iterator[dict[str, Any]]:
    """Each series of the charts that an address carries, as what widgets say."""
    try:
        body = base64.b64decode(text.replace(" ", "+").replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4))
        document = json.loads(body)
    except (ValueError, RecursionError):
        return
    yield from charts_in(document)


def charts_in(document: Any) -> Iterator[dict[str, Any]]:
    """Each series of a configuration of charts, as an address carries it or a dataset keeps it."""
    queries = document.get("queries") if isinstance(document, dict) else None
    for query in queries[:20] if isinstance(queries, list) else ():
        if not isinstance(query, dict):
            continue
        config = _mapping(query.get("config"))
        options = _mapping(config.get("options"))
        filters = {
            str(name).removeprefix("refine."): [
                str(part)[:_LONGEST_VALUE] for part in (value if isinstance(value, list) else [value])
            ]
            for name, value in list(options.items())[:50]
            if str(name).startswith("refine.") or name in ("q", "sort")
        }
        charts = query.get("charts")
        for chart in charts[:8] if isinstance(charts, list) else ():
            if isinstance(chart, dict):
                settings = {
                    "chart-type": chart.get("type"), "function-y": chart.get("func"), "expression-y": chart.get("yAxis"),
                    "field-x": query.get("xAxis"), "timescale": query.get("timescale") or document.get("timescale"), "maxpoints": query.get("maxpoints"),
                    "sort": query.get("sort"), "series-breakdown": query.get("seriesBreakdown"), "stacked": query.get("stacked"),
                }  # fmt: skip
                texts = {
                    name: str(value)[:_LONGEST_VALUE]
                    for name, value in settings.items()
                    if value not in (None, "", [], {})
                }
                yield {"kind": "chart", "widget": "dataChart", "dataset": str(config.get("dataset") or "")[:_LONGEST_VALUE], "filters": filters, "settings": texts}  # fmt: skip


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
