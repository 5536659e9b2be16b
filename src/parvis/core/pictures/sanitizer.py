"""Pictures decoded and written again. Everything here runs in a confined child: decoders are fed by strangers."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from parvis.core.pictures.errors import PictureBroken, PictureTooLarge, PictureUnknown
from parvis.core.pictures.headers import Header, measure

MOST_PIXELS = 50_000_000
"""Of a picture that is decoded: what cameras and telephones make, 200 MB once decoded with its transparency."""
LONGEST_EDGE = 16_000
"""Of a picture that is decoded: WebP writes none longer."""
LARGE_PNG = 8_000_000
"""Pixels beyond which a PNG is packed quickly rather than well."""
LARGEST_PROFILE = 4_000_000
QUALITY = 90
"""Of JPEG and WebP that are kept: no difference is seen, and renditions are made from it."""

type Step = tuple[Literal["crop", "resize", "rotate", "background"], tuple[int, ...]]
"""What is done to a picture: ``crop`` to a box, ``resize`` to a size, ``rotate`` by degrees, ``background`` of red, green, blue."""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture written by the child: its name in the folder it was given, its kind and its size."""

    file: str
    kind: str
    width: int
    height: int


def clean_picture(source: Path, scratch: Path, name: str, longest: int) -> CleanPicture:
    """The picture as ``scratch`` has it from now on: upright, in sRGB, one frame, no side longer than ``longest``, pixels only.

    ``name`` is what its sender called it. PictureRefused for what is no picture, too large, or broken.
    """
    header, body = _read(source, name)
    with _Refusals(name):
        picture = _upright(header, body, longest)
        if max(picture.size) > longest:
            picture.thumbnail((longest, longest))
        return _written(picture, scratch, _kept_kind(header.kind, picture.mode), QUALITY)


def inspect_picture(source: Path, name: str) -> Header:
    """The kind of a picture and its size once upright."""
    header, body = _read(source, name)
    with _Refusals(name):
        _require_size(header.width, header.height)
        picture = _plugin(header.kind)(BytesIO(body))
        width, height = picture.size
        if _orientation(picture) >= 5:
            width, height = height, width
        return Header(header.kind, width, height, header.bare)


def render_picture(source: Path, scratch: Path, name: str, steps: list[Step], kind: str, quality: int) -> CleanPicture:
    """The picture after some steps, written as ``kind`` (``jpeg``, ``png``, ``webp``); nothing but pixels is kept of it."""
    header, body = _read(source, name)
    with _Refusals(name):
        picture = _upright(header, body, LONGEST_EDGE)
        for step, values in steps:
            picture = _STEPS[step](picture, values)
        return _written(picture, scratch, kind, quality)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a camera or a person wrote beside a picture: its words, and whether it tells where it was taken."""

    words: str
    is_located: bool


_PLACE = 0x8825


def words_beside(source: Path, name: str) -> Beside:
    """What was written beside a picture, as EXIF."""
    header, body = _read(source, name)
    with _Refusals(name):
        _require_size(header.width, header.height)
        written = _plugin(header.kind)(BytesIO(body)).getexif()
        words = "\n".join(value for value in written.values() if isinstance(value, str))
        return Beside(words, bool(written.get_ifd(_PLACE)))


class _Refusals:
    """Decoders raise anything when they are fed by strangers: nothing but a refusal leaves this block."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._warnings = warnings.catch_warnings()

    def __enter__(self) -> None:
        self._warnings.__enter__()
        warnings.simplefilter("ignore")

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._warnings.__exit__(None, None, None)
        if isinstance(error, PictureTooLarge):
            raise PictureTooLarge(**{**error.details, "file": self._name}) from error
        if isinstance(error, Exception):
            raise PictureBroken(file=self._name) from error


def _read(source: Path, name: str) -> tuple[Header, bytes]:
    body = source.read_bytes()
    header = measure(body)
    if header is None:
        raise PictureUnknown(file=name)
    return header, body


def _require_size(width: int, height: int) -> None:
    """Asked of what a header says, before a decoder allocates for it, then of what the decoder says."""
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_EDGE:
        raise PictureTooLarge(width=width, height=height)


