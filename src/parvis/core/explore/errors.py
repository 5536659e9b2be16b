"""What is wrong with a request, apart from its ODSQL clauses."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, NotFound, RequestError


class InvalidParameter(RequestError):
    """A parameter out of range or of the wrong kind."""

    code: ClassVar[str] = "request-parameter"
    fr: ClassVar[str] = "Le paramètre {name} vaut {value}, alors qu’il faut {expected}."
    en: ClassVar[str] = "Invalid value for {name} API parameter: {value} was found but {expected} is expected."


class WrongCursor(RequestError):
    """A token of ``after`` that this question never gave."""

    code: ClassVar[str] = "request-cursor"
    fr: ClassVar[str] = (
        "Le jeton « after » ne vient pas de cette requête : il a été modifié, ou le tri, les filtres ou la version des "
        "données ont changé. Reprenez à la première page avec after=*."
    )
    en: ClassVar[str] = (
        "Invalid value for after API parameter: the token was altered, or the order, the filters or the version of the "
        "data have changed. Start again with after=*."
    )


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


class TooWideForMap(DataError):
    """A map format cannot hold that many columns."""

    code: ClassVar[str] = "export-too-wide-map"
    fr: ClassVar[str] = "Ce format ne peut pas contenir {columns} colonnes (au plus {limit})."
    en: ClassVar[str] = "This format cannot hold {columns} columns (at most {limit})."
    hint_fr: ClassVar[str] = "Choisissez moins de colonnes par le paramètre select, ou le format GeoParquet."
    hint_en: ClassVar[str] = "Choose fewer columns by the select parameter, or the GeoParquet format."


class TooLargeForShapefile(DataError):
    """A file of the shapefile family would pass two gigabytes, which most readers refuse."""

    code: ClassVar[str] = "export-shapefile-size"
    fr: ClassVar[str] = "Le shapefile dépasserait 2 Go, que le format ne permet pas."
    en: ClassVar[str] = "The shapefile would pass 2 GB, which the format does not allow."
    hint_fr: ClassVar[str] = "Prenez le GeoPackage ou le FlatGeobuf, ou filtrez les lignes."
    hint_en: ClassVar[str] = "Take the GeoPackage or the FlatGeobuf, or filter the rows."


class NoDate(RequestError):
    """A calendar was asked of columns without any date."""

    code: ClassVar[str] = "export-no-date"
    fr: ClassVar[str] = "Le format {name} demande un champ date ou date et heure, et la sélection n’en a pas."
    en: ClassVar[str] = "The format {name} needs a date or a date and time field, and the selection has none."
