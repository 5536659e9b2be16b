"""Points of the agendas of sittings to come that answer a search: they have a title and no text yet, so that they are read one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from parvis.core.text import fold
from parvis.domains.deliberations.finding.library import COMMUNE, LIBRARY
from parvis.domains.deliberations.finding.query import ActQuery
from parvis.domains.deliberations.models import AgendaItem, Session
from parvis.hub.fulltext.analysis import normal
from parvis.hub.fulltext.matching import ReadText
from parvis.hub.fulltext.questions import Atom, Either, Question
from parvis.hub.fulltext.rules import TITLE
from parvis.hub.fulltext.selectors import question_of
from parvis.hub.records.selectors import published

READ_OF_ITEMS: Final = frozenset({"organisation", "annee", "assemblee", COMMUNE})
"""Filters that mean something before there is an act; with any other, a search finds no point."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a sitting to come."""

    session: Session
    item: AgendaItem

    @property
    def target(self) -> str:
        """What names it: a point that is written again with the same title is the same."""
        digest = hashlib.blake2s(fold(self.item.title).encode(), digest_size=8).hexdigest()
        return f"point:{self.session.pk}:{digest}"


def points_to_come(sessions: Iterable[int] | None = None) -> list[Point]:
    """Those of the sittings to come that are online, or of some of them; two questions, whatever their number."""
    coming = published(Session).filter(live=True, state=Session.State.PLANNED, held_on__gte=timezone.localdate())
    if sessions is not None:
        coming = coming.filter(pk__in=sessions)
    by_key = {
        session.pk: session for session in coming.select_related("assembly", "territory").order_by("held_on", "pk")
    }
    items = AgendaItem.objects.filter(session__in=by_key).order_by("session__held_on", "session", "sort_order", "pk")
    return [Point(by_key[item.session_id], item) for item in items]


def answering(query: ActQuery, points: Iterable[Point]) -> list[Point]:
    """Those that a search would find."""
    if query.is_lost or set(query.filters) - READ_OF_ITEMS or query.fields.get("min") or query.fields.get("max"):
        return []
    return [point for point in points if _is_among(query, point.session) and _is_answer(query, point)]


def _is_among(query: ActQuery, session: Session) -> bool:
    values = {
        "organisation": session.organisation.slug,
        "annee": str(session.held_on.year),
        "assemblee": session.assembly.name,
        COMMUNE: _commune_of(session),
    }
    first, last = query.fields.get("du"), query.fields.get("au")
    return (
        all(values[name] in chosen for name, chosen in query.filters.items())
        and (first is None or first <= session.held_on)
        and (last is None or session.held_on <= last)
    )


def _commune_of(session: Session) -> str:
    territory = session.territory
    return territory.code if territory is not None and territory.kind == "commune" else ""


def _is_answer(query: ActQuery, point: Point) -> bool:
    title, around = point.item.title, query.around
    if around is not None:
        if not around.street:
            return False
        there = f'"{around.street}"'
        if around.commune and around.commune != _commune_of(point.session):
            there += f' "{around.commune_name}"'
        if not answers(question_of(LIBRARY, there), title):
            return False
    return answers(query.question, title)


def answers(question: Question, title: str) -> bool:
    """Whether a title is what is looked for, as the index would say it of a document that has nothing else."""
    read = ReadText(normal(title))

    def has(atom: Atom) -> bool:
        return atom.field in ("", TITLE) and bool(read.hits([atom]))

    required = [clause.options if isinstance(clause, Either) else (clause,) for clause in question.required]
    return all(any(map(has, options)) for options in required) and not any(map(has, question.excluded))
