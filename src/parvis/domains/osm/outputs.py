"""What waits for a decision, for other tools: JOSM, MapRoulette, Osmose, a table. What holds objects of OpenStreetMap is under ODbL."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from parvis.core.osm.edits import Edit, corrected_tags, osm_change
from parvis.core.osm.model import Verdict, address_of
from parvis.core.osm.outputs import Task, maproulette, osmose_mapping
from parvis.domains.osm.licences import may_go_there
from parvis.domains.osm.links import place_there
from parvis.domains.osm.messages import EXPLAINED
from parvis.domains.osm.models import Conflation, Finding
from parvis.domains.osm.rules import LicenceForbids
from parvis.domains.osm.selectors import conflation_at, datasets_of, rows_for_other_tools
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_path, canonical
from parvis.hub.datastore.selectors import shape_of

MOST_CHANGES = 2_000
COLUMNS = (
    "constat",
    "objet",
    "osm",
    "distance_m",
    "latitude",
    "longitude",
    "etiquette",
    "notre_valeur",
    "valeur_osm",
    "page",
)


def _seen(request: HttpRequest, slug: str) -> Conflation:
    return conflation_at(actor_of(request.user), slug)


def _named(response: HttpResponse | StreamingHttpResponse, conflation: Conflation, suffix: str):
    response["Content-Disposition"] = f'attachment; filename="{conflation.slug}.{suffix}"'
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def table(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Findings as CSV, one line a tag that differs."""
    conflation = _seen(request, slug)
    rows = StreamingHttpResponse(_lines(conflation), content_type="text/csv; charset=utf-8")
    return _named(rows, conflation, "csv")


def _lines(conflation: Conflation) -> Iterator[str]:
    yield "\ufeff" + _line(COLUMNS)
    for finding in rows_for_other_tools(conflation).iterator(500):
        finding.conflation = conflation
        there = address_of(finding.theirs) if finding.theirs else ""
        place = f"{finding.latitude:.6f}", f"{finding.longitude:.6f}"
        facts = (
            finding.get_verdict_display(),
            finding.label,
            there,
            "" if finding.distance is None else finding.distance,
            *place,
        )
        for row in finding.differences or [None]:
            values = (row.tag, row.ours, row.theirs) if row else ("", "", "")
            yield _line((*facts, *values, canonical(finding.get_absolute_url())))


def _line(cells: tuple[object, ...]) -> str:
    stream = io.StringIO()
    # A spreadsheet runs what begins so: names and tags are strangers' words.
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerow(
        [
            f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell
            for cell in cells
        ]
    )
    return stream.getvalue()


@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """New nodes and corrected ones as osmChange, to be reviewed in JOSM; LicenceForbids.

    Ways and relations are not in it: an extract does not tell what they are made of. Nor is a new node that has something near.
    """
    conflation = _seen(request, slug)
    town, _theirs = datasets_of(actor_of(request.user), conflation)
    if not may_go_there(town):
        raise LicenceForbids(title=town.title)
    edits, creates = [], conflation.described.creates
    for finding in rows_for_other_tools(conflation).filter(verdict__in=(Verdict.MISSING_THERE, Verdict.DIFFERENT))[
        :MOST_CHANGES
    ]:
        if (edit := _edit(finding, len(edits) + 1, creates=creates)) is not None:
            edits.append(edit)
    return _named(HttpResponse(osm_change(edits), content_type="application/xml; charset=utf-8"), conflation, "osc")


def _edit(finding: Finding, number: int, *, creates: bool) -> Edit | None:
    here, there = finding.side("ours"), finding.side("theirs")
    if finding.is_new_there and creates and here is not None and not finding.facts.get("nearby"):
        return Edit(f"n-{number}", 0, here["new_tags"], *here["place"])
    if there is not None and finding.theirs.startswith("n") and there["version"]:
        return Edit(
            finding.theirs, there["version"], corrected_tags(there["tags"], finding.differences), *there["place"]
        )
    return None


@require_safe
def challenge(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """A challenge for MapRoulette, line by line."""
    conflation = _seen(request, slug)
    town, _theirs = datasets_of(actor_of(request.user), conflation)
    rows = maproulette(_tasks(conflation, with_tags=may_go_there(town)))
    response = StreamingHttpResponse(rows, content_type="application/geo+json-seq; charset=utf-8")
    return _named(response, conflation, "geojson")


def _tasks(conflation: Conflation, *, with_tags: bool) -> Iterator[Task]:
    trap = conflation.described.trap
    for finding in rows_for_other_tools(conflation).iterator(500):
        words = f"**{finding.get_verdict_display()}** — {EXPLAINED[finding.verdict]}\n\n{trap}".strip()
        is_sure = finding.verdict == Verdict.DIFFERENT and with_tags
        yield Task(finding.digest, *place_there(finding), words, finding.theirs, finding.differences if is_sure else ())


@require_safe
def mapping(request: HttpRequest, slug: str) -> HttpResponse:
    """The mapping as it is written."""
    conflation = _seen(request, slug)
    return _named(HttpResponse(conflation.mapping, content_type="application/toml; charset=utf-8"), conflation, "toml")


@require_safe
def osmose(request: HttpRequest, slug: str) -> JsonResponse:
    """The mapping as a merge analyser of Osmose has it, about the public file of the dataset."""
    conflation = _seen(request, slug)
    town, _theirs = datasets_of(actor_of(request.user), conflation)
    shape = shape_of(town)
    theme = conflation.described.for_columns(column.name for column in shape)
    url = canonical(absolute_path(f"/api/explore/v2.1/catalog/datasets/{town.dataset_id}/exports/csv?delimiter=%3B"))
    geometry = shape.geometry.name if shape.geometry else ""
    licence = town.licence_shown.name if town.licence_shown else town.licence
    facts = osmose_mapping(theme, url=url, name=town.title, licence=licence, column=geometry)
    return JsonResponse(
        {"about": _("Correspondance pour un analyseur « merge » d’Osmose"), **facts},
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
