"""The chain of this instance read again from its first row, and the files that it vouches for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC

from parvis.core.errors import NotFound
from parvis.core.progress import Progress, no_progress
from parvis.core.seals import (
    Acts,
    ChainBroken,
    ChainState,
    FileDigest,
    NotSealed,
    Sealed,
    SealedFileChanged,
    SealedFileMissing,
    Standing,
    checked_lines,
    digest_of,
)
from parvis.core.seals.outside import Checked
from parvis.core.seals.stamps import checked
from parvis.core.translation import Sentence
from parvis.hub.registry import modules
from parvis.hub.seals.models import DailyRoot, SealedFile, SealEntry
from parvis.hub.seals.selectors import chain_state, daily_roots, rows_after, standings_with_digest
from parvis.hub.seals.stamping import roots_of_trust


def checked_rows() -> Iterator[Sealed]:
    """The entries of this instance; ChainBroken at the first row that is not as it was written, daily roots included."""
    roots = {root.sequence: root for root in daily_roots()}
    digests = _Digests()
    rows: list[SealEntry] = []

    def lines() -> Iterator[bytes]:
        for row in rows_after(-(2**53)):
            rows[:] = [row]
            yield row.line

    for sealed in checked_lines(lines()):
        _check_columns(rows[0], sealed)
        digests.check(sealed)
        _check_root(roots.pop(sealed.entry.sequence, None), sealed)
        yield sealed
    if roots:
        number = min(roots)
        raise ChainBroken(line=number, reason=Sentence("elle manque, et la racine d’un jour la nomme"))


def _check_columns(row: SealEntry, sealed: Sealed) -> None:
    """What the columns repeat is what is sealed."""
    entry = sealed.entry
    moment = row.moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").replace(".000000", "")
    seen = (row.sequence, row.digest, row.previous, moment, row.kind, row.subject, row.refers_to)
    if seen != (
        entry.sequence,
        sealed.digest,
        entry.previous,
        entry.moment,
        entry.kind,
        entry.subject,
        entry.refers_to,
    ):
        raise ChainBroken(line=entry.sequence, reason=Sentence("ses colonnes ne disent pas ce qui est scellé"))


def _check_root(root: DailyRoot | None, sealed: Sealed) -> None:
    """The root of a day is the digest of its entry, and its timestamp is about it."""
    if root is None:
        return
    if root.digest != sealed.digest:
        raise ChainBroken(line=sealed.entry.sequence, reason=Sentence("la racine de son jour est une autre"))
    stamp = getattr(root, "stamp", None)
    if stamp is not None and stamp.answer is not None:
        checked(bytes(stamp.answer), sealed.content, None, roots_of_trust() if stamp.certified else b"")


class _Digests:
    """The digests of files by entry, as their table has them: read some entries ahead."""

    STEP = 1_000

    def __init__(self) -> None:
        self._until = 0
        self._by_entry: dict[int, list[str]] = {}

    def check(self, sealed: Sealed) -> None:
        """Compare with those that are sealed; ChainBroken."""
        sequence = sealed.entry.sequence
        if sequence > self._until:
            self._by_entry, self._until = {}, sequence + self.STEP
            rows = SealedFile.objects.filter(entry__gte=sequence, entry__lte=self._until).order_by("pk")
            for entry, sha256 in rows.values_list("entry", "sha256"):
                self._by_entry.setdefault(entry, []).append(sha256)
        if self._by_entry.get(sequence, []) != [file.sha256 for file in sealed.entry.files]:
            raise ChainBroken(line=sequence, reason=Sentence("la table des empreintes ne dit pas ce qui est scellé"))


def check_files(progress: Progress = no_progress) -> int:
    """Read again each file that must be online; how many. SealedFileChanged or SealedFileMissing at the first that is not as sealed."""
    acts, total = Acts(), chain_state().entries
    for row in SealEntry.objects.filter(refers_to__isnull=False).order_by("sequence").iterator():
        acts.add(row.sealed.entry)
    count = 0
    for row in rows_after():
        standing = acts.standing(row.sealed.entry)
        if standing.is_served and standing.entry.files:
            count += _check_files_of(standing)
        progress("verify", row.sequence, total)
    return count


def _check_files_of(standing: Standing) -> int:
    entry = standing.entry
    present = files_at(entry.subject)
    for file in entry.files:
        facts = {"file": file.name, "subject": entry.subject, "line": entry.sequence}
        if file.name not in present:
            raise SealedFileMissing(**facts)
        if present[file.name] != file:
            raise SealedFileChanged(**facts)
    return len(entry.files)


def files_at(subject: str) -> Mapping[str, FileDigest]:
    """The files that modules serve at an address, with the digests of their bytes as they are now."""
    digests: dict[str, FileDigest] = {}
    for module in modules():
        files = module.sealed_files(subject) if module.sealed_files is not None else None
        for name, opener in files or ():
            try:
                stream = opener()
            except (OSError, NotFound):
                continue  # what is not there is missing, and is said so
            with closing(stream):
                digests[name] = digest_of(name, stream)
    return digests


def check_digest(file: FileDigest, state: ChainState) -> Checked:
    """What this instance's chain, whose rows were checked, says of a file; NotSealed."""
    standings = standings_with_digest(file.sha256)
    if not standings:
        raise NotSealed(name=file.name, trace=Sentence("empreinte"))
    return Checked(state, tuple(standings), 1)
