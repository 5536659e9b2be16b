"""What an address in a record of metadata leads to: data, pictures, or the record itself shown again."""

from __future__ import annotations

import re
from typing import Final

DATA_PROTOCOL: Final = re.compile(r"download|ogc:wfs|wfs|oapif|api features|esri:rest|file:|ftp|atom", re.IGNORECASE)
OWN_PAGE: Final = re.compile(r"getrecordbyid|/metadata/|catalog\.search#|metadata\.show\?", re.IGNORECASE)
PICTURE: Final = re.compile(
    r"[?&]service=(wms|wmts|wcs|csw)\b|[?&]request=(getmap|getlegendgraphic|getcoverage)\b|/(wms|wmts|wcs)/?(\?|$)",
    re.IGNORECASE,
)
"""Addresses of pictures, which no table can be made of."""
ROLES: Final = (
    "publisher",
    "owner",
    "custodian",
    "distributor",
    "resourceProvider",
    "originator",
    "author",
    "pointOfContact",
)
"""Whose dataset it is, the first role that somebody has."""


def with_layer(url: str, name: str) -> str:
    """The address of a WFS with the layer that its record names beside it."""
    if "typename" in url.lower() or not re.fullmatch(r"[\w.-]+(:[\w.-]+)?", name):
        return url
    return f"{url}{'&' if '?' in url else '?'}typeNames={name}"
