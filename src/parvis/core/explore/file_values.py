"""What a field of type ``file`` says: a name or an address, told as the object that clients expect (specification, 6)."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

_FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF", "tiff": "TIFF"}


def file_object(text: str, base: str) -> dict[str, Any]:
    """What is known of the file without opening it; ``base`` is the address below which the dataset's files are."""
    name = file_name(text)
    mimetype = mimetypes.guess_type(name)[0]
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    identifier = file_id(text)
    return {
        "thumbnail": bool(mimetype and mimetype.startswith("image/")),
        "filename": name,
        "format": _FORMATS.get(ending, ending.upper()) or None,
        "width": None,
        "height": None,
        "mimetype": mimetype,
        "etag": None,
        "id": identifier,
        "last_synchronized": None,
        "color_summary": None,
        "exif_orientation": None,
        "url": f"{base}/{identifier}",
    }


def file_id(text: str) -> str:
    """What a file is called in addresses: 32 hexadecimal digits drawn from what the field holds."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def file_name(text: str) -> str:
    """The last part of a path or of an address."""
    path = _path_of(text) if is_address(text) else text.replace("\\", "/")
    return path.rstrip("/").rpartition("/")[2] or text


def is_address(text: str) -> bool:
    """True for an address of the web."""
    return text.startswith(("http://", "https://"))


def _path_of(address: str) -> str:
    try:
        return unquote(urlsplit(address).path)
    except ValueError:  # an address no one can follow: [ without ]
        return address
