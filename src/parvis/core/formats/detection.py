"""What a file is, by its content and never by its name; archives are opened on the way."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from parvis.core.formats.archive_members import choose
from parvis.core.formats.archives import check_growth, extract, gunzip, open_zip
from parvis.core.formats.foreign import refuse_foreign
from parvis.core.formats.job import Detected
from parvis.core.formats.limits import DEFAULT_LIMITS, Limits
from parvis.core.formats.options import ReadOptions
from parvis.core.formats.readers import READERS, FormatRow
from parvis.core.formats.refusals import BadOption, EmptyFile, NestedArchive, UnsupportedFormat
from parvis.core.formats.sample import Sample
from parvis.core.translation import Sentence

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"


def detect(
    path: Path,
    options: ReadOptions,
    folder: Path,
    *,
    name: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    parted: bool = False,
) -> Detected:
    """The format of ``path``, unpacked into ``folder`` when it is a zip or a gzip; refusals name the file ``name``.

    With ``parted``, an archive may give several files of one table: ``parts``.
    """
    label = name or path.name
    unpacked, reading = _unpack(path, options, folder, label, limits, parted=parted)
    if len(unpacked) == 1:
        return Detected(recognised(unpacked[0], options, label), unpacked[0], reading)
    formats = [
        recognised(part, options, part_name) for part, part_name in zip(unpacked, reading["members"], strict=True)
    ]
    return Detected(formats[0], unpacked[0], reading, tuple(zip(formats, unpacked, reading["members"], strict=True)))


def recognised(path: Path, options: ReadOptions, label: str) -> str:
    """The name of the format of a file that is no archive."""
    sample = Sample.of(path, label)
    if not sample.head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0b\x0c"):
        raise EmptyFile(file=label)
    refuse_foreign(sample)
    if options.format is not None:
        return _row_named(options.format).name
    for row in READERS:
        if row.recognise(sample):
            return row.name
    xml = f"XML <{sample.xml_root}>" if sample.xml_root else ""
    raise UnsupportedFormat(file=label, format=xml or Sentence("binaire, inconnu"))


def _row_named(name: str) -> FormatRow:
    for row in READERS:
        if row.name == name:
            return row
    format_names = ", ".join(row.name for row in READERS)
    raise BadOption(option="format", value=name, reason=Sentence("formats lus : {known}", {"known": format_names}))


def _unpack(
    path: Path, options: ReadOptions, folder: Path, name: str, limits: Limits, *, parted: bool
) -> tuple[list[Path], dict[str, Any]]:
    """The innermost file, or the parts of one table, and what was chosen on the way."""
    reading: dict[str, Any] = {}
    current, member = path, options.member
    for level in range(limits.max_nesting + 1):
        sample = Sample.of(current, name)
        packed = sample.head.startswith(GZIP) or (sample.head.startswith(ZIP) and not _is_zipped_format(sample))
        if not packed:
            return [current], reading
        if level == limits.max_nesting:
            break
        folder.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(dir=folder))
        if sample.head.startswith(GZIP):
            current = gunzip(current, target / "member", name, limits)
            continue
        with open_zip(current, name, limits) as archive:
            choice = choose(archive, member, name, parted=parted)
            members = list(choice.members)
            if len(choice.chosen) > 1:
                parts = list(choice.chosen)
                return _parts(archive, parts, target, name, limits), reading | {"members": parts}
            current = extract(archive, choice.chosen[0], target, name, limits)
        reading |= {"member": choice.chosen[0], "members": members}
        member = None
    raise NestedArchive(file=name, limit=limits.max_nesting)


def _parts(archive: ZipFile, members: list[str], folder: Path, name: str, limits: Limits) -> list[Path]:
    paths, total = [], 0
    for rank, member in enumerate(members):
        paths.append(extract(archive, member, folder / str(rank), name, limits))
        total += paths[-1].stat().st_size
        check_growth(total, Path(str(archive.filename)).stat().st_size, name, limits)
    return paths


def _is_zipped_format(sample: Sample) -> bool:
    """True for formats that are zips by nature: they are opened by their own reader."""
    names = sample.members
    return "[Content_Types].xml" in names or bool(sample.mimetype)
