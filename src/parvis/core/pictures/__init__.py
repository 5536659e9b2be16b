"""Pictures that people send: measured before anything is decoded, decoded in a confined child, written again without a trace."""

from parvis.core.pictures.errors import PictureBroken, PictureRefused, PictureTooLarge, PictureUnknown
from parvis.core.pictures.headers import EXTENSIONS, MEDIA_TYPES, Header, measure
from parvis.core.pictures.reception import MOST_BYTES, Received, receive_picture, rendered, upright_size
from parvis.core.pictures.sanitizer import (
    LONGEST_EDGE,
    Beside,
    CleanPicture,
    Step,
    clean_picture,
    inspect_picture,
    render_picture,
    words_beside,
)

__all__ = [
    "EXTENSIONS",
    "LONGEST_EDGE",
    "MEDIA_TYPES",
    "MOST_BYTES",
    "Beside",
    "CleanPicture",
    "Header",
    "PictureBroken",
    "PictureRefused",
    "PictureTooLarge",
    "PictureUnknown",
    "Received",
    "Step",
    "clean_picture",
    "inspect_picture",
    "measure",
    "receive_picture",
    "render_picture",
    "rendered",
    "upright_size",
    "words_beside",
]
