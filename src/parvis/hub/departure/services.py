"""The whole instance into a folder: every room's part, then what makes it readable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from parvis import __version__
from parvis.core.metadata import LICENCES
from parvis.core.progress import Progress
from parvis.core.translation import SOURCE, gettext_noop, translate
from parvis.hub.catalogue.selectors import datasets_of_keys
from parvis.hub.departure.browsing import write_dataset_page, write_index, write_look
from parvis.hub.departure.datasets import DatasetWriter, Folded, chosen_datasets
from parvis.hub.departure.folder import ExportFolder
from parvis.hub.departure.media import Shelf
from parvis.hub.departure.pages import write_pages
from parvis.hub.departure.records import write_records
from parvis.hub.departure.rules import FORMATS, Choices, NothingChosen, Report, UnknownFormats
from parvis.hub.departure.tables import carried_tables, left_tables, rows_of, write_revisions, write_rows, write_table

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

PEOPLE_STAY = gettext_noop("dit qui sont des personnes : seulement avec --with-people")
NOT_PUBLIC = gettext_noop("n’est pas montré à tous")
SECRETS_STAY = gettext_noop("clés, jetons, mots de passe et ce qui les chiffre : jamais")
_BATCH = 50


@dataclass(frozen=True, slots=True)
class Describing:
    """What the public doors know how to say: a dataset as the API describes it, and the catalogue of some as a graph."""

    dataset: Callable[[Dataset], dict[str, Any]]
    graph: Callable[[Iterable[Dataset]], Iterator[bytes]]
    portal: str
    """What the portal is called."""


def export_all(root: Path, choices: Choices, describing: Describing, progress: Progress) -> Report:
    """Write everything that the choices take into the folder; run again, it writes what changed and removes what is gone."""
    for name in choices.formats:
        if name not in FORMATS:
            raise UnknownFormats(value=name, formats=", ".join(FORMATS))
    report = Report()
    keys = chosen_datasets(choices, report)
    if choices.only and not keys:
        raise NothingChosen(patterns=", ".join(choices.only))
    with ExportFolder.opened(root, choices, report) as folder:
        media = Shelf(folder)
        writer = DatasetWriter(folder, choices, report, describing.dataset, media)
        datasets: list[Folded] = []
        for rank, key in enumerate(keys):
            progress("datasets", rank, len(keys))
            row = writer.write(key)
            if row is not None:
                datasets.append(row)
        _write_tables(folder, choices, report, keys, media, progress)
        write_records(folder, choices, report, media)
        licences = [(row.slug, row.name, row.url) for row in LICENCES]
        folder.put_together(
            ["licences.csv", "licences.json"],
            lambda streams: write_rows(streams[0], streams[1], ("slug", "name", "url"), licences),
        )
        places = {row.dataset_id: row.place for row in datasets}
        progress("pages", 0, None)
        pages = write_pages(folder, choices, report, places, media)
        progress("files", 0, None)
        media.write(choices, report)
        folder.put("catalog.ttl", lambda stream: stream.writelines(describing.graph(_catalogued(writer))))
        write_look(folder)
        for row in datasets:
            write_dataset_page(folder, row)
        _tell_what_stays(choices, report)
        write_index(folder, choices, report, describing.portal, datasets, pages)
        folder.finish(lambda: _summary(choices, report, describing))
    return report


def _write_tables(
    folder: ExportFolder, choices: Choices, report: Report, keys: list[int], media: Shelf, progress: Progress
) -> None:
    tables = carried_tables()
    narrowed = choices.public_only or choices.only or choices.without
    for rank, table in enumerate(tables):
        progress("tables", rank, len(tables))
        rows = rows_of(table, choices, keys if narrowed else None)
        if rows is None:
            why = PEOPLE_STAY if table.is_of_people and not choices.with_people else NOT_PUBLIC
            report.left.append({"what": table.name, "why": translate(why, SOURCE)})
            continue
        report.tables[table.name] = write_table(folder, table.name, table, rows, choices, media)
        write_revisions(folder, table, choices)


def _catalogued(writer: DatasetWriter) -> Iterator[Dataset]:
    for rank in range(0, len(writer.catalogued), _BATCH):
        keys = writer.catalogued[rank : rank + _BATCH]
        datasets = datasets_of_keys(keys)
        for key in keys:
            if key in datasets and datasets[key].current is not None:
                yield datasets[key]


def _tell_what_stays(choices: Choices, report: Report) -> None:
    for model, why in left_tables().items():
        report.left.append({"what": f"table {model}", "why": translate(why, SOURCE)})
    if not choices.with_people:
        report.left.append({"what": "personnes", "why": translate(PEOPLE_STAY, SOURCE)})
    report.left.append({"what": "secrets", "why": translate(SECRETS_STAY, SOURCE)})


def _summary(choices: Choices, report: Report, describing: Describing) -> dict[str, Any]:
    return {
        "format": "parvis-export-all",
        "format_version": 1,
        "parvis": __version__,
        "portal": describing.portal,
        "address": settings.PARVIS["PARVIS_BASE_URL"],
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "choices": {**choices.lasting, "formats": list(choices.formats), "versions": choices.versions},
        "counts": {
            "datasets": report.datasets,
            "rows": report.rows,
            "pages": report.pages,
            "media": report.media,
            "files": report.files,
            "bytes": report.bytes,
        },
        "tables": report.tables,
        "not_here": report.left,
        "failures": report.failures,
    }
