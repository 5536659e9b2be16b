"""The body of a page: every kind of block it may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from parvis.hub.pages.blocks.charts import ChartBlock
from parvis.hub.pages.blocks.comparisons import ComparisonBlock
from parvis.hub.pages.blocks.data import DataBlock
from parvis.hub.pages.blocks.figures import FigureBlock, FiguresBlock
from parvis.hub.pages.blocks.filters import FiltersBlock
from parvis.hub.pages.blocks.gauges import GaugeBlock
from parvis.hub.pages.blocks.lists import DatasetsBlock
from parvis.hub.pages.blocks.maps import MapBlock
from parvis.hub.pages.blocks.markup import HtmlBlock
from parvis.hub.pages.blocks.pictures import ImageBlock, VideoBlock
from parvis.hub.pages.blocks.records import RecordsBlock
from parvis.hub.pages.blocks.sections import AccordionBlock, FoldingBlock, TabsBlock
from parvis.hub.pages.blocks.tables import TableBlock
from parvis.hub.pages.blocks.texts import CalloutBlock, FaqBlock, QuoteBlock, TextBlock, TimelineBlock
from parvis.hub.pages.module_blocks import module_blocks

SIMPLE: tuple[tuple[str, type[blocks.Block]], ...] = (
    ("text", TextBlock),
    ("image", ImageBlock),
    ("callout", CalloutBlock),
    ("quote", QuoteBlock),
    ("timeline", TimelineBlock),
    ("faq", FaqBlock),
    ("video", VideoBlock),
    ("figure", FigureBlock),
    ("figures", FiguresBlock),
    ("gauge", GaugeBlock),
    ("chart", ChartBlock),
    ("map", MapBlock),
    ("comparison", ComparisonBlock),
    ("table", TableBlock),
    ("datasets", DatasetsBlock),
    ("records", RecordsBlock),
    ("html", HtmlBlock),
)
"""Blocks that may also be in tabs and accordions: name in the raw form of a body, and kind; a row adds a block."""

FOLDING: tuple[tuple[str, type[FoldingBlock]], ...] = (("tabs", TabsBlock), ("accordion", AccordionBlock))


def simple_blocks() -> dict[str, type[blocks.Block]]:
    """Those of the house, then those of modules; ImproperlyConfigured for a name that is taken."""
    kinds = dict(SIMPLE)
    for row in module_blocks():
        if row.block.kind in {*kinds, *dict(FOLDING), "filters"}:
            raise ImproperlyConfigured(f"Two kinds of blocks are called {row.block.kind}")
        kinds[row.block.kind] = row.block
    return kinds


class SectionBlock(blocks.StructBlock):
    """A section of tabs or of an accordion."""

    title = blocks.CharBlock(label=_("Titre"), max_length=120)

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        body = blocks.StreamBlock([(name, kind()) for name, kind in simple_blocks().items()], label=_("Contenu"))
        super().__init__([*(local_blocks or ()), ("body", body)], **kwargs)


class BodyBlock(blocks.StreamBlock):
    """Blocks one after another."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        section = SectionBlock(label=_("Section"))
        own = [(name, kind()) for name, kind in simple_blocks().items()]
        folding = [(name, kind(section)) for name, kind in FOLDING]
        super().__init__([*(local_blocks or ()), ("filters", FiltersBlock()), *own, *folding], **kwargs)

    class Meta:
        block_counts = {"filters": {"max_num": 1}}


def data_blocks(stream: Iterable[Any]) -> Iterator[Any]:
    """The stream children that show data, those inside tabs and accordions included; each has an ``id``."""
    for child in stream:
        if isinstance(child.block, DataBlock):
            child.id = child.id or str(uuid4())
            yield child
        inner = getattr(child.block, "inner", None)
        if inner is not None:
            for section in inner(child.value):
                yield from data_blocks(section)
