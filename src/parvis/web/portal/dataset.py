"""The pages of a dataset: what they share, and its card."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from parvis.core.columns import Column, TableShape
from parvis.core.errors import NotFound
from parvis.core.inspire.block import in_scope
from parvis.core.versions.manifest import Manifest
from parvis.hub.accounts.rules import Actor
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.addresses import absolute_url, without_prefix
from parvis.hub.catalogue.card_forms import card_forms
from parvis.hub.catalogue.languages import here, language_of
from parvis.hub.catalogue.provenance import shared_provenance
from parvis.hub.catalogue.rules import may_see
from parvis.hub.catalogue.selectors import announced_dataset, public_dataset, published_versions, renamed
from parvis.hub.datastore.elsewhere import AskedElsewhere, far_rows_of
from parvis.hub.datastore.selectors import seen_through, shape_of, source_of
from parvis.hub.harvesting.far_errors import FarSourceAway
from parvis.hub.registry import modules
from parvis.hub.sites.selectors import face_of
from parvis.hub.store import manifest_of
from parvis.hub.ui.columns import type_name
from parvis.hub.ui.errors import as_page
from parvis.hub.ui.formatting import cut, percent, written, written_of_profile
from parvis.hub.ui.inspire import inspire_rows
from parvis.hub.ui.trail import Trail
from parvis.web.portal.dataset_preview import front_facts
from parvis.web.portal.privacy_facts import preparation_facts, privacy_facts
from parvis.web.portal.schema_facts import schema_facts
from parvis.web.portal.structured_data import structured_data
from parvis.web.portal.trails import Measured, of_rows, of_table

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

type DatasetView = Callable[..., HttpResponse]

TOP, EXAMPLE = 3, 40
"""Frequent values shown as examples of a column."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a dataset."""

    name: str
    label: str
    address: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A column as the card shows it."""

    column: Column
    kind: str
    unit: str
    examples: str
    filled: Trail | None
    """Share of cells with a value."""
    bounds: str
    distinct: Trail | None
    """How many different values; None for places."""
    label_lang: str
    description_lang: str
    """The languages of its label and of its description."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version as the card lists it, beside the one it followed; ``rows`` is None where this site's are not counted yet."""

    version: Version
    before: Version | None
    rows: int | None
    trail: Trail | None
    original_bytes: int | None


def of_dataset(view: DatasetView) -> DatasetView:
    """The view of a dataset the reader may see, found by its id; a former id redirects for ever to the present one."""

    return _dataset(view, public_dataset)


def of_announced_dataset(view: DatasetView) -> DatasetView:
    """The same for a dataset the reader may know of, its data open to them or not (``may_see`` tells)."""
    return _dataset(view, announced_dataset)


def _dataset(view: DatasetView, look: Callable[[Actor, str], Dataset]) -> DatasetView:
    @wraps(view)
    def found(request: HttpRequest, dataset_id: str, *args: str, **kwargs: str) -> HttpResponse:
        actor = actor_of(request.user)
        try:
            dataset = look(actor, dataset_id)
        except NotFound:
            present = renamed(actor, dataset_id)
            if present is None:
                raise
            path = request.get_full_path().replace(f"/dataset/{dataset_id}/", f"/dataset/{present}/", 1)
            return HttpResponsePermanentRedirect(path)
        return view(request, here(dataset), *args, **kwargs)

    return found


