"""What is wrong with a request, apart from its ODSQL clauses."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, NotFound, RequestError


class InvalidParameter(RequestError):
    """A parameter out of range or of the wrong kind."""

    code: ClassVar[str] = "request-parameter"
    fr: ClassVar[str] = "Le paramètre {name} vaut {value}, alors qu’il faut {expected}."
    en: ClassVar[str] = "Invalid value for {name} API parameter: {value} was found but {expected} is expected."


class UnknownFormat(NotFound):
    """No export bears that name."""

    code: ClassVar[str] = "export-format"
    fr: ClassVar[str] = "Le format d’export « {name} » n’existe pas. Formats possibles : {formats}."
    en: ClassVar[str] = "The export format {name} does not exist. Known formats: {formats}."


class NoGeometry(RequestError):
    """A map format was asked of columns without geometry."""

    code: ClassVar[str] = "export-no-geometry"
    fr: ClassVar[str] = "Le format {name} demande un champ géographique, et la sélection n’en a pas."
    en: ClassVar[str] = "The format {name} needs a geographic field, and the selection has none."


class TooWideForSpreadsheet(DataError):
    """A spreadsheet cannot hold that many columns."""

    code: ClassVar[str] = "export-too-wide"
    fr: ClassVar[str] = "Un classeur ne peut pas contenir {columns} colonnes (au plus {limit})."
    en: ClassVar[str] = "A workbook cannot hold {columns} columns (at most {limit})."
