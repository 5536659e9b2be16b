"""The body of a page: every kind of block it may hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from wagtail import blocks
from wagtail.fields import StreamField

from parvis.hub.pages.blocks.charts import ChartBlock
from parvis.hub.pages.blocks.data import DataBlock
from parvis.hub.pages.blocks.figures import FigureBlock, FiguresBlock
from parvis.hub.pages.blocks.tables import TableBlock
from parvis.hub.pages.blocks.texts import CalloutBlock, FaqBlock, QuoteBlock, TextBlock, TimelineBlock

BLOCKS: tuple[tuple[str, type[blocks.Block]], ...] = (
    ("text", TextBlock),
    ("callout", CalloutBlock),
    ("quote", QuoteBlock),
    ("timeline", TimelineBlock),
    ("faq", FaqBlock),
    ("figure", FigureBlock),
    ("figures", FiguresBlock),
    ("chart", ChartBlock),
    ("table", TableBlock),
)
"""Name in the raw form of a body, and kind; a row adds a block."""


class BodyBlock(blocks.StreamBlock):
    """Blocks one after another."""

    def __init__(self, local_blocks: Any = None, **kwargs: Any) -> None:
        super().__init__([*(local_blocks or ()), *((name, kind()) for name, kind in BLOCKS)], **kwargs)


class BodyField(StreamField):
    """A stream of blocks whose migrations do not spell the blocks out: what they are is told by the code alone."""

    def deconstruct(self) -> Any:
        """The field without its blocks."""
        name, path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [[]], kwargs


def data_blocks(stream: Iterable[Any]) -> Iterator[Any]:
    """The stream children that show data, those inside tabs and accordions included; each has an ``id``."""
    for child in stream:
        if isinstance(child.block, DataBlock):
            child.id = child.id or str(uuid4())
            yield child
        inner = getattr(child.block, "inner", None)
        if inner is not None:
            for one in inner(child.value):
                yield from data_blocks(one)
