"""A page's data blocks made into HTML: planned, answered side by side, shown; a block that fails harms no other."""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from parvis.core.errors import ParvisError
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.caches import byte_cache
from parvis.hub.catalogue.selectors import catalogue_revision, stamps_of
from parvis.hub.drawings.frames import Credit
from parvis.hub.pages.block_queries import answers, key_of
from parvis.hub.pages.block_values import Plan, Reader, Shown
from parvis.hub.pages.blocks.body import data_blocks
from parvis.hub.pages.blocks.data import DataBlock
from parvis.hub.pages.messages import error_message
from parvis.hub.quotas.rules import Refusal
from parvis.hub.sites.lens import current_lens
from parvis.hub.ui.templatetags.parvis_ui import canonical


@dataclass(frozen=True, slots=True)
class RenderedBlocks:
    """The blocks of a page as HTML, by their id, and the sources of them all."""

    html: dict[str, SafeString] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()
    is_whole: bool = True
    """Whether every block shows what it should: none only says why it cannot."""


@dataclass(slots=True)
class Piece:
    """A data block on its way."""

    child: Any
    plan: Plan | None = None
    error: ParvisError | None = None


type Block = tuple[SafeString, tuple[Credit, ...]]


def rendered_blocks(stream: Iterable[Any], reader: Reader, written: Hashable | None = None) -> RenderedBlocks:
    """Every data block of a body for a reader, as HTML.

    ``written`` names the body as it was published: with it, what anybody may see is kept until something it rests on
    changes (``_seen_as``). None for drafts, computed each time.
    """
    seen = _seen_as(reader) if written is not None and reader.actor == ANONYMOUS and not reader.is_editor else None
    children = list(data_blocks(stream))
    keys = {} if seen is None else _keys(children, reader, written, seen)  # read before anything is computed
    blocks = {name: block for name, key in keys.items() if key[-1] is not None and (block := _kept(key))}
    is_whole = True
    for child, shown in shown_blocks((child for child in children if child.id not in blocks), reader):
        blocks[child.id] = (html_of(child, shown, reader), shown.credits)
        is_whole = is_whole and shown.error is None
        key = keys.get(child.id)
        if key is not None and key[-1] is not None and shown.error is None:
            _keep(key, blocks[child.id])
    credits = {credit.address: credit for child in children for credit in blocks[child.id][1]}
    html = {name: html for name, (html, _credits) in blocks.items()}
    return RenderedBlocks(html, tuple(credits.values()), is_whole)


def mark_of(stream: Iterable[Any], reader: Reader, written: Hashable) -> str | None:
    """What is another once a data block of a body may show something else to anybody; None when one of them cannot tell."""
    keys = _keys(list(data_blocks(stream)), reader, written, _seen_as(reader))
    return None if any(key[-1] is None for key in keys.values()) else repr((written, list(keys.values())))


def _keys(
    children: Sequence[Any], reader: Reader, written: Hashable, seen: Hashable
) -> dict[str, tuple[Hashable, ...]]:
    """By block, under what it is kept: the last part is None for one that may change without a word."""
    marks = _catalogue_marks(children)
    return {
        child.id: (written, seen, child.id, marks[child.id], _stamp(child, reader))
        for child in children
        if child.id in marks
    }


def scripts_of(stream: Iterable[Any]) -> dict[str, bool]:
    """Which scripts a body needs: those of charts and of maps are heavy."""
    kinds = {child.block.kind for child in data_blocks(stream)}
    return {"has_chart": "chart" in kinds, "has_map": "map" in kinds}


def _seen_as(reader: Reader) -> Hashable:
    """What the HTML of a block rests on besides its page and what it shows: the day, the site, the language, the filters."""
    lens = current_lens()
    return (
        timezone.localdate(),
        lens.key if lens else "",
        reader.language,
        reader.filters,
        reader.page_address,
        reader.request.COOKIES.get("apparence", "") if reader.request is not None else "",
        get_script_prefix(),
    )


def _catalogue_marks(children: Sequence[Any]) -> dict[str, Hashable]:
    """By block, the stamps of the datasets that it cites; the mark of the whole catalogue where it may show others."""
    cited = {child.id: child.block.cited_datasets(child.value) for child in children}
    stamps = stamps_of(name for names in cited.values() for name in names or ())
    whole = catalogue_revision() if None in cited.values() else None
    return {
        block: whole if names is None else tuple((name, stamps.get(name)) for name in sorted(set(names)))
        for block, names in cited.items()
    }


