"""What an assistant may ask: each tool reads, in the name of its caller, and says where its figures come from."""

from __future__ import annotations

from typing import Any

from parvis.core.columns import Column
from parvis.core.engine import QueryRefused
from parvis.core.explore import ExploreRequest, export_format, formats_of
from parvis.core.explore.elsewhere import FORMATS, UnreadableElsewhere
from parvis.core.explore.query import bind, names_of
from parvis.core.metadata import FREQUENCY_BY_SLUG, THEME_BY_SLUG
from parvis.hub.addresses import canonical
from parvis.hub.catalogue.selectors import published_versions
from parvis.hub.datastore.elsewhere import facets_of, records_of
from parvis.hub.datastore.selectors import engine
from parvis.hub.harvesting.far_errors import FarFailure
from parvis.hub.registry import Tool
from parvis.hub.search.everything import search_everything
from parvis.hub.search.rules import DATASET, SearchRequest
from parvis.hub.search.selectors import search
from parvis.hub.ui.formatting import plain_text
from parvis.web.mcp.caller import CALLER
from parvis.web.mcp.trails import Readable, absolute, readable

MOST_ROWS = 100
SAMPLES = 5
_EXCERPT = 300
_LONG_VALUE = 2_000

type Json = dict[str, Any]


def search_datasets(words: str = "", theme: str = "", limit: int = 10, page: int = 1) -> Json:
    """Datasets by words."""
    filters = {"theme": (theme,)} if theme else {}
    size = min(max(limit, 1), 50)
    hits = search(
        CALLER.get().actor, SearchRequest(text=words[:500], filters=filters, page=max(page, 1), page_size=size)
    )
    return {
        "total": hits.total,
        "every_word_found": hits.every_word,
        "datasets": [
            {
                "dataset_id": row.dataset_id,
                "title": row.title,
                "description": plain_text(row.description or "")[:_EXCERPT],
                "publisher": row.organisation.name,
                "themes": [THEME_BY_SLUG[slug].label if slug in THEME_BY_SLUG else slug for slug in row.themes],
                "rows": row.rows_here,
                "updated": row.current.created.date().isoformat(),
                "licence": row.licence,
                "page": absolute(row.get_absolute_url()),
            }
            for row in hits.datasets
        ],
        "themes": {row.slug: row.count for row in hits.facets["theme"]},
    }


def search_portal(words: str, limit: int = 5) -> Json:
    """Records of every subject by words."""
    groups = search_everything(CALLER.get().actor, words[:200], min(max(limit, 1), 20), but=DATASET)
    return {
        "subjects": [
            {
                "subject": group.kind.place,
                "title": str(group.kind.label),
                "list": canonical(group.page.address) if group.page else None,
                "results": [
                    {
                        "slug": hit.slug,
                        "title": hit.title,
                        "text": hit.text,
                        "publisher": hit.organisation,
                        "page": canonical(hit.address),
                    }
                    for hit in group.hits
                ],
            }
            for group in groups
        ]
    }


def describe_dataset(dataset_id: str) -> Json:
    """A card and its columns."""
    readable_dataset = readable(CALLER.get().actor, dataset_id)
    dataset = readable_dataset.dataset
    frequency = FREQUENCY_BY_SLUG.get(dataset.frequency)
    samples = _samples(readable_dataset)
    return {
        "dataset_id": dataset.dataset_id,
        "title": dataset.title,
        "description": plain_text(dataset.description or ""),
        "publisher": dataset.organisation.name,
        "source": dataset.source or None,
        "licence": readable_dataset.licence,
        "keywords": list(dataset.keywords),
        "territories": [territory.name for territory in dataset.places],
        "rows": readable_dataset.source.rows,
        "updated": readable_dataset.version.created.isoformat(timespec="seconds"),
        "update_frequency": frequency.label if frequency else None,
        "versions": [row.name for row in published_versions(dataset)[:10]],
        "bbox": readable_dataset.source.manifest.bbox,
        "columns": [
            _column(column, readable_dataset, samples.get(column.name, [])) for column in readable_dataset.source.shape
        ],
        "how_to_query": _advice(readable_dataset),
        "trail": readable_dataset.trail(),
    }


