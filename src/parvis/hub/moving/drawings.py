"""What the tabs of a dataset showed there: its charts and its map as drafts of ours; what has no place here, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import transaction
from django.urls import reverse

from parvis.core.atlas.completion import is_coloured, is_popup_column
from parvis.core.atlas.description import LONGEST_POPUP, MapDescription
from parvis.core.charts.description import MOST_SOURCES, ChartDescription
from parvis.core.charts.themes import LIGHT
from parvis.core.columns import TableShape
from parvis.core.errors import Cancelled, ParvisError
from parvis.core.sources.page_skeletons import Piece
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.atlas.answers import answer as map_answer
from parvis.hub.atlas.models import Map
from parvis.hub.catalogue.models import Dataset
from parvis.hub.charts.answers import answer as chart_answer
from parvis.hub.charts.models import Chart
from parvis.hub.drawings.models import Drawing
from parvis.hub.drawings.services import create, update
from parvis.hub.harvesting.hosts import ComeBackLater
from parvis.hub.moving.charts import differences_of
from parvis.hub.moving.models import Part
from parvis.hub.moving.pages import digest_of
from parvis.hub.moving.reading import Portal
from parvis.hub.moving.rules import State
from parvis.hub.moving.widgets import Place, Unlike, block_of
from parvis.hub.pages.block_values import Reader
from parvis.hub.pages.blocks.charts import ChartBlock, described
from parvis.hub.pages.blocks.maps import described as described_map

CHART, MAP, TABS = "chart", "map", "tabs"
KINDS: Final[Mapping[str, type[Drawing]]] = {CHART: Chart, MAP: Map}
"""What a view becomes; the others are told in words."""
LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class View:
    """One thing that a dataset showed: what it is, which of its kind, and what the portal says of it."""

    what: str
    rank: int
    facts: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Among those of its dataset."""
        return f"{self.what}-{self.rank}" if self.rank > 1 else self.what


def views_of(facts: Mapping[str, Any]) -> Iterator[View]:
    """What a dataset showed, from what its catalogue says: series of one kind over the same groups are one chart."""
    groups: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for number, chart in enumerate(facts["charts"]):
        settings = chart["settings"]
        alone = str(number) if settings.get("series-breakdown") or settings.get("chart-type") in _ALONE else ""
        key = (*(settings.get(name, "") for name in _TOGETHER), repr(chart["filters"]), alone)
        groups.setdefault(key, []).append(chart)
    for rank, series in enumerate(groups.values(), start=1):
        yield View(CHART, rank, {"series": series[:MOST_SOURCES], "dataset": facts["identifier"]})
    if facts["map"]:
        yield View(MAP, 1, facts["map"])
    if facts["is_unread"] or facts["others"] or any(facts["table"].values()):
        yield View(TABS, 1, {name: facts[name] for name in ("table", "others", "is_unread")})


_TOGETHER = ("chart-type", "field-x", "timescale", "sort", "maxpoints")
_ALONE = ("pie", "treemap", "scatter")


def bring_view(actor: Actor, portal: Portal | None, part: Part, dataset: Dataset, place: Place, view: View) -> None:
    """Write the draft that a view becomes, or bring it up to date; what cannot be one is told. The part is to be saved.

    Without ``portal`` a chart is compared with nothing: it computed nothing there.
    """
    kind = KINDS.get(view.what)
    if kind is None:
        part.state, part.notes = State.TOLD, [words.to_json() for words in words_of_tabs(view.facts)]
        return
    record = kind.objects.filter(pk=part.target).first() if part.target else None
    if part.target and record is None:
        part.state, part.notes = State.LEFT, []
        return
    if record is not None and (record.live or str(record.revision) != part.made):
        part.state, part.notes = State.KEPT, []
        return
    # The portal says the same, and nobody touched the draft: nothing is asked again.
    mark = digest_of(view.facts, [dataset.dataset_id])
    if record is not None and part.digest == mark:
        return
    make = _chart if view.what == CHART else _map
    try:
        description, notes = make(actor, portal, dataset, place, view)
    except Unlike as reason:
        what = Sentence("graphique") if view.what == CHART else Sentence("carte")
        values: dict[str, str | int | Sentence] = {"what": what, "reason": str(reason)}
        part.state, part.notes = State.TOLD, [Sentence("{what} à refaire : {reason}", values).to_json()]
        return
    with transaction.atomic():
        if record is None:
            record = create(actor, kind, dataset.organisation, description)
        else:
            record = update(actor, record, description, revision=record.revision)
        record.refresh_from_db()
        part.target, part.made, part.state, part.digest = str(record.pk), str(record.revision), State.MADE, mark
        part.notes = [note.to_json() for note in notes]
        part.save()


def _chart(
    actor: Actor, portal: Portal | None, dataset: Dataset, place: Place, view: View
) -> tuple[ChartDescription, list[Sentence]]:
    """The chart of one or several series, computed here, and what is said of it once asked there too; Unlike."""
    block, reader = ChartBlock(), Reader(actor)
    series, names = [], []
    for facts in view.facts["series"]:
        # A copied dataset keeps the configuration of the other, whose name it still says.
        piece = Piece(**{**facts, "dataset": view.facts["dataset"]})
        raw = block_of(piece, place)
        try:
            series.append(described(block.to_python(raw["value"]), reader))
        except ParvisError as error:
            raise Unlike(error.sentences()[0].text("fr")) from error
        names.append(piece.dataset)
    first, shape = series[0], place.shape(dataset)
    if len(series) > 1:
        sources = tuple(replace(one.sources[0], label=_label(one, shape)) for one in series)
        first = first.with_changes(sources=sources)
    try:
        answered = chart_answer(actor, first)
    except ParvisError as error:
        raise Unlike(error.sentences()[0].text("fr")) from error
    title = f"{dataset.title} : {answered.title}"[:LONGEST_TITLE]
    return replace(first, title=title), _compared(portal, actor, answered, names)


