"""Which encoding a text is written in, judged on all of its bytes, and the same text in UTF-8."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parvis.core.formats.limits import Limits
from parvis.core.formats.refusals import NulBytes, UnknownEncoding, WrongEncoding
from parvis.core.formats.sink import EXAMPLE_LINES, too_large
from parvis.core.staging import Note

CHUNK = 1024 * 1024
_LAST_ASCII = 127
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SINGLE_BYTE = ("cp1252", "mac_roman", "cp850", "iso-8859-15", "iso-8859-1")
"""Encodings of one byte met in France, the likeliest first: it wins when several read the bytes as well."""
_WEIGHTS = {
    sign: weight
    for weight, signs in (
        (20, "é"),
        (8, "èàêç’"),
        (4, "ôâîûùëïœ«»\u00a0°€"),
        (2, "ÉÈÀÊÇÎÔŒü–…"),
        (1, "öäÂÏÙÛËÜæÆ‘“”—²³·•ñáíóúÑ"),
    )
    for sign in signs
}
"""How much a sign speaks for French text."""
_MIXED_SHARE = 10
"""A file is UTF-8 with accidents when it holds so many times more valid sequences than invalid bytes."""
_NUL_SHARE = 10
"""A text with more than one NUL among so many bytes is no text."""


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A text as UTF-8 on the disk: ``path`` is the source itself when it already was, and ``skip`` its BOM in bytes.

    ``breaks`` counts line feeds, ``lone_returns`` tells that some carriage return stands without one, ``longest`` is at
    least the length in bytes of the longest line when that exceeds two chunks, and ``open_end`` that the last line has no end.
    """

    path: Path
    encoding: str
    skip: int
    breaks: int
    lone_returns: bool
    quotes: bool
    longest: int
    open_end: bool
    notes: tuple[Note, ...] = ()


def prepare_text(
    path: Path,
    folder: Path,
    forced: str | None,
    name: str,
    limits: Limits,
    tick: Callable[[int], None],
    *,
    endless: bool = False,
) -> PreparedText:
    """``path`` as UTF-8, copied into ``folder`` when it is written otherwise; ``tick`` is told the bytes read.

    Lines longer than two cells of the largest size are refused unless ``endless``.
    """
    longest = limits.max_bytes if endless else 2 * limits.max_cell_bytes
    encoding, skip, notes = _encoding_of(path, forced, name, tick)
    source = path
    if encoding != "utf-8" or notes:
        source = folder / "text-utf8"
        if encoding == "utf-8":
            notes = _repair(path, source, skip)
        else:
            _transcode(path, source, encoding, skip, name)
        skip = 0
    try:
        return _survey(source, encoding, skip, name, limits, longest, notes)
    except NulBytes:
        target = folder / "text-without-nul"
        stray = _without_nuls(source, target, skip)
        if stray is None:
            raise
        return _survey(target, encoding, 0, name, limits, longest, (*notes, Note("nul-bytes", stray)))


def _encoding_of(
    path: Path, forced: str | None, name: str, tick: Callable[[int], None]
) -> tuple[str, int, tuple[Note, ...]]:
    """Name of the encoding, bytes of its mark, and a note when it is UTF-8 with accidents."""
    with path.open("rb") as stream:
        head = stream.read(CHUNK)
    mark = next(((bom, encoding) for bom, encoding in _BOMS if head.startswith(bom)), None)
    if forced:
        encoding = _known(forced)
        if encoding == "utf-8":
            _check_utf8(path, name)
        return encoding, len(mark[0]) if mark and mark[1] == encoding else 0, ()
    if mark:
        bom, encoding = mark
        return (encoding, len(bom), ()) if encoding != "utf-8" else _utf8_or_not(path, len(bom), tick)
    silent = _silent_utf16(head[: 64 * 1024])
    if silent:
        return silent, 0, ()
    return _utf8_or_not(path, 0, tick)


def _check_utf8(path: Path, name: str) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    before = 0
    try:
        for done, chunk in _chunks(path, 0):
            decoder.decode(chunk)
            before = done
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise WrongEncoding(file=name, encoding="utf-8", position=before + error.start) from error


def _known(encoding: str) -> str:
    try:
        codec = codecs.lookup(encoding.strip())
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(encoding=encoding) from error
    if not getattr(codec, "_is_text_encoding", True):
        raise UnknownEncoding(encoding=encoding)
    return {"utf-8-sig": "utf-8", "ascii": "utf-8", "utf-16": "utf-16-le", "iso8859-1": "iso-8859-1"}.get(
        codec.name, codec.name
    )


def _silent_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark: every other byte of ordinary text is NUL."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = max(len(head) // 2, 1)
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.4 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _utf8_or_not(path: Path, skip: int, tick: Callable[[int], None]) -> tuple[str, int, tuple[Note, ...]]:
    if _is_utf8(path, skip, tick):
        return "utf-8", skip, ()
    high = np.zeros(256, np.int64)
    invalid = 0
    decoder = codecs.getincrementaldecoder("utf-8")("parvis-count")
    for done, chunk in _chunks(path, skip):
        if not chunk.isascii():
            signs = np.frombuffer(chunk, np.uint8)
            high += np.bincount(signs[signs > _LAST_ASCII], minlength=256)
        invalid += decoder.decode(chunk).count(_MARK)
        tick(done)
    invalid += decoder.decode(b"", final=True).count(_MARK)
    valid = int(high[0xC2:0xF5].sum())
    if valid - invalid >= _MIXED_SHARE * invalid:
        return "utf-8", skip, (Note("encoding-mixed"),)
    return _best_single_byte({sign: int(count) for sign, count in enumerate(high) if count}), 0, ()


