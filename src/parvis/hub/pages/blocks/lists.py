"""Datasets in a list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks

from parvis.hub.catalogue.selectors import datasets_visible_to
from parvis.hub.pages.block_values import Answers, Cells, Plan, Reader, Shown
from parvis.hub.pages.blocks import choices
from parvis.hub.pages.blocks.data import DATA_GROUP, DataBlock, DatasetBlock

MOST = 24
USUAL = 6


class DatasetsBlock(DataBlock):
    """Datasets chosen one by one, or the latest of a theme or of a keyword."""

    kind = "datasets"

    title = blocks.CharBlock(
        label=gettext_lazy("Titre"), required=False, max_length=160, default=gettext_lazy("Les données de cette page")
    )
    datasets = blocks.ListBlock(
        DatasetBlock(), label=gettext_lazy("Jeux de données"), max_num=MOST, default=[], collapsed=False
    )
    theme = choices.OfferedBlock(label=gettext_lazy("Ou tous ceux d’un thème"), choices=choices.themes, required=False)
    keyword = blocks.CharBlock(label=gettext_lazy("Ou d’un mot-clé"), required=False, max_length=80)
    limit = blocks.IntegerBlock(
        label=gettext_lazy("Nombre au plus"), required=False, min_value=1, max_value=MOST, default=USUAL
    )

    class Meta:
        label = gettext_lazy("Liste de jeux de données")
        icon = "list-ul"
        group = DATA_GROUP
        description = gettext_lazy("Des jeux de données choisis un par un, ou les derniers d’un thème.")

    def plan(self, value: Any, reader: Reader) -> Plan:
        """Nothing is asked of their rows."""
        visible = datasets_visible_to(reader.actor)
        limit = value.get("limit") or USUAL
        if chosen := [one for one in value.get("datasets") or [] if one]:
            by_name = {one.dataset_id: one for one in visible.filter(dataset_id__in=chosen)}
            return Plan(state=[by_name[name] for name in chosen if name in by_name])
        if value.get("theme") or value.get("keyword"):
            latest = visible.order_by("-data_modified", "title")
            return Plan(state=_matching(latest, value.get("theme") or "", value.get("keyword") or "", limit))
        return Plan(state=list(visible.order_by("-data_modified", "title")[:limit]))

    def cited_datasets(self, value: Any) -> Iterable[str] | None:
        """Those chosen one by one; the latest of a theme may be any."""
        return [one for one in value.get("datasets") or [] if one] or None

    def shown(self, value: Any, plan: Plan, answers: Answers, reader: Reader) -> Shown:
        """Their cards."""
        datasets = plan.state
        cells = Cells(
            (_("jeu de données"), _("organisation"), _("adresse")),
            [(one.title, one.organisation.name, one.get_absolute_url()) for one in datasets],
        )
        title = value.get("title") or ""
        return Shown(title, {"datasets": datasets}, cells, sentence=" ; ".join(one.title for one in datasets))


def _matching(datasets: Any, theme: str, keyword: str, limit: int) -> list[Any]:
    folded_keyword = keyword.casefold()
    matching = (
        dataset
        for dataset in datasets
        if (not theme or theme in dataset.themes)
        and (not folded_keyword or folded_keyword in {word.casefold() for word in dataset.keywords})
    )
    return [dataset for dataset, _rank in zip(matching, range(limit), strict=False)]
