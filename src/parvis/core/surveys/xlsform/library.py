"""A spreadsheet as ``pyxform`` reads it, once nothing of it would harm its reader: in a confined child only."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from parvis.core.errors import DataError
from parvis.core.formats.limits import MIB
from parvis.core.formats.limits import Limits as FileLimits
from parvis.core.formats.refusals import ArchiveBomb, TooManyCells, XmlEntities
from parvis.core.formats.workbooks import check_workbook
from parvis.core.formats.xls_bounds import SIGNATURE as XLS
from parvis.core.surveys.xlsform.notices import refusal_of
from parvis.core.surveys.xlsform.vocabulary import NO_TITLE
from parvis.core.text import seen_text
from parvis.core.translation import gettext_noop

UNPACKED = FileLimits(max_sheet_bytes=32 * MIB, max_cells=1_000_000)
"""Ten times a form of ten thousand choices: the library reads each cell in Python, 900,000 of them in 20 s."""


class UnreadableForm(DataError):
    """The file is no XLSForm."""

    code: ClassVar[str] = "survey-xlsform"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne peut pas être lu comme un XLSForm : {reason}")
    advice: ClassVar[str] = gettext_noop(
        "Le fichier .xlsx doit avoir une feuille « survey », et une feuille « choices » s’il a des listes."
    )


def document_of(path: Path, name: str) -> dict[str, Any]:
    """The file as ``pyxform`` reads it: the child alone loads that library, and those that read spreadsheets behind it."""
    from pyxform.errors import ErrorCode, PyXFormError  # noqa: PLC0415 - see above
    from pyxform.xls2json import workbook_to_json  # noqa: PLC0415
    from pyxform.xls2json_backends import get_xlsform  # noqa: PLC0415

    content = path.read_bytes()
    suffix = ".xls" if content.startswith(XLS) else ".xlsx"
    try:
        check_workbook(path, suffix[1:], name, UNPACKED)
        book = get_xlsform(content, file_type=suffix)
        document: dict[str, Any] = workbook_to_json(book, form_name=NO_TITLE, warnings=[])
    except PyXFormError as error:
        templates = {code.name: code.value.msg for code in ErrorCode}
        words = refusal_of(str(error), templates) or seen_text(str(error))[:500]
        raise UnreadableForm(file=name, reason=words) from error
    except (ArchiveBomb, TooManyCells, XmlEntities):
        raise
    except Exception as error:  # openpyxl and xlrd fail in their own ways on what is no spreadsheet
        raise UnreadableForm(file=name, reason=type(error).__name__) from error
    return document
