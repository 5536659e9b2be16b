"""Django's storage of what people attach (pictures, documents), over the store of the instance."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO, Self, cast

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.encoding import filepath_to_uri

from parvis.core.errors import NotFound
from parvis.core.store import AlreadyStored, BadName
from parvis.hub.store import media_name, store


class StoredFile(File[bytes]):
    """A stored file that can be opened again once closed, as those of a disk can."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(stream, name)

    def open(self, mode: str | None = None, *args: Any, **options: Any) -> Self:
        """The same file, from its beginning."""
        if self.closed:
            self.file = _opened(self.name or "")
        else:
            self.seek(0)
        return self


def _opened(name: str) -> BinaryIO:
    try:
        return store().open(media_name(name))
    except NotFound as error:
        raise FileNotFoundError(name) from error


@deconstructible
class StoredMedia(Storage):
    """Files by their name below ``media/``; none is written in place."""

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError(f"a stored file is only read: {mode}")
        return StoredFile(_opened(name), name)

    def _save(self, name: str, content: File[Any]) -> str:
        while True:
            content.seek(0)
            # A ContentFile may hold text.
            body = content.read().encode() if isinstance(content.read(0), str) else content
            try:
                store().put(media_name(name), cast("Any", body), new=True)
            except AlreadyStored:
                name = self.get_available_name(name)
            else:
                return name

    def delete(self, name: str) -> None:
        """Remove a file; harmless when it is not there."""
        store().delete(media_name(name))

    def exists(self, name: str) -> bool:
        """Whether a file has that name; a name that can be none is free too, and refused when it is used."""
        try:
            return store().exists(media_name(name)) or bool(store().children(media_name(name)))
        except BadName:
            return False

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files just below."""
        folder = media_name(path).rstrip("/")
        names = store().children(folder)
        files = [name for name in names if store().exists(f"{folder}/{name}")]
        return [name for name in names if name not in files], files

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return self._stat(name).bytes

    def path(self, name: str) -> str:
        """Where it can be read on the local disk: Wagtail sends documents by path."""
        try:
            return str(store().local(media_name(name)))
        except NotFound as error:
            raise FileNotFoundError(name) from error

    def url(self, name: str | None) -> str:
        """Its address below ``MEDIA_URL``."""
        return f"{settings.MEDIA_URL}{filepath_to_uri(name or '')}"

    def get_modified_time(self, name: str) -> datetime:
        """When it was stored."""
        moment = datetime.fromtimestamp(self._stat(name).changed, tz=UTC)
        return moment if settings.USE_TZ else timezone.make_naive(moment)

    def _stat(self, name: str) -> Any:
        try:
            return store().stat(media_name(name))
        except NotFound as error:
            raise FileNotFoundError(name) from error