def _compared(portal: Portal | None, actor: Actor, answered: Any, names: Sequence[str]) -> list[Sentence]:
    if portal is None:
        return []
    try:
        count = differences_of(portal, names, answered.asked, actor)
    except (Cancelled, ComeBackLater):
        raise
    except ParvisError as error:
        return [Sentence("non comparé à celui de là-bas ({reason})", {"reason": error.sentences()[0]})]
    if count:
        return [Sentence("{count} valeurs diffèrent de celles de là-bas", {"count": count})]
    return [Sentence("comparé à celui de là-bas, et identique")]


def _label(chart: ChartDescription, shape: TableShape) -> str:
    source = chart.sources[0]
    column = shape.get(source.measure)
    words = source.calculated.label("fr")
    return f"{words} : {column.label}"[:LONGEST_TITLE] if column is not None else words


def _map(
    actor: Actor, portal: Portal | None, dataset: Dataset, place: Place, view: View
) -> tuple[MapDescription, list[Sentence]]:
    """The map of one layer, as it can be shown; Unlike."""
    facts, shape, notes = view.facts, place.shape(dataset), []
    colour = shape.get(facts["field"])
    value = {
        "dataset": dataset.dataset_id,
        "colour": colour.name if colour is not None and is_coloured(colour) else "",
        "popup": _popup(facts, shape),
    }
    if dataset.current is None or not dataset.current.has_geometry:
        raise Unlike(Sentence("le jeu n’a pas de lieux ici").text("fr"))
    if facts["field"] and not value["colour"]:
        notes.append(Sentence("sa couleur venait de la colonne « {name} »", {"name": facts["field"]}))
    if facts["is_written"]:
        notes.append(Sentence("ce qu’elle disait d’un lieu était écrit en HTML : laissé"))
    try:
        description = described_map(value, actor)
        layer = replace(description.layers[0], tint=nearest_tint(facts["colour"]))
        description = description.with_changes(layers=(layer,), title=dataset.title[:LONGEST_TITLE])
        map_answer(actor, description)
    except ParvisError as error:
        raise Unlike(error.sentences()[0].text("fr")) from error
    if facts["colour"]:
        notes.append(Sentence("couleur « {name} » : la plus proche des nôtres", {"name": facts["colour"]}))
    return description, notes


def _popup(facts: Mapping[str, Any], shape: TableShape) -> str:
    """The title of a place, then a line for each field, as far as there is room."""
    title = shape.get(facts["title"])
    lines = [f"{{{title.name}}}"] if title is not None and is_popup_column(title) else []
    for name in facts["columns"]:
        column = shape.get(name)
        if column is None or column is title or not is_popup_column(column):
            continue
        line = f"{column.label.replace('{', '(').replace('}', ')')} : {{{column.name}}}"
        if len("\n".join([*lines, line])) > LONGEST_POPUP:
            break
        lines.append(line)
    return "\n".join(lines)


def maker_address(part: Part) -> str:
    """Where the draft of a chart or a map is changed; empty when it was taken away, or never made."""
    kind = KINDS.get(part.identifier.rpartition(" ")[2].partition("-")[0])
    record = kind.objects.filter(pk=part.target).first() if kind is not None and part.target else None
    return reverse(f"{record.noun}s_admin:maker", args=[record.slug]) if record is not None else ""


def nearest_tint(colour: str) -> int:
    """The rank of the colour of ours that is nearest to ``#rrggbb``; the first for what is no such colour."""
    target = _channels(colour)
    if target is None:
        return 1
    distances = [
        sum((one - other) ** 2 for one, other in zip(target, _channels(own) or target, strict=True))
        for own in LIGHT.categorical
    ]
    return distances.index(min(distances)) + 1


def _channels(colour: str) -> tuple[int, int, int] | None:
    digits = colour.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    if len(digits) != 6 or not all(digit in "0123456789abcdefABCDEF" for digit in digits):
        return None
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def words_of_tabs(facts: Mapping[str, Any]) -> Iterator[Sentence]:
    """What the other tabs showed."""
    table = facts["table"]
    if table["columns"]:
        yield Sentence("son tableau montrait les colonnes {columns}", {"columns": ", ".join(table["columns"][:50])})
    if table["order"]:
        yield Sentence(
            "son tableau était trié par « {name} »", {"name": f"{table['order']} {table['direction']}".strip()}
        )
    if facts["is_unread"]:
        yield Sentence("son graphique ne se lit pas : il est à refaire")
    words = {
        "calendar": Sentence("il avait un onglet calendrier"),
        "image": Sentence("il avait un onglet d’images"),
        "custom": Sentence("il avait une vue sur mesure, écrite en HTML"),
    }
    yield from (words[name] for name in facts["others"])