def _stamp(child: Any, reader: Reader) -> str | None:
    try:
        return child.block.stamp(child.value, reader)
    except ParvisError:
        return None


_LIGHTLY = 1
"""How much kept HTML is packed: most of it repeats itself, and is a tenth of its letters at the least effort."""


def _kept(key: Hashable) -> Block | None:
    if (entry := byte_cache("blocks").get(key)) is None:
        return None
    packed, credits = entry
    return SafeString(zlib.decompress(packed).decode()), credits


def _keep(key: Hashable, block: Block) -> None:
    """Pages made ready are many and each web process has its own: they are kept packed, and unpacked in less than a millisecond."""
    html, credits = block
    packed = zlib.compress(html.encode(), _LIGHTLY)
    byte_cache("blocks").put(key, (packed, credits), len(packed))


def shown_blocks(children: Iterable[Any], reader: Reader) -> list[tuple[Any, Shown]]:
    """What each block shows: its errors are in what it shows, none is raised."""
    pieces = [_planned(child, reader) for child in children]
    questions = [question for piece in pieces if piece.plan for question in piece.plan.questions]
    try:
        outcomes = answers(reader, questions)
    except ParvisError as error:  # the reader's budget is spent: every block says so
        return [(piece.child, Shown(error=error)) for piece in pieces]
    return [(piece.child, _shown(piece, outcomes, reader)) for piece in pieces]


def _planned(child: Any, reader: Reader) -> Piece:
    try:
        return Piece(child, child.block.plan(child.value, reader))
    except ParvisError as error:
        return Piece(child, error=error)


def _shown(piece: Piece, outcomes: Any, reader: Reader) -> Shown:
    if piece.plan is None:
        return Shown(error=piece.error)
    own = [outcomes[key_of(question)] for question in piece.plan.questions]
    wrong = next((one for one in own if isinstance(one, ParvisError)), None)
    if wrong is not None:
        return Shown(error=wrong)
    try:
        named = replace(reader, name=f"bloc-{piece.child.id}")
        return piece.child.block.shown(piece.child.value, piece.plan, own, named)
    except ParvisError as error:
        return Shown(error=error, notes=piece.plan.notes)


def html_of(child: Any, shown: Shown, reader: Reader) -> SafeString:
    """One block as HTML, in its frame."""
    base = f"{reader.page_address}blocs/{child.id}" if reader.page_address else ""
    query = f"?{reader.filters.query}" if reader.filters else ""
    facts = {
        "block": child.block,
        "kind": child.block.kind,
        "template": f"parvis/pages/blocks/{child.block.kind}.html",
        "id": f"bloc-{child.id}",
        "value": child.value,
        "shown": shown,
        "reader": reader,
        "request": reader.request,
        "problem": _problem(shown, reader),
        "base": base,
        "query": query,
        "embed": canonical(f"{base}/{query}") if base else "",
        **shown.facts,
    }
    if frame := shown.facts.get("frame"):
        facts["frame"] = replace(frame, id=f"dessin-{child.id}", embed=facts["embed"] or frame.embed)
    return render_to_string("parvis/pages/data_block.html", facts)


def lone_html(block: Any, value: Any, request: HttpRequest | None) -> SafeString:
    """A block without a page, as a preview shows it."""
    child = SimpleNamespace(block=block, value=value, id="exemple")
    actor = actor_of(getattr(request, "user", None))
    reader = Reader(actor, get_language() or "fr", request=request, is_alone=True)
    ((_child, shown),) = shown_blocks([child], reader)
    return html_of(child, shown, reader)


DataBlock.shown_alone = staticmethod(lone_html)


def _problem(shown: Shown, reader: Reader) -> str:
    """The reason, for editors, and for readers when it is about what they chose; empty when readers are only told so."""
    if shown.error is None:
        return ""
    is_about_reader = isinstance(shown.error, Refusal) or shown.error.code in ("chart-empty", "map-empty")
    return error_message(shown.error) if reader.is_editor or is_about_reader else ""
