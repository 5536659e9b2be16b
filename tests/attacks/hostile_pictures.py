"""Pictures made to harm who decodes them, and pictures that tell what their sender did not mean to tell. Made here, each by its name."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms, PngImagePlugin
from PIL.ExifTags import IFD, Base

SCRIPT = b"<html><script>alert(document.domain)</script></html>"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def saved(kind: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object) -> bytes:
    """A sound picture: noise, so that nothing of it is compressed to a few bytes."""
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    """A part of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, *more: bytes, rows: bytes | None = None) -> bytes:
    """A PNG of one grey a pixel that announces any size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    pixels = zlib.compress(b"\0" * 4_000_000 if rows is None else rows, 9)
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_of(width: int, height: int) -> bytes:
    """A JPEG whose frame announces any size."""
    body = bytearray(saved("JPEG"))
    at = body.index(b"\xff\xc0")
    body[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(body)


def webp_of(width: int, height: int) -> bytes:
    """A WebP whose canvas announces any size."""
    extended = (
        b"VP8X" + struct.pack("<II", 10, 0x02) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    )
    body = b"WEBP" + extended + saved("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def gif_of(width: int, height: int) -> bytes:
    """A GIF whose first frame is larger than its screen."""
    body = bytearray(saved("GIF", mode="P"))
    at = body.index(b"\x2c", 13 + 3 * 256)
    body[at + 5 : at + 9] = struct.pack("<HH", width, height)
    return bytes(body)


def avif_of(width: int, height: int) -> bytes:
    """An AVIF that announces any size."""
    body = bytearray(saved("AVIF"))
    at = body.index(b"ispe")
    body[at + 8 : at + 16] = struct.pack(">II", width, height)
    return bytes(body)


def tiff_of_a_million_directories() -> bytes:
    """Directories that lead to one another."""
    entry = struct.pack("<H", 0)
    return (
        b"II*\0" + struct.pack("<I", 8) + b"".join(entry + struct.pack("<I", 8 + 6 * (n + 1)) for n in range(1_000_000))
    )


def located(kind: str = "JPEG", **more: object) -> bytes:
    """A photograph that tells where it was taken and by whom."""
    written = Image.Exif()
    written[Base.Artist] = "Sylvie Moreau"
    place = written.get_ifd(IFD.GPSInfo)
    place[1], place[2], place[3], place[4] = "N", (48.0, 37.0, 12.5), "E", (2.0, 25.0, 44.1)
    return saved(kind, exif=written, **more)


def looping_exif() -> bytes:
    """Directories of EXIF that name themselves."""
    entries = struct.pack("<H", 3) + b"".join(struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x8769, 0x8825, 0xA005))
    return saved("JPEG", exif=b"Exif\0\0II*\0" + struct.pack("<I", 8) + entries + struct.pack("<I", 8))


def profile_that_swells() -> bytes:
    """Two hundred megabytes of profile in a PNG of two hundred kilobytes."""
    return png(8, 8, chunk(b"iCCP", b"icc\0\0" + zlib.compress(b"\0" * 200_000_000, 9)), rows=b"\0" * 72)


def comments_that_swell() -> bytes:
    """Forty comments of fifty megabytes each."""
    comment = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 50_000_000, 9))
    return png(8, 8, *[comment] * 40, rows=b"\0" * 72)


def with_words() -> bytes:
    """A PNG with its author in every place that takes words."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "Sylvie Moreau")
    words.add_itxt("XML:com.adobe.xmp", "<x>Sylvie Moreau</x>")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved("PNG", pnginfo=words, icc_profile=profile)