def _plugin(kind: str) -> Any:
    """Pillow's reader of that kind and no other: ``Image.open`` would try those of fifty formats."""
    from PIL import AvifImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: PLC0415 decoders belong to children

    return {
        "jpeg": JpegImagePlugin.JpegImageFile,
        "png": PngImagePlugin.PngImageFile,
        "webp": WebPImagePlugin.WebPImageFile,
        "gif": GifImagePlugin.GifImageFile,
        "avif": AvifImagePlugin.AvifImageFile,
    }[kind]


def _upright(header: Header, body: bytes, longest: int) -> Any:
    """The first frame, upright, as L, RGB or RGBA in sRGB."""
    _require_size(header.width, header.height)
    picture = _plugin(header.kind)(BytesIO(body))
    _require_size(*picture.size)
    orientation = _orientation(picture)
    if header.kind == "jpeg" and max(picture.size) > longest:
        picture.draft(None, (longest, longest))  # decodes fewer pixels where that is enough
    picture.load()
    plain = _in_srgb(picture)
    turn = _TURNS.get(orientation)
    turned = plain if turn is None else plain.transpose(turn)
    turned.info.clear()
    return turned


_ORIENTATION = 0x0112
_TURNS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
"""By orientation of EXIF: the ``Image.Transpose`` that makes the picture upright."""


def _orientation(picture: Any) -> int:
    """1 when it is upright, or when what a camera wrote cannot be read: the picture itself may be sound."""
    try:
        orientation = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 EXIF is a format of its own, read by a reader that raises anything
        return 1
    return orientation if isinstance(orientation, int) else 1


def _in_srgb(picture: Any) -> Any:
    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(("I", "F")):
        scale = 1 / 256 if picture.mode.startswith("I;16") or picture.getextrema()[1] > 255 else 1
        picture.info.pop("transparency", None)  # a grey of 65,536
        picture = picture.point(lambda value: value * scale).convert("L")
    is_clear = "A" in picture.getbands() or "transparency" in picture.info
    if is_clear and picture.mode != "RGBA":
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "RGB", "RGBA", "CMYK"):
        picture = picture.convert("RGB")
    if profile and len(profile) <= LARGEST_PROFILE:
        picture = _converted(picture, profile)
    return picture.convert("RGB") if picture.mode == "CMYK" else picture


def _converted(picture: Any, profile: bytes) -> Any:
    from PIL import ImageCms  # noqa: PLC0415 decoders belong to children

    try:
        mode = "RGBA" if picture.mode == "RGBA" else "RGB"
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture  # a profile that is broken, or not of such a picture, says nothing


def _kept_kind(kind: str, mode: str) -> str:
    """JPEG, PNG and WebP stay what they are; GIF and AVIF become what every reader and every tool opens."""
    if kind == "avif":
        return "png" if mode == "RGBA" else "jpeg"
    return "png" if kind == "gif" else kind


def _crop(picture: Any, box: tuple[int, ...]) -> Any:
    left, top, right, bottom = box
    width, height = picture.size
    return picture.crop((max(0, left), max(0, top), min(right, width), min(bottom, height)))


def _resize(picture: Any, size: tuple[int, ...]) -> Any:
    width, height = size
    _require_size(width, height)
    return picture.resize((width, height), reducing_gap=3.0)


def _rotate(picture: Any, angle: tuple[int, ...]) -> Any:
    return picture.rotate(-angle[0], expand=True)


def _background(picture: Any, colour: tuple[int, ...]) -> Any:
    if picture.mode != "RGBA":
        return picture
    from PIL import Image  # noqa: PLC0415 decoders belong to children

    ground = Image.new("RGBA", picture.size, (*colour, 255))
    ground.alpha_composite(picture)
    return ground.convert("RGB")


_STEPS = {"crop": _crop, "resize": _resize, "rotate": _rotate, "background": _background}


def _written(picture: Any, scratch: Path, kind: str, quality: int) -> CleanPicture:
    if kind == "jpeg" and picture.mode == "RGBA":
        picture = _background(picture, (255, 255, 255))
    picture.info.clear()
    options = {"quality": quality}
    if kind == "png":  # packing a large one well took most of the time of its reception
        options = {"compress_level": 3 if picture.width * picture.height > LARGE_PNG else 6}
    picture.save(scratch / "picture", kind.upper(), **options)
    return CleanPicture("picture", kind, *picture.size)
