"""What may be wrong with files of OpenStreetMap and with what is said of themes."""

from __future__ import annotations

from typing import ClassVar

from parvis.core.errors import DataError, RequestError
from parvis.core.translation import gettext_noop


class BadTheme(RequestError):
    """A mapping that makes no sense."""

    code: ClassVar[str] = "osm-theme"
    sentence: ClassVar[str] = gettext_noop("La correspondance avec OpenStreetMap ne va pas : {reason}.")
    advice: ClassVar[str] = gettext_noop("Repartez d’un thème fourni, et changez une ligne à la fois.")


class UnreadableExtract(DataError):
    """Not a file of OpenStreetMap, or a broken one."""

    code: ClassVar[str] = "osm-extract"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’est pas un extrait d’OpenStreetMap que Parvis sait lire.")
    advice: ClassVar[str] = gettext_noop(
        "Déposez un fichier .osm.pbf, .osm, .osc (modifications) ou la réponse JSON d’Overpass (« out bb meta »)."
    )


class ExtractTooLarge(DataError):
    """More than one dataset should hold."""

    code: ClassVar[str] = "osm-extract-large"
    sentence: ClassVar[str] = gettext_noop("« {file} » est trop grand pour être lu ainsi (limite : {limit}).")
    advice: ClassVar[str] = gettext_noop("Choisissez un territoire, un thème plus précis, ou un fichier .osm.pbf.")


class PartialAnswer(DataError):
    """An answer of Overpass that stopped half-way: what it lacks is not missing in OpenStreetMap."""

    code: ClassVar[str] = "osm-extract-partial"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » est une réponse incomplète d’Overpass : la question a été interrompue."
    )
    advice: ClassVar[str] = gettext_noop(
        "Posez la question de nouveau, sur un territoire plus petit ou avec un délai plus long."
    )


class NothingInExtract(DataError):
    """No object of the theme in the territory."""

    code: ClassVar[str] = "osm-extract-empty"
    sentence: ClassVar[str] = gettext_noop("« {file} » n’a aucun objet de ce thème dans le territoire choisi.")
    advice: ClassVar[str] = gettext_noop("Vérifiez le thème et le territoire : rien n’a été enregistré.")


class ChangeWithoutBase(RequestError):
    """A file of changes needs what it changes."""

    code: ClassVar[str] = "osm-change-base"
    sentence: ClassVar[str] = gettext_noop(
        "« {file} » ne contient que des modifications : il faut le jeu de données qu’elles mettent à jour."
    )
    advice: ClassVar[str] = gettext_noop("Choisissez le jeu de données OpenStreetMap déjà reçu.")
