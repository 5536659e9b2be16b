"""Kinds of blocks that modules give pages: on screen, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parvis.hub.registry import modules

if TYPE_CHECKING:
    from parvis.hub.pages.block_values import Shown
    from parvis.hub.pages.blocks.data import DataBlock
    from parvis.hub.pages.paper.sheets import SheetMaker


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A kind of block of a module: its class, whose ``kind`` names it in bodies, and how the page is printed with it.

    The template of the screen is ``parvis/pages/blocks/KIND.html``. ``paper`` gives nodes of a sheet; ``paper.sheets`` has some
    ready: ``figure_nodes``, ``table_nodes``, ``chart_nodes``. A page whose module was taken away is shown without the block.
    """

    block: type[DataBlock]
    paper: Callable[[SheetMaker, Any, Shown], list[dict[str, Any]]]


def module_blocks() -> list[PageBlock]:
    """Those of every module, in order."""
    return [row for module in modules() for row in module.blocks]
