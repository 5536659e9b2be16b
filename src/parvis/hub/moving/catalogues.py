"""What comes of a CKAN or a udata besides its datasets: showcases and reuses, to be read; views of tables, as drafts of charts and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from parvis.core.sources.catalogue_lists import CataloguePage
from parvis.core.translation import Sentence
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Status
from parvis.hub.harvesting.files import FILE_MARK
from parvis.hub.harvesting.models import Source
from parvis.hub.harvesting.moves import PARTS
from parvis.hub.moving.drawings import CHART, MAP, View, bring_view
from parvis.hub.moving.reading import NOT_GIVEN, Portal
from parvis.hub.moving.reuses import is_enough, propose, taker
from parvis.hub.moving.rules import KINDS, State
from parvis.hub.moving.steps import Step, Work, alone, is_useless, place_of

ACTION: Final = "/api/3/action"
SHOWCASES: Final = f"{ACTION}/ckanext_showcase_list"
"""Of an extension that many catalogues have not."""
REUSES: Final = "/api/1/reuses/"
_PAGE: Final = 50


def brought_from(source: Source) -> list[tuple[str, Dataset, str]]:
    """Our datasets that came from a catalogue: the identifier of each there, and of the resource that its rows were, empty for none."""
    rows = source.items.filter(dataset__isnull=False, gone=None).exclude(dataset__status=Status.DELETED)
    return [
        (row.identifier.partition(FILE_MARK)[0], row.dataset, str(row.copied.get(PARTS, {}).get("rows") or ""))
        for row in rows.select_related("dataset__current", "dataset__organisation").order_by("pk")
        if row.dataset is not None
    ]


def _by_name(source: Source) -> Mapping[str, list[Dataset]]:
    """Ours by what each is called there: several when each table became one."""
    names: dict[str, list[Dataset]] = {}
    for name, dataset, _resource in brought_from(source):
        names.setdefault(name, []).append(dataset)
    return names


def _of(names: Mapping[str, list[Dataset]], identifiers: list[str]) -> list[Dataset]:
    return list({dataset.pk: dataset for name in identifiers for dataset in names.get(name, ())}.values())


def showcases(portal: Portal) -> list[dict[str, Any]]:
    """The showcases of a CKAN."""
    return portal.catalogue(SHOWCASES, "showcases").listed.facts()[: KINDS["reuses"].most]


def _showcases(work: Work) -> None:
    """Each showcase with the datasets that it shows."""
    take_in, here = taker(work), _by_name(work.source)
    if take_in is None:
        return
    every = showcases(work.portal)
    refusals = 0
    for rank in range(work.move.place, len(every)):
        facts = every[rank]
        path = f"{ACTION}/ckanext_showcase_package_list?showcase_id={quote(facts['identifier'], safe='')}"
        try:
            packages = work.portal.catalogue(path, "packages").listed.facts()
        except NOT_GIVEN as error:
            refusals += 1
            if is_useless(work, "reuses", facts["title"], error, refusals):
                return
        else:
            propose(work, take_in, facts, _of(here, [row["identifier"] for row in packages]))
        work.reached(rank + 1, len(every))


def reuses_of(portal: Portal, name: str) -> Iterator[Mapping[str, Any]]:
    """The reuses of a dataset of udata, page after page."""
    names: set[str] = set()
    for number in range(1, KINDS["reuses"].most // _PAGE + 1):
        path = f"{REUSES}?dataset={quote(name, safe='')}&page={number}&page_size={_PAGE}"
        page: CataloguePage = portal.catalogue(path, "reuses")
        fresh = [row for row in page.listed.facts() if row["identifier"] not in names]
        names |= {row["identifier"] for row in fresh}
        yield from fresh
        # A site that does not turn its pages gives the same again.
        if not page.following or (not fresh and page.listed.rows):
            return


def _reuses(work: Work) -> None:
    """Those of each dataset, each with all its datasets that came."""
    take_in, here = taker(work), _by_name(work.source)
    if take_in is None:
        return
    names, refusals = list(here), 0
    for rank in range(work.move.place, len(names)):
        name = names[rank]
        try:
            for facts in reuses_of(work.portal, name):
                if is_enough(work):
                    return
                propose(work, take_in, facts, _of(here, [name, *facts["datasets"]]))
        except NOT_GIVEN as error:
            refusals += 1
            if is_useless(work, "reuses", here[name][0].title, error, refusals):
                return
        work.reached(rank + 1, len(names))


_GRAPHS: Final = {"bars": "bar", "columns": "column", "lines": "line", "lines-and-points": "line", "points": "scatter"}
_MAPS: Final = frozenset({"recline_map_view", "geo_view", "geojson_view", "shp_view", "wmts_view"})
_PREVIEWS: Final = frozenset(
    {"recline_view", "recline_grid_view", "image_view", "text_view", "pdf_view", "audio_view", "video_view"}
)
"""Views that show a table or a file as it is, which every page does here."""


def _views(work: Work) -> None:
    """The views of the resource that the rows of each dataset were."""
    pairs, place = brought_from(work.source), place_of(work.source, is_for_all=False)
    refusals = 0
    for rank in range(work.move.place, len(pairs)):
        name, dataset, resource = pairs[rank]
        if resource and dataset.current is not None:
            # Several datasets may be of one package: each is asked for under the name of its own resource.
            place.datasets = {**place.datasets, resource: dataset}
            try:
                for facts in work.portal.catalogue(
                    f"{ACTION}/resource_view_list?id={quote(resource, safe='')}", "views"
                ).listed.facts():
                    _view(work, dataset, resource, place, facts)
            except NOT_GIVEN as error:
                refusals += 1
                if is_useless(work, "drawings", name, error, refusals):
                    return
        work.reached(rank + 1, len(pairs))


def _view(work: Work, dataset: Dataset, resource: str, place: Any, facts: Mapping[str, Any]) -> None:
    """One view: a chart, a map, or words."""
    kind = facts["kind"]
    if kind in _PREVIEWS or (kind == "datatables_view" and not _hides(facts, dataset, place)):
        return
    view = _drawn(facts, resource)
    part = work.part(
        "drawings",
        view.facts if view is not None else facts,
        title=f"{dataset.title} : {facts['title']}",
        identifier=f"{resource} {view.what if view is not None else 'view'}-{facts['identifier']}",
    )
    part.dataset = dataset
    with alone(part):
        if view is None:
            part.state, part.notes = State.TOLD, [_words(facts).to_json()]
            return
        bring_view(work.actor, None, part, dataset, place, view)
        if view.what == CHART and part.state == State.MADE:
            part.notes = [_HOW_IT_WAS.to_json(), *part.notes]


_HOW_IT_WAS: Final = Sentence("là-bas chaque ligne était un point ; ici, les lignes de même abscisse font une somme")


def _drawn(facts: Mapping[str, Any], resource: str) -> View | None:
    """The chart or the map that a view is; None for what is neither."""
    settings = facts["settings"]
    if facts["kind"] in _MAPS:
        return View(MAP, 1, {"colour": "", "field": "", "title": "", "columns": [], "is_written": False})
    if facts["kind"] != "recline_graph_view" or not (settings.get("group") and settings.get("series")):
        return None
    chart = {
        "chart-type": _GRAPHS.get(settings.get("graph_type", ""), settings.get("graph_type", "") or "line"),
        "field-x": settings["group"],
        "function-y": "SUM",
        "expression-y": settings["series"],
    }
    series = {
        "kind": "chart",
        "widget": facts["kind"],
        "dataset": resource,
        "filters": facts["filters"],
        "settings": chart,
    }
    return View(CHART, 1, {"series": [series], "dataset": resource})


def _hides(facts: Mapping[str, Any], dataset: Dataset, place: Any) -> bool:
    """Whether a table showed some columns alone."""
    return 0 < len(facts["columns"]) < len(place.shape(dataset))


def _words(facts: Mapping[str, Any]) -> Sentence:
    if facts["kind"] == "datatables_view":
        return Sentence("son tableau montrait les colonnes {columns}", {"columns": ", ".join(facts["columns"][:50])})
    if url := facts["settings"].get("page_url"):
        return Sentence("elle montrait la page {url}", {"url": url})
    return Sentence("vue « {kind} » : à refaire", {"kind": facts["kind"]})


CKAN_STEPS: Final = (Step("drawings", whole=_views), Step("reuses", whole=_showcases))
UDATA_STEPS: Final = (Step("reuses", whole=_reuses),)
