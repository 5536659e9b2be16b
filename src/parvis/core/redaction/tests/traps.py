"""Places where a name stays when it seems hidden: each makes a document whose first page says it openly, and that has it there too."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from parvis.core.redaction.tests.documents import NAME, SIZE, add_picture, form, picture_of, saved, text, written

PLAIN = written(("Une seconde page, sans personne",))
_AGAIN = written((f"Vu la demande de {NAME}",))


def _changed(change: Callable[[pikepdf.Pdf], None]) -> Callable[[Path], Path]:
    return lambda folder: saved(folder, written(), PLAIN, change=change)


def _second(content: bytes) -> Callable[[Path], Path]:
    return lambda folder: saved(folder, written(), PLAIN + b" " + content)


def _form(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[1]
    page.obj.Resources.XObject.Inner = form(pdf, _AGAIN)
    page.obj.Contents = pdf.make_stream(page.obj.Contents.read_bytes() + b" q 0 0 0 0 0 0 cm /Inner Do Q")


def _note(subtype: str, **more: Any) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        note = Dictionary(Type=Name.Annot, Subtype=Name(subtype), Rect=Array([60, 60, 300, 90]), **more)
        pdf.pages[1].obj.Annots = Array([pdf.make_indirect(note)])

    return change


def _appearance(pdf: pikepdf.Pdf) -> None:
    shown = form(pdf, b"BT /F1 1 Tf 2 2 Td (" + NAME.encode() + b") Tj ET")
    _note("/Stamp", AP=Dictionary(N=pdf.make_indirect(shown)))(pdf)


def _field(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String("demandeur"),
            V=text(NAME),
            Rect=Array([60, 60, 90, 63]),
            DA=String("/F1 1 Tf"),
        )
    )
    pdf.pages[1].obj.Annots = Array([field])
    font = pdf.pages[0].obj.Resources.Font.F1
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([field]), NeedAppearances=True, DA=String("/F1 1 Tf"), DR=Dictionary(Font=Dictionary(F1=font))
    )


def _info(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Subject"] = NAME


def _xmp(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as words:
        words["dc:description"] = f"Dossier de {NAME}"


def _attachment(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["dossier.txt"] = pikepdf.AttachedFileSpec(
        pdf, f"Dossier de {NAME}".encode(), filename="dossier.txt"
    )


def _bookmark(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem(f"Aide à {NAME}", 0))


def _destination(pdf: pikepdf.Pdf) -> None:
    place = Array([pdf.pages[0].obj, Name.Fit])
    pdf.Root.Names = Dictionary(Dests=Dictionary(Names=Array([String(NAME), place])))


def _label(pdf: pikepdf.Pdf) -> None:
    pdf.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(P=text(NAME))]))


def _script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{NAME}')"))


def _structure(pdf: pikepdf.Pdf) -> None:
    element = Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=text(f"Portrait de {NAME}"))
    pdf.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([pdf.make_indirect(element)]))


def _private(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.PieceInfo = Dictionary(Editor=Dictionary(Private=text(NAME)))


def _marked(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.Resources.Properties = Dictionary(Said=Dictionary(ActualText=text(NAME)))
    pdf.pages[1].obj.Contents = pdf.make_stream(PLAIN + b" /Span /Said BDC EMC")


def _photograph(pdf: pikepdf.Pdf) -> None:
    add_picture(pdf, picture_of(("Rien",)), words=NAME.encode())


def _layer(pdf: pikepdf.Pdf) -> None:
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("brouillon")))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([layer]), D=Dictionary(OFF=Array([layer]), Order=Array([layer])))
    page = pdf.pages[1].obj
    page.Resources.Properties = Dictionary(Draft=layer)
    page.Contents = pdf.make_stream(PLAIN + b" /OC /Draft BDC " + _AGAIN + b" EMC")


def _cropped(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj.CropBox = Array([0, 0, SIZE[0], 700])
    pdf.pages[1].obj.Contents = pdf.make_stream(_AGAIN)


def _revision(folder: Path) -> Path:
    """A second page is written again without the name, by an update that leaves what was there."""
    path = saved(folder, written(), _AGAIN)
    body = path.read_bytes()
    with pikepdf.open(path) as pdf:
        number, generation = pdf.pages[1].obj.Contents.objgen
        size, root = int(pdf.trailer.Size), pdf.Root.objgen
    start = body.rindex(b"startxref")
    former = int(body[start:].split()[1])
    added = b"\n%d %d obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, generation, len(PLAIN), PLAIN)
    table = b"xref\n%d 1\n%010d %05d n \n" % (number, len(body) + 1, generation)
    trailer = b"trailer\n<< /Size %d /Root %d %d R /Prev %d >>\n" % (size, *root, former)
    path.write_bytes(body + added + table + trailer + b"startxref\n%d\n%%%%EOF\n" % (len(body) + len(added)))
    return path


def _lonely(folder: Path) -> Path:
    """A remark, and an object that is a number alone, in a file whose table of objects is to be made again."""
    path = saved(folder, written(), PLAIN, change=_note("/Text", Contents=text(f"Voir {NAME}"), F=4))
    body = path.read_bytes().replace(b"/F 4", b"/F 90 0 R")
    path.write_bytes(body.replace(b"xref", b"90 0 obj\n4\nendobj\nxref", 1))
    return path


def _orphan(folder: Path) -> Path:
    """An object that nothing leads to."""
    path = saved(folder, written(), PLAIN)
    body = path.read_bytes()
    path.write_bytes(body.replace(b"startxref", b"% " + NAME.encode() + b"\nstartxref"))
    return path


NAME_IN_HEX = NAME.encode("utf-16-be").hex().encode()

TRAPS: dict[str, Callable[[Path], Path]] = {
    "white text": _second(b"1 g " + _AGAIN),
    "tiny text": _second(written((NAME,), size=1)),
    "invisible text": _second(written((NAME,), mode="3 Tr")),
    "text beyond the page": _second(b"1 0 0 1 0 2000 cm " + _AGAIN),
    "text in a form": _changed(_form),
    "spaced letters": _second(b"BT /F1 1 Tf 60 100 Td [" + b" -300 ".join(b"(%c)" % c for c in NAME.encode()) + b"] TJ ET"),
    "kerned letters": _second(b"BT 3 Tr /F1 9 Tf 60 100 Td [(Jean Qua) 80 (tre) -30 (bar) 12 (bes)] TJ ET"),
    "a word cut at the end of a line": _second(written(("Vu le dossier de Jean Quatre-", "barbes, qui le demande"), mode="3 Tr")),
    "a name on two lines": _second(written(("Vu le dossier de Jean", "Quatrebarbes, qui le demande"), mode="3 Tr")),
    "a name in the other order": _second(written(("QUATREBARBES Jean",), mode="3 Tr")),
    "a remark among instructions": _second(b"\n% dossier de " + NAME.encode() + b"\n"),
    "words of a photograph": _changed(_photograph),
    "text of a property": _changed(_marked),
    "text in place of another": _second(b"/Span << /ActualText <FEFF" + NAME_IN_HEX + b"> >> BDC EMC"),
    "appearance of a stamp": _changed(_appearance),
    "words of a remark": _changed(_note("/Text", Contents=text(f"Voir {NAME}"))),
    "address of a link": _changed(
        _note("/Link", A=Dictionary(S=Name.URI, URI=String("https://example.org/jean-quatrebarbes")))
    ),
    "value of a field": _changed(_field),
    "information": _changed(_info),
    "metadata": _changed(_xmp),
    "attachment": _changed(_attachment),
    "bookmark": _changed(_bookmark),
    "destination": _changed(_destination),
    "label of a page": _changed(_label),
    "script": _changed(_script),
    "alternative text": _changed(_structure),
    "a number that stands alone": _lonely,
    "data of an editor": _changed(_private),
    "a layer that is not shown": _changed(_layer),
    "text out of the crop box": _changed(_cropped),
    "a former revision": _revision,
    "what nothing leads to": _orphan,
}  # fmt: skip
