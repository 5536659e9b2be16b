"""What a graph of the catalogue says of datasets besides their objects: their files as they were received, documents, places.

Read from the database a page at a time: the objects of the store have what the Explore API tells, and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from parvis.core.explore import ExploreRequest, ExportFormat
from parvis.core.media_types import media_type_of
from parvis.core.odsql import Names
from parvis.hub.catalogue.selectors import datasets_told
from parvis.hub.datastore.elsewhere import far_rows_of
from parvis.hub.datastore.selectors import shape_of
from parvis.hub.harvesting.far_errors import FarFailure
from parvis.hub.privacy.selectors import originals_offered
from parvis.hub.sites.lens import current_lens
from parvis.hub.territories.selectors import boxes_of

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset
    from parvis.hub.territories.models import Territory

type Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

_LEVELS = {
    "commune": "commune",
    "epci": "intercommunalite",
    "ept": "intercommunalite",
    "departement": "departement",
    "region": "region",
}
"""Kind of a territory → the level that its address has among those of Insee."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is here as it is: its path below the root of the site, size, and SHA-256 (empty where it was not noted)."""

    path: str
    title: str
    bytes: int
    sha256: str = ""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A territory: its address and code at Insee, its name, the box around it where its contour is known."""

    address: str
    code: str
    name: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said of one dataset."""

    places: tuple[Place, ...] = ()
    documents: tuple[File, ...] = ()
    original: File | None = None
    is_mapped: bool = False
    """Whether OGC API Features has it."""
    elsewhere: Callable[[ExportFormat, bool], str] | None = None
    """Of rows that are asked elsewhere, where a file of them is, with its labels or not: harvesters follow no redirection. Empty where
    nobody may fetch it; None when it is here."""


NOTHING = Facts()


def no_facts(dataset_ids: Sequence[str]) -> Mapping[str, Facts]:
    """Nothing more than the objects say."""
    return {}


def places_of(dataset_ids: Sequence[str]) -> Mapping[str, Facts]:
    """The territories alone: what graphs that list exports only say of datasets."""
    return facts_of(dataset_ids, files=False)


def facts_of(dataset_ids: Sequence[str], *, files: bool = True) -> Mapping[str, Facts]:
    """The facts of datasets whose rows the reader may read, and whose documents: of others, ask nothing."""
    datasets = datasets_told(dataset_ids)
    territories = {row.pk: row for dataset in datasets for row in dataset.places}
    boxes = boxes_of(territories)
    # Through a lens some rows only are shown, and the file that was received has them all.
    originals = originals_offered(datasets) if files and current_lens() is None else {}
    return {
        row.dataset_id: Facts(
            tuple(place_of(territory, boxes.get(territory.pk)) for territory in row.places),
            tuple(_documents(row)),
            _original(row.dataset_id, *originals[row.pk]) if row.pk in originals else None,
            bool(row.current and row.current.has_geometry),
            _elsewhere(row) if files and row.current and row.current.is_federated else None,
        )
        for row in datasets
    }


def _elsewhere(dataset: Dataset) -> Callable[[ExportFormat, bool], str]:
    """Where the portal that is asked has the files of a federated dataset."""
    try:
        far = far_rows_of(dataset)
    except FarFailure:  # nobody asks its portal any more
        far = None
    names = Names(shape_of(dataset))

    def address(export: ExportFormat, with_labels: bool) -> str:
        if far is None or not far.gives_files:
            return ""
        question = ExploreRequest(use_labels=with_labels and export.listed.with_labels)
        return far.export_address(names, question, export.name)

    return address


def _original(dataset_id: str, name: str, size: int, sha256: str) -> File:
    return File(f"/explore/dataset/{dataset_id}/original/", name, size, sha256, media_type_of(name))


def place_of(territory: Territory, box: Box | None) -> Place:
    """A territory as graphs name it."""
    address = f"http://id.insee.fr/geo/{_LEVELS[territory.kind]}/{territory.code}"
    return Place(address, territory.code, territory.name, box)


def _documents(dataset: Dataset) -> list[File]:
    base = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}/attachments"
    return [
        File(f"{base}/{row.slug}", row.title, row.bytes, row.sha256, row.mimetype) for row in dataset.attachments.all()
    ]
