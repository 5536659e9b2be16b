"""A page as a sheet: each kind of block in words, figures, tables and pictures, under the filters of the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from parvis.core.atlas.canvas import SHAPES
from parvis.core.charts.errors import DrawingFailed
from parvis.hub.pages.block_values import Reader, Shown
from parvis.hub.pages.blocks.body import FOLDING, SIMPLE
from parvis.hub.pages.blocks.markup import cleaned
from parvis.hub.pages.figures import Figure
from parvis.hub.pages.module_blocks import module_blocks
from parvis.hub.pages.paper.printer import Sheet
from parvis.hub.pages.paper.rich_text import nodes_of
from parvis.hub.ui.formatting import day, number

type Node = dict[str, Any]

MOST_ROWS = 60
"""Rows of a table on paper."""
MOST_COLUMNS = 6
LONGEST_CELL = 120


class SheetMaker:
    """Gathers the nodes and the pictures of a page; ``shown`` gives what its data blocks show, by their id."""

    def __init__(self, shown: dict[str, Shown], base: str) -> None:
        self.shown = shown
        self.base = base
        self.pictures: dict[str, bytes] = {}
        self._data_makers = _DATA | {row.block.kind: _data(row.paper) for row in module_blocks()}

    def nodes(self, stream: Iterable[Any]) -> Iterator[Node]:
        """The nodes of each block, one after another."""
        for child in stream:
            makers = self._data_makers if child.id in self.shown else _WORDS
            make = makers.get(child.block_type)  # none for a data block that was left empty
            if make is not None:
                yield from make(self, child)

    def rich(self, value: Any) -> list[Node]:
        """The nodes of rich text."""
        return nodes_of(expand_db_html(getattr(value, "source", value) or ""), self.base)

    def picture(self, drawn: bytes, ending: str, alt: str) -> Node:
        """A picture of the sheet."""
        name = f"{len(self.pictures) + 1}.{ending}"
        self.pictures[name] = drawn
        return {"kind": "picture", "file": name, "alt": alt or _("Illustration")}

    def key(self, mark: int, colour: str) -> str:
        """The file of a mark of a legend."""
        path = SHAPES[mark]
        drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1.6 -1.6 3.2 3.2"><path d="{path}" fill="{colour}" stroke="#857e6f" stroke-width="0.12"/></svg>'
        return str(self.picture(drawn.encode(), "svg", "")["file"])


def sheet_of(page: Any, shown: dict[str, Shown], reader: Reader, site: str, accent: str) -> Sheet:
    """The sheet of a page whose data blocks show ``shown``; its sources are cited at the end."""
    base = settings.PARVIS["PARVIS_BASE_URL"]
    maker = SheetMaker(shown, base)
    nodes = [*maker.nodes(page.body), *_sources(shown.values(), base)]
    chosen = [f"{one.label} : {one.value}" for one in reader.filters.chosen]
    address = f"{base}{reader.page_address}" + (f"?{reader.filters.query}" if reader.filters else "")
    printed = _("Imprimé le %s.") % day(timezone.localdate())
    about = [_("Filtres : %s") % ", ".join(chosen)] if chosen else []
    theme = page.get_theme_display() if page.theme else ""
    return Sheet(
        page.title,
        page.introduction,
        theme,
        site,
        f"{site} · {address}",
        accent,
        reader.language[:2],
        (*about, f"{printed} {address}"),
        list(_levelled(nodes)),
        maker.pictures,
    )


def _levelled(nodes: Iterable[Node]) -> Iterator[Node]:
    """Headings that never skip a level, as tagged documents want."""
    last = 1

    def levelled(node: Node) -> Node:
        nonlocal last
        if "nodes" in node:
            return {**node, "nodes": [levelled(inner) for inner in node["nodes"]]}
        if node["kind"] != "heading":
            return node
        last = min(node["level"], last + 1)
        return {**node, "level": last}

    return map(levelled, nodes)


def _heading(text: str, level: int = 2) -> list[Node]:
    return [{"kind": "heading", "level": level, "text": text}] if text else []


def _paragraph(text: str) -> list[Node]:
    return [{"kind": "paragraph", "runs": [{"text": text}]}] if text else []


def _small(text: str) -> list[Node]:
    return [{"kind": "small", "text": text}] if text else []


# Words


def _text(maker: SheetMaker, child: Any) -> list[Node]:
    return maker.rich(child.value)


def _callout(maker: SheetMaker, child: Any) -> list[Node]:
    value = child.value
    return [{"kind": "note", "title": value.get("title") or "", "nodes": maker.rich(value["text"])}]


def _quote(maker: SheetMaker, child: Any) -> list[Node]:
    value = child.value
    by = ", ".join(filter(None, (value.get("author"), value.get("role"))))
    return [{"kind": "quote", "text": value["text"], "by": by}]


def _timeline(maker: SheetMaker, child: Any) -> list[Node]:
    nodes = _heading(child.value.get("title") or "")
    for event in child.value["events"]:
        runs = [{"text": f"{event['date']} : ", "bold": True}, {"text": event["title"]}]
        nodes += [{"kind": "paragraph", "runs": runs}, *maker.rich(event.get("text") or "")]
    return nodes


def _faq(maker: SheetMaker, child: Any) -> list[Node]:
    nodes = _heading(child.value.get("title") or "")
    for entry in child.value["questions"]:
        nodes += [*_heading(entry["question"], 3), *maker.rich(entry["answer"])]
    return nodes


def _image(maker: SheetMaker, child: Any) -> list[Node]:
    value = child.value
    image = value.get("image")
    if image is None:
        return []
    try:
        rendition = image.get_rendition("width-1200|format-png")
        with rendition.file.open("rb") as stream:
            drawn = stream.read()
    except OSError:  # the file is gone; the words stay
        return _paragraph(value["alt"])
    caption = " ".join(filter(None, (value.get("caption"), value.get("credit") and f"© {value['credit']}")))
    return [maker.picture(drawn, "png", value["alt"]), *_small(caption)]


def _video(maker: SheetMaker, child: Any) -> list[Node]:
    value = child.value
    run = {"text": _("Vidéo : %s") % value["title"], "href": value["address"]}
    return [{"kind": "paragraph", "runs": [run]}, *_paragraph(value.get("text") or "")]


def _html(maker: SheetMaker, child: Any) -> list[Node]:
    return nodes_of(cleaned(child.value or ""), maker.base)


def _folding(maker: SheetMaker, child: Any) -> list[Node]:
    nodes = _heading(child.value.get("title") or "")
    for section in child.value["sections"]:
        nodes += _heading(section["title"], 3)
        nodes += [_lowered(node) for node in maker.nodes(section["body"])]
    return nodes


def _lowered(node: Node) -> Node:
    """A node of a section: what it heads is two levels below."""
    if "nodes" in node:
        return {**node, "nodes": [_lowered(inner) for inner in node["nodes"]]}
    return {**node, "level": min(node["level"] + 2, 5)} if node["kind"] == "heading" else node


_WORDS: dict[str, Callable[[SheetMaker, Any], list[Node]]] = {
    "text": _text,
    "callout": _callout,
    "quote": _quote,
    "timeline": _timeline,
    "faq": _faq,
    "image": _image,
    "video": _video,
    "html": _html,
    "tabs": _folding,
    "accordion": _folding,
}


# Data


def _data(inner: Callable[[SheetMaker, Any, Shown], list[Node]]) -> Callable[[SheetMaker, Any], list[Node]]:
    def made(maker: SheetMaker, child: Any) -> list[Node]:
        shown = maker.shown[child.id]
        if shown.error is not None:
            return _small(_("Ces données ne sont pas disponibles pour le moment."))
        return [*inner(maker, child, shown), *_small(" · ".join(shown.notes))]

    return made


def figure_nodes(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    """The ``figures`` among its facts, under its title."""
    items = [{"value": one.text, "label": one.label, "note": _around(one)} for one in shown.facts["figures"]]
    return [*_heading(shown.title), {"kind": "figures", "items": items}]


def _around(figure: Figure) -> str:
    """What goes with a figure wherever it stands: its note, its age, what is amiss with its source."""
    return " · ".join(filter(None, (figure.detail, figure.warning)))


def _gauge(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    facts, figure = shown.facts, shown.facts["figure"]
    aim = _("objectif : %s") % facts["target_text"] if facts["target_text"] else ""
    note = " · ".join(filter(None, (aim, facts["verdict"], _around(figure))))
    item = {"value": figure.text, "label": figure.label or str(child.block.label), "note": note}
    return [{"kind": "figures", "items": [item]}]


def chart_nodes(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    """Its picture with its sentence; its table where it cannot be drawn."""
    nodes = [*_heading(shown.title), *_paragraph(shown.sentence)]
    try:
        drawn = child.block.on_paper(shown)
    except DrawingFailed:
        return [*nodes, *table_nodes(maker, child, shown)]
    picture = maker.picture(drawn, "svg", shown.sentence or shown.title)
    return [{"kind": "kept", "nodes": [*nodes, picture, *_legends(maker, shown)]}]


def _legends(maker: SheetMaker, shown: Shown) -> Iterator[Node]:
    """What the colours and shapes of a map mean; a chart says it itself."""
    frame = shown.facts.get("frame")
    for block in getattr(frame, "legends", ()):
        items = [{"file": maker.key(mark, light), "text": text} for text, light, _dark, mark in block.steps]
        if items:
            yield {"kind": "legend", "title": "" if block.is_one else block.title or block.label, "items": items}


def table_nodes(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    """Its cells as a table, under its title; how many rows are left out."""
    cells = shown.cells
    if cells is None or not cells.rows:
        return _heading(shown.title)
    heads = [str(head) for head in cells.heads[:MOST_COLUMNS]]
    rows = [[_written(value) for value in row[:MOST_COLUMNS]] for row in cells.rows[:MOST_ROWS]]
    numbers = [_is_number(cells.rows, rank) for rank in range(len(heads))]
    left = len(cells.rows) - len(rows)
    nodes = [*_heading(shown.title), {"kind": "table", "heads": heads, "numbers": numbers, "rows": rows}]
    return [*nodes, *_small(_("%s autres lignes sur la page.") % number(left) if left > 0 else "")]


def _comparison(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    heading, *rest = table_nodes(maker, child, shown)
    return [heading, *_paragraph(shown.sentence), *rest]


def _datasets(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    items = [
        [
            {"text": dataset.title, "href": maker.base + dataset.get_absolute_url()},
            {"text": f", {dataset.organisation.name}"},
        ]
        for dataset in shown.facts["datasets"]
    ]
    return [*_heading(shown.title), *([{"kind": "list", "ordered": False, "items": items}] if items else [])]


def _records(maker: SheetMaker, child: Any, shown: Shown) -> list[Node]:
    collection = shown.facts["collection"]
    items = [
        [
            {"text": record.title, "href": maker.base + record.get_absolute_url()},
            {"text": "".join(f", {line}" for line in collection.lines(record)[:2])},
        ]
        for record in shown.facts["records"]
    ]
    return [*_heading(shown.title), *([{"kind": "list", "ordered": False, "items": items}] if items else [])]


_DATA: dict[str, Callable[[SheetMaker, Any], list[Node]]] = {
    "figure": _data(figure_nodes),
    "figures": _data(figure_nodes),
    "gauge": _data(_gauge),
    "chart": _data(chart_nodes),
    "map": _data(chart_nodes),
    "table": _data(table_nodes),
    "comparison": _data(_comparison),
    "datasets": _data(_datasets),
    "records": _data(_records),
}


def require_every_kind(kinds: Iterable[str]) -> None:
    """ImproperlyConfigured when a kind of block has no row above: pages would be printed without it, and nobody told."""
    forgotten = sorted(set(kinds) - {*_WORDS, *_DATA})
    if forgotten:
        raise ImproperlyConfigured(f"Blocks that are not set on paper: {', '.join(forgotten)}")


require_every_kind(name for name, _kind in (*SIMPLE, *FOLDING))


def _written(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return "" if value is None else str(value)[:LONGEST_CELL]


def _is_number(rows: Any, rank: int) -> bool:
    cells = [row[rank] for row in rows if rank < len(row) and row[rank] is not None]
    return bool(cells) and all(isinstance(value, int | float) and not isinstance(value, bool) for value in cells)


def _sources(shown: Iterable[Shown], base: str) -> list[Node]:
    credits = {credit.address: credit for one in shown if one.error is None for credit in one.credits}
    if not credits:
        return []
    items = [
        [
            {"text": credit.title, "href": base + credit.address},
            {"text": f", {credit.publisher}, {credit.day}" + (f", {credit.licence}" if credit.licence else "")},
        ]
        for credit in credits.values()
    ]
    return [*_heading(_("Sources")), {"kind": "list", "ordered": False, "items": items}]