def of_many_frames(kind: str, frames: int = 1_500) -> bytes:
    """A picture that moves for a long time."""
    pictures = [Image.new("RGB", (16, 16), (n % 256, n // 256, 9)) for n in range(frames)]
    stream = io.BytesIO()
    pictures[0].save(stream, kind, save_all=True, append_images=pictures[1:])
    return stream.getvalue()


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">%s</svg>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&i;</text></svg>'
)

REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "png of 50,000 × 50,000": ("carte.png", lambda: png(50_000, 50_000)),
    "png that is one line": ("ligne.png", lambda: png(1, 40_000_000)),
    "png of no pixel": ("rien.png", lambda: png(0, 0)),
    "png of two thousand million lines": ("haut.png", lambda: png(1, 2**31 - 1)),
    "jpeg of 60,000 × 60,000": ("photo.jpg", lambda: jpeg_of(60_000, 60_000)),
    "webp of 16,000,000 × 16,000,000": ("photo.webp", lambda: webp_of(16_000_000, 16_000_000)),
    "gif whose frame leaves its screen": ("dessin.gif", lambda: gif_of(60_000, 60_000)),
    "avif of 40,000 × 40,000": ("photo.avif", lambda: avif_of(40_000, 40_000)),
    "jpeg cut in its middle": ("photo.jpg", lambda: saved("JPEG", (400, 300))[:-4_000]),
    "png cut in its middle": ("photo.png", lambda: saved("PNG", (400, 300))[:-4_000]),
    "webp cut in its middle": ("photo.webp", lambda: saved("WEBP", (400, 300))[:-4_000]),
    "gif cut before its pixels": ("dessin.gif", lambda: saved("GIF", mode="P")[:800]),
    "avif cut in its middle": ("photo.avif", lambda: saved("AVIF", (400, 300))[:-4_000]),
    "head of a jpeg, then a page": ("photo.jpg", lambda: b"\xff\xd8\xff" + SCRIPT),
    "head of a png, then an archive": ("photo.png", lambda: b"\x89PNG\r\n\x1a\nPK\x03\x04" + b"a" * 400),
    "head of a gif, then a script": ("dessin.gif", lambda: b"GIF89a/*" + b"a" * 400 + b"*/=1;alert(1)"),
    "a page": ("photo.jpg", lambda: SCRIPT),
    "a pdf": ("photo.jpg", lambda: PDF),
    "psd": ("photo.jpg", lambda: b"8BPS\0\1" + b"\0" * 6 + struct.pack(">HIIHH", 3, 40_000, 40_000, 8, 3) + b"\0" * 12),
    "eps": ("photo.png", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n"),
    "tiff of a million directories": ("photo.png", tiff_of_a_million_directories),
    "bmp": ("photo.png", lambda: saved("BMP")),
    "ico": ("photo.png", lambda: saved("ICO")),
    "ppm": ("photo.png", lambda: saved("PPM")),
    "tga": ("photo.png", lambda: saved("TGA")),
    "jpeg 2000": ("photo.jpg", lambda: b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0" * 400),
    "fits": ("photo.png", lambda: b"SIMPLE  =                    T" + b" " * 2_880),
    "svg with a script": ("logo.png", lambda: SVG % b"<script>alert(1)</script>"),
    "svg with a foreign object": ("logo.png", lambda: SVG % b"<foreignObject><body>a</body></foreignObject>"),
    "svg that fetches": ("logo.png", lambda: SVG % b'<image xlink:href="http://127.0.0.1:9/x"/>'),
    "svg that names a file": (
        "logo.png",
        lambda: b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + SVG[21:] % b"&x;",
    ),
    "svg of a thousand million laughs": ("logo.png", lambda: LAUGHS),
    "svg under its own name": ("logo.svg", lambda: SVG % b""),
    "svg under a name that turns": ("logo\u202egvs.svg", lambda: SVG % b""),
    "empty": ("photo.png", lambda: b""),
}
"""What is refused with a sentence, and leaves nothing: the name it is sent under, and its bytes."""

CLEANED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "jpeg that tells a place": ("photo.jpg", located),
    "png that tells a place": ("photo.png", lambda: located("PNG")),
    "webp that tells a place": ("photo.webp", lambda: located("WEBP")),
    "avif that tells a place": ("photo.avif", lambda: located("AVIF")),
    "png with words everywhere": ("photo.png", with_words),
    "jpeg with a comment": ("photo.jpg", lambda: saved("JPEG", comment=b"Sylvie Moreau")),
    "jpeg, then a page": ("photo.jpg", lambda: saved("JPEG") + SCRIPT),
    "jpeg, then a pdf": ("photo.jpg", lambda: saved("JPEG") + PDF),
    "jpeg with a page in a comment": ("photo.jpg", lambda: saved("JPEG", comment=SCRIPT)),
    "png, then an archive": ("photo.png", lambda: saved("PNG") + b"PK\x03\x04" + SCRIPT),
    "gif, then a script": ("dessin.gif", lambda: saved("GIF", mode="P") + b"=1;alert(1)//" + SCRIPT),
    "exif that loops": ("photo.jpg", looping_exif),
    "gif of many frames": ("dessin.gif", lambda: of_many_frames("GIF")),
    "webp of many frames": ("dessin.webp", lambda: of_many_frames("WEBP")),
    "avif of many frames": ("dessin.avif", lambda: of_many_frames("AVIF", 60)),
    "png under the name of a jpeg": ("photo.jpg", lambda: saved("PNG")),
    "name with folders and marks": ("..\\..\\a/../\u202egnp\u200b.jpg", lambda: saved("JPEG")),
}
"""What is received as its pixels alone."""

EITHER: dict[str, tuple[str, Callable[[], bytes]]] = {
    "profile that swells": ("photo.png", profile_that_swells),
    "comments that swell": ("photo.png", comments_that_swell),
}
"""What is refused or cleaned, within its bounds."""
