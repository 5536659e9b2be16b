"""What is written in the objects of a PDF, page by page and elsewhere, without any extractor. In a confined child alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from parvis.core.redaction.assembly import MOST_OBJECTS, reachable
from parvis.core.redaction.photographs import words_of

if TYPE_CHECKING:
    pass

MOST_BYTES: Final = 20_000_000
"""Of one stream that is looked into."""
_PICTURES: Final = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")
_FONTS: Final = ("/FontFile", "/FontFile2", "/FontFile3")
_REMARK: Final = re.compile(rb"%[^\r\n]*")
_HEXADECIMAL: Final = re.compile(rb"<([0-9A-Fa-f\s]{4,})>")


def spelt(body: bytes) -> tuple[str, ...]:
    """Each way in which bytes may be text."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    texts = [body.decode("cp1252", "replace")]
    if not body.isascii():
        with contextlib.suppress(UnicodeDecodeError):
            texts.append(body.decode("utf-8"))
    if b"\0" in body or body[:2] in (b"\xfe\xff", b"\xff\xfe"):
        texts += [body[start:].decode(form, "replace") for form in ("utf-16-be", "utf-16-le") for start in (0, 1)]
    if any(byte < 32 or 127 < byte < 161 for byte in body[:200]) and len(body) < 10_000:
        texts.append(str(pikepdf.String(body)))
    return tuple(dict.fromkeys(texts))


def texts_of_page(page: Any) -> Iterator[str]:
    """What the instructions of a page and of the forms it draws write, their strings one after the other, and its properties."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    yield from _instructions(page)
    for holder in (*_contents(page), *_forms(page)):
        yield from _remarks(holder)
    for drawn in _forms(page):
        yield from _instructions(drawn)
    for thing in reachable(page.obj.get("/Resources", pikepdf.Dictionary())):
        yield from _strings_in(thing)


def _instructions(holder: Any) -> Iterator[str]:
    """The strings of a content stream, joined as they are written, and one by one as texts."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    joined: list[bytes] = []
    try:
        for instruction in pikepdf.parse_content_stream(holder):
            for value in _flat(getattr(instruction, "operands", ())):
                body = bytes(value)
                joined.append(body)
                if body[:2] in (b"\xfe\xff", b"\xff\xfe"):
                    yield str(value)
    except (pikepdf.PdfError, TypeError, ValueError, AttributeError):
        joined.append(b" ")
    whole = b"".join(joined)
    yield from spelt(whole)
    yield from spelt(b" ".join(joined))


def _remarks(holder: Any) -> Iterator[str]:
    """What is written among instructions for who reads them."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    if isinstance(holder, pikepdf.Stream):
        yield from spelt(b"\n".join(_REMARK.findall(holder.read_bytes())))


def _flat(values: Any, depth: int = 0) -> Iterator[Any]:
    import pikepdf  # noqa: PLC0415 only children read PDF

    for value in values:
        if isinstance(value, pikepdf.String):
            yield value
        elif isinstance(value, pikepdf.Array) and depth < 8:
            yield from _flat(value, depth + 1)
        elif isinstance(value, pikepdf.Dictionary) and depth < 8:
            yield from _flat([part for _name, part in value.items()], depth + 1)


def texts_elsewhere(pdf: Any) -> Iterator[tuple[str, str]]:
    """Strings and streams of every object of a document, each with the name of its object."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    drawn = {thing.objgen for page in pdf.pages for thing in (*_contents(page), *_forms(page))}
    for count, thing in enumerate(pdf.objects):
        if count > MOST_OBJECTS:
            raise ValueError("objects")
        if not isinstance(thing, pikepdf.Object):  # a number that stands alone
            continue
        name = "object {} {}".format(*thing.objgen)
        if isinstance(thing, pikepdf.Stream) and thing.objgen not in drawn:
            read = _instructions if str(thing.get("/Subtype", "")) == "/Form" else _stream
            yield from ((name, text) for text in read(thing))
        for text in _strings_in(thing):
            yield name, text
    for text in _strings_in(pdf.trailer):
        yield "trailer", text


def _forms(page: Any) -> Iterator[Any]:
    """What a page draws that has instructions of its own."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    for thing in reachable(page.obj.get("/Resources", pikepdf.Dictionary())):
        is_drawn = str(thing.get("/Subtype", "")) == "/Form" or "/PatternType" in thing
        if isinstance(thing, pikepdf.Stream) and is_drawn:
            yield thing


def _contents(page: Any) -> Iterator[Any]:
    import pikepdf  # noqa: PLC0415 only children read PDF

    contents = page.obj.get("/Contents")
    yield from contents if isinstance(contents, pikepdf.Array) else [contents] if contents is not None else []


def _stream(stream: Any) -> Iterator[str]:
    import pikepdf  # noqa: PLC0415 only children read PDF

    names = stream.get("/Filter", [])
    filters = [str(name) for name in (names if isinstance(names, pikepdf.Array) else [names])]
    if filters == ["/DCTDecode"]:
        for words in words_of(stream.read_raw_bytes()):
            yield from spelt(words)
    if (
        any(name in _PICTURES for name in filters)
        or str(stream.get("/Subtype", "")) == "/Image"
        or "/Length1" in stream
    ):
        return
    if str(stream.get("/Subtype", "")) in ("/Type1C", "/CIDFontType0C", "/OpenType"):
        return
    body = stream.read_bytes()
    if len(body) > MOST_BYTES:
        raise ValueError("stream")
    yield from spelt(body)
    for match in _HEXADECIMAL.finditer(body):
        digits = re.sub(rb"\s", b"", match[1])
        yield from spelt(bytes.fromhex(digits[: len(digits) // 2 * 2].decode("ascii")))


def _strings_in(thing: Any) -> Iterator[str]:
    """Strings that an object holds itself, not those of objects it leads to."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    waiting = [(thing, 0)]
    while waiting:
        value, depth = waiting.pop()
        if isinstance(value, pikepdf.String):
            body = bytes(value)
            yield str(value)
            yield from spelt(body)
        elif isinstance(value, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream) and depth < 30:
            parts = list(value) if isinstance(value, pikepdf.Array) else [part for _name, part in list(value.items())]
            waiting += [
                (part, depth + 1) for part in parts if not (isinstance(part, pikepdf.Object) and part.is_indirect)
            ]
