"""A page of an Opendatasoft portal as pieces: words with their headings, lists and links, pictures, and what each widget showed of which data.

The HTML is of strangers and is read in a confined child. Nothing of it is executed or kept as it is: scripts, styles, frames and forms are
dropped, words are written anew, and a widget is told by its name, its dataset, its filters and its settings.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

from parvis.core.sources.answers import decoded
from parvis.core.sources.chart_settings import charts_of
from parvis.core.sources.portal_lists import MOST_PAGE_LETTERS
from parvis.core.text import seen_text

MOST_PIECES: Final = 400
"""Of one page; what follows is left out, and said."""
_MOST_LETTERS: Final = 20_000
"""Of one piece of text: a longer one is cut in two."""
_DEEPEST: Final = 200
_LONGEST_VALUE: Final = 500
_LONGEST_PARAMETERS: Final = 5_000
_MOST_PAGE_BYTES: Final = 8_000_000


@dataclass(frozen=True, slots=True)
class Piece:
    """``text`` has ``html``; ``image`` has ``url`` and ``alt``; the others are widgets: their kind, what they ask, and their settings."""

    kind: str
    html: str = ""
    url: str = ""
    alt: str = ""
    widget: str = ""
    """What it was called there."""
    dataset: str = ""
    domain: str = ""
    """The portal that it asked, when that was another one."""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Values by field; ``q`` for words looked for, ``sort`` for an order."""
    settings: Mapping[str, str] = field(default_factory=dict)
    lost: Sequence[str] = ()
    """What of its question could not be read."""


@dataclass(frozen=True, slots=True)
class Skeleton:
    """The pieces of a page, in order."""

    pieces: Sequence[Piece]
    dropped: Sequence[str] = ()
    """What was there and has no place here, once each."""
    is_cut: bool = False


