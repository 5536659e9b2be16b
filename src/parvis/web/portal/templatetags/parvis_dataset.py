"""``{% dataset_head dataset "contribute" %}``: what every page of a dataset has above its own content, for pages of modules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from parvis.web.portal.dataset import shared_facts

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

register = template.Library()


@register.inclusion_tag("portal/parts/dataset_head.html", takes_context=True)
def dataset_head(context: template.Context, dataset: Dataset, current: str) -> dict[str, Any]:
    """Breadcrumb, title, facts and tabs; ``current`` is the name of the tab (``registry.DatasetTab``)."""
    return {**context.flatten(), **shared_facts(dataset, current)}
