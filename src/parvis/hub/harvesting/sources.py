"""Sources as people set them, and what they ask of their runs: right, act, journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.core.fetching.addresses import without_secrets
from parvis.core.fetching.exchange import require_sendable
from parvis.core.metadata import LICENCE_BY_SLUG, THEME_BY_SLUG
from parvis.core.schedules import cron_of
from parvis.core.sources.contract import Standing
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.errors import BadSource
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.text import slugify
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.encryption import current_keys, encrypted_again
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.accounts.selectors import organisation as organisation_called
from parvis.hub.audit.services import record
from parvis.hub.catalogue.models import Dataset
from parvis.hub.harvesting.asking import sealed, settings_of, shown_title, title_of
from parvis.hub.harvesting.files import EACH, OPTION
from parvis.hub.harvesting.hooks import encrypt_hooks_again
from parvis.hub.harvesting.models import Hook, Item, Run, Source
from parvis.hub.harvesting.move_kinds import MOVE_KINDS, shown_as
from parvis.hub.harvesting.notices import owners_to_tell
from parvis.hub.harvesting.rules import (
    FILTERS,
    MAPPINGS,
    NOTICE,
    PURPOSE,
    TAKEN_OVER,
    AlreadyRunning,
    BadMapping,
    Decision,
    Mode,
    NotFederable,
    NotMovable,
    NotResumable,
    SourceIsClosed,
    State,
    Trigger,
    UnknownDialect,
    box_of,
)
from parvis.hub.harvesting.runs import begin, count_missing, due_again, end, send_to_worker, take_again
from parvis.hub.harvesting.selectors import undecided_items
from parvis.hub.harvesting.transports import WEB
from parvis.hub.notifications.outbox import write_to_person

FIELDS = (
    *("title", "dialect", "url", "options", "mode", "publish", "schedule", "filters", "mapping"),
    *("default_licence", "gone_after", "ignore_robots", "active"),
)
"""What people set of a source, besides its organisation and its secrets."""


MOST_DECIDED = 200
"""Items for which somebody says at once whether they are here already."""


class SourceIncomplete(RequestError):
    """A field of a source that will not do."""

    code: ClassVar[str] = "source-field"
    sentence: ClassVar[str] = gettext_noop("Cette source ne peut pas être enregistrée : {reason}.")


def checked(organisation: Organisation, source: Source | None = None, **values: Any) -> Source:
    """The source that these values make, not saved: BadSchedule, UnknownDialect, BadSource, BadMapping or SourceIncomplete."""
    row = source or Source(organisation=organisation)
    row.organisation = organisation
    for name, value in values.items():
        if name not in FIELDS:
            raise TypeError(name)
        setattr(row, name, value)
    row.schedule = cron_of(row.schedule)
    dialect = DIALECTS.get(row.dialect)
    if dialect is None:
        raise UnknownDialect(dialect=row.dialect[:40], dialects=", ".join(DIALECTS))
    if "@" in _server(row.url).partition("?")[0]:
        raise BadSource(
            reason=Sentence(
                "son adresse contient un nom ou un mot de passe, qui seraient montrés ; écrivez le nom dans l’option « username » et le mot "
                "de passe comme secret de la source"
            )
        )
    row.options = {name: str(value) for name, value in row.options.items() if value}
    if strange := set(row.options) - {*dialect.options, OPTION}:
        raise SourceIncomplete(reason=Sentence("l’option « {name} » n’existe pas", {"name": min(strange)}))
    if row.options.get(OPTION, EACH) != EACH:
        raise SourceIncomplete(reason=Sentence("« files » n’a qu’une valeur : « each », un jeu par fichier"))
    row.filters = _checked_filters(row.filters)
    row.mapping = checked_mapping(row.mapping)
    row.default_licence = _our_licence(row.default_licence)
    if row.mode == Mode.FEDERATED and row.dialect != "explore":
        raise NotFederable
    if row.mode == Mode.MOVE and row.dialect not in MOVE_KINDS:
        raise NotMovable
    dialect.first(settings_of(row))
    if isinstance(dialect, Standing):
        dialect.items(settings_of(row))
    if not row.title.strip():
        row.title = title_of(row)
    row.slug = row.slug or _free_slug(row.title)
    try:
        unset = {field.name for field in Source._meta.fields} - {*FIELDS, "slug"}
        row.full_clean(exclude=unset, validate_constraints=False, validate_unique=False)
    except ValidationError as error:
        raise SourceIncomplete(reason=" ".join(error.messages).removesuffix(".")[:500]) from error
    return row


def save_source(
    actor: Actor,
    organisation: Organisation,
    source: Source | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
    **values: Any,
) -> Source:
    """Create or change a source. ``secrets`` replace those that are there, None leaves them: an address of another server loses them,
    since the key of one is not shown to another."""
    _require(actor, organisation, "régler une source pour")
    if source is not None:
        _require(actor, source.organisation, "régler une source de")
    former = (source.url, source.dialect, source.mode) if source else None
    row = checked(organisation, source, **values)
    for slug in row.mapping.get("organisations", {}).values():
        require(actor, "publish", organisation_called(slug).pk, f"confier des jeux à « {slug} »")
    if row.ignore_robots:
        _require(actor, organisation, "passer outre robots.txt pour")
    if secrets is not None:
        if urlsplit(row.url).scheme.lower() in WEB:
            require_sendable(secrets)
        row.secrets = sealed(secrets)
    elif former and _server(former[0]) != _server(row.url):
        row.secrets = ""
    elif former and row.mode == Mode.MOVE:
        row.secrets = shown_as(row, former[1], row.dialect)
    if former and former != (row.url, row.dialect, row.mode):
        row.validators, row.whole_since = {}, None
    is_new = row.pk is None
    with transaction.atomic():
        row.author_id = row.author_id or actor.person_id
        row.next_run = due_again(row, timezone.now())
        row.failures = 0
        row.save()
        details = {
            "url": without_secrets(row.url),
            "dialect": row.dialect,
            "schedule": row.schedule,
            "secrets": bool(row.secrets),
        }
        _journal(actor, "source.create" if is_new else "source.update", row, **details)
    return row


def remove_source(actor: Actor, source: Source) -> None:
    """Forget a source and its secrets; the datasets that it brought stay as they are."""
    _require(actor, source.organisation, "retirer une source de")
    with transaction.atomic():
        for run in source.runs.filter(state__in=(State.QUEUED, State.RUNNING)):
            end(run, State.STOPPED)
        _journal(actor, "source.delete", source, url=without_secrets(source.url))
        source.delete()


def ask_run(actor: Actor, source: Source, *, complete: bool = False) -> Run:
    """Read the source as soon as a worker can; AlreadyRunning."""
    _require(actor, source.organisation, "lire une source de")
    with transaction.atomic():
        run = begin(source, Trigger.PERSON, person_id=actor.person_id, complete=complete)
        send_to_worker(run)
        _journal(actor, "source.run", source)
    return run


def begin_here(actor: Actor, source: Source, *, complete: bool = False) -> Run:
    """A run that the caller advances itself (a command)."""
    _require(actor, source.organisation, "lire une source de")
    run = begin(source, Trigger.PERSON, person_id=actor.person_id, complete=complete)
    _journal(actor, "source.run", source)
    return run


def stop_run(actor: Actor, run: Run) -> None:
    """Stop a run: at its next item when it is at work, at once when it waits. What it did stays, and it may be resumed."""
    _require(actor, run.source.organisation, "arrêter une lecture de")
    with transaction.atomic():
        Run.objects.filter(pk=run.pk).update(stop_requested=True)
        Hook.objects.filter(source=run.source_id).update(pending=None)
        _journal(actor, "source.stop", run.source)
    run.refresh_from_db()
    is_at_work = run.job is not None and run.job.state == "running"
    if not run.is_over and not is_at_work:
        end(run, State.STOPPED)


def reopen(actor: Actor, run: Run) -> Run:
    """Open again a run that failed or was stopped, for it to go on where it stood; NotResumable or AlreadyRunning."""
    _require(actor, run.source.organisation, "reprendre une lecture de")
    source = run.source
    latest = source.runs.order_by("-pk").first()
    if run.state not in (State.FAILED, State.STOPPED) or latest is None or latest.pk != run.pk:
        raise NotResumable
    if not source.active:
        raise SourceIsClosed(title=source.title)
    with transaction.atomic():
        again = {
            "state": State.QUEUED,
            "stop_requested": False,
            "tries": 0,
            "deferrals": 0,
            "finished": None,
            "error": None,
        }
        if not Run.objects.filter(pk=run.pk, state=run.state).update(**again, barren=0, resumes=None):
            raise AlreadyRunning(title=source.title)
        if run.pending == []:
            take_again(run)
        _journal(actor, "source.resume", source)
    run.refresh_from_db()
    return run


def resume_run(actor: Actor, run: Run) -> Run:
    """The same, by a worker."""
    with transaction.atomic():
        run = reopen(actor, run)
        send_to_worker(run)
    return run


def believe(actor: Actor, run: Run) -> None:
    """Somebody says that what a suspicious run did not see is gone indeed: it is counted as such."""
    _require(actor, run.source.organisation, "confirmer une lecture de")
    latest = run.source.runs.order_by("-pk").first()
    if run.state != State.DONE or not run.is_suspicious or latest is None or latest.pk != run.pk:
        raise NotResumable
    with transaction.atomic():
        count_missing(run, actor)
        Run.objects.filter(pk=run.pk).update(is_suspicious=False, is_whole=True)
        _journal(actor, "source.believe", run.source)


def decide(actor: Actor, item: Item, decision: Decision) -> Item:
    """Say whether an item that seems to be here already is that dataset, or another.

    The same: the item takes it over at its next reading. A dataset that another source or another organisation keeps is taken over
    after NOTICE, and those who answer for it are written to at once: nobody learns afterwards that they were replaced.
    """
    source, twin = item.source, item.twin
    _require(actor, source.organisation, "décider d’un jeu d’une source de")
    if twin is None or item.dataset_id is not None or decision not in (Decision.SAME, Decision.SEPARATE):
        raise NotResumable
    with transaction.atomic():
        item.decision = decision
        item.digest = ""
        if decision == Decision.SAME:
            require(actor, "publish", twin.organisation_id, f"relier « {twin.title} » à une source")
            former = Item.objects.filter(dataset=twin).exclude(pk=item.pk).select_related("source").first()
            is_others = former is not None and former.source_id != source.pk
            has_owner = is_others or twin.organisation_id != source.organisation_id
            item.takes_over = timezone.now() + (NOTICE if has_owner else NOTICE * 0)
            item.proposer_id = actor.person_id
            if has_owner:
                _tell_owner(actor, item, twin)
        item.save(update_fields=["decision", "digest", "takes_over", "proposer"])
        _journal(actor, f"source.{decision}", source, dataset=twin.dataset_id)
    return item


def decide_all(actor: Actor, source: Source, decision: Decision) -> tuple[int, int]:
    """The same for those that wait, ``MOST_DECIDED`` at most; how many, and how many of them are not for the actor to decide."""
    _require(actor, source.organisation, "décider d’un jeu d’une source de")
    done = refused = 0
    for item in undecided_items(source).select_related("source__organisation", "twin__organisation")[:MOST_DECIDED]:
        try:
            decide(actor, item, decision)
            done += 1
        except Forbidden:
            refused += 1
    return done, refused


def encrypt_secrets_again(keys: tuple[str, ...] | None = None) -> int:
    """Encrypt the secrets of every source, and those of calls, with the first of ``keys``, whichever of them encrypted them before; how many sources."""
    chosen = keys or current_keys()
    with transaction.atomic():
        sources = list(Source.objects.select_for_update().exclude(secrets=""))
        for source in sources:
            source.secrets = encrypted_again(source.secrets, chosen, PURPOSE)
        Source.objects.bulk_update(sources, ["secrets"])
        encrypt_hooks_again(chosen)
    return len(sources)


def _tell_owner(actor: Actor, item: Item, twin: Dataset) -> None:
    for person in owners_to_tell(twin, actor.person_id):
        write_to_person(person, TAKEN_OVER, item=item.pk, by=actor.name)


def _checked_filters(filters: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    if strange := set(filters) - set(FILTERS):
        raise BadMapping(word=min(strange), reason=Sentence("ce n’est pas un filtre"))
    chosen = {
        name: values for name in FILTERS if (values := [str(word).strip() for word in filters.get(name, ()) if word])
    }
    if box := chosen.get("bbox"):
        chosen["bbox"] = [f"{degrees:g}" for degrees in box_of(box)]
    return chosen


def _our_licence(word: str) -> str:
    """Its slug, whether it is given by slug, name or address."""
    slug = word if word in LICENCE_BY_SLUG else licence_slug(word)
    if word.strip() and not slug:
        names = ", ".join(LICENCE_BY_SLUG)
        raise SourceIncomplete(
            reason=Sentence(
                "la licence « {word} » n’est pas connue ; celles qui le sont : {names}",
                {"word": word[:80], "names": names},
            )
        )
    return slug


def checked_mapping(mapping: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Words of a portal and ours as a source holds them; BadMapping for one that leads nowhere."""
    if strange := set(mapping) - set(MAPPINGS):
        raise BadMapping(word=min(strange), reason=Sentence("ce n’est pas une correspondance"))
    for word, slug in mapping.get("licences", {}).items():
        if slug not in LICENCE_BY_SLUG:
            raise BadMapping(word=word, reason=Sentence("la licence « {slug} » est inconnue", {"slug": slug}))
    for word, slug in mapping.get("themes", {}).items():
        if slug not in THEME_BY_SLUG:
            raise BadMapping(word=word, reason=Sentence("le thème « {slug} » est inconnu", {"slug": slug}))
    for word, slug in mapping.get("organisations", {}).items():
        try:
            organisation_called(slug)
        except NotFound as error:
            reason = Sentence("l’organisation « {slug} » est inconnue", {"slug": slug})
            raise BadMapping(word=word, reason=reason) from error
    return {name: dict(mapping[name]) for name in MAPPINGS if mapping.get(name)}


def _free_slug(title: str) -> str:
    stem = slugify(title)[:70].strip("-") or "source"
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    return stem if stem not in taken else next(name for n in range(2, 10_000) if (name := f"{stem}-{n}") not in taken)


def _server(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()


def _require(actor: Actor, organisation: Organisation, verb: str) -> None:
    require(actor, "publish", organisation.pk, f"{verb} « {organisation} »")


def _journal(actor: Actor, action: str, source: Source, **details: Any) -> None:
    record(actor.name, actor.person_id, action, "source", source.slug, title=shown_title(source), **details)
