"""One file at an address: an item that is known without asking, whose file is brought again when it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, unquote

from parvis.core.fetching.locations import DEFAULT_PORTS, location_of
from parvis.core.sources.contract import Item, Page, Request, Resource, Settings
from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.sources.paging import parts_of
from parvis.core.titles import title_of
from parvis.core.translation import Sentence, gettext_noop


class FileDialect:
    """``title`` and ``licence`` are what the item says of itself, the name of the file without."""

    slug = "file"
    label = gettext_noop("Un fichier à une adresse")
    options: Sequence[str] = ("title", "licence", "format", "username", "host_key")
    incremental = False

    def first(self, settings: Settings) -> tuple[Request, ...]:
        """Nothing is asked."""
        return ()

    def read(self, answer: Path, request: Request, settings: Settings) -> Page:
        """There is no answer to read."""
        raise UnreadableAnswer(file=answer.name, reason=Sentence("rien n’était attendu"))

    def items(self, settings: Settings) -> tuple[Item, ...]:
        """The file. Its identifier is the same whatever the address becomes: it is the only one of its source."""
        parts = place_of(settings.url)
        name = PurePosixPath(unquote(parts.path)).name
        stem = name.rpartition(".")[0] or name or parts.netloc
        title = settings.options.get("title") or title_of(stem)
        resource = Resource(settings.url, name, settings.options.get("format", ""))
        return (
            Item(
                "file",
                title,
                licence=settings.options.get("licence", ""),
                resources=(resource,),
            ),
        )


def place_of(url: str) -> SplitResult:
    """The parts of the address of a file or a folder of any protocol; BadSource, or BadLocation for a path that climbs."""
    parts = parts_of(url)
    if parts.scheme not in ("http", "https"):
        location_of(url, frozenset({*DEFAULT_PORTS, "file"}))
    return parts


DIALECT = FileDialect()
