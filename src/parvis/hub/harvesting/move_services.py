"""Moves as people set them, try them and begin them, by the screen as by the command: right, act, journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.core.children import call
from parvis.core.metadata import LICENCE_BY_SLUG, theme_slug
from parvis.core.progress import Progress, no_progress
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.sources.word_tables import KINDS, WordTable, name_to_make, read_words
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.accounts.selectors import organisations
from parvis.hub.accounts.services import OrganisationExists, save_organisation
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.files import EACH, OPTION
from parvis.hub.harvesting.models import MovePlan, Run, Source
from parvis.hub.harvesting.move_kinds import MOVE_KINDS, kind_of_portal
from parvis.hub.harvesting.move_plans import Plan, plan_move
from parvis.hub.harvesting.move_rest import leave_parts_out, parts_left_out, rest_as_json, rest_planned
from parvis.hub.harvesting.rules import MOVE_PLAN, AlreadyRunning, BadMapping, Mode, MoveNotTried, State
from parvis.hub.harvesting.selectors import latest_run, open_run, sources_managed_by
from parvis.hub.harvesting.sources import (
    ask_run,
    begin_here,
    checked_mapping,
    reopen,
    resume_run,
    save_source,
)
from parvis.hub.jobs.rules import JobContext
from parvis.hub.jobs.services import cancel, enqueue

MOST_KEPT = 20_000
"""Datasets, and words, of a dry run that are kept to be shown; all of them are counted."""
SECONDS = 20.0
"""Of the reading of a table of words in the child."""

RECOGNISED = "recognised"
"""In the facts of a dry run, by what the kind of the portal was recognised."""

type Words = dict[str, dict[str, str]]
"""By kind (a value of ``KINDS``), words of the portal and ours."""


def moves_managed_by(actor: Actor) -> list[Source]:
    """The moves of the organisations for which the actor may publish, the latest first."""
    return list(sources_managed_by(actor).filter(mode=Mode.MOVE).order_by("-pk"))


def former_move(actor: Actor, url: str, kind: str = "") -> Source | None:
    """The move of that portal that was set before: the same one goes on, rather than a second that would find the first's datasets.

    Not one by which datasets came when another kind is wished: an address may speak as two kinds, and each names datasets its own way.
    """
    moves = sources_managed_by(actor).filter(url=url, mode=Mode.MOVE).order_by("-pk")
    return next((row for row in moves if not kind or row.dialect == kind or not row.items.exists()), None)


def known_kind(source: Source | None) -> str:
    """The kind of the portal of a move; empty when it is still to be recognised."""
    plan = MovePlan.objects.filter(source=source).first() if source is not None else None
    return "" if source is None or (plan is not None and not _is_kind_known(plan)) else source.dialect


def _is_kind_known(plan: MovePlan) -> bool:
    return not plan.asks_kind or bool(plan.facts.get(RECOGNISED))


def move_values(
    url: str,
    *,
    only: list[str],
    without: list[str],
    licence: str,
    draft: bool,
    ignore_robots: bool,
    kind: str = "",
    former: Source | None = None,
    each_table: bool | None = None,
) -> dict[str, Any]:
    """What is set of the source of a move; what was set by hand on its own screen and is not said here stays.

    Without a kind, that of the former one stands in until it is recognised.
    """
    dialect = kind or (former.dialect if former is not None else "explore")
    values: dict[str, Any] = {
        "dialect": dialect,
        "url": url,
        "title": f"Emménagement de {urlsplit(url).hostname or url}"[:200],
        "mode": Mode.MOVE,
        "publish": not draft,
        "filters": {"only": only, "without": without},
        "default_licence": licence,
        "ignore_robots": ignore_robots,
    }
    if each_table is not None:
        options = {
            name: text for name, text in (former.options if former is not None else {}).items() if name != OPTION
        }
        is_each = each_table and (not kind or MOVE_KINDS[kind].has_tables)
        values["options"] = {**options, OPTION: EACH} if is_each else options
    return values


def secrets_for(key: str, dialect: str) -> dict[str, str] | None:
    """The header that a key of a portal of that kind goes in; None without one, which leaves that which is kept."""
    word = key.strip().removeprefix("Apikey ").strip()
    return MOVE_KINDS[dialect].secrets(word) if word else None


def made_organisations(actor: Actor, words: Mapping[str, Mapping[str, str]]) -> Words:
    """The same, organisations that are to be made being made: done twice, they are found. Forbidden, BadMapping."""
    made = {kind: dict(pairs) for kind, pairs in words.items()}
    for word, text in made.get("organisations", {}).items():
        name = name_to_make(text)
        if name is not None:
            made["organisations"][word] = _organisation_called(actor, name or word).slug
    return made


def ask_plan(actor: Actor, source: Source) -> MovePlan:
    """Have a worker tell what the move would bring; the one that is at it goes on when two people ask at once."""
    _require(actor, source, "essayer un emménagement pour")
    with transaction.atomic():
        MovePlan.objects.get_or_create(source=source)
        plan = MovePlan.objects.select_for_update(of=("self",)).select_related("job").get(source=source)
        if plan.job is None or plan.job.is_over:
            plan.job = enqueue(actor, MOVE_PLAN, source=source.pk)
            plan.save(update_fields=["job"])
    return plan


def set_move(
    actor: Actor,
    organisation: Organisation,
    source: Source | None,
    key: str,
    *,
    url: str,
    kind: str = "",
    parts_left: Iterable[str] | None = None,
    **wishes: Any,
) -> MovePlan:
    """Keep a portal that is to move in, and have it tried anew: what was being read of its former address is left.

    Without a kind, the dry run recognises it, once an address. ``wishes`` are those of ``move_values``, ``parts_left`` the parts of the rest
    that do not come (None: as before).
    """
    with transaction.atomic():
        # Pressed twice, the second waits here, then goes on with the move of the first.
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        source = source or former_move(actor, url, kind)
        if source is not None and open_run(source) is not None:
            raise AlreadyRunning(title=source.title)
        is_another, former_kind = source is not None and source.url != url, known_kind(source)
        if source is not None and not kind and not is_another and source.items.exists():
            kind = former_kind  # what came is named as that kind names it
        values = move_values(url, kind=kind, former=source, **wishes)
        row = save_source(actor, organisation, source, secrets=secrets_for(key, values["dialect"]), **values)
        if parts_left is not None:
            leave_parts_out(actor, row, parts_left)
        plan, _is_new = MovePlan.objects.get_or_create(source=row)
        if plan.job is not None and not plan.job.is_over:
            cancel(OPERATOR, plan.job)
        facts, read = ({}, None) if is_another else (plan.facts, plan.read)
        if kind and kind != former_kind:
            facts = {name: fact for name, fact in facts.items() if name != RECOGNISED}
        MovePlan.objects.filter(pk=plan.pk).update(job=None, asks_kind=not kind, facts=facts, read=read)
    return ask_plan(actor, row)


def try_move(
    source: Source, without: Iterable[str], progress: Progress = no_progress
) -> tuple[Plan, dict[str, dict[str, Any]]]:
    """What the move of a source, saved or not, would bring: its datasets, then the rest of the portal. Nothing is written."""
    plan = plan_move(source, progress)
    progress("rest", 0)
    return plan, rest_planned(source, without, progress)


def read_plan(context: JobContext, source: int) -> None:
    """The dry run, by a worker: nothing is written but what it says, and the kind of the portal; safe to run twice."""
    plan = MovePlan.objects.select_related("source__organisation").filter(source=source, job=context.job).first()
    if plan is None or not (_is_kind_known(plan) or _recognise(plan, context)):
        return  # one whose place was taken by a later one says nothing
    came, rest = try_move(plan.source, parts_left_out(plan.source), context.progress)
    facts = came.facts()
    datasets = sorted(facts["datasets"], key=lambda dataset: (dataset["left"], dataset["note"] is None))
    facts |= {"datasets": datasets[:MOST_KEPT], "mapping": facts["mapping"][:MOST_KEPT], "rest": rest_as_json(rest)}
    facts[RECOGNISED] = plan.facts.get(RECOGNISED)
    MovePlan.objects.filter(source=source, job=context.job).update(facts=facts, read=timezone.now())


def _recognise(plan: MovePlan, context: JobContext) -> bool:
    """Ask the portal what it is, and keep it on its source; False when the address was changed meanwhile."""
    context.progress("recognise", 0)
    kind, reason = kind_of_portal(plan.source, context.progress)
    with transaction.atomic():
        row = Source.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=plan.source_id)
        if not MovePlan.objects.filter(pk=plan.pk, job=context.job).exists():
            return False
        plan.source = save_source(OPERATOR, row.organisation, row, dialect=kind, options=_options_of(row, kind))
        plan.facts = {**plan.facts, RECOGNISED: reason.to_json()}
        MovePlan.objects.filter(pk=plan.pk).update(facts=plan.facts)
    return True


def _options_of(source: Source, kind: str) -> dict[str, str]:
    """Its options; datasets of a kind that have one table each are not parted."""
    return {name: text for name, text in source.options.items() if name != OPTION or MOVE_KINDS[kind].has_tables}


def words_of(plan: MovePlan, actor: Actor) -> list[dict[str, Any]]:
    """The table of words as it stands: what somebody chose, else what the source has, else what is proposed."""
    rows = []
    for row in plan.facts.get("mapping", []):
        kind, word = KINDS[row["kind"]], row["word"]
        proposed = row["ours"]
        if name_to_make(proposed) is not None and not actor.everything:
            proposed = ""  # to make organisations is for who has every right
        chosen = plan.choices.get(kind, {}).get(word, plan.source.mapping.get(kind, {}).get(word, proposed))
        rows.append({**row, "ours": chosen})
    return rows


def choose_words(actor: Actor, plan: MovePlan, words: Mapping[str, Mapping[str, str]]) -> None:
    """Keep what somebody chose of ours for words of the portal, the others staying as they are; BadMapping and nothing is kept."""
    _require(actor, plan.source, "choisir les mots d’un emménagement pour")
    ours_by_name = {fold(name): row.slug for row in organisations() for name in (row.slug, row.name)}
    clean = {kind: {w: _ours(actor, kind, o, ours_by_name) for w, o in pairs.items()} for kind, pairs in words.items()}
    checked_mapping({kind: _without_new(pairs) for kind, pairs in clean.items()})
    with transaction.atomic():
        row = MovePlan.objects.select_for_update().get(pk=plan.pk)
        row.choices = {kind: {**row.choices.get(kind, {}), **clean.get(kind, {})} for kind in KINDS.values()}
        row.save(update_fields=["choices"])


def choose_table(actor: Actor, plan: MovePlan, name: str, body: bytes) -> int:
    """The same of a table that a spreadsheet wrote; how many words it has. BadMappingFile, BadMapping."""
    with confined(name, seconds=SECONDS) as (_folder, permits):
        table: WordTable = call(read_words, body, name, permits=permits)
    words: Words = {}
    for row in table.rows:
        words.setdefault(row.kind, {})[row.word] = row.ours
    choose_words(actor, plan, words)
    return len(table.rows)


def begin_move(actor: Actor, source: Source) -> Run:
    """Bring the portal, by a worker, with the words that were chosen; AlreadyRunning for the second of two who ask at once."""
    if open_run(source) is not None:
        raise AlreadyRunning(title=source.title)
    plan = MovePlan.objects.select_related("source").filter(source=source).first()
    if plan is not None and not _is_kind_known(plan):
        raise MoveNotTried(title=source.title)
    words: Words = {kind: dict(source.mapping.get(kind, {})) for kind in KINDS.values()}
    for kind, pairs in (plan.choices if plan else {}).items():
        words[kind] |= pairs  # a table may have words that the dry run did not tell: the portal's, another day
    for row in words_of(plan, actor) if plan else ():
        words[KINDS[row["kind"]]][row["word"]] = row["ours"]
    mapping = {kind: {word: ours for word, ours in pairs.items() if ours} for kind, pairs in words.items()}
    with transaction.atomic():
        mapping = made_organisations(actor, mapping)
        if checked_mapping(mapping) != source.mapping:
            source = save_source(actor, source.organisation, source, mapping=mapping)
        if plan is not None:  # what is made now is found the next time
            MovePlan.objects.filter(pk=plan.pk).update(choices=_with_made(plan.choices, mapping))
        return go_on(actor, source)


def go_on(actor: Actor, source: Source, *, here: bool = False) -> Run:
    """The latest run goes on when it was cut, else another begins, which brings differences alone; ``here`` when the caller advances it."""
    latest = latest_run(source)
    if latest is not None and latest.state in (State.FAILED, State.STOPPED):
        return (reopen if here else resume_run)(actor, latest)
    return (begin_here if here else ask_run)(actor, source, complete=True)


def _ours(actor: Actor, kind: str, text: str, ours_by_name: Mapping[str, str]) -> str:
    """A word of ours as a source holds it, from what somebody typed: an identifier, a name, « créer : Nom »; empty stays so."""
    word = " ".join(text.split())
    if not word:
        return ""
    if kind == "licences":
        return word if word in LICENCE_BY_SLUG else licence_slug(word) or word
    if kind == "themes":
        return theme_slug(word)
    name = name_to_make(word)
    if name is None:
        return ours_by_name.get(fold(word), word)
    require(actor, "administer", None, f"créer l’organisation « {name[:100]} »")
    return ours_by_name.get(fold(name)) or f"créer : {name}"


def _without_new(pairs: Mapping[str, str]) -> dict[str, str]:
    return {word: ours for word, ours in pairs.items() if ours and name_to_make(ours) is None}


def _with_made(choices: Mapping[str, Mapping[str, str]], mapping: Mapping[str, Mapping[str, str]]) -> Words:
    return {kind: {w: mapping.get(kind, {}).get(w, "") for w in pairs} for kind, pairs in choices.items()}


def _organisation_called(actor: Actor, name: str) -> Organisation:
    def one_there_is() -> Organisation | None:
        return next((row for row in organisations() if fold(name) in (fold(row.name), row.slug)), None)

    try:
        with transaction.atomic():
            return one_there_is() or save_organisation(actor, None, {"name": name})
    except OrganisationExists:
        row = one_there_is()
        if row is None:
            raise
        return row
    except ValidationError as error:
        words = " ".join(error.messages)[:300]
        raise BadMapping(word=name[:100], reason=Sentence(words)) from error


def _require(actor: Actor, source: Source, verb: str) -> None:
    require(actor, "publish", source.organisation_id, f"{verb} « {source.organisation} »")
