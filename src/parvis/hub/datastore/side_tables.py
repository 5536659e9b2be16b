"""The tables that steps read beside the file of an import: other datasets, territories, addresses; and who may read them there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from parvis.core.columns import TableShape
from parvis.core.errors import Forbidden, NotFound, RequestError
from parvis.core.transforms import Step
from parvis.core.transforms.model import SideTable
from parvis.core.transforms.preparation.address_names import FILES
from parvis.core.transforms.preparation.model import ADDRESSES, CONTOURS, DATASET, EXTRACT, NATIONAL, TERRITORIES
from parvis.core.transforms.preparation.table import files_read, preparation_of, tables_read
from parvis.core.translation import Sentence, gettext_noop
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status, may_see
from parvis.hub.datastore.extracts import dataset_of_extract, extract_table
from parvis.hub.datastore.territory_tables import contour_table, territory_table
from parvis.hub.geocoding.services import require_service
from parvis.hub.store import addresses_name, manifest_of, store, version_name

if TYPE_CHECKING:
    from parvis.core.versions.manifest import Manifest


class NoAddresses(RequestError):
    """A step geocodes and the instance has loaded no addresses."""

    code: ClassVar[str] = "addresses-none"
    sentence: ClassVar[str] = gettext_noop(
        "Aucune adresse n’est chargée sur ce portail : une étape ne peut pas géocoder."
    )
    advice: ClassVar[str] = gettext_noop(
        "Chargez un fichier de la Base Adresse Nationale : parvis addresses load adresses-91.csv.gz"
    )


class StepDatasetGone(NotFound):
    """A step reads a dataset that is not there any more, or not for this person."""

    code = "step-dataset-gone"
    sentence = gettext_noop(
        "L’étape {rank}, « {step} », lit le jeu de données « {name} », qui n’existe pas ou n’a plus de données."
    )
    advice = gettext_noop("Restaurez ce jeu, ou retirez cette étape de la recette.")


class RecipeLoop(RequestError):
    """A recipe would read a dataset that is itself made of this one."""

    code: ClassVar[str] = "recipe-loop"
    sentence: ClassVar[str] = gettext_noop(
        "« {dataset} » est lui-même fait de ce jeu de données : chacun ferait refaire l’autre sans fin."
    )


@dataclass(frozen=True, slots=True)
class SideTables:
    """Tables by identifier, and the files that a child must be let read."""

    tables: Mapping[str, SideTable] = field(default_factory=dict)

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file of every table."""
        return tuple(path for table in self.tables.values() for path in table.files)


NO_SIDE_TABLES = SideTables()


def datasets_read(steps: Iterable[Step]) -> list[str]:
    """The identifiers of the datasets that steps read, each once."""
    names = [name for step in steps for name in tables_read(step) if name.startswith(DATASET)]
    return [name.removeprefix(DATASET) for name in dict.fromkeys(names)]


def _readings(steps: Iterable[Step]) -> Iterator[tuple[str, int, Step]]:
    """Each dataset that steps read, the rank of the step and the step."""
    for rank, step in enumerate(steps, 1):
        for identifier in datasets_read([step]):
            yield identifier, rank, step


def side_tables_of(steps: Sequence[Step]) -> SideTables:
    """What steps that were accepted read, as it is now; NotFound when a dataset is gone, NoAddresses."""
    tables: dict[str, SideTable] = {}
    for rank, step in enumerate(steps, 1):
        for name in files_read(step):
            if name not in tables:
                with _named_step(rank, step):
                    tables[name] = _table(name)
    return SideTables(tables)


@contextmanager
def _named_step(rank: int, step: Step) -> Iterator[None]:
    """Around what looks for a table of a step: one that is gone is told with the step."""
    try:
        yield
    except NotFound as error:
        row = preparation_of(step)
        label = Sentence(row.label) if row else step.name
        raise StepDatasetGone(rank=rank, step=label, name=error.details["name"]) from error


