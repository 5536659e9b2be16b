"""The published file: pages drawn again and pages copied, in a document that holds nothing else. In a confined child alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from parvis.core.redaction.layers import FONT
from parvis.core.redaction.model import Dropped
from parvis.core.redaction.photographs import bare
from parvis.core.redaction.pixels import Packed

if TYPE_CHECKING:
    import pikepdf

_NOT_DRAWN: Final = frozenset({
    "/Text", "/Popup", "/FileAttachment", "/Sound", "/Movie", "/Screen", "/RichMedia", "/3D", "/Link", "/Redact", "/TrapNet",
})  # fmt: skip
"""Annotations that are remarks or doors, and not part of what a page shows."""
_PAGE: Final = frozenset({
    "/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group",
})  # fmt: skip
_FORM: Final = frozenset({
    "/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Group", "/Length", "/Filter", "/DecodeParms",
})  # fmt: skip
_IMAGE: Final = frozenset({
    "/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Intent", "/ImageMask", "/Mask", "/Decode",
    "/Interpolate", "/SMask", "/SMaskInData", "/Matte", "/Length", "/Filter", "/DecodeParms",
})  # fmt: skip
_BESIDE: Final = ("/Metadata", "/PieceInfo", "/LastModified", "/OC", "/StructParent", "/StructParents", "/AF")
_OF_SOFTWARE: Final = ("/Title", "/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", "/PTEX.Fullbanner")
_OF_PERSONS: Final = (
    b"dc:creator",
    b"dc:description",
    b"dc:subject",
    b"pdf:Keywords",
    b"pdfx:",
    b"History",
    b"photoshop:",
    b"Manager",
    b"Company",
)
MOST_OBJECTS: Final = 300_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page drawn again: its size in points, its picture, the instructions of its text."""

    size: tuple[float, float]
    picture: Packed
    text: bytes


def flattened(source: Path, target: Path, password: str = "") -> tuple[int, tuple[Dropped, ...]]:
    """A copy whose stamps and forms are part of the pages, and the rest of the annotations gone; its pages, what it had besides."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Array  # noqa: PLC0415 only children read PDF

    with pikepdf.open(source, password=password) as pdf:
        besides = tuple(_besides(pdf, source))
        for page in pdf.pages:
            notes = page.obj.get("/Annots")
            if isinstance(notes, Array):
                page.obj.Annots = Array(
                    [note for note in _entries(notes) if str(note.get("/Subtype", "")) not in _NOT_DRAWN]
                )
        if "/AcroForm" in pdf.Root and pdf.Root.AcroForm.get("/NeedAppearances"):
            pdf.generate_appearance_streams()
        pdf.flatten_annotations("screen")
        pdf.save(target)
        return len(pdf.pages), besides


def assembled(flat: Path, target: Path, drawn: Mapping[int, Drawn], title: str, language: str) -> None:
    """The published file: ``drawn`` pages by number from 1 in the place of theirs, the others as ``flat`` has them."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    with pikepdf.open(flat) as source, pikepdf.new() as made:
        for number, page in enumerate(source.pages, start=1):
            if number in drawn:
                _add(made, drawn[number])
            else:
                made.pages.append(page)
                strip(made.pages[-1].obj)
        entitle(made, title, language)
        made.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def entitle(pdf: pikepdf.Pdf, title: str, language: str) -> None:
    """Say the title and the language of a document, and nothing else about it."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Dictionary  # noqa: PLC0415 only children read PDF

    pdf.Root.Lang = pikepdf.String(language)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    if title:
        pdf.docinfo["/Title"] = title
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as words:
        if title:
            words["dc:title"] = title
        words["dc:language"] = {language}


def strip(page: Any) -> None:
    """Leave of a page what draws it."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Dictionary  # noqa: PLC0415 only children read PDF

    _only(page, _PAGE)
    for thing in reachable(page.get("/Resources", Dictionary())):
        subtype = str(thing.get("/Subtype", "")) if "/Subtype" in thing else ""
        if isinstance(thing, pikepdf.Stream) and subtype == "/Form":
            _only(thing, _FORM)
        elif isinstance(thing, pikepdf.Stream) and subtype == "/Image":
            _only(thing, _IMAGE)
            _without_words(thing)
        else:
            for name in _BESIDE:
                if name in thing:
                    del thing[name]
        marked = thing.get("/Properties")
        if isinstance(marked, Dictionary):
            for name in list(marked.keys()):
                marked[name] = Dictionary()


