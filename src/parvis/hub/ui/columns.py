"""What columns are, in the words of who reads the data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from parvis.core.columns import Column


def type_name(column: Column) -> str:
    """A column's type in plain words."""
    names = {
        "text": _("texte"),
        "int": _("nombre entier"),
        "double": _("nombre"),
        "boolean": _("oui ou non"),
        "date": _("date"),
        "datetime": _("date et heure"),
        "geo_point_2d": _("point sur la carte"),
        "geo_shape": _("forme sur la carte"),
        "file": _("fichier"),
        "json_blob": "JSON",
    }
    return names[column.type.value]
