"""A board: its figures, each a way to the datasets it counts; its table, in the order and of the lines that are asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from parvis.core.quality.criteria import CRITERIA, CRITERION_BY_NAME, Criterion
from parvis.core.text import fold
from parvis.hub.addresses import absolute_path
from parvis.hub.catalogue.provenance import counted, shared_of_catalogue
from parvis.hub.quality.messages import criterion_formula, criterion_name, event_name
from parvis.hub.quality.pictures import bars_of
from parvis.hub.quality.rules import TENTHS, Event, tenth_of
from parvis.hub.quality.selectors import Line, summary
from parvis.hub.ui.formatting import number, percent
from parvis.hub.ui.trail import SharedTrail, Trail

RECKONED = "calcul"
"""The ``SharedTrail`` of the figures that the page of their dataset reckons."""

STATES = {"en-retard": Event.LATE, "perime": Event.STALE, "en-panne": Event.BROKEN}
"""What addresses call the events that a board counts."""
MEASURED = "mesure"
"""What they call the datasets that have a score."""


@dataclass(frozen=True, slots=True)
class BoardRequest:
    """What the address of a board asks for: an order, and some of its lines only."""

    order: str
    state: str = ""
    """A key of ``STATES``, ``MEASURED``, or empty for all."""
    tenth: int | None = None

    @property
    def words(self) -> str:
        """What is kept, in words; empty for all."""
        if self.state in STATES:
            return event_name(STATES[self.state])
        if self.state == MEASURED:
            return _("Mesurés")
        return "" if self.tenth is None else _("Note %s") % tenth_words(self.tenth)

    def keeps(self, line: Line) -> bool:
        """Whether a line is among those asked for."""
        if self.state in STATES:
            return STATES[self.state] in line.events
        if self.state == MEASURED:
            return line.score is not None
        return self.tenth is None or (line.score is not None and tenth_of(line.score) == self.tenth)


def read_board_request(query: Mapping[str, str]) -> BoardRequest:
    """What an address asks; nonsense asks for everything, the lowest score first."""
    state, tenth = query.get("etat", ""), query.get("dizaine", "")
    return BoardRequest(
        query.get("tri", "note")[:40],
        state if state in STATES or state == MEASURED else "",
        int(tenth) if tenth in map(str, range(TENTHS)) else None,
    )


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the table: the score, the shares in the order of the criteria, the weakest point and what stands, in words."""

    line: Line
    score: Trail | None
    shares: tuple[Trail | None, ...]
    weakest: str
    events: tuple[str, ...]


def _share(name: str) -> Callable[[Line], Any]:
    return lambda line: line.shares.get(name)


ORDERS: dict[str, Callable[[Line], Any]] = {
    "titre": lambda line: fold(line.title),
    "note": lambda line: line.score,
    **{criterion.name: _share(criterion.name) for criterion in CRITERIA},
    "date": lambda line: line.data_modified,
}
"""Ways to order a board: by the key given, smallest first; what has none comes last."""


def ordered(lines: Sequence[Line], order: str) -> list[Line]:
    """The lines in that order (a minus turns it over), by title where it is the same; unknown orders mean the lowest score first."""
    key = ORDERS.get(order.removeprefix("-"), ORDERS["note"])
    scored = sorted((line for line in lines if key(line) is not None), key=ORDERS["titre"])
    scored.sort(key=key, reverse=order.startswith("-"))
    return [*scored, *sorted((line for line in lines if key(line) is None), key=ORDERS["titre"])]


def shown_lines(lines: Sequence[Line]) -> list[ShownLine]:
    """Lines with their words in the page's language."""
    return [
        ShownLine(
            line,
            None if line.score is None else _figure_of(line, number(line.score), _score_question(), "#calcul"),
            tuple(_share_of(line, criterion) for criterion in CRITERIA),
            criterion_name(CRITERION_BY_NAME[line.weakest]) if line.weakest else "",
            tuple(event_name(event) for event in line.events),
        )
        for line in lines
    ]


def _share_of(line: Line, criterion: Criterion) -> Trail | None:
    share = line.shares.get(criterion.name)
    question = f"{criterion_name(criterion)} : {criterion_formula(criterion)}"
    return None if share is None else _figure_of(line, percent(share), question, f"#critere-{criterion.name}")