_DROPPED = frozenset({"script", "style", "template", "noscript", "form", "input", "select", "textarea", "button", "object", "embed", "svg", "canvas", "head", "nav", "video", "audio"})  # fmt: skip
_SILENT = frozenset({"style", "head", "nav", "template", "noscript"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_BLOCKS = frozenset({"p", "div", "section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "address", "blockquote", "dd", "dt", "tr", "pre", "fieldset", "center", "summary", "details"})  # fmt: skip
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i"}
_SCRIPTED = re.compile(r"\{\{(?:(?!\}\}).){0,500}\}\}", re.DOTALL)

_WIDGETS = {
    "ods-table": "table",
    "ods-record-table": "table",
    "ods-map": "map",
    "ods-map-layer": "map",
    "ods-geo-navigation": "map",
    "ods-chart-serie": "chart",
    "ods-highcharts": "chart",
    "ods-analyze": "chart",
    "ods-catalog": "datasets",
    "ods-datasets": "datasets",
    "ods-most-popular-datasets": "datasets",
    "ods-last-datasets-feed": "datasets",
    "ods-dataset-card": "datasets",
    "ods-calendar": "table",
    "ods-result-enumerator": "table",
    "ods-media-gallery": "table",
}
"""Widgets and the kind of block that shows the same here; the others are told by name."""
_HOLDERS = {"ods-map-layer": ("ods-map", "ods-map-layer-group"), "ods-result-enumerator": ("ods-dataset-context",)}
"""Widgets whose content is a model for each row, no words of the page; what ends it where they were not closed."""
_FRAMES = frozenset({"ods-chart", "ods-chart-query", "ods-map-layer-group", "ods-dataset-context", "ods-catalog-context", "ods-tabs", "ods-pane", "ods-slideshow", "ods-hideonload", "ods-map-tooltip", "ods-facet"})  # fmt: skip
"""What only holds others."""

_PAIR = re.compile(
    r"""(?P<quote>['"]?)(?P<name>[\w.@-]+)(?P=quote)\s*:\s*(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|true|false|-?[\d.]+|[^,}]+)""",
)
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")


def skeleton_of(source: str) -> Skeleton:
    """The pieces of that HTML."""
    reader = _Reader()
    reader.feed(source.replace("\0", ""))
    reader.close()
    reader.finish()
    return Skeleton(reader.pieces[:MOST_PIECES], list(reader.dropped), len(reader.pieces) > MOST_PIECES)


def read_skeleton(answer: Path) -> Skeleton:
    """The same of a page as the portal serves it, less what surrounds every one of its pages."""
    source = decoded(answer.read_bytes()[:_MOST_PAGE_BYTES])
    opening = re.search(r"<main\b[^>]{0,2000}>", source, re.IGNORECASE)
    if opening is not None:
        closing = source.rfind("</main", opening.end())
        source = source[opening.end() : closing if closing > 0 else None]
    return skeleton_of(source[:MOST_PAGE_LETTERS])


def skeleton_in(path: Path) -> Skeleton:
    """The same of HTML that was written to a file."""
    return skeleton_of(path.read_text(encoding="utf-8", errors="replace")[:MOST_PAGE_LETTERS])


@dataclass(slots=True)
class _Context:
    dataset: str = ""
    domain: str = ""
    filters: dict[str, list[str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self.dropped: dict[str, None] = {}
        self._contexts: dict[str, _Context] = {}
        self._out: list[str] = []
        """Closed paragraphs, lists and headings that are not in a piece yet."""
        self._line: list[str] = []
        self._open: list[str] = []
        """Inline elements open in the line."""
        self._links: list[bool] = []
        self._lists: list[str] = []
        self._heading = ""
        self._mute: list[str] = []
        self._query: dict[str, str] = {}
        self._maps: list[int] = []
        """The ranks of maps that wait for their layers."""
        self._has_words = False
        self._title = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = {name.removeprefix("data-"): (value or "")[:_MOST_LETTERS] for name, value in attributes}
        if self._mute:
            if tag not in _VOID and len(self._mute) < _DEEPEST:
                self._mute.append(tag)
            return
        self._learn(values)
        if tag in _DROPPED:
            if tag not in _SILENT:
                self.dropped[tag] = None
            if tag not in _VOID:
                self._mute.append(tag)
        elif tag == "iframe":
            self._framed(values.get("src", ""))
            self._mute.append(tag)
        elif tag.startswith("ods-"):
            self._widget(tag, values)
            if tag in _HOLDERS:
                self._mute.append(tag)
        elif "ods-aggregation" in values:
            self._figure(values)
            self._begin(tag, values)
        else:
            for name in values:
                if name in _WIDGETS:  # a widget may be an attribute
                    self._widget(name, values)
            self._begin(tag, values)

    def _begin(self, tag: str, values: Mapping[str, str]) -> None:
        if tag == "img":
            self._image(values)
        elif tag == "br":
            self._line.append("<br/>")
        elif tag == "hr":
            self._paragraph()
        elif tag in _HEADINGS:
            self._paragraph()
            self._heading = _HEADINGS[tag]
        elif tag in ("ul", "ol"):
            self._paragraph()
            if not self._lists:
                self._out.append(f"<{tag}>")
            self._lists.append(tag)
        elif tag in ("td", "th"):
            if self._has_words:
                self._line.append(" — ")
        elif tag == "li" or tag in _BLOCKS:
            self._paragraph()
        elif tag in _INLINE:
            self._line.append(f"<{_INLINE[tag]}>")
            self._open.append(_INLINE[tag])
        elif tag == "a":
            address = _link(values.get("href", ""))
            self._links.append(bool(address))
            if address:
                self._line.append(f'<a href="{html.escape(address)}">')
                self._open.append("a")

    def handle_endtag(self, tag: str) -> None:
        if self._mute:
            if tag in self._mute:
                while self._mute and self._mute.pop() != tag:
                    pass
                return
            if tag not in _HOLDERS.get(self._mute[0], ()):
                return
            self._mute.clear()
        if tag in _HEADINGS or tag == "li" or tag in _BLOCKS:
            self._paragraph()
            self._heading = "" if tag in _HEADINGS else self._heading
        elif tag in ("ul", "ol") and self._lists:
            self._paragraph()
            outer = self._lists[0]
            self._lists.pop()
            if not self._lists:
                self._out.append(f"</{outer}>")
        elif tag in _INLINE:
            self._close(_INLINE[tag])
        elif tag == "a" and self._links and self._links.pop():
            self._close("a")
        elif tag == "ods-map" and self._maps:
            rank = self._maps.pop()
            if any(piece.widget == "ods-map-layer" for piece in self.pieces[rank + 1 :]):
                del self.pieces[rank]  # its layers say it better

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._mute:
            return
        words = _SCRIPTED.sub("", data)
        if words != data:
            self.dropped["{{ }}"] = None
        before, after = (" " if words[part:][:1].isspace() else "" for part in (0, -1))
        words = " ".join(seen_text(words).split())
        words = f"{before}{words}{after}" if words else before
        if words.strip() or self._has_words:
            self._has_words = True
            self._line.append(html.escape(words, quote=False))

    def finish(self) -> None:
        """What is still open ends with the page."""
        self._paragraph()
        if self._lists:
            self._out.append(f"</{self._lists[0]}>")
            self._lists.clear()
        self._words()

    def _close(self, name: str) -> None:
        """End an inline element; those that were begun inside it end with it."""
        if name not in self._open:
            return
        while self._open:
            inner = self._open.pop()
            self._line.append(f"</{inner}>")
            if inner == name:
                return

    def _paragraph(self) -> None:
        while self._open:
            self._line.append(f"</{self._open.pop()}>")
        self._links.clear()
        text = re.sub(r"^(?:<br/>|\s)+|(?:<br/>|\s|—)+$", "", "".join(self._line)) if self._has_words else ""
        self._line.clear()
        self._has_words = False
        if not text:
            return
        if self._lists:
            self._out.append(f"<li>{text}</li>")
        elif self._heading:
            self._title = re.sub(r"<[^>]+>", "", text)
            self._out.append(f"<{self._heading}>{_without(text)}</{self._heading}>")
        else:
            self._out.append(f"<p>{text}</p>")
        if not self._lists and sum(map(len, self._out)) > _MOST_LETTERS:
            self._words()

    def _words(self) -> None:
        if self._lists:  # a widget inside a list: the list is cut in two
            self._out.append(f"</{self._lists[0]}>")
        text = re.sub(r"<(ul|ol)></\1>", "", "".join(self._out))
        self._out.clear()
        if text:
            self.pieces.append(Piece("text", html=text))
        if self._lists:
            self._out.append(f"<{self._lists[0]}>")

    def _add(self, piece: Piece) -> None:
        self._paragraph()
        self._words()
        self.pieces.append(piece)

    def _image(self, values: Mapping[str, str]) -> None:
        address = values.get("src") or values.get("ng-src", "")
        if address and "{{" not in address and not address.startswith("data:"):
            self._add(Piece("image", url=address[:1000], alt=" ".join(values.get("alt", "").split())[:240]))

    def _learn(self, values: Mapping[str, str]) -> None:
        """Contexts: which data a name stands for."""
        for name in re.split(r"[\s,]+", values.get("context", "")):
            name = name.lower()
            if name and f"{name}-dataset" in values:
                context = _Context(values[f"{name}-dataset"], values.get(f"{name}-domain", ""))
                context.filters, context.lost = parameters_of(values.get(f"{name}-parameters", ""))
                self._contexts[name] = context

    def _context(self, name: str) -> _Context:
        if not name and len(self._contexts) == 1:
            return next(iter(self._contexts.values()))
        return self._contexts.get(name.lower(), _Context())

    def _widget(self, tag: str, values: dict[str, str]) -> None:
        kind = _WIDGETS.get(tag, "note")
        name = values.get("context", "").split(",")[0].strip()
        if tag == "ods-chart-query":
            self._query = {**values}
        if tag in _FRAMES:
            return
        if tag == "ods-chart-serie":
            values = {**self._query, **values}
            name = values.get("context", name)
        context = self._context(name)
        shown = {
            key: value[:_LONGEST_VALUE]
            for key, value in values.items()
            if key in _SETTINGS and "{{" not in value and value
        }
        if self._title:
            shown["title"] = self._title[:160]
        if kind == "map" and tag == "ods-map":
            self._paragraph()
            self._words()
            self._maps.append(len(self.pieces))
        dynamic = [key for key, value in values.items() if key in _SETTINGS and "{{" in value]
        self._add(
            Piece(
                kind if context.dataset or kind == "datasets" else "note",
                widget=tag[:60],
                dataset=context.dataset[:_LONGEST_VALUE],
                domain=context.domain[:_LONGEST_VALUE],
                filters=context.filters,
                settings=shown,
                lost=[*context.lost, *dynamic],
            )
        )

    def _figure(self, values: Mapping[str, str]) -> None:
        context = self._context(values.get("ods-aggregation-context", ""))
        expression, function = (values.get(f"ods-aggregation-{name}", "") for name in ("expression", "function"))
        shown = {"function-y": function or "COUNT", "expression-y": expression}
        kind = "figure" if context.dataset and "," not in values["ods-aggregation"] else "note"
        if self._title:
            shown["title"] = self._title[:160]
        self._add(Piece(kind, widget="ods-aggregation", dataset=context.dataset[:_LONGEST_VALUE], domain=context.domain[:_LONGEST_VALUE], filters=context.filters, settings=shown, lost=context.lost))  # fmt: skip

    def _framed(self, address: str) -> None:
        """A frame: a view of a dataset when its address says so."""
        pieces = embedded(address)
        for piece in pieces:
            self._add(piece)
        if not pieces:
            self.dropped["iframe"] = None
            if address.startswith(("http", "/")):
                self._add(Piece("note", widget="iframe", url=address[:1000]))


_SETTINGS = frozenset({
    "chart-type", "expression-y", "function-y", "field-x", "timescale", "maxpoints", "sort", "stacked", "series-breakdown", "label-y",
    "displayed-fields", "color-by-field", "display", "expression", "function", "title", "color", "max",
})  # fmt: skip


def _without(text: str) -> str:
    """A heading bears no other emphasis."""
    return re.sub(r"</?[bi]>|<br/>", "", text)


def _link(address: str) -> str:
    """A link that may be followed; empty for a script, for what is computed, for a place in the page."""
    address = "".join(address.split())[:2000]
    if not address or "{{" in address or address.startswith("#"):
        return ""
    try:
        scheme = urlsplit(address).scheme
    except ValueError:
        return ""
    return address if scheme in ("", "http", "https", "mailto", "tel") else ""


def parameters_of(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """What the parameters of a context ask, and those that are not written down but computed; ``disjunctive`` asks nothing."""
    filters: dict[str, list[str]] = {}
    lost: list[str] = []
    for match in _PAIR.finditer(text[:_LONGEST_PARAMETERS].strip().removeprefix("{")):
        name, value = match["name"], match["value"].strip()
        if name.startswith("disjunctive.") or name in ("rows", "start", "timezone", "lang", "facet"):
            continue
        is_written = re.fullmatch(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|true|false|-?[\d.]+""", value)
        texts = [_unescaped(first or second) for first, second in _QUOTED.findall(value)] or [value]
        rest = _QUOTED.sub("", value).strip(" []")
        if is_written is None or (value.startswith("[") and rest.strip(", ")):
            lost.append(name[:100])
        elif name.startswith("refine.") or name in ("q", "sort"):
            filters.setdefault(name.removeprefix("refine."), []).extend(part[:_LONGEST_VALUE] for part in texts[:50])
        else:
            lost.append(name[:100])
    if text.strip(" {}") and not filters and not lost and "disjunctive" not in text and "rows" not in text:
        lost.append("parameters")
    return filters, lost


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


_EMBEDDED = re.compile(r"/explore/(?:embed/)?dataset/([^/?#]+)/?(\w*)")


def embedded(address: str) -> list[Piece]:
    """What a frame of a portal shows, told by its address: a table, a map, the charts that it carries; nothing for any other."""
    try:
        parts = urlsplit(address)
        pairs = parse_qsl(parts.query, max_num_fields=200)
    except ValueError:
        return []
    match = _EMBEDDED.search(parts.path)
    charts = [value for name, value in pairs if name in ("dataChart", "config")]
    domain = parts.netloc
    if charts:
        return [Piece(**{**chart, "domain": domain}) for chart in charts_of(charts[0])] or [
            Piece("note", widget="iframe", url=address[:1000])
        ]
    if match is None:
        return []
    filters: dict[str, list[str]] = {}
    for name, value in pairs:
        if name.startswith("refine.") or name in ("q", "sort"):
            filters.setdefault(name.removeprefix("refine."), []).append(value[:_LONGEST_VALUE])
    kind = {"map": "map", "analyze": "chart"}.get(match[2], "table")
    return [Piece(kind, widget="iframe", dataset=unquote(match[1]), domain=domain, filters=filters)]
