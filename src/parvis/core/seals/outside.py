"""Checking a published act from outside: its address, the public chain beside it, and nothing else of who publishes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from parvis.core.fetching import Allowed, HttpStatus, fetch, is_public
from parvis.core.seals.chain import checked_stream
from parvis.core.seals.entries import ChainState, Entry, FileDigest, Sealed, digest_of
from parvis.core.seals.errors import NotSealed, SealedFileChanged, SealedFileMissing
from parvis.core.seals.standing import Matches, Standing, standings
from parvis.core.translation import Sentence

CHAIN_PATH = "/sceaux/chaine.jsonl"
"""Where the chain of a portal is."""
MOST_BYTES = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Checked:
    """What was seen: where the chain stands, what it says of the act, how many files of it were read again."""

    state: ChainState
    standings: tuple[Standing, ...]
    files: int = 0


def fetch_chain(address: str, folder: Path, *, allowed: Allowed = is_public) -> Path:
    """The chain of the portal that ``address`` belongs to, as a file of ``folder``; the errors of ``core.fetching``."""
    path = folder / "chaine.jsonl"
    fetch(urljoin(address, CHAIN_PATH), path, max_bytes=MOST_BYTES, allowed=allowed)
    return path


def check_address(address: str, chain: Path, folder: Path, *, allowed: Allowed = is_public) -> Checked:
    """Check the whole chain, then the files that ``address`` serves against it.

    Raises ChainBroken, NotSealed, SealedFileChanged, SealedFileMissing and the errors of ``core.fetching``.
    """
    checked = check_chain(chain, lambda entry: is_about(entry, address))
    if not checked.standings:
        raise NotSealed(name=address, trace=Sentence("adresse"))
    count = 0
    for standing in checked.standings:
        for file in standing.entry.files if standing.is_served else ():
            _check_served(file, standing.entry, address, folder, allowed)
            count += 1
    return Checked(checked.state, checked.standings, count)


def check_file(file: Path, chain: Path) -> Checked:
    """Check the whole chain, then what it says of a file; ChainBroken, NotSealed."""
    with file.open("rb") as stream:
        digest = digest_of(file.name, stream)
    checked = check_chain(chain, lambda entry: any(sealed.sha256 == digest.sha256 for sealed in entry.files))
    if not checked.standings:
        raise NotSealed(name=file.name, trace=Sentence("empreinte"))
    return Checked(checked.state, checked.standings, 1)


def check_chain(chain: Path, matches: Matches) -> Checked:
    """Check a chain file, and say what became of its entries that match; ChainBroken."""
    last: list[Sealed] = []

    def entries() -> Iterator[Entry]:
        with chain.open("rb") as stream:
            for sealed in checked_stream(stream):
                last[:] = [sealed]
                yield sealed.entry

    matching = tuple(standings(entries(), matches))
    return Checked(last[0].state if last else ChainState(), matching)


def is_about(entry: Entry, address: str) -> bool:
    """Whether an entry is about the act at ``address``: the site of a commune shows it behind a prefix or under another host."""
    path = urlsplit(entry.subject).path
    return entry.subject == address or (path.count("/") > 1 and urlsplit(address).path.endswith(path))


def _check_served(file: FileDigest, entry: Entry, address: str, folder: Path, allowed: Allowed) -> None:
    facts = {"file": file.name, "subject": address, "line": entry.sequence}
    path = folder / "file"
    path.unlink(missing_ok=True)
    try:
        fetch(urljoin(address, file.name), path, max_bytes=file.bytes + 1_000_000, allowed=allowed)
    except HttpStatus as error:
        if error.details.get("status") in (404, 410):
            raise SealedFileMissing(**facts) from error
        raise
    with path.open("rb") as stream:
        if digest_of(file.name, stream) != file:
            raise SealedFileChanged(**facts)
