"""Extracts received: read in a child, imported as a dataset of their own under ODbL, never mixed with the town's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parvis.core.children import call
from parvis.core.errors import NotFound
from parvis.core.osm.extracts import Selection, Summary, extract
from parvis.core.osm.features import COLUMNS
from parvis.core.osm.mappings import Theme, themes
from parvis.core.progress import Progress
from parvis.domains.osm.models import Conflation
from parvis.domains.osm.rules import FEW_OBJECTS, ExtractShrank
from parvis.hub.accounts.rules import Actor, may, require
from parvis.hub.accounts.selectors import organisation
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import datasets_managed_by
from parvis.hub.catalogue.services import create_dataset
from parvis.hub.datastore.confined import confined
from parvis.hub.datastore.selectors import deposit_of, original_name
from parvis.hub.datastore.services import abandon, deposit_file, run_import_here, start_import
from parvis.hub.records.selectors import managed_at
from parvis.hub.store import deposit_file_name, store
from parvis.hub.territories.selectors import referred_to

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.datastore.models import Deposit

SECONDS = 1_800.0
"""Longest reading of an extract: a region takes some minutes."""
COPYRIGHT = "https://www.openstreetmap.org/copyright"
ATTRIBUTION = "© les contributeurs d’OpenStreetMap"
DESCRIPTION = (
    "Les objets d’OpenStreetMap de ce thème dans le territoire, tels que les contributeurs les décrivent. Une ligne par objet : son "
    "identifiant, son nom, sa position, ses étiquettes. Ces données sont sous licence ODbL et le restent : elles ne se mélangent pas "
    "avec un jeu sous Licence Ouverte."
)
OVERRIDES: dict[str, Any] = {
    "osm_id": {"type": "text", "annotations": {"id": True}},
    "etiquettes": {"type": "text"},
    "nom": {"type": "text"},
    "emprise": {"type": "text"},
}


def receive_extract(actor: Actor, deposit_key: str, order: Mapping[str, Any], progress: Progress) -> Dataset:
    """Make of a received extract a dataset, or the next version of the one that it updates; the extract is thrown away.

    ``order``: ``theme`` (see ``theme_named``), ``territory`` (« commune:77251 », or nothing), ``organisation`` and ``identifier`` of a new dataset, or
    ``dataset``, the identifier of one that was made so, ``may_shrink`` when it may lose half of its objects. Raises what ``core.osm.extracts`` raises, and what an import does.
    """
    deposit = deposit_of(actor, deposit_key)
    theme = theme_named(actor, order["theme"])
    # A job that is taken up again finds what it had begun to make under the identifier of the new dataset.
    dataset = _dataset_named(actor, order.get("dataset", "")) or _dataset_named(actor, order.get("identifier", ""))
    if dataset is None and order.get("dataset"):
        raise NotFound(name=order["dataset"])
    try:
        with confined(deposit.name, _path(deposit), seconds=SECONDS) as (work, permits):
            base = _base(dataset, work)
            target = work / "openstreetmap.csv"
            territory = order.get("territory", "") or _territory_of(dataset)
            selection = Selection(dict(theme.tags), _area(territory))
            summary: Summary = call(
                extract, _path(deposit), target, selection, deposit.name, base, permits=permits, progress=progress
            )
            _require_whole(dataset, deposit.name, summary.objects, order)
            dataset = dataset or _new_dataset(actor, order, theme, territory)
            _import(actor, dataset, target, progress)
    finally:
        abandon(actor, deposit)
    return dataset


def _require_whole(dataset: Dataset | None, name: str, objects: int, order: Mapping[str, Any]) -> None:
    before = dataset.current.rows if dataset is not None and dataset.current is not None else 0
    if before >= FEW_OBJECTS and objects * 2 < before and not order.get("may_shrink"):
        raise ExtractShrank(file=name, before=before, after=objects)


def theme_named(actor: Actor, name: str) -> Theme:
    """A theme that is shipped, or as a conflation that the actor may change has it (``rapprochement:<slug>``); NotFound."""
    _kind, colon, slug = name.partition(":")
    if colon:
        return managed_at(Conflation, actor, slug).described
    if name not in themes():
        raise NotFound(name=name[:40])
    return themes()[name]


def _dataset_named(actor: Actor, dataset_id: str) -> Dataset | None:
    dataset = datasets_managed_by(actor).filter(dataset_id=dataset_id).select_related("current", "organisation").first()
    if dataset is not None:
        require(actor, "edit", dataset.organisation_id, f"mettre à jour « {dataset.title} »")
    return dataset


def _path(deposit: Deposit) -> Path:
    return store().local(deposit_file_name(deposit.pk))


def _base(dataset: Dataset | None, work: Path) -> Path | None:
    """The file of the dataset's current version, for changes to be made to it; its own folder, since the child may read no other."""
    if dataset is None or dataset.current is None:
        return None
    base = work / "base.csv"
    with store().open(original_name(dataset, dataset.current)) as stream, base.open("wb") as copy:
        while piece := stream.read(1 << 20):
            copy.write(piece)
    head = base.open("rb").readline().decode("utf-8", "replace").strip()
    return base if head in (",".join(COLUMNS), ",".join(COLUMNS[:-1])) else None


def _area(reference: str) -> str:
    territory = referred_to(reference) if reference else None
    return json.dumps(territory.contour) if territory is not None and territory.contour else ""


def _territory_of(dataset: Dataset | None) -> str:
    """The territory that a dataset was received for: changes are of the whole world."""
    places = list(dataset.territories.all()[:2]) if dataset is not None else []
    return f"{places[0].kind}:{places[0].code}" if len(places) == 1 else ""


def _new_dataset(actor: Actor, order: Mapping[str, Any], theme: Theme, territory: str) -> Dataset:
    card = {
        "title": f"OpenStreetMap : {theme.title[:1].lower()}{theme.title[1:]}",
        "description": DESCRIPTION,
        "licence": "odbl",
        "keywords": ["OpenStreetMap", theme.title.lower()],
        "source": ATTRIBUTION,
        "source_url": COPYRIGHT,
        "territories": [territory] if territory else [],
        "overrides": OVERRIDES,
    }
    return create_dataset(actor, organisation(order["organisation"]), order["identifier"], card)


def _import(actor: Actor, dataset: Dataset, path: Path, progress: Progress) -> None:
    deposit = deposit_file(actor, path)
    publishes = may(actor, "publish", dataset.organisation_id) and dataset.status != Status.UNPUBLISHED
    try:
        run_import_here(actor, start_import(actor, deposit=deposit, dataset=dataset, publish=publishes), progress)
    except BaseException:
        abandon(actor, deposit)
        raise
    dataset.refresh_from_db()
