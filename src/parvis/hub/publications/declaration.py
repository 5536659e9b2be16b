"""What a subject says of a dataset that it publishes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from parvis.hub.accounts.models import Organisation
from parvis.hub.accounts.selectors import organisations
from parvis.hub.records.models import CivicRecord
from parvis.hub.sites.models import SiteFace


def portal_publisher() -> Organisation | None:
    """The organisation of the main site's territory, else the first one."""
    face = SiteFace.objects.filter(site__is_default_site=True).first()
    own = organisations().filter(territory=face.territory_id).first() if face and face.territory_id else None
    return own or organisations().order_by("pk").first()


@dataclass(frozen=True, slots=True)
class Examined:
    """What a search finds of persons in the rows and somebody looked at before, where each was written and put online: the ``keys`` of
    findings (``text@objet``), and the ground and explanation of the decision, which people may withdraw."""

    keys: tuple[str, ...]
    ground: str
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A dataset that a module keeps up to date.

    ``card`` is what ``catalogue.services.create_dataset`` takes: its ``overrides`` say the type of columns whose values would be
    read otherwise (codes), its ``fields`` their labels. People may change the card afterwards, and withdraw the dataset: it
    stays withdrawn.
    """

    dataset_id: str
    card: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: Callable[[date], Iterable[Sequence[Any]]]
    """The rows as of a day: texts, numbers, ISO dates; None is an empty cell, True and False « vrai » and « faux »."""
    owner: Callable[[], Organisation | None] = portal_publisher
    follows: type[CivicRecord] | None = None
    """The kind of records whose acts have it published again, within the hour; it is each night in any case."""
    may_be_emptied: bool = False
    """Whether a table without any row is a version too, of a dataset that is there: people had what was there erased."""
    is_published: bool = True
    """False for a dataset whose new versions wait, as drafts, for somebody to publish them."""
    concerns: Callable[[CivicRecord], bool] = lambda record: True
    """Which of the records that it follows have rows in it: acts on the others do not have it published."""
    schema: str = ""
    """The bundled schema that it follows (``scdl/deliberations``), chosen when the dataset is made: people may change it afterwards."""
    examined: Examined | None = None
    erased: Callable[[], datetime | None] = lambda: None
    """When a row was last taken away that nobody is to read any more: versions that may have it go once a later one is there."""
