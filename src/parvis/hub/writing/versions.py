"""The versions of a dataset: which there are, what changed between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext_lazy as _
from ninja import Query

from parvis.core.errors import NotFound
from parvis.core.versions.comparison import Comparison, ComparisonTooLong
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.catalogue.selectors import any_version
from parvis.hub.datastore.selectors import whole_source_of
from parvis.hub.datastore.services import comparison_of
from parvis.hub.datastore.side_files import EMPTIED, REJECTED, first_rows, side_file
from parvis.hub.writing.router import DatasetId, dataset_for, router
from parvis.hub.writing.schemas import MOST_SET_ASIDE, Changes, SetAside, SetAsideRow, VersionState, VersionStates

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset, Version

VersionName = Annotated[str, Documented(_("Le nom d’une version."), maxLength=40)]


@router.operation(
    "/datasets/{dataset_id}/versions",
    "listDatasetVersions",
    _("Les versions d’un jeu, la dernière d’abord."),
    VersionStates,
    url_name="write_versions",
    errors=(403, 404),
)
def list_versions(request: ApiRequest, dataset_id: DatasetId, offset: Offset = 0) -> VersionStates:
    """Published or not."""
    _actor, dataset = dataset_for(request, dataset_id)
    return VersionStates.page(dataset.versions.all(), lambda row: _state(dataset, row), offset)


@router.operation(
    "/datasets/{dataset_id}/versions/{version}/changes",
    "compareDatasetVersions",
    _("Ce qui a changé d’une version à une autre."),
    Changes,
    url_name="write_changes",
    errors=(403, 404, 422),
)
def compare(
    request: ApiRequest,
    dataset_id: DatasetId,
    version: VersionName,
    since: Annotated[str, Query(), Documented(_("La version d’avant ; celle qui la précède si rien n’est dit."))] = "",
) -> Changes:
    """At once for most; « preparing » for large ones, to be asked again in a few seconds."""
    _actor, dataset = dataset_for(request, dataset_id)
    new = any_version(dataset, version)
    old = any_version(dataset, since) if since else dataset.versions.filter(created__lt=new.created).first()
    if old is None:
        raise NotFound(name=since or version)
    outcome = comparison_of(whole_source_of(dataset, old), whole_source_of(dataset, new))
    if not isinstance(outcome, Comparison):
        if outcome.is_over:
            raise ComparisonTooLong
        return Changes(state="preparing")
    return Changes(
        state="ready",
        key=outcome.key,
        added=outcome.added,
        removed=outcome.removed,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
        columns_added=list(outcome.columns_added),
        columns_removed=list(outcome.columns_removed),
        columns_retyped=[name for name, _old, _new in outcome.columns_retyped],
    )


SET_ASIDE = {"rejected": REJECTED, "emptied": EMPTIED}


@router.operation(
    "/datasets/{dataset_id}/versions/{version}/set-aside",
    "getSetAside",
    _("Les lignes refusées d’une version, ou les valeurs vidées, avec leur raison."),
    SetAside,
    url_name="write_set_aside",
    errors=(400, 403, 404),
)
def set_aside(
    request: ApiRequest,
    dataset_id: DatasetId,
    version: VersionName,
    kind: Annotated[
        str, Query(pattern="^(rejected|emptied)$"), Documented(_("Lesquelles."), enum=[*SET_ASIDE])
    ] = "rejected",
) -> SetAside:
    """The first ones; nothing when nothing was set apart."""
    _actor, dataset = dataset_for(request, dataset_id)
    chosen = any_version(dataset, version)
    total = chosen.rejects if kind == "rejected" else chosen.nulled
    rows = first_rows(side_file(dataset, chosen, SET_ASIDE[kind]), MOST_SET_ASIDE) if total else []
    return SetAside(
        total_count=total,
        results=[
            SetAsideRow(
                line=row["line"],
                column=row.get("column") or "",
                reason=row.get("reason") or "",
                content=str(row.get("content", row.get("value")) or ""),
            )
            for row in rows
        ],
    )


def _state(dataset: Dataset, row: Version) -> VersionState:
    return VersionState(
        version=row.name,
        current=row.pk == dataset.current_id,
        created=row.created.isoformat(),
        published=row.published.isoformat() if row.published else None,
        rows=row.rows,
        columns=row.columns,
        bytes=row.bytes,
        format=row.format,
        original=row.original,
        rejects=row.refused,
        nulled=row.nulled,
    )