def query_records(
    dataset_id: str,
    select: str = "*",
    where: str = "",
    group_by: str = "",
    order_by: str = "",
    refine: list[str] | None = None,
    limit: int = 20,
    offset: int = 0,
    version: str = "",
) -> Json:
    """Rows or groups."""
    readable_dataset = readable(CALLER.get().actor, dataset_id, version)
    query = {"select": select, "where": where, "group_by": group_by, "order_by": order_by, "refine": refine or []}
    query |= {"limit": min(max(limit, 0), MOST_ROWS), "offset": offset}
    page = records_of(engine(), readable_dataset.dataset, readable_dataset.source, _request(query))
    return {
        "total_count": page.total_count,
        "results": [_short(row) for row in page.results],
        "trail": readable_dataset.trail(query, "/records"),
    }


def sample_rows(dataset_id: str, count: int = SAMPLES) -> Json:
    """Rows at random, always the same."""
    return query_records(dataset_id, order_by="random(1)", limit=min(max(count, 1), 20))


def facet_values(dataset_id: str, columns: list[str], where: str = "", limit: int = 20) -> Json:
    """Values with their counts."""
    readable_dataset = readable(CALLER.get().actor, dataset_id)
    query = {"facet": columns[:10], "where": where}
    groups = facets_of(engine(), readable_dataset.dataset, readable_dataset.source, _request(query))
    size = min(max(limit, 1), 100)
    return {
        "facets": {
            group.name: [{"value": row["value"], "count": row["count"]} for row in group.facets[:size]]
            for group in groups
        },
        "trail": readable_dataset.trail(query, "/facets"),
    }


def export_link(
    dataset_id: str, format: str = "csv", select: str = "*", where: str = "", order_by: str = "", limit: int = -1
) -> Json:
    """An address to download."""
    readable_dataset = readable(CALLER.get().actor, dataset_id)
    chosen = export_format(format)
    query = {"select": select, "where": where, "order_by": order_by, "limit": limit}
    request, source = _request(query), readable_dataset.source
    bind(names_of(source), request, *request.as_export())
    formats = [row.name for row in formats_of(source.shape) if not readable_dataset.is_federated or row.name in FORMATS]
    path = f"/exports/{chosen.name}"
    parameters = {name: value for name, value in query.items() if value not in ("", "*", -1)}
    return {
        "url": readable_dataset.api_address(path, parameters).rstrip("?"),
        "media_type": chosen.media_type,
        "formats": formats,
        "trail": readable_dataset.trail(parameters, path),
    }


def _request(query: Json) -> ExploreRequest:
    pairs = [
        (name, str(value))
        for name, values in query.items()
        for value in (values if isinstance(values, list) else [values])
        if value not in (None, "")
    ]
    return ExploreRequest.from_query(pairs)


def _samples(readable_dataset: Readable) -> dict[str, list[Any]]:
    """A few values of each column: the most frequent ones when they are known, else those of the first rows."""
    profile = readable_dataset.source.manifest.profile
    frequent_values = {name: [value for value, _count in row.top[:SAMPLES]] for name, row in profile.items() if row.top}
    try:
        page = records_of(engine(), readable_dataset.dataset, readable_dataset.source, _request({"limit": SAMPLES}))
    except (QueryRefused, FarFailure, UnreadableElsewhere):
        return frequent_values
    rows = {
        column.name: [_cut(row.get(column.name)) for row in page.results] for column in readable_dataset.source.shape
    }
    return {name: [v for v in values if v is not None] for name, values in rows.items()} | frequent_values


def _column(column: Column, readable_dataset: Readable, samples: list[Any]) -> Json:
    is_measured = not readable_dataset.is_federated
    profile = readable_dataset.source.manifest.profile.get(column.name) if is_measured else None
    described: Json = {"name": column.name, "label": column.label, "type": column.type.value, "samples": samples}
    optional = {
        "description": column.description,
        "unit": column.annotations.get("unit"),
        "labels": dict(column.labels),
        "meaning": column.kind,
        "facet": bool(column.annotations.get("facet")),
        "multivalued": bool(column.annotations.get("multivalued")),
        "minimum": profile.minimum if profile else None,
        "maximum": profile.maximum if profile else None,
        "distinct": profile.distinct if profile else None,
        "empty": profile.nulls if profile else None,
    }
    return described | {name: value for name, value in optional.items() if value not in (None, "", False, {})}


