"""A dataset of the catalogue as it is to be seen on another portal: its card, its files by their addresses here, its documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from parvis.core.errors import NotFound
from parvis.core.explore import ExportFormat, Family, formats_of
from parvis.core.explore.elsewhere import FORMATS
from parvis.core.hvd import CATEGORY_BY_SLUG
from parvis.core.media_types import media_type_of
from parvis.core.metadata import OTHER_LICENCE, THEME_BY_SLUG
from parvis.core.schemas.references import Origin
from parvis.core.sources.values import markdown
from parvis.core.translation import SOURCE, translate
from parvis.hub.accounts.rules import ANONYMOUS
from parvis.hub.addresses import absolute_url
from parvis.hub.datastore.prepared import ready, usual_request
from parvis.hub.datastore.selectors import shape_of, source_of
from parvis.hub.harvesting.selectors import pages_before
from parvis.hub.privacy.selectors import may_fetch_original
from parvis.hub.republication.package import MOST_DOCUMENTS, Document, Package, zone_of
from parvis.hub.store import store
from parvis.hub.ui.derived import derived
from parvis.hub.validation.selectors import followed

if TYPE_CHECKING:
    from parvis.hub.catalogue.models import Dataset

SENT_FORMATS = ("CSV", "JSON", "GEOJSON")
"""By their code in the EU table of file types: what portals show, read and check; every other format is at the page of the dataset."""
LARGEST_DIGESTED = 200_000_000
"""Bytes of a file made ahead whose digest is reckoned; a larger one goes without."""


def package_of(dataset: Dataset) -> Package:
    """A published dataset that everybody may read, as it is now."""
    page = _page(dataset.dataset_id)
    themes = [THEME_BY_SLUG[slug].label if slug in THEME_BY_SLUG else slug for slug in dataset.themes]
    territories = list(dataset.places)
    if not territories and dataset.organisation.territory is not None:
        territories = [dataset.organisation.territory]
    zones = (zone_of(territory.kind, territory.code) for territory in territories)
    return Package(
        key=dataset.dataset_id,
        page=page,
        former_pages=(*map(_page, sorted(dataset.identifiers - {dataset.dataset_id})), *pages_before(dataset)),
        title=dataset.title,
        description=_description(dataset, page),
        licence=dataset.licence,
        frequency=dataset.frequency,
        tags=(*_high_value(dataset), *map(str, dataset.keywords), *(translate(theme, SOURCE) for theme in themes)),
        zones=tuple(zone for zone in zones if zone),
        period=_period(dataset),
        contact_name=dataset.contact_name or dataset.organisation.name,
        contact_email=dataset.contact_email,
        documents=tuple(_documents(dataset, page)),
    )


def _high_value(dataset: Dataset) -> tuple[str, ...]:
    """How udata knows a high-value dataset, and of which categories it is: by their French names among its tags."""
    categories = [CATEGORY_BY_SLUG[slug].label for slug in dataset.hvd if slug in CATEGORY_BY_SLUG]
    return ("hvd", *(translate(label, SOURCE) for label in categories)) if categories else ()


def _page(dataset_id: str) -> str:
    return absolute_url(f"/explore/dataset/{quote(dataset_id)}/")


def _description(dataset: Dataset, page: str) -> str:
    """Its words without their marks, the licence that udata has no name for, and where it comes from."""
    words = [markdown(dataset.description) or dataset.title]
    licence = dataset.licence_shown
    if licence is not None and licence.slug == OTHER_LICENCE:
        words.append(" ".join(filter(None, ("Licence :", licence.name, licence.url))))
    return "\n\n".join([*words, page])


def _period(dataset: Dataset) -> tuple[str, str] | None:
    """Whole days: of a year or a month, its first and its last."""
    if dataset.data_period is None:
        return None
    start, end = dataset.data_period
    first = f"{start}-01-01"[:10] if len(start) == 4 else start
    last = f"{end}-12-31" if len(end) == 4 else end
    return (first, last) if len(first) == len(last) == 10 else None


def _documents(dataset: Dataset, page: str) -> Iterator[Document]:
    yield from _exports(dataset)
    yield from _original(dataset, page)
    attachments = list(dataset.attachments.all()[: MOST_DOCUMENTS - len(SENT_FORMATS) - 1])
    for row in attachments:
        path = f"/api/explore/v2.1/catalog/datasets/{quote(dataset.dataset_id)}/attachments/{row.slug}"
        yield Document(
            key=f"attachment:{row.slug}",
            title=row.title,
            url=absolute_url(path),
            format=row.file.name.rpartition(".")[2].lower()[:20],
            mime=row.mimetype,
            bytes=row.bytes,
            mark=row.file.name,
        )


def _exports(dataset: Dataset) -> Iterator[Document]:
    """The files that every version of it has, at addresses that stay."""
    version, shape = dataset.current, shape_of(dataset)
    offered = {row.listed.file_type: row for row in reversed(formats_of(shape))}
    schema = None if _original_has_schema(dataset) else _schema(dataset)
    for file_type in SENT_FORMATS:
        row = offered.get(file_type)
        if row is None or (version.is_federated and row.name not in FORMATS):
            continue
        question = usual_request(row)
        pairs = {"lang": question.lang, "timezone": question.timezone, "use_labels": "true"}
        path = f"/api/explore/v2.1/catalog/datasets/{quote(dataset.dataset_id)}/exports/{row.name}"
        sha256, size = _made_ahead(dataset, row)
        yield Document(
            key=f"export:{row.name}",
            title=f"{dataset.title} ({row.label})",
            description=translate(row.advice, SOURCE),
            url=absolute_url(f"{path}?{urlencode(pairs)}" if question.use_labels else path),
            format=row.name,
            kind="main",
            mime=row.media_type.partition(";")[0],
            mark=version.name,
            sha256=sha256,
            bytes=size,
            schema=schema if row.family is Family.TABLE else None,
        )


def _original(dataset: Dataset, page: str) -> Iterator[Document]:
    """The file as it was received, of the current version, where everybody may have it: the same line there, at a new address each time."""
    version = dataset.current
    if version.is_federated or not may_fetch_original(ANONYMOUS, dataset, version):
        return
    try:
        original = source_of(dataset).manifest.original
    except NotFound:
        return
    yield Document(
        key="original",
        title=f"{version.original} (fichier d’origine)",
        description="Le fichier tel qu’il a été reçu.",
        url=f"{page}versions/{version.name}/original/",
        format=original.format,
        kind="main",
        mime=media_type_of(version.original),
        mark=version.name,
        sha256=original.sha256,
        bytes=original.bytes,
        schema=_schema(dataset) if _original_has_schema(dataset) else None,
    )


def _original_has_schema(dataset: Dataset) -> bool:
    """Schemas speak of the headers of the file that was received: our own table has it only when that file is not given."""
    version = dataset.current
    return version.format == "csv" and not version.is_federated and may_fetch_original(ANONYMOUS, dataset, version)


def _schema(dataset: Dataset) -> dict[str, str] | None:
    row = followed(dataset)
    ref = row.ref if row is not None else None
    if ref is None:
        return None
    if ref.origin is Origin.BUNDLED:
        return {"name": ref.name, "version": ref.version}
    return {"url": ref.name} if ref.origin is Origin.ADDRESS else None


def _made_ahead(dataset: Dataset, row: ExportFormat) -> tuple[str, int | None]:
    """Digest and size of the very bytes that its address answers; neither while they are made at each request."""
    made = ready(dataset, dataset.current, shape_of(dataset), row.name, usual_request(row))
    if made is None:
        return "", None
    size = store().stat(made.name).bytes
    if size > LARGEST_DIGESTED:
        return "", size
    key = f"republished-digest:{made.name}"
    digest = derived.get(key)
    if digest is None:
        with store().open(made.name) as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        derived.set(key, digest, 90 * 24 * 3600)
    return digest, size
