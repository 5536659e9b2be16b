"""What is wrong with a request, apart from its ODSQL clauses."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, NotFound, RequestError
from parvis.core.translation import gettext_noop


class InvalidParameter(RequestError):
    """A parameter out of range or of the wrong kind."""

    code: ClassVar[str] = "request-parameter"
    sentence: ClassVar[str] = gettext_noop("Le paramètre {name} vaut {value}, alors qu’il faut {expected}.")


class WrongCursor(RequestError):
    """A token of ``after`` that this question never gave."""

    code: ClassVar[str] = "request-cursor"
    sentence: ClassVar[str] = gettext_noop(
        "Le jeton « after » ne vient pas de cette requête : il a été modifié, ou le tri, les filtres ou la version des "
        "données ont changé. Reprenez à la première page avec after=*."
    )


class UnknownFormat(NotFound):
    """No export has that name."""

    code: ClassVar[str] = "export-format"
    sentence: ClassVar[str] = gettext_noop("Le format d’export « {name} » n’existe pas. Formats possibles : {formats}.")


class NoGeometry(RequestError):
    """A map format was asked of columns without geometry."""

    code: ClassVar[str] = "export-no-geometry"
    sentence: ClassVar[str] = gettext_noop(
        "Le format {name} demande un champ géographique, et la sélection n’en a pas."
    )


class TooWideForSpreadsheet(DataError):
    """A spreadsheet cannot hold that many columns."""

    code: ClassVar[str] = "export-too-wide"
    sentence: ClassVar[str] = gettext_noop("Un classeur ne peut pas contenir {columns} colonnes (au plus {limit}).")


class TooWideForMap(DataError):
    """A map format cannot hold that many columns."""

    code: ClassVar[str] = "export-too-wide-map"
    sentence: ClassVar[str] = gettext_noop("Ce format ne peut pas contenir {columns} colonnes (au plus {limit}).")
    advice: ClassVar[str] = gettext_noop(
        "Choisissez moins de colonnes par le paramètre select, ou le format GeoParquet."
    )


class TooLargeForShapefile(DataError):
    """A file of the shapefile family would pass two gigabytes, which most readers refuse."""

    code: ClassVar[str] = "export-shapefile-size"
    sentence: ClassVar[str] = gettext_noop("Le shapefile dépasserait 2 Go, que le format ne permet pas.")
    advice: ClassVar[str] = gettext_noop("Prenez le GeoPackage ou le FlatGeobuf, ou filtrez les lignes.")


class NoDate(RequestError):
    """A calendar was asked of columns without any date."""

    code: ClassVar[str] = "export-no-date"
    sentence: ClassVar[str] = gettext_noop(
        "Le format {name} demande un champ date ou date et heure, et la sélection n’en a pas."
    )