def _advice(readable_dataset: Readable) -> Json:
    """Questions that this dataset answers, written for ``query_records``."""
    columns = list(readable_dataset.source.shape)
    text = next((c.name for c in columns if c.type == "text" and not c.annotations.get("multivalued")), None)
    number = next((c.name for c in columns if c.type.is_number), None)
    advice: Json = {
        "language": "ODSQL: where=\"commune = 'Lisses' and places > 10\"; text between quotes, dates as date'2024-01-31'",
        "count": {"select": "count(*) as total"},
        "search": {"where": 'search("mot")'},
    }
    if text:
        advice["group"] = {"select": f"{text}, count(*) as total", "group_by": text, "order_by": "total desc"}
    if number:
        advice["figures"] = {"select": f"min({number}) as low, avg({number}) as mean, max({number}) as high"}
    return advice


def _short(row: Json) -> Json:
    return {name: _cut(value) for name, value in row.items()}


def _cut(value: Any) -> Any:
    """Long values (contours, for one) would drown the rest: they are cut and said to be."""
    if isinstance(value, str) and len(value) > _LONG_VALUE:
        return f"{value[:_LONG_VALUE]}… ({len(value)} characters; see export_link)"
    if isinstance(value, dict) and len(str(value)) > _LONG_VALUE:
        geometry = value.get("geometry") or value
        return {"type": geometry.get("type", "object"), "cut": "too long to be shown here; see export_link"}
    return value


TOOLS = (
    Tool(
        search_datasets,
        "Chercher des jeux de données",
        "Find datasets of this territory's open data portal by words (French works best: most titles are in French). "
        "Without words, the latest datasets. Returns identifiers for the other tools.",
    ),
    Tool(
        search_portal,
        "Chercher dans tout le portail",
        "Find what the portal publishes besides datasets: charts, maps, indicators, records of its subjects, by words. "
        "Returns addresses of pages.",
    ),
    Tool(
        describe_dataset,
        "Décrire un jeu de données",
        "What a dataset holds: description, licence, freshness, and its columns with their types and sample values. "
        "Call it before querying: column names must be exact.",
    ),
    Tool(
        query_records,
        "Interroger un jeu de données",
        "Rows, groups or aggregates of a dataset in ODSQL (the Explore API's language, close to SQL). "
        "At most 100 rows a call; total_count tells how many there are. Cite the trail with any figure.",
    ),
    Tool(
        sample_rows, "Voir quelques lignes", "A few rows taken at random (always the same), to see what data look like."
    ),
    Tool(
        facet_values,
        "Lister les valeurs d’une colonne",
        "The most frequent values of columns with their counts, for instance to find how a name is spelt.",
    ),
    Tool(
        export_link,
        "Obtenir un lien de téléchargement",
        "A permanent address that downloads a dataset, or the rows that a query keeps, as a file.",
    ),
)

PARAMETERS = {
    "words": "Words to look for in titles, descriptions, keywords and columns.",
    "theme": "Theme slug, as listed in the answer's themes.",
    "page": "Page of results, from 1.",
    "dataset_id": "Identifier of the dataset, as given by search_datasets.",
    "select": "ODSQL select: columns, expressions and aggregates, e.g. 'commune, avg(places) as mean'.",
    "where": "ODSQL condition, e.g. \"commune = 'Lisses' and year(date) = 2024\".",
    "group_by": "ODSQL group_by: columns or expressions.",
    "order_by": "ODSQL order_by, e.g. 'total desc'.",
    "refine": "Facet values to keep, each as 'column:value'.",
    "limit": "How many at most.",
    "offset": "How many rows to skip.",
    "version": "Name of an old version; empty for the current one.",
    "count": "How many rows, at most 20.",
    "columns": "Names of columns.",
    "format": "csv, json, xlsx, parquet, geojson…: the answer lists those that suit.",
}
"""What each parameter of the tools is, for assistants."""
