"""The indicators of the demonstration, and those that the benchmark measures."""

from __future__ import annotations

from parvis.core.indicators.definition import Definition
from parvis.domains.indicators.models import Indicator
from parvis.domains.indicators.services import compute_indicator, create_indicator
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import dataset_called
from parvis.hub.records.services import publish
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write, publish and compute those that are missing and whose datasets are there, for the owner of the first of these."""
    for definition in (Definition.from_dict(row) for row in demo_rows("indicators")):
        indicator = Indicator.objects.select_related("organisation", "latest").filter(slug=definition.slug).first()
        owner = dataset_called(definition.datasets[0])
        if indicator is None and owner is not None:
            indicator = create_indicator(OPERATOR, owner.organisation, definition)
            publish(OPERATOR, indicator)
        if indicator is not None and indicator.latest is None:
            compute_indicator(OPERATOR, indicator)


def make_examples(dataset_id: str, number: int) -> list[str]:
    """Publish so many indicators of a dataset that has the columns ``jour`` and ``passages``."""
    organisation = dataset_called(dataset_id).organisation
    figures = []
    for rank in range(number):
        part = {"dataset": dataset_id, "select": "sum(passages)", "where": [f"passages > {rank}"]}
        definition = {
            "slug": f"passages-{rank}",
            "title": f"Passages {rank}",
            "question": "Combien de passages ?",
            "method": "On additionne.",
            "unit": "passages",
            "parts": {"passages": {**part, "period": 'date_format(jour, "yyyy")'}},
        }
        indicator = create_indicator(OPERATOR, organisation, Definition.from_dict(definition))
        publish(OPERATOR, indicator)
        compute_indicator(OPERATOR, indicator)
        figures.append(f"indicateur:{indicator.slug}")
    return figures