def _without_words(image: Any) -> None:
    """Leave of a photograph what is seen, and not what its camera or its editor wrote beside."""

    from pikepdf import Name  # noqa: PLC0415 only children read PDF

    if image.get("/Filter") == Name.DCTDecode:
        image.write(bare(image.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=image.get("/DecodeParms"))


def reachable(start: Any) -> Iterator[Any]:
    """Every dictionary and stream that one leads to, itself first, but for pages; ValueError for more than a document has."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Array, Dictionary  # noqa: PLC0415 only children read PDF

    waiting, seen, count = [start], set(), 0
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, pikepdf.Object) and thing.is_indirect:
            if thing.objgen in seen:
                continue
            seen.add(thing.objgen)
        if isinstance(thing, Array):
            waiting.extend(thing)
        elif isinstance(thing, Dictionary | pikepdf.Stream):
            count += 1
            if count > MOST_OBJECTS:
                raise ValueError("objects")
            if str(thing.get("/Type", "")) in ("/Page", "/Pages"):
                continue
            yield thing
            waiting.extend(value for name, value in list(thing.items()) if name != "/Parent")


def hidden_layers(page: Any, catalogue: Any) -> bool:
    """Whether some of what a page holds is in a layer, in a document that has layers which are not shown."""

    from pikepdf import Array, Dictionary  # noqa: PLC0415 only children read PDF

    default = catalogue.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    if not len(default.get("/OFF", Array())) and str(default.get("/BaseState", "")) != "/OFF":
        return False
    for thing in reachable(page.get("/Resources", Dictionary())):
        if "/OC" in thing or str(thing.get("/Type", "")) in ("/OCG", "/OCMD"):
            return True
    return False


def _only(thing: Any, names: frozenset[str]) -> None:
    for name in list(thing.keys()):
        if name not in names:
            del thing[name]


def _add(made: pikepdf.Pdf, drawn: Drawn) -> None:
    from pikepdf import Dictionary, Name  # noqa: PLC0415 only children read PDF

    width, height = drawn.size
    picture = made.make_stream(drawn.picture.body)
    for name, value in drawn.picture.entries.items():
        picture[name] = _as_object(value)
    picture.Type, picture.Subtype = Name.XObject, Name.Image
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Courier, Encoding=Name.WinAnsiEncoding)
    page = made.add_blank_page(page_size=(width, height))
    page.obj.Resources = Dictionary(
        XObject=Dictionary(Picture=picture), Font=Dictionary({FONT: made.make_indirect(font)})
    )
    instructions = b"q %.3f 0 0 %.3f 0 0 cm /Picture Do Q\n" % (width, height)
    page.obj.Contents = made.make_stream(instructions + drawn.text)


def _as_object(value: Any) -> Any:
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Array, Dictionary, Name  # noqa: PLC0415 only children read PDF

    if isinstance(value, str):
        return Name(value)
    if isinstance(value, bytes):
        return pikepdf.String(value)
    if isinstance(value, list):
        return Array([_as_object(part) for part in value])
    return Dictionary({name: _as_object(part) for name, part in value.items()}) if isinstance(value, dict) else value


def _entries(notes: Any) -> Iterator[Any]:
    from pikepdf import Dictionary  # noqa: PLC0415 only children read PDF

    return (note for note in notes if isinstance(note, Dictionary))


def _besides(pdf: pikepdf.Pdf, source: Path) -> Iterator[Dropped]:
    """What a document has besides its pages."""

    from pikepdf import Array, Dictionary  # noqa: PLC0415 only children read PDF

    root = pdf.Root
    names = root.get("/Names", Dictionary())
    notes = [note for page in pdf.pages for note in _notes(page)]
    form = root.get("/AcroForm", Dictionary())
    facts = {
        Dropped.METADATA: _tells_of_persons(pdf),
        Dropped.ATTACHMENTS: bool(len(pdf.attachments)) or "/AF" in root or "/Collection" in root,
        Dropped.SCRIPTS: "/JavaScript" in names or "/AA" in root or _acts(root.get("/OpenAction")),
        Dropped.ANNOTATIONS: any(str(note.get("/Subtype", "")) not in ("/Link", "/Widget") for note in notes),
        Dropped.LINKS: any(str(note.get("/Subtype", "")) == "/Link" for note in notes),
        Dropped.FORMS: bool(len(form.get("/Fields", Array()))),
        Dropped.BOOKMARKS: "/Outlines" in root or "/Dests" in root or "/Dests" in names or "/PageLabels" in root,
        Dropped.TAGS: "/StructTreeRoot" in root,
        Dropped.LAYERS: "/OCProperties" in root,
        Dropped.REVISIONS: source.read_bytes().count(b"%%EOF") > (2 if pdf.is_linearized else 1),
        Dropped.SIGNATURES: int(form.get("/SigFlags", 0)) & 1 == 1,
    }
    return (kind for kind, is_there in facts.items() if is_there)


def _tells_of_persons(pdf: pikepdf.Pdf) -> bool:
    """Whether what a document says of itself may be more than its title, its dates and the software that made it."""
    import pikepdf  # noqa: PLC0415 only children read PDF

    if any(name not in _OF_SOFTWARE for name in pdf.docinfo) or "/PieceInfo" in pdf.Root:
        return True
    words = pdf.Root.get("/Metadata")
    return isinstance(words, pikepdf.Stream) and any(name in words.read_bytes() for name in _OF_PERSONS)


def _acts(action: Any) -> bool:
    """Whether what opens a document does more than show a page."""

    from pikepdf import Dictionary  # noqa: PLC0415 only children read PDF

    return isinstance(action, Dictionary) and str(action.get("/S", "")) != "/GoTo"


def _notes(page: Any) -> Iterator[Any]:
    from pikepdf import Array  # noqa: PLC0415 only children read PDF

    notes = page.obj.get("/Annots")
    return _entries(notes) if isinstance(notes, Array) else iter(())


def strip_beside(pdf: pikepdf.Pdf) -> None:
    """Remove from a document what tells of persons beside its pages, and leave its pages, tags and bookmarks as they are."""
    import pikepdf  # noqa: PLC0415 only children read PDF
    from pikepdf import Array, Dictionary  # noqa: PLC0415 only children read PDF

    if "/AcroForm" in pdf.Root and pdf.Root.AcroForm.get("/NeedAppearances"):
        pdf.generate_appearance_streams()
    for page in pdf.pages:
        notes = [note for note in _notes(page) if str(note.get("/Subtype", "")) not in _NOT_DRAWN - {"/Link"}]
        for note in notes:
            _unscripted(note)
        page.obj.Annots = Array(notes)
    pdf.flatten_annotations("screen")
    for name in (
        "/Metadata",
        "/PieceInfo",
        "/AcroForm",
        "/OpenAction",
        "/AA",
        "/AF",
        "/Collection",
        "/Threads",
        "/Perms",
    ):
        if name in pdf.Root:
            del pdf.Root[name]
    names = pdf.Root.get("/Names", Dictionary())
    for name in ("/JavaScript", "/EmbeddedFiles"):
        if name in names:
            del names[name]
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    for thing in list(pdf.objects):
        if isinstance(thing, Dictionary | pikepdf.Stream):
            for name in ("/Metadata", "/PieceInfo", "/Thumb", "/AA", "/AF"):
                if name in thing and str(thing.get("/Type", "")) != "/Encoding":
                    del thing[name]


def _unscripted(note: Any) -> None:
    """Leave of what a link does the going to an address or to a page."""

    from pikepdf import Dictionary  # noqa: PLC0415 only children read PDF

    action = note.get("/A")
    if isinstance(action, Dictionary) and str(action.get("/S", "")) not in ("/URI", "/GoTo"):
        del note["/A"]
    if isinstance(action, Dictionary) and "/Next" in action:
        del action["/Next"]
    for name in ("/AA", "/Contents", "/T", "/Subj", "/RC"):
        if name in note and str(note.get("/Subtype", "")) != "/Link":
            del note[name]
