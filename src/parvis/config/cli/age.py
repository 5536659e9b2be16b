"""Backups encrypted as ``age`` does, in streams: what is encrypted for a public key, its secret key alone reads.

The tool of that name reads them too. A passphrase is not offered: the library derives its key in memory, whole files with it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, ClassVar

import pyrage
from pyrage import x25519

from parvis.config.cli.files import whole_file
from parvis.core.errors import DataError, RequestError
from parvis.core.translation import gettext_noop

HEAD = b"age-encryption.org/v1"
_IDENTITY = "AGE-SECRET-KEY-"


class BadRecipient(RequestError):
    """A public key that is none."""

    code: ClassVar[str] = "backup-recipient"
    sentence: ClassVar[str] = gettext_noop("« {key} » n’est pas une clé publique age.")
    advice: ClassVar[str] = gettext_noop(
        "Corrigez PARVIS_BACKUP_RECIPIENTS ; parvis backup --make-identity fait une paire de clés."
    )


class IdentityNeeded(RequestError):
    """The backup is encrypted and no key was given."""

    code: ClassVar[str] = "backup-encrypted"
    sentence: ClassVar[str] = gettext_noop("« {file} » est chiffré.")
    advice: ClassVar[str] = gettext_noop("Donnez le fichier de la clé secrète : --identity FICHIER.")


class BadIdentity(RequestError):
    """A file that holds no secret key."""

    code: ClassVar[str] = "backup-identity"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne contient pas de clé secrète age (AGE-SECRET-KEY-…).")


class WrongIdentity(DataError):
    """The key does not open the backup, or the backup was changed or cut."""

    code: ClassVar[str] = "backup-wrong-identity"
    sentence: ClassVar[str] = gettext_noop(
        "Cette clé n’ouvre pas « {file} », ou le fichier a été abîmé. Rien n’a été changé."
    )


def make_identity(path: Path) -> str:
    """Write a new secret key to a file that must not exist yet, read by its owner alone; its public key."""
    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    if path.exists():
        raise FileExistsError(17, os.strerror(17), str(path))
    with whole_file(path, private=True) as stream:
        stream.write(f"# public key: {public}\n{identity}\n".encode("ascii"))
    return public


def recipients_of(keys: Sequence[str]) -> list[x25519.Recipient]:
    """Public keys as the library takes them; BadRecipient for one that is none."""
    recipients = []
    for key in keys:
        try:
            recipients.append(x25519.Recipient.from_str(key))
        except pyrage.RecipientError as error:
            raise BadRecipient(key=key[:80]) from error
    return recipients


def identities_of(path: Path) -> list[x25519.Identity]:
    """The secret keys of a file, as ``age-keygen`` or ``make_identity`` writes it; BadIdentity when it has none."""
    lines = path.read_text(encoding="utf-8", errors="replace").split()
    try:
        identities = [x25519.Identity.from_str(word) for word in lines if word.startswith(_IDENTITY)]
    except pyrage.IdentityError as error:
        raise BadIdentity(file=path.name) from error
    if not identities:
        raise BadIdentity(file=path.name)
    return identities


def is_encrypted(path: Path) -> bool:
    """Whether a file begins as those of age do."""
    with path.open("rb") as stream:
        return stream.read(len(HEAD)) == HEAD


@contextmanager
def encrypting(target: BinaryIO, recipients: Sequence[x25519.Recipient]) -> Iterator[BinaryIO]:
    """A stream to write to; what is written goes to ``target``, encrypted."""
    inner, outer = os.pipe()
    with os.fdopen(inner, "rb") as reader, os.fdopen(outer, "wb") as writer:
        work = _Thread(lambda: pyrage.encrypt_io(reader, target, list(recipients)), reader)
        try:
            yield writer
            writer.flush()
        except BrokenPipeError:
            work.end()
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):
                writer.close()
            work.end()


@contextmanager
def decrypting(source: Path, identities: Sequence[x25519.Identity]) -> Iterator[BinaryIO]:
    """A stream of what an encrypted file holds; WrongIdentity when it cannot be read to its end, whatever came of it before."""
    inner, outer = os.pipe()
    with source.open("rb") as encrypted, os.fdopen(inner, "rb") as reader, os.fdopen(outer, "wb") as writer:
        work = _Thread(lambda: pyrage.decrypt_io(encrypted, writer, list(identities)), writer)
        try:
            yield reader
            while reader.read(1 << 20):  # age tells at its end that nothing was cut
                pass
        finally:
            reader.close()
            try:
                work.end()
            except (pyrage.DecryptError, OSError) as error:
                if not isinstance(error, BrokenPipeError):
                    raise WrongIdentity(file=source.name) from error


class _Thread:
    """Work at the other end of a pipe, which is closed when it is over; ``end`` waits for it and raises what stopped it."""

    def __init__(self, work: Callable[[], None], end: BinaryIO) -> None:
        self._work, self._end = work, end
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 it is raised again in the thread that waits
            self._error = error
        with contextlib.suppress(BrokenPipeError):
            self._end.close()

    def end(self) -> None:
        self._thread.join()
        error, self._error = self._error, None
        if error is not None:
            raise error
