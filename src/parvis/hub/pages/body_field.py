"""The field that holds the body of a page."""

from __future__ import annotations

from typing import Any

from parvis.hub.ui.late_blocks import LateBlocksField


class BodyField(LateBlocksField):
    """A stream of blocks whose migrations do not spell the blocks out: what they are is told by the code alone."""

    def deconstruct(self) -> Any:
        """The field without its blocks."""
        name, _path, _args, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, f"{__name__}.BodyField", [[]], kwargs
