"""The indicators of the demonstration, and those that the benchmark measures."""

from __future__ import annotations

from parvis.core.indicators import Definition
from parvis.domains.indicators.rules import IndicatorStatus
from parvis.domains.indicators.services import compute_indicator, create_indicator, load_rows, set_status
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.catalogue.selectors import dataset_called
from parvis.packs.bundled_files import demo_rows


def load_demo() -> None:
    """Write those that are missing; their owner is that of the first dataset they ask."""
    load_rows(OPERATOR, demo_rows("indicators"))


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
        set_status(OPERATOR, indicator, IndicatorStatus.PUBLISHED)
        compute_indicator(OPERATOR, indicator)
        figures.append(f"indicateur:{indicator.slug}")
    return figures
