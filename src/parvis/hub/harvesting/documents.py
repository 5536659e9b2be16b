"""The documents of a dataset that is moved in, and the files that its rows name: fetched once, attached here, bounded."""

from __future__ import annotations

import hashlib
import mimetypes
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.validators import validate_slug

from parvis.core.documents.errors import DocumentUnknown
from parvis.core.errors import Cancelled, DataError, ParvisError
from parvis.core.fetching import FetchTooLarge
from parvis.core.progress import Progress
from parvis.core.sources.contract import Request
from parvis.core.sources.file_cells import FarFile
from parvis.core.text import slugify
from parvis.core.translation import Sentence
from parvis.hub.accounts.rules import Actor
from parvis.hub.catalogue.attachments import MOST_BYTES, add_attachment, remove_attachment, slug_of
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.selectors import attachments_of
from parvis.hub.harvesting.copies import ask_for_file
from parvis.hub.harvesting.models import Source
from parvis.hub.jobs.process_locks import process_folder

MOST_DOCUMENTS: Final = 200
"""Of one dataset, alternative exports among them."""
MOST_FILES: Final = 1_000
"""Named by the rows of one dataset."""
FILES_BYTES: Final = 1_000_000_000
"""Of all of them."""


@dataclass(slots=True)
class DocumentsBrought:
    """What is told of the documents of a dataset: ``left`` lists those that did not come as its page shows them."""

    notes: list[Sentence] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    is_partial: bool = False


@dataclass(slots=True)
class FilesBrought:
    """What each file is called here by its address there, and the addresses that attachments have for them."""

    names: dict[str, str] = field(default_factory=dict)
    slugs: list[str] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    left: int = 0
    """How many did not come."""
    is_partial: bool = False


def bring_documents(
    actor: Actor,
    source: Source,
    card: Mapping[str, Any],
    dataset: Dataset,
    documents: dict[str, dict[str, str]],
    progress: Progress,
    keep: Callable[[], None],
) -> DocumentsBrought:
    """Attach what the portal attaches, under the identifiers that it gave; ``documents`` is what came before and is brought up to date.

    A document that somebody took away here stays away; one that is no longer there goes, since nobody else brought it.
    """
    brought = DocumentsBrought()
    rows = {
        f"{kind}:{row['id']}": row
        for kind in ("attachments", "alternative_exports")
        for row in card.get(kind) or []
        if isinstance(row, Mapping)
    }
    for key, row in list(rows.items())[:MOST_DOCUMENTS]:
        progress("documents", 0)
        try:
            _bring_document(actor, source, row, dataset, documents, key, brought, progress)
            keep()
        except Cancelled:
            raise
        except ParvisError as error:
            brought.notes.append(_not_brought(row.get("title") or row["id"], error))
            brought.left.append(link_of(row))
            brought.is_partial |= not isinstance(error, DataError | FetchTooLarge)
    for row in list(rows.values())[MOST_DOCUMENTS:]:
        brought.left.append(link_of(row))
    if len(rows) > MOST_DOCUMENTS:
        brought.notes.append(Sentence("documents restés là-bas : {count}", {"count": len(rows) - MOST_DOCUMENTS}))
    for key in set(documents) - set(rows):
        _forget(actor, dataset, documents.pop(key)["slug"])
        keep()
    return brought


def _bring_document(
    actor: Actor,
    source: Source,
    row: Mapping[str, Any],
    dataset: Dataset,
    documents: dict[str, dict[str, str]],
    key: str,
    brought: DocumentsBrought,
    progress: Progress,
) -> None:
    former = documents.get(key)
    attachment = attachments_of(dataset).filter(slug=former["slug"]).first() if former else None
    if former is not None and attachment is None:
        brought.notes.append(Sentence("« {name} » reste retiré, comme quelqu’un l’a voulu ici", {"name": row["title"]}))
        return
    with tempfile.TemporaryDirectory(prefix="move-", dir=process_folder()) as folder:
        validators = former if former and former.get("url") == row["url"] else {}
        answer = ask_for_file(
            source,
            Request(row["url"]),
            Path(folder, "answer"),
            progress,
            max_bytes=MOST_BYTES,
            validators=validators,
        )
        if answer.status == 304:
            return
        digest = _digest(answer.path)
        state = {"url": row["url"], "sha256": digest, "etag": answer.etag, "last_modified": answer.last_modified}
        if former and former.get("sha256") == digest:
            documents[key] = {**former, **state}
            return
        name = _document_name(row, answer.name, answer.media_type)
        title = str(row.get("title") or name)[:200]
        fresh, is_packed = _attach(actor, dataset, title, name, answer.path)
    if is_packed:
        brought.notes.append(Sentence("« {name} » est joint dans une archive ZIP", {"name": name}))
    if fresh.held:
        brought.notes.append(Sentence("« {name} » attend qu’on regarde ses données personnelles", {"name": name}))
    if attachment is not None:
        remove_attachment(actor, attachment)
    _rename(fresh, former["slug"] if former else str(row["id"]))
    documents[key] = {"slug": fresh.slug, **state}