def allowed_side_tables(actor: Actor, steps: Sequence[Step], dataset: Dataset | None) -> SideTables:
    """The same for an import into ``dataset``; Forbidden when the actor may not read one of them, or not publish it there."""
    require_side_tables(actor, steps, dataset)
    return side_tables_of(steps)


def require_side_tables(actor: Actor, steps: Iterable[Step], dataset: Dataset | None) -> None:
    """NotFound, Forbidden or RecipeLoop when steps read a dataset that may not go into this one.

    A dataset that is not open to all goes into one of the same organisation only: its rows would be shown to the readers of the other.
    """
    for identifier, rank, step in _readings(steps):
        with _named_step(rank, step):
            other = _dataset(identifier)
            if not may_see(actor, other.guarded):
                raise NotFound(name=identifier)
        is_open = other.status == Status.PUBLISHED and other.access == Access.PUBLIC
        if dataset is not None and not is_open and other.organisation_id != dataset.organisation_id:
            raise Forbidden(
                action=f"joindre « {other.title} », qui n’est pas public, à un jeu d’une autre organisation"
            )
        if dataset is not None and names_of(dataset) & _made_of(other):
            raise RecipeLoop(dataset=other.title)


def may_know_sources(actor: Actor, step: Step) -> bool:
    """Whether the actor may see every dataset that a step reads: what it says names them, and what was looked for in them."""
    rows = [dataset_read(identifier) for identifier in datasets_read([step])]
    return all(row is not None and may_see(actor, row.guarded) for row in rows)


def _made_of(dataset: Dataset) -> set[str]:
    """The dataset and all that it is made of, whatever the depth."""
    seen: set[str] = set()
    waiting = [dataset.dataset_id]
    while waiting:
        identifier = waiting.pop()
        if identifier not in seen:
            seen.add(identifier)
            row = dataset_read(identifier)
            waiting += datasets_read(map(Step.from_dict, row.steps)) if row else []
    return seen


def _dataset(identifier: str) -> Dataset:
    row = dataset_read(identifier)
    if row is None or row.status == Status.DELETED or row.current is None:
        raise NotFound(name=identifier)
    return row


def dataset_read(identifier: str) -> Dataset | None:
    """The dataset that has, or once had, this identifier: one that is renamed stays what recipes read."""
    rows = Dataset.objects.select_related("current")
    return rows.filter(dataset_id=identifier).first() or rows.filter(aliases__former_id=identifier).first()


def names_of(dataset: Dataset) -> set[str]:
    """What recipes may call a dataset: its identifier, and those that it had."""
    return {dataset.dataset_id, *dataset.aliases.values_list("former_id", flat=True)}


def _table(name: str) -> SideTable:
    if name.startswith(DATASET):
        return _of_dataset(name.removeprefix(DATASET))
    if name.startswith(EXTRACT):
        return extract_table(_dataset(dataset_of_extract(name)), name)
    return _INSTANCE[name]()


def _of_dataset(identifier: str) -> SideTable:
    dataset = _dataset(identifier)
    manifest: Manifest = manifest_of(dataset.uid, dataset.current.name)
    folder = version_name(dataset.uid, dataset.current.name)
    files = tuple(store().local(f"{folder}/{part.file}") for part in manifest.parts)
    return SideTable(files, manifest.shape, dataset.title, dataset.current.name, manifest.rows)


def _addresses() -> SideTable:
    files = store()
    if not all(files.exists(addresses_name(file)) for file in FILES):
        raise NoAddresses
    return SideTable(tuple(files.local(addresses_name(file)) for file in FILES), TableShape(()), ADDRESSES)


def _national() -> SideTable:
    require_service()
    return SideTable((), TableShape(()), NATIONAL)


_INSTANCE: Mapping[str, Callable[[], SideTable]] = {
    TERRITORIES: territory_table,
    CONTOURS: contour_table,
    ADDRESSES: _addresses,
    NATIONAL: _national,
}
