"""What a home may put forward."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import DatasetBlock

FORWARD_BLOCKS = (
    ("page", blocks.PageChooserBlock(label=_("Page"), page_type="parvis_pages.ThemePage", icon="doc-full")),
    ("figure", choices.OfferedBlock(label=_("Indicateur"), choices=choices.figures, icon="glasses")),
    ("dataset", DatasetBlock(icon="table")),
)