def _attach(actor: Actor, dataset: Dataset, title: str, name: str, path: Path) -> tuple[Attachment, bool]:
    """The document as it is; in an archive when it is of a kind that is not received (an old spreadsheet, a layer of a GIS)."""
    try:
        with path.open("rb") as stream:
            return add_attachment(actor, dataset, title, name, File(stream, name=name)), False
    except DocumentUnknown:
        packed = path.with_name("paquet.zip")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, name)
        with packed.open("rb") as stream:
            return add_attachment(actor, dataset, title, f"{name}.zip", File(stream, name=f"{name}.zip")), True


def _rename(attachment: Attachment, slug: str) -> None:
    """Give it the address that it had there, when it is one and is free."""
    try:
        validate_slug(slug)
    except ValidationError:
        return
    taken = Attachment.every.filter(dataset=attachment.dataset_id, slug=slug).exists()
    if len(slug) <= 120 and not taken:
        attachment.slug = slug
        attachment.save(update_fields=["slug"])


def _document_name(row: Mapping[str, Any], answered: str, media_type: str) -> str:
    """What the file is called, with an ending: by its title, its address, else by its type."""
    identifier = str(row.get("id") or "")
    stem, _underscore, ending = identifier.rpartition("_")  # « cities1000_zip »
    by_type = mimetypes.guess_extension(str(row.get("mimetype") or media_type)) or ""
    in_address = PurePosixPath(unquote(urlsplit(str(row.get("url"))).path)).name
    candidates = (str(row.get("title") or ""), answered, in_address, f"{stem}.{ending}" if stem else "")
    for name in candidates:
        suffix = PurePosixPath(name).suffix.lower()
        if (suffix and mimetypes.types_map.get(suffix, "")) or suffix in _ENDINGS:
            return name[-200:]
    return f"{(stem or identifier or 'document')[:100]}{by_type}"


_ENDINGS = frozenset({".gpkg", ".shp", ".md", ".geojson", ".parquet", ".ods", ".odt", ".odp", ".qgz", ".dxf", ".dwg"})
"""Endings of documents that no register of types knows."""


def bring_files(
    actor: Actor,
    source: Source,
    dataset: Dataset,
    files: Sequence[FarFile],
    former: Sequence[str],
    progress: Progress,
) -> FilesBrought:
    """Fetch the files that rows name, each under a name that tells it from the others and changes when it does; those that rows no
    longer name go. What does not come stays at its address."""
    brought, size = FilesBrought(), 0
    slugs = dict(attachments_of(dataset).values_list("slug", "bytes"))
    failed = 0
    reason: Sentence | None = None
    for rank, file in enumerate(files):
        name = _file_name(file)
        slug = slug_of(name)
        if not file.url.startswith(("http://", "https://")):
            brought.names[file.url] = file.name or file.url
            continue
        if rank >= MOST_FILES or size >= FILES_BYTES:
            failed += 1
            limit = Sentence("au-delà de {limit} fichiers ou d’un gigaoctet", {"limit": MOST_FILES})
            reason = reason or limit
            continue
        progress("files", rank, len(files))
        try:
            if slug not in slugs:
                slugs[slug] = _bring_file(actor, source, dataset, file, name, progress)
        except Cancelled:
            raise
        except ParvisError as error:
            failed, reason = failed + 1, reason or error.sentences()[0]
            brought.is_partial |= not isinstance(error, DataError | FetchTooLarge)
            continue
        size += slugs[slug]
        brought.names[file.url] = name
        brought.slugs.append(slug)
    brought.left = failed
    if reason is not None:
        values: dict[str, str | int | Sentence] = {"count": failed, "reason": reason}
        brought.notes.append(Sentence("fichiers nommés par ses lignes et restés là-bas : {count} ({reason})", values))
    for slug in set(former) - set(brought.slugs):
        _forget(actor, dataset, slug)
    return brought


def _bring_file(actor: Actor, source: Source, dataset: Dataset, file: FarFile, name: str, progress: Progress) -> int:
    with tempfile.TemporaryDirectory(prefix="move-", dir=process_folder()) as folder:
        answer = ask_for_file(source, Request(file.url), Path(folder, "answer"), progress, max_bytes=MOST_BYTES)
        with answer.path.open("rb") as stream:
            attachment = add_attachment(actor, dataset, file.name or name, name, File(stream, name=name))
    return attachment.bytes


def _file_name(file: FarFile) -> str:
    """A name that holds what tells the file from the others: two of them are often called « photo.jpg »."""
    path = PurePosixPath(file.name or unquote(urlsplit(file.url).path))
    mark = hashlib.sha256(f"{file.url} {file.etag}".encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{slugify(path.stem)[:40] or 'fichier'}-{mark}{path.suffix.lower()[:10]}"


def _forget(actor: Actor, dataset: Dataset, slug: str) -> None:
    if (attachment := attachments_of(dataset).filter(slug=slug).first()) is not None:
        remove_attachment(actor, attachment)


def _not_brought(title: object, error: ParvisError) -> Sentence:
    values: dict[str, str | int | Sentence] = {"name": str(title)[:200], "reason": error.sentences()[0]}
    return Sentence("« {name} » n’est pas venu ({reason})", values)


def link_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A document that stays there, as the page of the dataset shows it."""
    name = str(row.get("title") or row["id"])
    return {
        "title": name[:200],
        "format": (str(row.get("format") or "") or PurePosixPath(name).suffix.lstrip("."))[:20],
        "url": row["url"],
        "bytes": None,
    }


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
