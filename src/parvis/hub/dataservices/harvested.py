"""Services that sources tell beside their datasets: made here, kept up to date, withdrawn when they are gone; see ``told_services``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from parvis.core.errors import ParvisError
from parvis.core.metadata import LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.sources.contract import ToldService
from parvis.core.sources.origins import server_of
from parvis.core.sources.service_descriptions import LONGEST_OPERATION, MOST_OPERATIONS
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.dataservices.models import WEB, DataService, HarvestedService
from parvis.hub.dataservices.rules import (
    ACCESS_RIGHTS,
    KIND_BY_SLUG,
    LONGEST_KEYWORD,
    LONGEST_TEXT,
    MOST_DATASETS,
    MOST_ENDPOINTS,
    MOST_KEYWORDS,
    OPEN,
)
from parvis.hub.harvesting.models import Item
from parvis.hub.harvesting.outcomes import FROM_HERE, sentences_of
from parvis.hub.harvesting.rules import Correspondence, Outcome, is_suspicious
from parvis.hub.harvesting.told_services import Taken
from parvis.hub.records.rules import MOST_TITLE, Status
from parvis.hub.records.selectors import was_deleted
from parvis.hub.records.services import create, publish, update, withdraw

if TYPE_CHECKING:
    from parvis.hub.accounts.models import Organisation
    from parvis.hub.accounts.rules import Actor
    from parvis.hub.harvesting.models import Run, Source

LONGEST_URL = 500
OF_THE_PORTAL = Sentence("service du portail lui-même : chaque portail a les siens")
WITHDRAWN = Sentence("retiré ici par une personne")
DELETED = Sentence("supprimé ici par une personne")
NO_ADDRESS = Sentence("il ne dit à quelle adresse s’en servir")


def take(run: Run, actor: Actor, organisation: Organisation, described: ToldService, name: str) -> Taken:
    """Make it here, or change what of it the source changed and nobody changed here."""
    source = run.source
    columns = columns_of(described, source)
    rows = HarvestedService.objects.select_related("service").filter(source=source)
    row = rows.filter(identifier=name).first()
    if row is None:
        return _first(run, actor, organisation, described, name, columns)
    seen = {
        "last_run": run.pk,
        "missing": 0,
        "serves": list(described.serves),
        "landing_page": described.landing_page[:1000],
    }
    HarvestedService.objects.filter(pk=row.pk).update(**seen)
    if row.service is None:
        return Taken(Outcome.SKIPPED, name, described.title, [DELETED])
    if row.gone is None and is_withdrawn(row.service):
        return Taken(Outcome.SKIPPED, name, described.title, [WITHDRAWN])
    if not columns["endpoints"]:
        return Taken(Outcome.FAILED, name, described.title, [NO_ADDRESS])
    notes = _change(actor, row, columns)
    is_changed = row.gone is not None or bool(notes.changes)
    if row.gone is not None and source.publish:
        publish(actor, DataService.objects.get(pk=row.service.pk))
        notes.reasons.append(Sentence("la source l’a de nouveau : remis en ligne"))
        HarvestedService.objects.filter(pk=row.pk).update(gone=None)
    return Taken(Outcome.UPDATED if is_changed else Outcome.UNCHANGED, name, described.title, notes.reasons)


def all_unchanged(run: Run) -> None:
    """The catalogue is byte for byte as it was."""
    HarvestedService.objects.filter(source=run.source, last_run__gt=0, missing=0, gone=None).update(last_run=run.pk)


def close(run: Run, actor: Actor, is_whole: bool) -> Iterator[Taken]:
    """Say which datasets each service serves, now that all are here; of a source that was read whole, count what is gone."""
    tied = HarvestedService.objects.filter(source=run.source, gone=None, service__isnull=False)
    for row in tied.select_related("service").iterator():
        try:
            _tie(actor, row)
        except (ParvisError, ValidationError) as error:  # somebody works on it: the next reading ties it
            yield _failed(row, error)
    if not is_whole:
        return
    live = HarvestedService.objects.filter(source=run.source, gone=None, service__isnull=False)
    if is_suspicious(live.count(), live.filter(last_run=run.pk).count()):
        return
    for row in live.exclude(last_run=run.pk).exclude(counted_run=run.pk).select_related("service"):
        try:
            yield _missing(run, actor, row)
        except (ParvisError, ValidationError) as error:
            yield _failed(row, error)


def sources_of(service: DataService) -> tuple[tuple[str, str], ...]:
    """The sources that brought a service here, and its page there: name and address of each."""
    rows = HarvestedService.objects.filter(service=service.pk).select_related("source")
    return tuple(
        (row.source.title, address) for row in rows for address in (row.source.url, row.landing_page) if address
    )


def columns_of(described: ToldService, source: Source) -> dict[str, Any]:
    """Our columns as a source tells them; what will not do is left out."""
    mapping = Correspondence.of(source.mapping)
    licence = mapping.licences.get(fold(described.licence)) or described.licence
    themes = (mapping.themes.get(fold(word)) or word for word in described.themes)
    return {
        "title": " ".join(described.title.split())[:MOST_TITLE],
        "text": described.description[:LONGEST_TEXT],
        "kind": described.kind if described.kind in KIND_BY_SLUG else "rest",
        "endpoints": list(filter(None, dict.fromkeys(map(_web, described.endpoints))))[:MOST_ENDPOINTS],
        "description_address": _web(described.description_address),
        "documentation": _web(described.documentation),
        "version": described.version[:40],
        "licence": licence if licence in LICENCE_BY_SLUG else source.default_licence,
        "access": described.access if described.access in ACCESS_RIGHTS else OPEN,
        "access_address": _web(described.access_address),
        "rate": described.rate[:200],
        "availability": described.availability[:200],
        "contact_name": described.contact_name[:120],
        "contact_email": _email(described.contact_email),
        "themes": [slug for slug in dict.fromkeys(themes) if slug in THEME_BY_SLUG],
        "operations": [line[:LONGEST_OPERATION] for line in described.operations[:MOST_OPERATIONS]],
        "keywords": list(dict.fromkeys(word[:LONGEST_KEYWORD] for word in described.keywords if word))[:MOST_KEYWORDS],
    }


def identifier_for(described: ToldService, source: Source) -> UUID:
    """What it is known by on every portal that passes it on: its own where it is of the form of ours, else made of where it comes from."""
    try:
        return UUID(described.identifier)
    except ValueError:
        server = server_of(described.landing_page) or server_of(source.url)
        return uuid5(NAMESPACE_URL, f"//{server}/service/{described.identifier}")


def is_of_portal(described: ToldService) -> bool:
    """Whether it is one that a portal such as ours has of itself: they are named by their address."""
    return any(described.identifier == str(uuid5(NAMESPACE_URL, address)) for address in described.endpoints)


def is_withdrawn(service: DataService) -> bool:
    """Whether somebody took it away: a draft that never was online waits for somebody, and goes on changing."""
    return service.status in (Status.RETIRED, Status.ARCHIVED) or (
        not service.live and service.first_published_at is not None
    )


def _first(
    run: Run, actor: Actor, organisation: Organisation, described: ToldService, name: str, columns: dict[str, Any]
) -> Taken:
    """Make it, unless it is here already."""
    if is_of_portal(described):
        return Taken(Outcome.SKIPPED, name, described.title, [OF_THE_PORTAL])
    if not columns["endpoints"]:
        return Taken(Outcome.FAILED, name, described.title, [NO_ADDRESS])
    identifier = identifier_for(described, run.source)
    if (reason := _here_already(run.source, identifier, columns)) is not None:
        return Taken(Outcome.SKIPPED, name, described.title, [reason])
    service = create(actor, DataService(organisation=organisation, identifier=identifier, **columns))
    if run.source.publish:
        publish(actor, service)
    HarvestedService.objects.create(
        source=run.source,
        identifier=name,
        service=service,
        landing_page=described.landing_page[:1000],
        card=columns,
        written={column: getattr(service, column) for column in columns},
        serves=list(described.serves),
        last_run=run.pk,
    )
    return Taken(Outcome.CREATED, name, described.title)


def _here_already(source: Source, identifier: UUID, columns: Mapping[str, Any]) -> Sentence | None:
    """Why it is not made: another portal passes on ours, another source brought it, or somebody wrote its card."""
    own = DataService.objects.filter(identifier=identifier).first()
    if own is not None:
        other = HarvestedService.objects.filter(service=own).select_related("source").first()
        if other is None:
            return FROM_HERE
        return Sentence("déjà repris de « {source} »", {"source": other.source.title})
    if was_deleted(DataService, "identifier", str(identifier)):
        return DELETED
    # SQLite knows no containment of JSON: an address between its quotes is looked for in the text of the list.
    twins = DataService.objects.filter(endpoints__icontains=columns["endpoints"][0])
    # Several services of one source may be at one address.
    twins = twins.exclude(
        pk__in=HarvestedService.objects.filter(source=source, service__isnull=False).values("service")
    )
    twin = next((row for row in twins[:50] if columns["endpoints"][0] in row.endpoints), None)
    return Sentence("semble déjà ici : « {title} »", {"title": twin.title}) if twin is not None else None


class _Notes:
    """What was changed of a service, and what is told of it."""

    def __init__(self) -> None:
        self.changes: dict[str, Any] = {}
        self.reasons: list[Sentence] = []


def _change(actor: Actor, row: HarvestedService, columns: dict[str, Any]) -> _Notes:
    """Write what the source says otherwise than before, but for what somebody changed here."""
    notes = _Notes()
    if columns == {name: row.card.get(name) for name in columns}:
        return notes
    assert row.service is not None
    latest = row.service.get_latest_revision_as_object()
    for name, value in columns.items():
        here = getattr(latest, name)
        if value == row.card.get(name) or value == here:
            continue
        if here == row.written.get(name):
            notes.changes[name] = value
        else:
            label = str(DataService._meta.get_field(name).verbose_name)
            notes.reasons.append(Sentence("gardé tel que modifié ici : {field}", {"field": label}))
    if notes.changes:
        update(actor, latest, notes.changes, revision=latest.revision)
    row.card, row.written = {**row.card, **columns}, {**row.written, **notes.changes}
    HarvestedService.objects.filter(pk=row.pk).update(card=row.card, written=row.written)
    return notes


def _tie(actor: Actor, row: HarvestedService) -> None:
    """Have a service say which datasets of ours it serves, by those that its source names; a list that somebody changed is theirs."""
    named = Q(identifier__in=row.serves) | Q(landing_page__in=row.serves)
    items = Item.objects.filter(named, source=row.source_id, dataset__isnull=False)
    names: dict[str, str] = {}
    for identifier, page, permanent in items.values_list("identifier", "landing_page", "dataset__permanent_id"):
        names |= {identifier: permanent, page: permanent}
    served = list(dict.fromkeys(names[name] for name in row.serves if name in names))[:MOST_DATASETS]
    former = row.written.get("datasets", [])
    assert row.service is not None
    if served == former:
        return
    latest = row.service.get_latest_revision_as_object()
    if latest.datasets != former:
        return
    with transaction.atomic():
        update(actor, latest, {"datasets": served}, revision=latest.revision)
        HarvestedService.objects.filter(pk=row.pk).update(written={**row.written, "datasets": served})


def _missing(run: Run, actor: Actor, row: HarvestedService) -> Taken:
    """One whole reading more without it: withdrawn here after as many as the source wants, never deleted."""
    service, count = row.service, row.missing + 1
    assert service is not None
    is_gone = count >= run.source.gone_after
    values = {"count": count, "limit": run.source.gone_after}
    reason = Sentence("absent de la source : lecture {count} sur {limit} avant retrait", values)
    with transaction.atomic():
        changes: dict[str, Any] = {"missing": F("missing") + 1, "counted_run": run.pk}
        if is_gone:
            reason = Sentence("absent de la source depuis {count} lectures : retiré d’ici, non supprimé", values)
            changes["gone"] = timezone.now()
            if service.live:
                withdraw(actor, service, Status.RETIRED)
        HarvestedService.objects.filter(pk=row.pk).update(**changes)
    return Taken(Outcome.ARCHIVED if is_gone else Outcome.MISSING, row.identifier, service.title, [reason])


def _failed(row: HarvestedService, error: ParvisError | ValidationError) -> Taken:
    title = row.service.title if row.service is not None else ""
    return Taken(Outcome.FAILED, row.identifier, title, sentences_of(error))


def _web(text: str) -> str:
    """An address of the web; empty for anything else."""
    try:
        WEB(text)
    except ValidationError:
        return ""
    return text if len(text) <= LONGEST_URL else ""


def _email(text: str) -> str:
    try:
        validate_email(text)
    except ValidationError:
        return ""
    return text if len(text) <= 254 else ""
