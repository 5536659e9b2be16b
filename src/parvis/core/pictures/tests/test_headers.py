"""Kind and size of a picture are told without decoding it, whatever its bytes."""

from __future__ import annotations

import io
import random
import struct

import pytest
from PIL import Image

from parvis.core.pictures import measure

KINDS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


def saved(kind: str, size: tuple[int, int] = (120, 70), mode: str = "RGB", **options: object) -> bytes:
    stream = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(stream, kind, **options)
    return stream.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_kind_and_size_are_those_of_the_picture(kind):
    header = measure(saved(kind))
    assert header is not None
    assert (header.kind.upper(), header.width, header.height) == (kind, 120, 70)


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "L", {"quality": 95}),
        ("JPEG", "RGB", {"progressive": True}),
        ("PNG", "RGBA", {}),
        ("PNG", "L", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {}),
        ("WEBP", "RGBA", {"lossless": True}),
    ],
)
def test_what_holds_pixels_alone_is_bare(kind, mode, options):
    header = measure(saved(kind, mode=mode, **options))
    assert header is not None
    assert header.bare


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_holds_more_than_pixels_or_goes_on_after_them_is_not(kind):
    written = Image.Exif()
    written[315] = "Sylvie Moreau"
    for body in (
        saved(kind, exif=written),
        saved(kind, icc_profile=b"0" * 200),
        saved(kind) + b"<script>alert(1)</script>",
        saved(kind) + b"PK\x03\x04",
        saved(kind)[:-12],
    ):
        header = measure(body)
        assert header is None or not header.bare


def test_the_largest_size_that_is_announced_anywhere_is_told():
    body = saved("JPEG")
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 60_000, 50_000, 1) + b"\x01\x11\x00"
    header = measure(body[:2] + frame + body[2:])
    assert header is not None
    assert (header.width, header.height, header.bare) == (50_000, 60_000, False)


def test_bytes_between_two_parts_of_a_jpeg_are_passed_over():
    body = saved("JPEG")
    at = body.index(b"\xff\xdb")
    header = measure(body[:at] + b"\0\0a" + body[at:])
    assert header is not None
    assert (header.width, header.height, header.bare) == (120, 70, False)


def test_a_frame_of_a_gif_that_leaves_its_screen_counts():
    body = bytearray(saved("GIF"))
    at = body.index(b"\x2c", 13 + 3 * 256)
    body[at + 5 : at + 9] = struct.pack("<HH", 60_000, 60_000)
    header = measure(bytes(body))
    assert header is not None
    assert header.width >= 60_000


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_that_were_changed_or_cut_never_raise(kind):
    chance = random.Random(kind)
    body = saved(kind, size=(40, 30))
    for _round in range(1_500):
        changed = bytearray(body[: chance.randrange(1, len(body) + 1)])
        for _change in range(chance.randrange(1, 12)):
            changed[chance.randrange(len(changed))] = chance.choice((0, 1, 0x7F, 0xFF, chance.randrange(256)))
        header = measure(bytes(changed))
        assert header is None or (header.width > 0 and header.height > 0)


def test_what_is_no_picture_has_no_size():
    for body in (
        b"",
        b"\xff\xd8\xff",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"\x89PNG\r\n\x1a\n",
        b"<svg/>",
        b"BM",
        b"II*\0",
    ):
        assert measure(body) is None
