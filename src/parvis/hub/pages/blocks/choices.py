"""What forms of blocks offer: datasets, charts, figures, calculations; read each time a form is shown, for who writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from parvis.core.atlas.kinds import KINDS
from parvis.core.charts.marks import CALCULATIONS, MARKS, ORDERS, RATES, STEPS, TERRITORIES
from parvis.core.metadata import THEMES
from parvis.core.translation import SOURCE
from parvis.hub.atlas.selectors import maps_of_readable_data
from parvis.hub.catalogue.selectors import datasets_managed_by, datasets_visible_to
from parvis.hub.charts.selectors import charts_of_readable_data
from parvis.hub.pages.figures import figures_offered
from parvis.hub.pages.form_actor import current_actor

type Choices = list[tuple[str, Any]]


class OfferedBlock(blocks.ChoiceBlock):
    """A choice among texts: what was kept is read as it is, without asking what is offered today."""

    def normalize_choice(self, value: Any) -> Any:
        """The text itself; Wagtail would look it up among the choices each time a page is read."""
        return value

    def get_searchable_content(self, value: Any) -> list[str]:
        """A choice is no word of the page."""
        return []


def datasets() -> Choices:
    """The published datasets that who writes may read, those of their organisations first."""
    actor = current_actor()
    own = set(datasets_managed_by(actor).prefetch_related(None).values_list("dataset_id", flat=True))
    pairs = datasets_visible_to(actor).prefetch_related(None).order_by("title").values_list("dataset_id", "title")
    groups = [
        (_("Vos jeux de données"), [row for row in pairs if row[0] in own]),
        (_("Autres jeux de données"), [row for row in pairs if row[0] not in own]),
    ]
    filled = [group for group in groups if group[1]]
    return filled if len(filled) > 1 else [row for _label, rows in filled for row in rows]


def charts() -> Choices:
    """The saved and published charts."""
    return [(chart.slug, chart.title) for chart in charts_of_readable_data(current_actor())]


def maps() -> Choices:
    """The saved and published maps."""
    return [(one.slug, one.title) for one in maps_of_readable_data(current_actor())]


def layers() -> Choices:
    """The kinds of layers of a map."""
    return [(row.name, row.label(_language())) for row in KINDS.values()]


def figures() -> Choices:
    """The figures that others compute, by who gives them."""
    return figures_offered(current_actor())


def marks() -> Choices:
    """The types of charts."""
    return [(row.name, row.label(_language())) for row in MARKS.values()]


def calculations() -> Choices:
    """What may be computed."""
    return [(row.name, row.label(_language())) for row in CALCULATIONS.values()]


def figure_calculations() -> Choices:
    """The same, and the share of the rows that a condition keeps."""
    return [*calculations(), ("share", _("Part des lignes (en %)"))]


def steps() -> Choices:
    """Steps of time."""
    return [(row.name, row.label(_language())) for row in STEPS.values()]


def orders() -> Choices:
    """Orders of groups."""
    return [(name, str(_(words))) for name, words in ORDERS.items() if name]


def territories() -> Choices:
    """Levels of territories that codes are called by name at."""
    return [(row.name, row.label(_language())) for row in TERRITORIES.values()]


def rates() -> Choices:
    """What a measure may be related to."""
    return [(row.name, row.asked(_language())) for row in RATES.values()]


def themes() -> Choices:
    """The themes of the catalogue."""
    return [(term.slug, str(_(term.label))) for term in THEMES]


def keys(choices: Iterable[tuple[str, Any]]) -> set[str]:
    """The values of choices, those of groups included."""
    values: set[str] = set()
    for value, label in choices:
        values |= keys(label) if isinstance(label, list | tuple) else {value}
    return values


def _language() -> str:
    return get_language() or SOURCE
