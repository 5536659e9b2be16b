"""What a file is, by its content and never by its name; archives are opened on the way."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from parvis.core.formats.archives import choose, extract, gunzip, open_zip
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
    path: Path, options: ReadOptions, folder: Path, *, name: str | None = None, limits: Limits = DEFAULT_LIMITS
) -> Detected:
    """The format of ``path``, unpacked into ``folder`` when it is a zip or a gzip; refusals name the file ``name``."""
    label = name or path.name
    current, reading = _unpack(path, options, folder, label, limits)
    sample = Sample.of(current, label)
    if not sample.head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x0b\x0c"):
        raise EmptyFile(file=label)
    refuse_foreign(sample)
    if options.format is not None:
        return Detected(_row_named(options.format).name, current, reading)
    for row in READERS:
        if row.recognise(sample):
            return Detected(row.name, current, reading)
    xml = f"XML <{sample.xml_root}>" if sample.xml_root else ""
    raise UnsupportedFormat(file=label, format=xml or Sentence("binaire, inconnu"))


def _row_named(name: str) -> FormatRow:
    for row in READERS:
        if row.name == name:
            return row
    format_names = ", ".join(row.name for row in READERS)
    raise BadOption(option="format", value=name, reason=Sentence("formats lus : {known}", {"known": format_names}))


def _unpack(path: Path, options: ReadOptions, folder: Path, name: str, limits: Limits) -> tuple[Path, dict[str, Any]]:
    """The innermost file, and what was chosen on the way."""
    reading: dict[str, Any] = {}
    current, member = path, options.member
    for level in range(limits.max_nesting + 1):
        sample = Sample.of(current, name)
        packed = sample.head.startswith(GZIP) or (sample.head.startswith(ZIP) and not _is_zipped_format(sample))
        if not packed:
            return current, reading
        if level == limits.max_nesting:
            break
        folder.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(dir=folder))
        if sample.head.startswith(GZIP):
            current = gunzip(current, target / "member", name, limits)
            continue
        with open_zip(current, name, limits) as archive:
            chosen, members = choose(archive, member, name)
            current = extract(archive, chosen, target, name, limits)
        reading |= {"member": chosen, "members": members}
        member = None
    raise NestedArchive(file=name, limit=limits.max_nesting)


def _is_zipped_format(sample: Sample) -> bool:
    """True for formats that are zips by nature: they are opened by their own reader."""
    names = sample.members
    return "[Content_Types].xml" in names or bool(sample.mimetype)
