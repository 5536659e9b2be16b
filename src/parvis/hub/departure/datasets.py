"""A dataset in its folder: rows, the file as it was received, documents, card, versions, and what every room knows of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from parvis import __version__
from parvis.core.errors import NotFound, ParvisError
from parvis.core.explore import export
from parvis.core.translation import gettext_noop
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.provenance import provenance
from parvis.hub.catalogue.rules import Status
from parvis.hub.catalogue.selectors import (
    attachments_of,
    card_of,
    dataset_of_key,
    datasets_managed_by,
    datasets_visible_to,
    published_versions,
)
from parvis.hub.datastore.prepared import PLAIN
from parvis.hub.datastore.selectors import described_source, engine, export_setting, original_name, written_source
from parvis.hub.datastore.side_files import SIDE_FILES, as_csv
from parvis.hub.departure.rules import SHAPES, TABLES, Choices, NoRoomLeft, Report, safe_part
from parvis.hub.departure.table_schema import data_package
from parvis.hub.departure.tables import carried_tables, datasets_with_rows, rows_of, told_rows, without_keys
from parvis.hub.privacy.selectors import may_fetch_original
from parvis.hub.store import manifest_of, media_name, reports_name, store, version_name

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from parvis.core.engine import Source
    from parvis.hub.departure.folder import ExportFolder

SECONDS: Final = 600.0
"""Longest wait for the next rows: nobody else waits for the command."""
TURNS: Final = 3
"""How often a dataset is begun again when what was being read was replaced."""
_PIECE: Final = 1 << 20

FEDERATED: Final = gettext_noop("ses lignes sont demandées à un autre portail à chaque lecture : elles ne sont pas ici")
DELETED: Final = gettext_noop("jeu supprimé, qui attend d’être rétabli ou effacé")
NOT_KEPT: Final = gettext_noop("le fichier reçu n’a pas été gardé")
PRUNED: Final = gettext_noop("les lignes de cette version ne sont plus gardées")


@dataclass(slots=True)
class Folded:
    """A dataset once written: what the pages that browse the export show of it."""

    dataset_id: str
    title: str
    organisation: str
    status: str
    access: str
    place: str
    description: str = ""
    licence: str = ""
    licence_address: str = ""
    rows: int | None = None
    is_published: bool = False
    row_files: list[str] = field(default_factory=list)


def chosen_datasets(choices: Choices, report: Report) -> list[int]:
    """The keys of the datasets that leave, by identifier; what is left out of them is told."""
    rows: QuerySet[Dataset]
    rows = datasets_visible_to(choices.actor) if choices.public_only else datasets_managed_by(choices.actor)
    keys = []
    columns = ("pk", "dataset_id", "status")
    for key, dataset_id, status in rows.prefetch_related(None).order_by("dataset_id").values_list(*columns):
        if not choices.takes(dataset_id):
            continue
        if status == Status.DELETED:
            report.left.append({"what": f"jeux/{dataset_id}", "why": DELETED})
            continue
        keys.append(key)
    return keys


class DatasetWriter:
    """Writes datasets one after the other; ``described`` makes of one the object by which the public API describes it."""

    def __init__(
        self,
        folder: ExportFolder,
        choices: Choices,
        report: Report,
        described: Callable[[Dataset], dict[str, Any]],
        media: Callable[[str], str],
    ) -> None:
        self._folder, self._choices, self._report = folder, choices, report
        self._described, self._media = described, media
        tables = [table for table in carried_tables() if table.dataset not in ("", "pk")]
        # Asked of each table once: most datasets have nothing in most of them.
        self._tables = [(table, datasets_with_rows(table, choices)) for table in tables]
        self.catalogued: list[int] = []
        """Keys of those that the catalogue describes."""

    def write(self, key: int) -> Folded | None:
        """The dataset of that key; None when it is gone, or could not be written: the report says so."""
        place = ""
        for turn in range(TURNS):
            dataset = self._dataset(key)
            if dataset is None:
                return None
            place = self._folder.claim(f"jeux/{safe_part(dataset.dataset_id)}", f"dataset {dataset.uid}")
            try:
                return self._write(dataset, place)
            except NotFound as error:  # a version was removed, or its pushed rows were laid anew, meanwhile
                if turn == TURNS - 1:
                    self._fail(place, error)
            except NoRoomLeft:  # for none of those that follow either
                raise
            except ParvisError as error:
                self._fail(place, error)
                break
        return None

    def _dataset(self, key: int) -> Dataset | None:
        if not self._choices.public_only:
            return dataset_of_key(key)
        return datasets_visible_to(self._choices.actor).filter(pk=key).first()

    def _fail(self, what: str, error: ParvisError) -> None:
        self._report.failures.append({"what": what, "why": error.message("fr")})
        self._folder.spare(f"{what}/" if what.count("/") == 1 else what)

    def _write(self, dataset: Dataset, place: str) -> Folded:
        licence = dataset.licence_shown
        folded = Folded(
            dataset.dataset_id,
            dataset.title,
            dataset.organisation.name,
            dataset.get_status_display(),
            dataset.get_access_display(),
            place,
            dataset.description,
            licence.name if licence else "",
            licence.url if licence else "",
            is_published=dataset.status == Status.PUBLISHED and dataset.current is not None,
        )
        version = dataset.current or dataset.versions.order_by("-created", "-pk").first()
        shape = None
        if version is not None and version.is_federated:
            self._report.left.append({"what": f"{place}/donnees", "why": FEDERATED})
        elif version is not None:
            source = described_source(dataset, version)
            if source is None:
                raise NotFound(name=version.name)
            shape, folded.rows = source.shape, source.rows
            folded.row_files = self._rows(dataset, version, source, place, self._choices.formats)
            self._original(dataset, version, f"{place}/original")
            self._report.rows += source.rows
        self._documents(dataset, place)
        self._cards(dataset, version, place)
        self._folder.put_json(
            f"{place}/datapackage.json", data_package(dataset, shape, self._folder, place, folded.row_files)
        )
        self._versions(dataset, version, place)
        self._what_rooms_know(dataset, place)
        if folded.is_published:
            self.catalogued.append(dataset.pk)
        self._report.datasets += 1
        return folded

    def _rows(
        self, dataset: Dataset, version: Version, source: Source, place: str, formats: tuple[str, ...]
    ) -> list[str]:
        """The files of the rows of one version, all of the very same rows."""
        paths = []
        for name in formats:
            if name in SHAPES and source.shape.geometry is None:
                continue
            path = f"{place}/donnees.{name}"
            mark = _mark(source)
            try:
                self._folder.put(path, _exporter(dataset, source, name), mark)
            except (NotFound, NoRoomLeft):
                raise
            except ParvisError as error:  # one format that cannot hold these rows leaves the others
                self._fail(path, error)
                continue
            paths.append(path)
        return paths

    def _original(self, dataset: Dataset, version: Version, place: str) -> None:
        if not may_fetch_original(self._choices.actor, dataset, version):
            return
        try:
            name = original_name(dataset, version)
            stat = store().stat(name)
        except NotFound:
            self._report.left.append({"what": place, "why": NOT_KEPT})
            return
        path = f"{place}/{safe_part(PurePath(version.original).name or PurePath(name).name)}"
        self._folder.put(path, _copier(name), f"{version.name} {stat.bytes}")

    def _documents(self, dataset: Dataset, place: str) -> None:
        rows = dataset.attachments.all() if self._choices.public_only else attachments_of(dataset)
        listed = []
        for row in rows.order_by("slug"):
            suffix = PurePath(row.file.name).suffix.lower()
            # The name whose address it has: attached again, it has the same.
            name = safe_part(f"{row.slug.removesuffix(f'-{suffix[1:]}')}{suffix}")
            path = self._folder.claim(f"{place}/pieces-jointes/{name}", f"attachment {dataset.uid} {row.slug}")
            try:
                self._folder.put(path, _copier(media_name(row.file.name)), f"{row.file.name} {row.bytes}")
            except NotFound as error:
                self._fail(path, error)
                continue
            listed.append(
                {"id": row.slug, "titre": row.title, "fichier": path.removeprefix(f"{place}/"), "type": row.mimetype}
            )
        if listed:
            self._folder.put_json(f"{place}/pieces-jointes.json", listed)

    def _cards(self, dataset: Dataset, version: Version | None, place: str) -> None:
        if dataset.current is not None:
            self._folder.put_json(f"{place}/fiche.json", self._described(dataset))
        if self._choices.public_only:
            return
        facts = {
            **card_of(dataset),
            "dataset_id": dataset.dataset_id,
            "uid": dataset.uid,
            "permanent_id": dataset.permanent_id,
            "former_ids": sorted(dataset.identifiers - {dataset.dataset_id}),
            "status": dataset.status,
            "announced": dataset.announced,
            "all_organisations": dataset.all_organisations,
            "allowed_organisations": sorted(dataset.allowed_organisations.values_list("slug", flat=True)),
            "allowed_groups": sorted(dataset.allowed_groups.values_list("name", flat=True)),
            "original_withheld": dataset.original_withheld,
            "created": dataset.created,
            "issued": dataset.issued,
            "modified": dataset.modified,
            "data_modified": dataset.data_modified,
        }
        if version is not None:
            facts["provenance"] = {str(label): str(value) for label, value in provenance(dataset, version)}
        self._folder.put_json(f"{place}/dossier.json", facts)

    def _versions(self, dataset: Dataset, current: Version | None, place: str) -> None:
        rows = published_versions(dataset) if self._choices.public_only else dataset.versions.all()
        facts = []
        for version in rows.order_by("created", "pk").iterator(chunk_size=200):
            facts.append(_version_facts(version, is_current=version == dataset.current))
            own = f"{place}/versions/{version.name}"
            if not self._choices.public_only:
                self._manifest(dataset, version, own)
            if not self._choices.versions or version == current or version.is_federated:
                continue
            source = written_source(dataset, version)
            if source is None:
                self._report.left.append({"what": own, "why": PRUNED})
                continue
            self._rows(dataset, version, source, own, tuple(name for name in self._choices.formats if name in TABLES))
            self._original(dataset, version, f"{own}/original")
        if facts:
            self._folder.put_json(f"{place}/versions.json", facts)
        if current is not None and not self._choices.public_only:
            self._set_apart(dataset, current, place)

    def _manifest(self, dataset: Dataset, version: Version, own: str) -> None:
        path = f"{own}/manifest.json"
        if self._folder.has([path], version.name):
            return
        try:
            manifest = manifest_of(dataset.uid, version.name)
        except NotFound:
            return
        original = replace(manifest.original, source=without_keys(manifest.original.source))
        text = replace(manifest, original=original).to_json()
        self._folder.put(path, lambda stream: stream.write(text.encode()), version.name)

    def _set_apart(self, dataset: Dataset, version: Version, place: str) -> None:
        """Lines that could not become rows, emptied cells, what steps could not do; reports of validation."""
        for name, file in SIDE_FILES.items():
            if store().exists(f"{version_name(dataset.uid, version.name)}/{file}"):
                pieces = as_csv(dataset, version, name)
                path = f"{place}/mis-de-cote/{name}.csv"
                self._folder.put(path, lambda stream, pieces=pieces: stream.writelines(pieces), f"{version.name}")
        folder = reports_name(dataset.uid, version.name)
        for name in sorted(store().walk(folder)):
            parts = [safe_part(part) for part in name.removeprefix(f"{folder}/").split("/")]
            stat = store().stat(name)
            self._folder.put("/".join([place, "validation", *parts]), _copier(name), f"{stat.bytes} {stat.changed}")

    def _what_rooms_know(self, dataset: Dataset, place: str) -> None:
        for table, datasets in self._tables:
            rows = rows_of(table, self._choices, [dataset.pk]) if dataset.pk in datasets else None
            if rows is None:
                continue
            facts = told_rows(table, rows, self._choices, self._media)
            if facts:
                self._folder.put_json(f"{place}/{table.name.replace('/', '-')}.json", facts)


def _mark(source: Source) -> str:
    """What the files of these rows depend on."""
    columns = json.dumps([column.to_dict() for column in source.shape], sort_keys=True, default=str)
    digest = hashlib.sha256(columns.encode()).hexdigest()[:16]
    return f"{__version__} {source.key} {source.rows} {digest}"


def _exporter(dataset: Dataset, source: Source, name: str) -> Callable[[BinaryIO], None]:
    def write(stream: BinaryIO) -> None:
        pieces = export(engine(), source, name, PLAIN, seconds=SECONDS, setting=export_setting(dataset))
        try:
            stream.writelines(pieces)
        finally:
            pieces.close()

    return write


def _copier(name: str) -> Callable[[BinaryIO], None]:
    def write(stream: BinaryIO) -> None:
        stream.writelines(_pieces(name))

    return write


def _pieces(name: str) -> Iterator[bytes]:
    with store().open(name) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def _version_facts(version: Version, *, is_current: bool) -> dict[str, Any]:
    return {
        "name": version.name,
        "is_current": is_current,
        "created": version.created,
        "published": version.published,
        "rows": version.rows,
        "columns": version.columns,
        "bytes": version.bytes,
        "original": version.original,
        "format": version.format,
        "rejected": version.refused,
        "emptied": version.nulled,
        "period": version.period,
        "comment": version.comment,
    }
