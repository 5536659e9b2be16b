"""``/sources`` and ``/runs``: where datasets come from by themselves, tried, set, read, told item by item."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from ninja import Query
from pydantic import Field

from parvis.core.translation import SOURCE
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_at
from parvis.hub.api.routers import ApiRequest
from parvis.hub.api.schemas import Documented, Offset
from parvis.hub.harvesting import sources as services
from parvis.hub.harvesting.asking import sealed
from parvis.hub.harvesting.models import Item, Run, RunItem, Source
from parvis.hub.harvesting.preview import preview
from parvis.hub.harvesting.rules import Decision, Outcome
from parvis.hub.harvesting.selectors import (
    item_facts,
    item_of,
    items_of,
    run_facts,
    run_of,
    source_facts,
    source_of,
    sources_managed_by,
    undecided_items,
)
from parvis.hub.writing.conditions import entity_tag, require_unchanged
from parvis.hub.writing.router import ERRORS, IF_UNCHANGED, given, router, writer
from parvis.hub.writing.rules import BadCard
from parvis.hub.writing.source_schemas import (
    NewRun,
    NewSource,
    PreviewedItem,
    RunItemState,
    RunItemStates,
    RunState,
    RunStates,
    SourceChange,
    SourcePreview,
    SourceState,
    SourceStates,
    TwinDecision,
    TwinState,
    TwinStates,
)

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation

Slug = Annotated[str, Documented(_("L’identifiant de la source."), maxLength=80)]
Number = Annotated[int, Field(ge=1, le=2**62), Documented(_("Le numéro de la lecture."))]


@router.operation(
    "/sources",
    "listSources",
    _("Les sources des organisations où la clé publie."),
    SourceStates,
    url_name="write_sources",
    errors=(403,),
)
def list_sources(request: ApiRequest, offset: Offset = 0) -> SourceStates:
    """By title, each with its latest reading."""
    return SourceStates.page(sources_managed_by(writer(request)), _state, offset)


@router.operation(
    "/sources",
    "createSource",
    _("Ajouter une source ; elle est lue à sa prochaine heure, ou quand on le demande."),
    SourceState,
    url_name="write_sources",
    method="POST",
    errors=ERRORS,
)
def create_source(request: ApiRequest, body: NewSource) -> HttpResponse:
    """Nothing is asked of it yet: try it before."""
    actor, values = writer(request), given(body)
    owner, access = organisation_at(values.pop("organisation")), values.pop("access", None)
    return _answer(services.save_source(actor, owner, secrets=access, **_values(values)))


@router.operation(
    "/source-previews",
    "previewSource",
    _("Essayer une source sans rien enregistrer : ses vingt premiers jeux, et ce que chacun deviendrait."),
    SourcePreview,
    url_name="write_source_previews",
    method="POST",
    errors=ERRORS,
    only_reads=True,
)
def preview_source(request: ApiRequest, body: NewSource) -> SourcePreview:
    """Within some twenty seconds."""
    actor, values = writer(request), given(body)
    owner, access = organisation_at(values.pop("organisation")), values.pop("access", None)
    require(actor, "publish", owner.pk, f"essayer une source pour « {owner} »")
    row = services.checked(owner, **_values(values))
    row.secrets = sealed(access or {})
    return _previewed(row)


@router.operation(
    "/sources/{slug}", "getSource", _("Une source."), SourceState, url_name="write_source", errors=(403, 404)
)
def get_source(request: ApiRequest, slug: Slug) -> HttpResponse:
    """With its ETag."""
    return _answer(source_of(writer(request), slug[:80]))


@router.operation(
    "/sources/{slug}",
    "updateSource",
    _("Changer une source."),
    SourceState,
    url_name="write_source",
    method="PATCH",
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def update_source(request: ApiRequest, slug: Slug, body: SourceChange) -> HttpResponse:
    """What is left out stays, what opens it as well, unless it goes to another server."""
    with transaction.atomic():
        actor, row = _locked(request, slug)
        values = given(body)
        access, slug_of_owner = values.pop("access", None), values.pop("organisation", None)
        owner: Organisation = organisation_at(slug_of_owner) if slug_of_owner else row.organisation
        row = services.save_source(actor, owner, row, secrets=access, **_values(values))
    return _answer(row)


@router.operation(
    "/sources/{slug}",
    "removeSource",
    _("Retirer une source ; les jeux qu’elle a apportés restent."),
    None,
    url_name="write_source",
    method="DELETE",
    status=204,
    errors=ERRORS,
    reads=IF_UNCHANGED,
)
def remove_source(request: ApiRequest, slug: Slug) -> HttpResponse:
    """A reading that goes on is stopped."""
    with transaction.atomic():
        actor, row = _locked(request, slug)
        services.remove_source(actor, row)
    return HttpResponse(status=204)


@router.operation(
    "/sources/{slug}/preview",
    "previewSavedSource",
    _("Ce qu’une source donnerait à présent : ses vingt premiers jeux."),
    SourcePreview,
    url_name="write_source_preview",
    errors=ERRORS,
)
def preview_saved(request: ApiRequest, slug: Slug) -> SourcePreview:
    """With what opens it; nothing is saved."""
    return _previewed(source_of(writer(request), slug[:80]))


@router.operation(
    "/sources/{slug}/runs",
    "listRuns",
    _("Les lectures d’une source, la dernière d’abord."),
    RunStates,
    url_name="write_runs",
    errors=(403, 404),
)
def list_runs(request: ApiRequest, slug: Slug, offset: Offset = 0) -> RunStates:
    """Those that are over and the one that goes on."""
    row = source_of(writer(request), slug[:80])
    return RunStates.page(row.runs.order_by("-pk"), _run, offset)


@router.operation(
    "/sources/{slug}/runs",
    "runSource",
    _("Lire une source maintenant, en tâche de fond."),
    RunState,
    url_name="write_runs",
    method="POST",
    errors=ERRORS,
)
def run_source(request: ApiRequest, slug: Slug, body: NewRun) -> RunState:
    """409 while it is being read."""
    actor = writer(request)
    return _run(services.ask_run(actor, source_of(actor, slug[:80]), complete=body.complete))


@router.operation(
    "/runs/{int:number}", "getRun", _("Où en est une lecture."), RunState, url_name="write_run", errors=(403, 404)
)
def get_run(request: ApiRequest, number: Number) -> RunState:
    """To be asked again until it is over."""
    return _run(run_of(writer(request), number))


@router.operation(
    "/runs/{int:number}",
    "stopRun",
    _("Arrêter une lecture ; elle peut reprendre où elle en est."),
    RunState,
    url_name="write_run",
    method="DELETE",
    errors=ERRORS,
)
def stop_run(request: ApiRequest, number: Number) -> RunState:
    """What it did stays; one that is over stays as it is."""
    actor = writer(request)
    row = run_of(actor, number)
    if not row.is_over:
        services.stop_run(actor, row)
        row.refresh_from_db()
    return _run(row)


@router.operation(
    "/runs/{int:number}/resume",
    "resumeRun",
    _("Reprendre une lecture qui a échoué ou a été arrêtée, où elle en est."),
    RunState,
    url_name="write_run_resume",
    method="POST",
    errors=ERRORS,
)
def resume_run(request: ApiRequest, number: Number) -> RunState:
    """The latest of its source."""
    actor = writer(request)
    return _run(services.resume_run(actor, run_of(actor, number)))


@router.operation(
    "/runs/{int:number}/confirm",
    "confirmRun",
    _("Confirmer que ce qu’une lecture n’a pas vu n’est plus dans la source."),
    RunState,
    url_name="write_run_confirm",
    method="POST",
    errors=ERRORS,
)
def confirm_run(request: ApiRequest, number: Number) -> RunState:
    """Of a suspicious one."""
    actor = writer(request)
    row = run_of(actor, number)
    services.believe(actor, row)
    row.refresh_from_db()
    return _run(row)


@router.operation(
    "/runs/{int:number}/items",
    "listRunItems",
    _("Jeu par jeu, ce qu’une lecture a fait et pourquoi."),
    RunItemStates,
    url_name="write_run_items",
    errors=(403, 404),
)
def list_run_items(
    request: ApiRequest,
    number: Number,
    outcome: Annotated[str, Query(), Documented(_("Ceux de cette issue."), enum=["", *Outcome])] = "",
    offset: Offset = 0,
) -> RunItemStates:
    """What was unchanged is listed when it is asked for."""
    return RunItemStates.page(items_of(run_of(writer(request), number), outcome[:20]), _item, offset)


@router.operation(
    "/sources/{slug}/twins",
    "listTwins",
    _("Les jeux d’une source qui semblent déjà ici, à décider."),
    TwinStates,
    url_name="write_twins",
    errors=(403, 404),
)
def list_twins(request: ApiRequest, slug: Slug, offset: Offset = 0) -> TwinStates:
    """Neither joined nor told apart yet."""
    rows = undecided_items(source_of(writer(request), slug[:80])).select_related("twin__organisation")
    return TwinStates.page(rows, _twin, offset)


@router.operation(
    "/sources/{slug}/twins/{int:number}",
    "decideTwin",
    _("Dire si un jeu de la source est celui d’ici, ou un autre."),
    None,
    url_name="write_twin",
    method="PUT",
    status=204,
    errors=ERRORS,
)
def decide_twin(
    request: ApiRequest,
    slug: Slug,
    number: Annotated[int, Field(ge=1, le=2**62), Documented(_("Son numéro, « item » de la liste."))],
    body: TwinDecision,
) -> HttpResponse:
    """The next reading takes account of it."""
    actor = writer(request)
    services.decide(actor, item_of(actor, source_of(actor, slug[:80]), number), Decision(body.decision))
    return HttpResponse(status=204)


def _locked(request: ApiRequest, slug: str) -> tuple[Actor, Source]:
    """The source, nobody else changing it until the transaction is over, when it is as the caller had read it."""
    actor = writer(request)
    key = source_of(actor, slug[:80]).pk
    row = Source.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=key)
    require_unchanged(request, _tag(row), row.title)
    return actor, row


def _values(values: dict[str, Any]) -> dict[str, Any]:
    """Those that the service takes; null is what a source has of itself."""
    empty = [name for name, value in values.items() if value is None]
    if empty:
        raise BadCard(name=empty[0], reason=_t("Ce champ ne peut pas être vide."))
    return values


def _tag(row: Source) -> str:
    return entity_tag([row.organisation_id, row.secrets, *(getattr(row, name) for name in services.FIELDS)])


def _answer(row: Source) -> HttpResponse:
    response = HttpResponse(_state(row).model_dump_json(), content_type="application/json")
    response["ETag"] = _tag(row)
    return response


def _state(row: Source) -> SourceState:
    facts = source_facts(row)
    runs = getattr(row, "latest_runs", None)
    latest = runs[0] if runs else None if runs is not None else row.runs.order_by("-pk").first()
    own = {"gone_after": row.gone_after, "ignore_robots": row.ignore_robots}
    return SourceState(**{**facts, **own, "latest_run": _run(latest) if latest else None})


def _run(row: Run) -> RunState:
    return RunState(**{**run_facts(row), "over": row.is_over})


def _item(row: RunItem | Item) -> RunItemState:
    if isinstance(row, RunItem):
        return RunItemState(**item_facts(row))
    dataset_id = row.dataset.dataset_id if row.dataset else None
    return RunItemState(
        identifier=row.identifier, title=row.title, outcome=row.outcome, reasons=[], dataset_id=dataset_id
    )


def _twin(row: Item) -> TwinState:
    twin = row.twin
    return TwinState(
        item=row.pk,
        identifier=row.identifier,
        title=row.title,
        dataset_id=twin.dataset_id if twin else "",
        organisation=twin.organisation.slug if twin else "",
    )


def _previewed(row: Source) -> SourcePreview:
    result, language = preview(row), get_language() or SOURCE
    items = [
        PreviewedItem(**{**asdict(item), "reason": item.reason.text(language) if item.reason else ""})
        for item in result.items
    ]
    return SourcePreview(items=items, refused=result.refused, total=result.total)
