"""Moves as people set them, try them and begin them, by the screen as by the command: right, act, journal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from parvis.core.children import call
from parvis.core.metadata import LICENCE_BY_SLUG, theme_slug
from parvis.core.sources.vocabulary import licence_slug
from parvis.core.sources.word_tables import KINDS, WordTable, name_to_make, read_words
from parvis.core.text import fold
from parvis.core.translation import Sentence
from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.rules import OPERATOR, Actor, require
from parvis.hub.accounts.selectors import organisations
from parvis.hub.accounts.services import OrganisationExists, save_organisation
from parvis.hub.datastore.confined import confined
from parvis.hub.harvesting.models import MovePlan, Run, Source
from parvis.hub.harvesting.move_kinds import MOVE_KINDS
from parvis.hub.harvesting.move_plans import plan_move
from parvis.hub.harvesting.rules import MOVE_PLAN, AlreadyRunning, BadMapping, Mode, State
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

type Words = dict[str, dict[str, str]]
"""By kind (a value of ``KINDS``), words of the portal and ours."""


def moves_managed_by(actor: Actor) -> list[Source]:
    """The moves of the organisations for which the actor may publish, the latest first."""
    return list(sources_managed_by(actor).filter(mode=Mode.MOVE).order_by("-pk"))


def former_move(actor: Actor, url: str) -> Source | None:
    """The move of that portal that was set before: the same one goes on, rather than a second that would find the first's datasets."""
    return sources_managed_by(actor).filter(url=url, mode=Mode.MOVE).order_by("-pk").first()


def move_values(
    url: str,
    *,
    only: list[str],
    without: list[str],
    licence: str,
    draft: bool,
    ignore_robots: bool,
    dialect: str = "explore",
) -> dict[str, Any]:
    """What is set of the source of a move; what was set by hand on its own screen and is not said here stays."""
    return {
        "dialect": dialect,
        "url": url,
        "title": f"Emménagement de {urlsplit(url).hostname or url}"[:200],
        "mode": Mode.MOVE,
        "publish": not draft,
        "filters": {"only": only, "without": without},
        "default_licence": licence,
        "ignore_robots": ignore_robots,
    }


def secrets_for(key: str, dialect: str = "explore") -> dict[str, str] | None:
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
    actor: Actor, organisation: Organisation, source: Source | None, key: str, values: Mapping[str, Any]
) -> MovePlan:
    """Keep a portal that is to move in, and have it tried anew: what was being read of its former address is left."""
    source = source or former_move(actor, values["url"])
    if source is not None and open_run(source) is not None:
        raise AlreadyRunning(title=source.title)
    with transaction.atomic():
        row = save_source(actor, organisation, source, secrets=secrets_for(key), **values)
        plan, _is_new = MovePlan.objects.get_or_create(source=row)
        if plan.job is not None and not plan.job.is_over:
            cancel(OPERATOR, plan.job)
        MovePlan.objects.filter(pk=plan.pk).update(job=None)
    return ask_plan(actor, row)


def read_plan(context: JobContext, source: int) -> None:
    """The dry run, by a worker: nothing is written but what it says; safe to run twice."""
    row = Source.objects.select_related("organisation").filter(pk=source).first()
    if row is None:
        return
    facts = plan_move(row, context.progress).facts()
    datasets = sorted(facts["datasets"], key=lambda dataset: (dataset["left"], dataset["note"] is None))
    facts |= {"datasets": datasets[:MOST_KEPT], "mapping": facts["mapping"][:MOST_KEPT]}
    # One whose place was taken by a later one says nothing.
    MovePlan.objects.filter(source=row, job=context.job).update(facts=facts, read=timezone.now())


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
    words: Words = {kind: dict(source.mapping.get(kind, {})) for kind in KINDS.values()}
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