def _is_utf8(path: Path, skip: int, tick: Callable[[int], None]) -> bool:
    """Whether all of it is: most files are, and nothing has to be counted of them."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for done, chunk in _chunks(path, skip):
            decoder.decode(chunk)
            tick(done)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


_MARK = "\udfff"
"""Stands for an invalid byte while counting; a lone surrogate never comes out of valid UTF-8."""


def _count_invalid(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _MARK * (error.end - error.start), error.end


def _read_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("parvis-count", _count_invalid)
codecs.register_error("parvis-cp1252", _read_as_cp1252)


def repaired_text(raw: bytes) -> str:
    """``raw`` as UTF-8, its invalid bytes as Windows-1252."""
    return raw.decode("utf-8", "parvis-cp1252")


def _best_single_byte(high: Mapping[int, int]) -> str:
    def score(encoding: str) -> tuple[int, int]:
        french = unreadable = 0
        for byte, count in high.items():
            text = bytes([byte]).decode(encoding, "replace")
            french += count * _WEIGHTS.get(text, 0)
            unreadable += count if text == "\ufffd" or "\x80" <= text < "\xa0" else 0
        return french - 100 * unreadable, -SINGLE_BYTE.index(encoding)

    return max(SINGLE_BYTE, key=score)


def _chunks(path: Path, skip: int) -> Iterator[tuple[int, bytes]]:
    done = 0
    with path.open("rb") as stream:
        stream.seek(skip)
        while chunk := stream.read(CHUNK):
            done += len(chunk)
            yield done, chunk


_STRAY_END = "\u0a0d"
"""A line end of two plain bytes inside UTF-16, as some servers add after the mark; no language has this character."""


def _transcode(path: Path, target: Path, encoding: str, skip: int, name: str) -> None:
    errors = "replace" if encoding in SINGLE_BYTE else "strict"
    stray = encoding == "utf-16-le"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    done = skip
    with target.open("w", encoding="utf-8", newline="") as stream:
        try:
            for size, chunk in _chunks(path, skip):
                text = decoder.decode(chunk)
                stream.write(text.replace(_STRAY_END, "\n") if stray else text)
                done = size
            stream.write(decoder.decode(b"", final=True))
        except UnicodeError as error:
            position = done + (error.start if isinstance(error, UnicodeDecodeError) else 0)
            raise WrongEncoding(file=name, encoding=encoding, position=position) from error


def _repair(path: Path, target: Path, skip: int) -> tuple[Note, ...]:
    """Copy UTF-8 with accidents: the invalid bytes are read as Windows-1252; the note that lists their lines."""
    lines: list[int] = []
    count = 0
    with path.open("rb") as source, target.open("wb") as stream:
        source.seek(skip)
        for number, line in enumerate(source, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                mended = repaired_text(line)
                count += 1
                if len(lines) < EXAMPLE_LINES:
                    lines.append(number)
                stream.write(mended.encode("utf-8"))
            else:
                stream.write(line)
    return (Note("encoding-mixed", {"count": count, "lines": lines}),)


def _without_nuls(path: Path, target: Path, skip: int) -> dict[str, Any] | None:
    """Copy a text without its NUL characters, which some databases leave at the end of cells and which say nothing; their
    count and lines, or None when there are so many of them that it is no text."""
    lines: list[int] = []
    count = size = breaks = 0
    with target.open("wb") as stream:
        for _, chunk in _chunks(path, skip):
            here = chunk.count(b"\0")
            at = chunk.find(b"\0")
            while at >= 0 and len(lines) < EXAMPLE_LINES:
                lines.append(breaks + chunk.count(b"\n", 0, at) + 1)
                end = chunk.find(b"\n", at)
                at = chunk.find(b"\0", end) if end >= 0 else -1
            stream.write(chunk.replace(b"\0", b"") if here else chunk)
            count, size, breaks = count + here, size + len(chunk), breaks + count_byte(chunk, b"\n")
    return {"count": count, "lines": sorted(set(lines))} if count * _NUL_SHARE <= size else None


def _survey(
    path: Path, encoding: str, skip: int, name: str, limits: Limits, allowed: int, notes: tuple[Note, ...]
) -> PreparedText:
    """Count what the choice of a route depends on; NulBytes at the first NUL, CellTooLarge for lines without end."""
    breaks = gap = longest = 0
    lone = quotes = False
    last = b""
    for _, chunk in _chunks(path, skip):
        if b"\0" in chunk:
            line = breaks + chunk[: chunk.index(b"\0")].count(b"\n") + 1
            raise NulBytes(file=name, line=line)
        quotes = quotes or b'"' in chunk
        if b"\r" in chunk or last == b"\r":
            lone = lone or _has_lone_return(last + chunk)
        breaks += count_byte(chunk, b"\n")
        first = min((at for at in (chunk.find(b"\n"), chunk.find(b"\r")) if at >= 0), default=-1)
        longest = max(longest, gap + (first if first >= 0 else len(chunk)))
        gap = gap + len(chunk) if first < 0 else len(chunk) - 1 - max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        if gap > allowed:
            raise too_large(name, breaks + 1, limits)
        last = chunk[-1:]
    lone = lone or last == b"\r"
    return PreparedText(path, encoding, skip, breaks, lone, quotes, longest, last not in (b"\n", b"\r", b""), notes)


def count_byte(chunk: bytes, sign: bytes) -> int:
    """How many times one byte is there; ten times faster than ``chunk.count`` where it stands often, as separators do."""
    return int(np.count_nonzero(np.frombuffer(chunk, np.uint8) == sign[0]))


def _has_lone_return(chunk: bytes) -> bool:
    """True when a carriage return stands alone; one at the very end waits for the next chunk."""
    return chunk.count(b"\r") - chunk.endswith(b"\r") != chunk.count(b"\r\n")
