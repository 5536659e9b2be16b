"""Somebody says that what was read of an act is right, and what of it is hidden: then what is published can be made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language

from parvis.core.acts.checks import ERROR, Problem, check
from parvis.core.acts.model import Page, Passage
from parvis.core.redaction import occurrences
from parvis.core.translation import SOURCE
from parvis.domains.deliberations.facts import facts_of
from parvis.domains.deliberations.kinds import PREPARE
from parvis.domains.deliberations.models import Act, ActFile, Assembly, Session
from parvis.domains.deliberations.rules import ActDoubtful, ActIsSealed, HiddenIsStated
from parvis.domains.deliberations.selectors import pages_of
from parvis.hub.accounts.rules import Actor, require
from parvis.hub.jobs.services import enqueue
from parvis.hub.records.services import create, update

MOST_HIDDEN = 500
"""Different words that are hidden in an act."""
LONGEST_HIDDEN = 300
TOLD = ("title", "number", "rapporteur", "signatory", "signatory_quality")
"""Columns that the page of an act tells as they are written."""


def confirm(
    actor: Actor,
    act: Act,
    changes: Mapping[str, Any],
    hidden: Sequence[str],
    *,
    revision: int,
    despite: bool = False,
) -> Act:
    """Keep what an act says and what of it is hidden, confirmed; ActDoubtful unless ``despite``, ActIsSealed, EditConflict.

    A place that is hidden is no place of the act any more; HiddenIsStated when its page would tell the words otherwise.
    """
    require(actor, "edit", act.organisation_id, f"confirmer « {act.title} »")
    if act.live or act.withdrawn_at:
        raise ActIsSealed(title=act.title)
    changes = without_hidden(act, changes, hidden)
    problems = check(facts_of(act, changes), today=timezone.localdate())
    errors = [problem for problem in problems if problem.severity == ERROR]
    if errors and not despite:
        language = get_language() or SOURCE
        raise ActDoubtful(title=act.title, problems=" ".join(problem.sentence.text(language) for problem in errors))
    with transaction.atomic():
        act = update(actor, act, changes, revision=revision)
        act.confirmed_at, act.confirmed_by_id = timezone.now(), actor.person_id
        Act.objects.filter(pk=act.pk).update(confirmed_at=act.confirmed_at, confirmed_by=actor.person_id)
        hide(act, hidden)
        enqueue(actor, PREPARE, act=act.pk)
    return act


def without_hidden(act: Act, changes: Mapping[str, Any], hidden: Sequence[str]) -> dict[str, Any]:
    """What an act says, less the places that are hidden; HiddenIsStated when its object or a name holds hidden words."""
    words = [word for word in hidden if word.strip()]
    for column in TOLD:
        text = str(changes.get(column, getattr(act, column)))
        seen = next((word for word in words if _holds(text, word)), None)
        if seen is not None:
            raise HiddenIsStated(title=act.title, words=seen, column=str(act._meta.get_field(column).verbose_name))
    places = changes.get("places", act.places)
    return {**changes, "places": [place for place in places if not any(_shares(place, word) for word in words)]}


def _shares(place: str, word: str) -> bool:
    return _holds(place, word) or _holds(word, place)


def _holds(text: str, words: str) -> bool:
    """Whether words are in a text, whatever their accents, capitals and spaces."""
    return bool(text.strip()) and bool(words.strip()) and bool(occurrences([Page(1, text)], words[:LONGEST_HIDDEN]))


def hide(act: Act, words: Sequence[str]) -> None:
    """Have the files of an act hide all places of some words; what was made before of a file that hides others is made again."""
    for file in ActFile.objects.filter(act=act):
        passages = [asdict(passage) for passage in passages_of(pages_of(file), words)]
        spans = {**file.spans, "passages": passages, "words": list(words)}
        if spans != file.spans or not file.published:
            ActFile.objects.filter(pk=file.pk).update(spans=spans, published="", published_digest="", verification=None)


def passages_of(pages: Sequence[Page], words: Sequence[str]) -> list[Passage]:
    """Every place of some words in pages, whatever their accents, capitals, spaces and line ends."""
    passages = {
        passage for text in words[:MOST_HIDDEN] if text.strip() for passage in occurrences(pages, text[:LONGEST_HIDDEN])
    }
    return sorted(passages, key=lambda passage: (passage.page, passage.start, passage.end))


def session_for(actor: Actor, act: Act, assembly: Assembly) -> Session:
    """The sitting of an assembly on the day of an act; made, as a draft, when there is none."""
    assert act.date is not None
    session = Session.objects.filter(assembly=assembly, held_on=act.date).exclude(state="cancelled").first()
    if session is not None:
        return session
    title = f"{assembly.name} du {act.date:%d/%m/%Y}"
    session = Session(
        organisation=assembly.organisation,
        assembly=assembly,
        title=title,
        held_on=act.date,
        state=Session.State.HELD,
        members=assembly.members,
    )
    return create(actor, session)


def problems_of(act: Act) -> list[Problem]:
    """What does not hold together in an act as it is."""
    return check(facts_of(act), today=timezone.localdate())
