"""The pictures and documents of pages, cards and records: where each goes, and which leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail.images import get_image_model

from parvis.core.errors import NotFound
from parvis.core.translation import gettext_noop
from parvis.hub.departure.rules import Choices, Report
from parvis.hub.departure.tables import media_place, withheld_media
from parvis.hub.store import media_name, store

if TYPE_CHECKING:
    from parvis.hub.departure.folder import ExportFolder

GONE = gettext_noop("le fichier n’est plus là")
_ROOM = "media/"
_PIECE = 1 << 20


class Shelf:
    """Files of ``media/`` by their name there; those that something of the export names leave with it."""

    def __init__(self, folder: ExportFolder) -> None:
        self._folder = folder
        self._places: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Where the file of that name is in the export, which will have it."""
        if name not in self._places:
            self._places[name] = self._folder.claim(media_place(name), f"media {name}")
        return self._places[name]

    def write(self, choices: Choices, report: Report) -> None:
        """Copy what is named; of a full export, everything else but what only rows that stay name, and pictures made of others."""
        names = set(self._places)
        if not choices.public_only:
            made = get_image_model().get_rendition_model()._base_manager.values_list("file", flat=True)
            apart = withheld_media(choices) | set(made.iterator())
            stored = (name.removeprefix(_ROOM) for name in store().walk("media"))
            names |= {name for name in stored if name not in apart}
        for name in sorted(names):
            path = self(name)
            try:
                stat = store().stat(media_name(name))
                self._folder.put(path, lambda stream, name=name: _copy(name, stream), f"{stat.bytes} {stat.changed}")
            except NotFound:
                report.left.append({"what": path, "why": GONE})
                continue
            report.media += 1


def _copy(name: str, stream: object) -> None:
    with store().open(media_name(name)) as source:
        while piece := source.read(_PIECE):
            stream.write(piece)  # type: ignore[attr-defined]
