"""The agenda of a sitting as its own papers print it: the convocation, the list of what was examined, the minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from parvis.core.acts.agendas import agenda_points
from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.minutes import decisions_of
from parvis.domains.deliberations.models import MOST_TEXT, Act, ActFile, AgendaItem, Session
from parvis.domains.deliberations.selectors import files_of, pages_of
from parvis.hub.accounts.rules import Actor
from parvis.hub.records.services import update

MOST_PAGES: Final = 60
"""Pages of a paper in which its points are looked for: those of the longest minutes."""
_PAPERS: Final = (Act.Kind.AGENDA, Act.Kind.LIST, Act.Kind.MINUTES)
"""The kinds that print an agenda, the most faithful first."""


@dataclass(frozen=True, slots=True)
class ReadAgenda:
    """The points that a paper of a sitting prints: number (empty without one) and object of each."""

    paper: Act
    points: tuple[tuple[str, str], ...]


def agenda_read_for(session: Session) -> ReadAgenda | None:
    """What could become the agenda of a sitting that has none and is not online; None when no paper of it prints one."""
    if session.live or AgendaItem.objects.filter(session=session).exists():
        return None
    papers = list(Act.objects.filter(session=session, kind__in=_PAPERS, withdrawn_at=None))
    files = files_of(papers)
    for paper in sorted(papers, key=lambda act: (_PAPERS.index(Act.Kind(act.kind)), act.pk)):
        main = next((file for file in files[paper.pk] if file.role == ActFile.Role.MAIN), None)
        points = _points(main) if main else ()
        if points:
            return ReadAgenda(paper, points)
    return None


def take_over_agenda(actor: Actor, session: Session) -> int:
    """Give a sitting the points that its papers print; how many. None is taken when it has some already, or is online."""
    read = agenda_read_for(session)
    if read is None:
        return 0
    items = [
        AgendaItem(sort_order=rank, number=number[:20], title=title[:MOST_TEXT])
        for rank, (number, title) in enumerate(read.points)
    ]
    update(actor, session, {"items": items}, revision=session.revision)
    return len(items)


def _points(file: ActFile) -> tuple[tuple[str, str], ...]:
    """The agenda, else the decisions in their order, each once."""
    pages = pages_of(file)[:MOST_PAGES]
    points = [(point.number, point.title) for point in agenda_points(FlatText.of(pages))]
    points = points or [(item.number, item.title) for item in decisions_of(pages)]
    return tuple(dict.fromkeys(points))
