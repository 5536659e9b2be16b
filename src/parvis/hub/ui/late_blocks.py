"""Fields of blocks that are made when they are first read: behind blocks is all that draws, which commands have no use for."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.module_loading import import_string
from wagtail import blocks
from wagtail.fields import StreamField


class LateBlocksField(StreamField):
    """A ``StreamField`` whose blocks, or whose kind of stream, are given by their dotted name; migrations see no difference."""

    @cached_property
    def stream_block(self) -> blocks.StreamBlock:
        """What it may hold."""
        if isinstance(self.block_types_arg, str):
            self.block_types_arg = import_string(self.block_types_arg)
        return super().stream_block

    def deconstruct(self) -> Any:
        """The field as Wagtail's own."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", args, kwargs
