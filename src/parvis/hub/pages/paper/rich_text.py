"""Rich text as nodes of a sheet: paragraphs, headings, lists, with bold, italic and links."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "hr", "div", "blockquote", "table", "tr", "dt", "dd", "summary"}
LIVE = ("http://", "https://", "mailto:")


class _Reader(HTMLParser):
    """Follows the elements that rich text has; the others give their words."""

    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.nodes: list[dict[str, Any]] = []
        self.runs: list[dict[str, Any]] = []
        self.bold = self.italic = 0
        self.href = ""
        self.level = 0
        self.list: dict[str, Any] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.end()
        if tag in ("b", "strong"):
            self.bold += 1
        elif tag in ("i", "em"):
            self.italic += 1
        elif tag == "a":
            self.href = self.address(dict(attrs).get("href") or "")
        elif tag in ("h2", "h3", "h4"):
            self.level = int(tag[1])
        elif tag in ("ul", "ol") and self.list is None:
            self.list = {"kind": "list", "ordered": tag == "ol", "items": []}
        elif tag == "br":
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.end()
        if tag in ("b", "strong"):
            self.bold = max(0, self.bold - 1)
        elif tag in ("i", "em"):
            self.italic = max(0, self.italic - 1)
        elif tag == "a":
            self.href = ""
        elif tag in ("h2", "h3", "h4"):
            self.level = 0
        elif tag in ("ul", "ol") and self.list is not None:
            if self.list["items"]:
                self.nodes.append(self.list)
            self.list = None

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split(" ")).replace("\n", " ")
        if text:
            self.runs.append({"text": text, "bold": self.bold > 0, "italic": self.italic > 0, "href": self.href})

    def address(self, href: str) -> str:
        if href.startswith("/"):
            return self.base + href
        return href if href.startswith(LIVE) else ""

    def end(self) -> None:
        runs, self.runs = self.runs, []
        if not "".join(run["text"] for run in runs).strip():
            return
        if self.level:
            text = "".join(run["text"] for run in runs).strip()
            self.nodes.append({"kind": "heading", "level": self.level, "text": text})
        elif self.list is not None:
            self.list["items"].append(runs)
        else:
            self.nodes.append({"kind": "paragraph", "runs": runs})


def nodes_of(html: str, base: str) -> list[dict[str, Any]]:
    """The nodes of some HTML; addresses of this site are made whole with ``base``."""
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    reader.end()
    return reader.nodes
