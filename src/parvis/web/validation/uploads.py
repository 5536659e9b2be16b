"""Files of strangers, received piece by piece into the request's own folder, within bounds of size, time and number."""

from __future__ import annotations

import shutil
import time
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

from parvis.core.errors import OperationError, RequestError
from parvis.core.translation import gettext_noop
from parvis.hub.accounts.rules import Actor
from parvis.hub.datastore.rules import FREE_MARGIN, DiskFull, FileTooLarge, safe_name
from parvis.hub.quotas.metering import client_of, ledger, permit
from parvis.hub.quotas.rules import quota_exceeded

MOST_BYTES = 1_000_000_000
SCHEMA_BYTES = 5 * 1024 * 1024
PIECE = 1 << 20
GRACE = 600.0
SLOWEST = 200_000
"""Bytes a second that must have come on average once ``GRACE`` seconds are over; the server asks the same before."""
OVERHEAD = 100_000
"""Bytes of a form around its files."""
SCHEMA_FIELD = "fichier_schema"


class TooManyChecks(OperationError):
    """Every place is taken."""

    code: ClassVar[str] = "validation-busy"
    wait: ClassVar[int] = 60
    sentence: ClassVar[str] = gettext_noop("D’autres fichiers sont en cours de vérification.")
    advice: ClassVar[str] = gettext_noop("Recommencez dans une minute.")


class TooSlow(RequestError):
    """The file comes by drops."""

    code: ClassVar[str] = "upload-slow"
    sentence: ClassVar[str] = gettext_noop("« {name} » arrive trop lentement : l’envoi a été arrêté.")
    advice: ClassVar[str] = gettext_noop("Recommencez avec une meilleure connexion, ou compressez le fichier (zip).")


class NothingSent(RequestError):
    """There is no file to check."""

    code: ClassVar[str] = "validation-no-file"
    sentence: ClassVar[str] = gettext_noop("Il n’y a pas de fichier à vérifier.")
    advice: ClassVar[str] = gettext_noop("Choisissez un fichier, ou donnez l’adresse de l’un d’eux.")


def require_budget(request: HttpRequest, actor: Actor) -> None:
    """QuotaExceeded for who has spent their day, told before they send a file."""
    client = client_of(request, actor)
    if client.budget.is_spent(*ledger().spent(client)):
        raise quota_exceeded(client, "", datetime.now(UTC))


def a_place(request: HttpRequest, actor: Actor) -> AbstractContextManager[None]:
    """One of the places for checks, to be taken once the file is there: TooManyAtOnce for who holds all that one may,
    TooManyChecks when none is free."""
    return permit(request, actor, "checks", TooManyChecks())


class Receiving:
    """A file being written, bound in size and in slowness."""

    def __init__(self, name: str, path: Path, most: int) -> None:
        self.name, self.path, self.most = safe_name(name), path, most
        self.bytes, self._start = 0, time.monotonic()
        self._stream = path.open("xb")

    def write(self, piece: bytes) -> None:
        """Add a piece; FileTooLarge, TooSlow or DiskFull."""
        self.bytes += len(piece)
        if self.bytes > self.most:
            raise FileTooLarge(name=self.name, bytes=f"> {self.most}", limit=self.most)
        elapsed = time.monotonic() - self._start
        if elapsed > GRACE and self.bytes < SLOWEST * elapsed:
            raise TooSlow(name=self.name)
        try:
            self._stream.write(piece)
        except OSError as error:
            raise DiskFull(name=self.name) from error

    def close(self) -> None:
        """Nothing more comes."""
        self._stream.close()


class IntoFolder(FileUploadHandler):
    """Writes the files of a form into one folder, none of them ever whole in memory."""

    chunk_size = PIECE

    def __init__(self, request: HttpRequest, folder: Path) -> None:
        super().__init__(request)
        self.folder = folder
        self._receiving: Receiving | None = None
        self._rank = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """The next file of the form."""
        super().new_file(*args, **kwargs)
        self._rank += 1
        most = SCHEMA_BYTES if self.field_name == SCHEMA_FIELD else MOST_BYTES
        self._receiving = Receiving(self.file_name or "fichier", self.folder / f"recu-{self._rank}", most)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it."""
        assert self._receiving is not None
        self._receiving.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        """The file, on disk."""
        assert self._receiving is not None
        self._receiving.close()
        stream = self._receiving.path.open("rb")
        return UploadedFile(stream, self._receiving.name, self.content_type, file_size, self.charset)


def require_acceptable(request: HttpRequest, folder: Path) -> None:
    """Refuse on its announced length what would be refused anyway, before a byte of it is read."""
    announced = request.META.get("CONTENT_LENGTH") or "0"
    size = int(announced[:18]) if announced.isascii() and announced.isdigit() else 0
    if size > MOST_BYTES + OVERHEAD:
        raise FileTooLarge(name="fichier", bytes=size, limit=MOST_BYTES)
    if size + FREE_MARGIN > shutil.disk_usage(folder).free:
        raise DiskFull(name="fichier")


def receive_form(request: HttpRequest, folder: Path) -> None:
    """Have the files of the form written into ``folder``; afterwards ``request.POST`` and ``request.FILES`` are there."""
    require_acceptable(request, folder)
    request.upload_handlers = [IntoFolder(request, folder)]
    try:
        _ = request.POST
    except BaseException:
        request._mark_post_parse_error()  # nothing later may try to read the rest
        raise


def receive_body(request: HttpRequest, folder: Path, name: str) -> Path:
    """The body of a request, as a file of ``folder``; NothingSent when it is empty."""
    require_acceptable(request, folder)
    receiving = Receiving(name, folder / "recu-0", MOST_BYTES)
    try:
        while piece := request.read(PIECE):
            receiving.write(piece)
    finally:
        receiving.close()
    if not receiving.bytes:
        raise NothingSent
    return receiving.path