def _figure_of(line: Line, text: str, question: str, part: str) -> Trail:
    """A figure of one dataset, which leads to the part of its quality page that reckons it."""
    address = f"{absolute_path(f'/explore/dataset/{line.dataset_id}/quality/')}{part}"
    facts = ((_("Valeur"), text), (_("Jeu de données"), line.title), (_("Requête"), question))
    return Trail(text, address, facts, base=RECKONED)


def _score_question() -> str:
    return _("somme des poids × parts, divisée par la somme des poids")


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean share of a criterion over the datasets of a board, out of 100."""

    label: str
    share: float
    trail: Trail


@dataclass(frozen=True, slots=True)
class Band:
    """A tenth of the scores, and how many datasets are in it."""

    words: str
    count: Trail


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """A figure at the head of a board."""

    label: str
    trail: Trail


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the table: its label, the order a click asks, ``aria-sort`` when it is the one followed."""

    label: str
    asks: str
    order: str
    is_number: bool


def board_facts(
    lines: Sequence[Line], matching: Sequence[Line], board_request: BoardRequest, start: int, size: int
) -> dict[str, Any]:
    """What ``quality/board.html`` shows: figures and pictures of all the lines; of those kept, the ones from ``start`` on."""
    figures = summary(lines)
    tenths = [tenth_words(tenth) for tenth in range(TENTHS)]
    return {
        "shared_trail": shared_of_catalogue(),
        "shared_lines": SharedTrail(RECKONED, _("Voir le calcul"), shared_of_catalogue().facts),
        "asked": board_request,
        "lines": shown_lines(ordered(matching, board_request.order)[start : start + size]),
        "kept": len(matching),
        "total": len(lines),
        "figures": list(_heads_of(figures)),
        "means": [
            Mean(criterion_name(criterion), share * 100, _mean_of(criterion, share))
            for criterion in CRITERIA
            if (share := figures["means"][criterion.name]) is not None
        ],
        "bars": bars_of(figures["bands"], tenths),
        "bands": [
            Band(words, _count(number(count), _("jeux dont la note va %s") % words, dizaine=str(tenth)))
            for tenth, (words, count) in enumerate(zip(tenths, figures["bands"], strict=True))
        ],
        "heads": heads(board_request.order),
    }


def _heads_of(figures: Mapping[str, Any]) -> Iterator[BoardFigure]:
    mean, measured, all_of_them = (number(figures[name]) for name in ("mean", "measured", "datasets"))
    yield BoardFigure(_("note moyenne sur 100"), _count(mean, _("moyenne des notes des jeux mesurés"), etat=MEASURED))
    yield BoardFigure(
        _("jeux mesurés"), _count(f"{measured} / {all_of_them}", _("jeux qui ont une note, sur tous"), etat=MEASURED)
    )
    for state, label, question in (
        ("en-retard", _("en retard"), _("jeux dont les données ont passé leur délai")),
        ("perime", _("périmés"), _("jeux dont le délai est passé depuis bien longtemps")),
        ("en-panne", _("en panne"), _("jeux dont la source ou le dernier import a échoué")),
    ):
        yield BoardFigure(label, _count(number(figures["events"][STATES[state]]), question, etat=state))


def _mean_of(criterion: Criterion, share: float) -> Trail:
    question = _("moyenne des parts de ce critère : %s") % criterion_formula(criterion)
    return _count(percent(share), question, tri=criterion.name)


def _count(text: str, question: str, **parameters: str) -> Trail:
    """A figure of the board, which leads to the datasets it was counted on."""
    return counted(text, f"?{urlencode(parameters)}#liste", question)


def tenth_words(tenth: int) -> str:
    """``de 40 à 49``."""
    low = tenth * TENTHS
    return _("de %(low)s à %(high)s") % {"low": low, "high": 100 if tenth == TENTHS - 1 else low + TENTHS - 1}


def heads(order: str) -> list[Head]:
    """The columns of the table, in order; a click on the one followed turns it over."""
    labels = {"titre": _("Jeu de données"), "note": _("Note sur 100"), "date": _("Données du")}
    labels |= {criterion.name: criterion_name(criterion) for criterion in CRITERIA}
    sorted_by = order.removeprefix("-") if order.removeprefix("-") in ORDERS else "note"
    rows = []
    for key in ORDERS:
        followed = ("descending" if order.startswith("-") else "ascending") if key == sorted_by else ""
        asks = f"-{key}" if followed == "ascending" else key
        rows.append(Head(labels[key], asks, followed, key not in ("titre", "date")))
    return rows
