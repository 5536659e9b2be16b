"""What Willow decodes pictures with: our own class, the nearest to every kind of file, that notes what is asked and leaves it to a child.

Wagtail opens each original and each rendition with Willow. Renditions of what we wrote ourselves hold no trap, but what a child
wrote while it was somebody else's would, and so may originals of a home that is older than this room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from wagtail.images.models import SourceImageIOError
from willow.image import (
    AvifImageFile,
    BadImageOperationError,
    BMPImageFile,
    GIFImageFile,
    HeicImageFile,
    IcoImageFile,
    Image,
    ImageFile,
    JPEGImageFile,
    PNGImageFile,
    TIFFImageFile,
    WebPImageFile,
)

from parvis.core.errors import ParvisError
from parvis.core.pictures import Header, PictureUnknown, Received, Step, measure
from parvis.hub.uploads.services import rendered, upright_size

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Size:
    """What Wagtail's filters ask of a picture."""

    width: int
    height: int


@dataclass(frozen=True)
class ConfinedPicture(Image):
    """A picture that this process never decodes: its bytes, what it announces, and what is to be done to it."""

    name: str
    body: bytes
    header: Header
    image: Size
    steps: tuple[Step, ...] = ()

    @classmethod
    @Image.converter_from(
        [
            JPEGImageFile,
            PNGImageFile,
            WebPImageFile,
            GIFImageFile,
            AvifImageFile,
            HeicImageFile,
            BMPImageFile,
            TIFFImageFile,
            IcoImageFile,
        ],
        cost=1,
    )
    def open(cls, file: ImageFile) -> ConfinedPicture:
        """The picture of a file; SourceImageIOError, which templates show as a missing image, when it is none."""
        file.f.seek(0)
        body = file.f.read()
        name = str(getattr(file.f, "name", "") or "image")
        header = measure(body)
        if header is None:
            raise SourceImageIOError(str(PictureUnknown(file=name)))
        return cls(name, body, header, Size(header.width, header.height))

    @Image.operation
    def get_size(self) -> tuple[int, int]:
        """Width and height."""
        return self.image.width, self.image.height

    @Image.operation
    def get_frame_count(self) -> int:
        """What moves is stilled."""
        return 1

    @Image.operation
    def has_animation(self) -> bool:
        """What moves is stilled."""
        return False

    @Image.operation
    def has_alpha(self) -> bool:
        """Whether it may be seen through: only the child knows, and a ground under what is opaque changes nothing."""
        return self.header.kind != "jpeg"

    @Image.operation
    def auto_orient(self) -> ConfinedPicture:
        """Upright, as a child always makes it: only its size is asked, of what is not one of ours."""
        if self.header.bare:
            return self
        return replace(self, image=Size(*_child_answer(upright_size, self.name, self.body)))

    @Image.operation
    def crop(self, rect: Any) -> ConfinedPicture:
        """What is in a box."""
        left, top, right, bottom = rect
        left, top = max(0, left), max(0, top)
        right, bottom = min(right, self.image.width), min(bottom, self.image.height)
        if left >= right or top >= bottom:
            raise BadImageOperationError(f"Invalid crop dimensions: {rect!r}")
        if (left, top, right, bottom) == (0, 0, *self.get_size()):
            return self
        return self._after("crop", (left, top, right, bottom), Size(right - left, bottom - top))

    @Image.operation
    def resize(self, size: tuple[int, int]) -> ConfinedPicture:
        """At another size."""
        return self if tuple(size) == self.get_size() else self._after("resize", tuple(size), Size(*size))

    @Image.operation
    def set_background_color_rgb(self, colour: tuple[int, int, int]) -> ConfinedPicture:
        """On a ground."""
        return self._after("background", tuple(colour), self.image)

    @Image.operation
    def save_as_jpeg(self, output: Any, quality: int = 85, **_ignored: Any) -> JPEGImageFile:
        """Made by a child."""
        return JPEGImageFile(self._written(output, "jpeg", quality))

    @Image.operation
    def save_as_png(self, output: Any, **_ignored: Any) -> PNGImageFile:
        """Made by a child."""
        return PNGImageFile(self._written(output, "png", 100))

    @Image.operation
    def save_as_webp(self, output: Any, quality: int = 80, **_ignored: Any) -> WebPImageFile:
        """Made by a child."""
        return WebPImageFile(self._written(output, "webp", quality))

    def _after(self, step: Any, values: tuple[int, ...], size: Size) -> ConfinedPicture:
        return replace(self, steps=(*self.steps, (step, values)), image=size)

    def _written(self, output: Any, kind: str, quality: int) -> Any:
        made: Received = _child_answer(rendered, self.name, self.body, list(self.steps), kind, quality)
        output.write(made.body)
        return output


def _child_answer[T](ask: Callable[..., T], name: str, *facts: Any) -> T:
    """The answer of a child; SourceImageIOError when there is none: a page is shown without its picture rather than not at all."""
    try:
        return ask(name, *facts)
    except ParvisError as error:
        logger.warning("%s: %s", name, error.message("en"))
        raise SourceImageIOError(str(error)) from error


willow_image_classes = [ConfinedPicture]
