"""What « suites et montants » gives the house: ways from datasets and their rows to acts, a block of pages, words of the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from parvis.core.errors import ParvisError
from parvis.domains.deliberations.money.blocks import DecisionsBlock, decision_nodes
from parvis.domains.deliberations.money.selectors import has_links, links_to
from parvis.hub.pages.module_blocks import PageBlock
from parvis.hub.registry import DatasetTab, RowLink
from parvis.hub.validation.keyed_tables import KeyedTable

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

TAB = DatasetTab("acts", _("Délibérations"), "dataset-acts", has_links)
BLOCKS = (PageBlock(DecisionsBlock, decision_nodes),)
JOURNAL: dict[str, Any] = {
    "act.amounts": _("a noté les montants de l’acte"),
    "act.link": _("a lié un élément à l’acte"),
    "act.unlink": _("a retiré un lien de l’acte"),
    "act.step": _("a noté une suite de l’acte"),
    "act.unstep": _("a retiré une suite de l’acte"),
}


def row_link(dataset: Dataset) -> RowLink | None:
    """« Délibérations », where acts online decide on rows of the dataset."""
    if not links_to(dataset).exclude(row_key=[]).exists():
        return None
    try:
        key = KeyedTable(dataset).key
    except ParvisError:  # a version that cannot be read is told where it is read
        return None
    return RowLink(_("Délibérations"), key, f"{dataset.get_absolute_url()}deliberations/?cle=") if key else None
