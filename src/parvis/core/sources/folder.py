"""A folder of files elsewhere, by pattern: each file is an item, or the newest of them alone is one that is brought again and again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from parvis.core.sources.answers import json_object
from parvis.core.sources.contract import LIST, Item, Page, Request, Resource, Settings
from parvis.core.sources.file import place_of
from parvis.core.titles import title_from
from parvis.core.translation import gettext_noop


class FolderDialect:
    """``newest`` (any value) takes the newest file alone, as one dataset named by ``title``; ``username`` opens the folder."""

    slug = "folder"
    label = gettext_noop("Un dossier de fichiers, par motif")
    options: Sequence[str] = ("newest", "title", "licence", "username", "host_key")
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """The list of the files."""
        place_of(settings.url)
        return (Request(settings.url, LIST),)

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """The files of the list, which the harvester wrote: ``{"entries": [{"name", "location", "bytes", "modified", "etag"}]}``."""
        files = json_object(answer)["entries"]
        if settings.options.get("newest"):
            files = files[:1]
        return Page(tuple(self._item(file, settings) for file in files), total=len(files))

    def _item(self, file: dict[str, object], settings: Settings) -> Item:
        location, name = str(file["location"]), str(file["name"])
        is_newest = bool(settings.options.get("newest"))
        size = file.get("bytes")
        resource = Resource(
            location,
            name,
            bytes=size if isinstance(size, int) else None,
            modified=str(file.get("modified") or ""),
            digest=str(file.get("etag") or ""),
        )
        return Item(
            "newest" if is_newest else unquote(urlsplit(location).path).lstrip("/"),
            (is_newest and settings.options.get("title")) or title_from(name),
            licence=settings.options.get("licence", ""),
            modified=resource.modified[:10],
            resources=(resource,),
        )


DIALECT = FolderDialect()
