"""The beginning of a file, as the recognisers of formats look at it."""

from __future__ import annotations

import codecs
import re
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HEAD = 64 * 1024
_XML_ROOT = re.compile(r"<(?![?!])(?:[\w.-]+:)?([\w.-]+)")
_XML_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """``head`` is the first 64 KiB of the file at ``path``; ``name`` is what its sender called it."""

    path: Path
    name: str
    head: bytes

    @classmethod
    def of(cls, path: Path, name: str) -> Sample:
        """The sample of a file."""
        with path.open("rb") as stream:
            return cls(path, name, stream.read(HEAD))

    @cached_property
    def text(self) -> str:
        """The head as text, by its mark when it has one, else as UTF-8 or UTF-16, unreadable bytes replaced."""
        for bom, encoding in (
            (codecs.BOM_UTF8, "utf-8"),
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
        ):
            if self.head.startswith(bom):
                return self.head[len(bom) :].decode(encoding, "replace")
        silent = {0: "utf-16-be", 1: "utf-16-le"}
        for parity, encoding in silent.items():
            if len(self.head) >= 4 and not any(self.head[parity:64:2]) and any(self.head[1 - parity : 64 : 2]):
                return self.head.decode(encoding, "replace")
        return self.head.decode("utf-8", "replace")

    @cached_property
    def xml_root(self) -> str:
        """Local name of the root element in lower case; empty when this is no XML."""
        start = self.text.lstrip()
        if not start.startswith("<"):
            return ""
        match = _XML_ROOT.search(_XML_COMMENT.sub("", start))
        return match.group(1).lower() if match else ""

    @cached_property
    def members(self) -> frozenset[str]:
        """Names in the zip; empty when this is no zip."""
        if not self.head.startswith(b"PK"):
            return frozenset()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return frozenset(archive.namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return frozenset()

    @cached_property
    def mimetype(self) -> str:
        """What an OpenDocument file says it is; empty for anything else."""
        if "mimetype" not in self.members:
            return ""
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open("mimetype") as stream:
                return stream.read(200).decode("ascii", "replace").strip()
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
            return ""
