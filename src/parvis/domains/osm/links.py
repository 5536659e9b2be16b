"""Ways out of a finding: editors of OpenStreetMap, and the form that corrects a row of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from parvis.core.columns import ColumnType, TableShape
from parvis.core.errors import NotFound
from parvis.core.osm import editors
from parvis.core.osm.mappings import Theme
from parvis.core.osm.model import Verdict
from parvis.core.osm.values import ValueKind, tag_value
from parvis.domains.osm.licences import may_come_here, may_go_there
from parvis.domains.osm.models import Finding
from parvis.hub.addresses import absolute_path, without_prefix
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.registry import Way, row_links

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset


@dataclass(frozen=True, slots=True)
class Editor:
    """A way to an editor, and what happens there."""

    label: object
    address: str
    hint: object


def editor_links(finding: Finding, town: Dataset) -> list[Editor]:
    """iD, JOSM with the tags when the licence allows it, StreetComplete where it asks for what is missing.

    JOSM is asked to add a point: not of what is no point.
    """
    conflation, theme, site = finding.conflation, finding.conflation.described, settings.PARVIS["PARVIS_OSM_SITE"]
    facts = {"comment": comment_of(finding), "hashtag": conflation.hashtag, "source": source_of(finding, town)}
    place = place_there(finding)
    links = [
        Editor(
            _("Ouvrir dans l’éditeur iD"),
            editors.edit_in_id(site, *place, key=finding.theirs, preset=theme.preset if theme.creates else "", **facts),
            _("Dans le navigateur, avec un compte OpenStreetMap. Vous enregistrez vous-même."),
        ),
    ]
    if finding.theirs or theme.creates:
        tags = tags_there(finding) if may_go_there(town) else {}
        links.append(
            Editor(
                _("Ouvrir dans JOSM"),
                editors.edit_in_josm(*place, tags, key=finding.theirs, **facts),
                _(
                    "Pour qui a JOSM ouvert, commande à distance activée : les étiquettes sont proposées, vous confirmez chacune."
                ),
            )
        )
    if asks_on_the_spot(finding, theme):
        links.append(
            Editor(
                _("Ouvrir sur le téléphone (StreetComplete)"),
                editors.open_in_streetcomplete(*place),
                _("Sur place : l’application pose elle-même les questions qui manquent."),
            )
        )
    return links


def asks_on_the_spot(finding: Finding, theme: Theme) -> bool:
    """Whether StreetComplete asks there for something that the object does not say."""
    return any(not row.theirs and row.tag in theme.asked_by_streetcomplete for row in finding.differences)


def place_there(finding: Finding) -> tuple[float, float]:
    """Where to look in OpenStreetMap: at the object, else where the row says."""
    side = finding.side("theirs") or finding.side("ours")
    longitude, latitude = side["place"] if side else (finding.longitude, finding.latitude)
    return float(longitude), float(latitude)


def tags_there(finding: Finding) -> dict[str, str]:
    """The tags that an editor may propose: all of a new object, the differences of one that exists."""
    town = finding.side("ours")
    if town is None:
        return {}
    return dict(town["new_tags"]) if finding.is_new_there else {row.tag: row.ours for row in finding.differences}


def comment_of(finding: Finding) -> str:
    """What a changeset says that it does."""
    return finding.conflation.comment or f"{finding.conflation.described.title} : {finding.conflation.title}"[:200]


def source_of(finding: Finding, town: Dataset) -> str:
    """The source that is quoted, as the Licence Ouverte asks: who and when."""
    day = town.data_modified or town.modified
    return finding.conflation.source or f"{finding.conflation.organisation.name}, {day:%d/%m/%Y}"[:200]


def correction_links(finding: Finding, town: Dataset) -> list[Way]:
    """How a row of ours may be corrected, or added where we have none; none while no part of the portal offers it.

    What OpenStreetMap says is proposed only where the dataset is under ODbL too: elsewhere it may not be copied.
    """
    links, side = row_links(town), finding.side("ours")
    values = values_here(finding, _shape(town)) if links and may_come_here(town) else {}
    if side is None:
        address = absolute_path(f"/explore/dataset/{town.dataset_id}/contribuer/ajouter/")
        return (
            [Way(_("Proposer une ligne"), _with_values(f"{address}?", values))] if links and _answers(address) else []
        )
    cells = side["cells"]
    return [
        Way(link.label, _with_values(link.of(cells), values))
        for link in links
        if all(name in cells for name in link.columns)
    ]


def _with_values(address: str, values: Mapping[str, str]) -> str:
    """An address of a form, with values that it proposes."""
    query = urlencode({f"valeur.{column}": value for column, value in values.items()}, quote_via=quote)
    return f"{address}{'' if address.endswith('?') else '&'}{query}".rstrip("?&")


def values_here(finding: Finding, shape: TableShape | None = None) -> dict[str, str]:
    """What our columns would be if our row said what OpenStreetMap says: what differs, or all that it says of what we have not.

    With the ``shape`` of our dataset, a place too, where it is a point.
    """
    here, there = finding.side("ours"), finding.side("theirs")
    names = here["cells"] if here is not None else [column.name for column in shape or ()]
    theme = finding.conflation.described.for_columns(names)
    tags = {row.tag: row.theirs for row in finding.differences}
    values = {}
    if here is None and there is not None:
        tags = there["tags"]
        name = tags.get(theme.name_tag, "")
        values = {theme.name_columns[0]: name} if name and theme.name_columns else {}
    for rule in theme.compared:
        if (text := tags.get(rule.tag, "")) and (value := rule.cell(text)):
            values[rule.columns[0]] = _in_column(value, rule.columns[0], shape)
    place = shape.geometry if shape is not None else None
    is_elsewhere = here is None or finding.verdict == Verdict.MOVED
    if is_elsewhere and there is not None and place is not None and place.type is ColumnType.GEO_POINT:
        values[place.name] = "{1:.7f}, {0:.7f}".format(*there["place"])
    return values


def _in_column(value: str, name: str, shape: TableShape | None) -> str:
    """A word of the mapping as the column holds it: « oui » is true in a column of booleans."""
    column = shape.get(name) if shape is not None else None
    if column is None or column.type is not ColumnType.BOOLEAN:
        return value
    return {"yes": "true", "no": "false"}.get(tag_value(value, ValueKind.BOOLEAN, {}), "")


def _shape(town: Dataset) -> TableShape | None:
    try:
        return shape_of(town)
    except NotFound:  # a version that cannot be read is told where it is read
        return None


def _answers(address: str) -> bool:
    try:
        resolve(without_prefix(address.partition("?")[0]))
    except Resolver404:
        return False
    return True
