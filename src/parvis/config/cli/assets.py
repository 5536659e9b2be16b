"""Static files leave compressed: those of a release were compressed once, when Parvis was built.

Brotli at its best takes seven seconds of processor time over Wagtail's files and ours, which each new instance would take again.
"""

from __future__ import annotations

import hashlib
import zipfile
from functools import cache
from pathlib import Path

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedStaticFilesStorage

from parvis.config.cli.prepared import FOLDER

PREPARED = FOLDER / "compressed.zip"
"""Each compressed form under the digest of what it was made from; absent from a checkout that was not built."""
ENCODINGS = ("br", "gz")


class PreparedCompressor(Compressor):
    """Takes what was prepared for the same bytes, and compresses what is not there."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        """``data`` for browsers that read Brotli: all of today."""
        return _prepared(data, "br") or Compressor.compress_brotli(data)

    @staticmethod
    def compress_gzip(data: bytes) -> bytes:
        """``data`` for the others."""
        return _prepared(data, "gz") or Compressor.compress_gzip(data)


class Assets(CompressedStaticFilesStorage):
    """The static files of the instance, as ``parvis serve`` collects them."""

    def create_compressor(self, **options: object) -> Compressor:
        """The one that takes what was prepared."""
        return PreparedCompressor(**options)


def keep_compressed(collected: Path) -> Path:
    """Keep the compressed forms of the files that were just collected there, in place of those of other releases."""
    PREPARED.parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(PREPARED, "w") as archive:
        for path in sorted(path for path in collected.rglob("*") if path.is_file()):
            for encoding in ENCODINGS:
                compressed = path.with_name(f"{path.name}.{encoding}")
                name = _name(path.read_bytes(), encoding)
                if compressed.exists() and name not in archive.NameToInfo:
                    archive.writestr(zipfile.ZipInfo(name), compressed.read_bytes())
    _opened.cache_clear()
    return PREPARED


def _prepared(data: bytes, encoding: str) -> bytes | None:
    prepared, name = _opened(), _name(data, encoding)
    return prepared.read(name) if prepared is not None and name in prepared.NameToInfo else None


def _name(data: bytes, encoding: str) -> str:
    return f"{hashlib.sha256(data).hexdigest()}.{encoding}"


@cache
def _opened() -> zipfile.ZipFile | None:
    return zipfile.ZipFile(PREPARED) if PREPARED.exists() else None