def shared_facts(dataset: Dataset, current: str, parameters: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """What every page of a dataset shows above its own content; ``current`` is the name of its tab."""
    seen = seen_through(dataset)
    return {
        "section": "explore",
        "dataset": dataset,
        "far": far_facts(dataset),
        "rows_trail": of_rows(dataset),
        "row_count": source_of(dataset).rows,
        "seen": seen,
        "whole_address": absolute_url(without_prefix(dataset.get_absolute_url())) if seen else "",
        "tabs": tabs(dataset, parameters),
        "current": current,
    }


@dataclass(frozen=True, slots=True)
class FarFacts:
    """Of a federated dataset: the portal that is asked, the page of the dataset there, whether files are given there to anybody; all
    empty when no source asks it any more."""

    portal: str = ""
    page: str = ""
    gives_files: bool = False


def far_facts(dataset: Dataset) -> FarFacts | None:
    """Where the rows of a dataset are asked; None when they are here."""
    if not dataset.current.is_federated:
        return None
    try:
        far = far_rows_of(dataset)
    except FarSourceAway:
        far = None
    return FarFacts() if far is None else FarFacts(far.portal, far.page, far.gives_files)


def of_dataset_here(view: DatasetView) -> DatasetView:
    """The view of a dataset that computes on its rows: AskedElsewhere for one that is federated."""

    def found(request: HttpRequest, dataset: Dataset, *args: str, **kwargs: str) -> HttpResponse:
        if dataset.current.is_federated:
            return as_page(request, AskedElsewhere())
        return view(request, dataset, *args, **kwargs)

    return of_dataset(wraps(view)(found))


_OF_ROWS_HERE = frozenset({"map", "analyze", "profile", "quality", "contribute"})
"""Tabs of what is computed on rows, or laid over them."""


def tabs(dataset: Dataset, parameters: list[tuple[str, str]] | None = None) -> list[Tab]:
    """The tabs of a dataset; ``parameters`` are the filters of the table, carried to the map and the export page."""
    base = dataset.get_absolute_url()
    query = f"?{urlencode(parameters)}" if parameters else ""
    rows = [
        Tab("information", _("Informations"), f"{base}information/"),
        Tab("table", _("Tableau"), f"{base}table/{query}"),
        Tab("map", _("Carte"), f"{base}map/{query}"),
        Tab("analyze", _("Analyser"), f"{base}analyze/{query}"),
        Tab("profile", _("Profil"), f"{base}profile/"),
        Tab("quality", _("Qualité"), f"{base}quality/"),
        Tab("export", _("Télécharger"), f"{base}export/{query}"),
        Tab("api", "API", f"{base}api/"),
    ]
    shown = [tab for tab in rows if tab.name != "map" or dataset.current.has_geometry]
    of_modules = [tab for module in modules() for tab in module.dataset_tabs if tab.shown(dataset)]
    shown += [
        Tab(tab.name, str(tab.label), reverse(tab.url_name, kwargs={"dataset_id": dataset.dataset_id}))
        for tab in of_modules
    ]
    return [tab for tab in shown if not dataset.current.is_federated or tab.name not in _OF_ROWS_HERE]


def sections(dataset: Dataset, actor: Actor) -> list[dict[str, Any]]:
    """What modules add below the card of a dataset: the template of each, and its facts."""
    rows = [(row.template, row.facts(dataset, actor)) for module in modules() for row in module.dataset_sections]
    return [{"template": template, "facts": facts} for template, facts in rows if facts is not None]


@of_announced_dataset
def dataset(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The bare address of a dataset leads to its card."""
    return HttpResponseRedirect(f"{dataset.get_absolute_url()}information/")


@of_announced_dataset
def information(request: HttpRequest, dataset: Dataset) -> HttpResponse:
    """The card: what it is, who publishes, what its columns hold, its versions, how to cite it.

    Of data on request: what it is, who publishes and whom to ask, the names of its columns; nothing drawn from its rows.
    """
    if not may_see(actor_of(request.user), dataset.guarded):
        return render(request, "portal/dataset_on_request.html", _on_request(dataset))
    manifest, shape = source_of(dataset).manifest, shape_of(dataset)
    if dataset.current.is_federated:
        manifest = replace(manifest, profile={})  # nothing was measured
    versions = list(published_versions(dataset).select_related("author")[:20])
    facts = {
        **shared_facts(dataset, "information"),
        "licence": dataset.licence_shown,
        "manifest": manifest,
        "fields": field_rows(dataset, shape, manifest),
        "versions": [_version_row(dataset, *both) for both in zip(versions, [*versions[1:], None], strict=True)],
        "shared_trail": shared_provenance(dataset, dataset.current),
        "attachments": dataset.attachments.all(),
        "structured": structured_data(dataset, shape, manifest, face_of(request).name),
        "original": manifest.original,
        "inspire": _inspire_shown(dataset),
        "card_forms": _card_forms(dataset),
        "sections": sections(dataset, actor_of(request.user)),
        **front_facts(request, actor_of(request.user), dataset, shape),
        **privacy_facts(request, dataset),
        **preparation_facts(request, dataset),
        **schema_facts(dataset),
    }
    return render(request, "portal/dataset_information.html", facts)


def _card_forms(dataset: Dataset) -> list[tuple[str, str]]:
    forms = card_forms(dataset.dataset_id)
    return (
        forms
        if dataset.current.is_federated
        else [*forms, ("Croissant", f"{dataset.get_absolute_url()}croissant.json")]
    )


def _inspire_shown(dataset: Dataset) -> list[tuple[str, str]]:
    """What its card says for INSPIRE, in words; nothing of what is out of its scope."""
    block = in_scope(dataset.inspire)
    told_block = {**block, "limits": dataset.inspire_limits} if block else {}
    return inspire_rows({name: value for name, value in told_block.items() if name != "scope"})


def _version_row(dataset: Dataset, version: Version, before: Version | None) -> VersionRow:
    rows = dataset.rows_of(version)
    query = _("nombre de lignes de cette version")
    trail = None if rows is None else of_table(dataset, version, rows, f"?version={version.name}", query)
    return VersionRow(version, before, rows, trail, _original_bytes(dataset, version))


def _original_bytes(dataset: Dataset, version: Version) -> int | None:
    """The size of the file received; versions of former releases have it in their manifest alone."""
    if version.original_bytes is not None:
        return version.original_bytes
    with suppress(NotFound):
        return manifest_of(dataset.uid, version.name).original.bytes
    return None


def _on_request(dataset: Dataset) -> dict[str, Any]:
    fields = [(column.label, column.name, type_name(column), column.description) for column in shape_of(dataset)]
    return {
        "section": "explore",
        "dataset": dataset,
        "fields": fields,
        "licence": dataset.licence_shown,
        "contact": dataset.contact_email or dataset.organisation.email,
    }


def field_rows(dataset: Dataset, shape: TableShape, manifest: Manifest) -> list[FieldRow]:
    """Every column with what the profile says of it."""
    measured = Measured(dataset, dataset.current, of_all_rows=False)
    return [_field_row(measured, column, manifest, dataset) for column in shape]


def _field_row(measured: Measured, column: Column, manifest: Manifest, dataset: Dataset) -> FieldRow:
    profile = manifest.profile.get(column.name)
    examples, bounds, filled, distinct = "", "", None, None
    if profile is not None:
        if manifest.rows:
            filled = measured.filled(column, percent(1 - profile.nulls / manifest.rows))
        if not column.type.is_geographic:
            distinct = measured.distinct(column, profile.distinct)
        examples = " · ".join(cut(written_of_profile(value, column), EXAMPLE) for value, _count in profile.top[:TOP])
        if profile.minimum is not None and profile.maximum is not None:
            low, high = (written(value, column) for value in (profile.minimum, profile.maximum))
            bounds = _("de %(low)s à %(high)s") % {"low": low, "high": high}
    unit = str(column.annotations.get("unit", ""))
    langs = (language_of(dataset, f"fields.{column.name}.{part}") for part in ("label", "description"))
    return FieldRow(column, type_name(column), unit, examples, filled, bounds, distinct, *langs)
