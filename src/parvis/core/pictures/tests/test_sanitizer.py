"""What is kept of a picture is its pixels, upright and in the colours that everybody sees."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin
from PIL.ExifTags import IFD, Base

from parvis.core.pictures import PictureBroken, PictureTooLarge, PictureUnknown, clean_picture, measure, render_picture
from parvis.core.pictures.sanitizer import inspect_picture

RED, BLUE = (200, 30, 30), (30, 30, 200)


def two_halves(mode: str = "RGB", size: tuple[int, int] = (80, 40)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    written = Image.Exif()
    written[Base.Orientation] = orientation
    written[Base.Artist] = "Sylvie Moreau"
    written.get_ifd(IFD.GPSInfo)[1] = "N"
    return written


@pytest.fixture
def cleaned(tmp_path: Path):
    def clean(body: bytes, longest: int = 4_000) -> tuple[bytes, Image.Image]:
        source, scratch = tmp_path / "received", tmp_path / "made"
        source.write_bytes(body)
        scratch.mkdir(exist_ok=True)
        made = clean_picture(source, scratch, "photo", longest)
        written = (scratch / made.file).read_bytes()
        header = measure(written)
        assert header is not None
        assert header.bare
        assert (header.kind, header.width, header.height) == (made.kind, made.width, made.height)
        return written, Image.open(io.BytesIO(written))

    return clean


def near(colour: object, expected: tuple[int, ...]) -> bool:
    assert isinstance(colour, tuple)
    return all(abs(one - other) < 12 for one, other in zip(colour, expected, strict=True))


@pytest.mark.parametrize(
    ("kind", "expected_kind"), [("JPEG", "JPEG"), ("PNG", "PNG"), ("WEBP", "WEBP"), ("GIF", "PNG"), ("AVIF", "JPEG")]
)
def test_every_kind_is_written_again_as_a_kind_that_everybody_opens(cleaned, kind, expected_kind):
    _body, picture = cleaned(saved(two_halves(), kind))
    assert (picture.format, picture.size) == (expected_kind, (80, 40))
    assert near(picture.convert("RGB").getpixel((10, 20)), RED)
    assert near(picture.convert("RGB").getpixel((70, 20)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_no_place_no_author_and_no_word_is_left(cleaned, kind):
    options: dict[str, object] = {"exif": exif(), "xmp": b"<x:xmpmeta>Sylvie Moreau</x:xmpmeta>"}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_itxt("Author", "Sylvie Moreau", zip=False)
    sent = saved(two_halves(), kind, **options)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(IFD.GPSInfo)
    body, picture = cleaned(sent)
    assert b"Moreau" in sent
    assert b"Moreau" not in body
    assert not picture.getexif()
    assert not set(picture.info) & {"exif", "xmp", "icc_profile", "comment", "photoshop", "Author"}


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_taken_aside_stands_upright(cleaned, tmp_path, kind, orientation):
    sent = saved(two_halves(), kind, exif=exif(orientation))
    _body, picture = cleaned(sent)
    upright = Image.open(io.BytesIO(sent))
    upright = ImageOps.exif_transpose(upright)
    assert picture.size == upright.size
    for place in ((5, 5), (upright.width - 6, 5), (5, upright.height - 6)):
        assert near(picture.convert("RGB").getpixel(place), upright.convert("RGB").getpixel(place))
    facts = inspect_picture(tmp_path / "received", "photo")
    assert (facts.width, facts.height) == upright.size


def test_exif_that_nobody_can_read_does_not_cost_the_picture(cleaned):
    sent = saved(two_halves(), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert cleaned(sent)[1].size == (80, 40)


@pytest.mark.parametrize(("mode", "kind"), [("1", "PNG"), ("L", "PNG"), ("L", "JPEG"), ("P", "PNG"), ("CMYK", "JPEG")])
def test_every_way_to_write_colours_is_understood(cleaned, mode, kind):
    _body, picture = cleaned(saved(two_halves(mode), kind))
    expected = two_halves(mode).convert("RGB")
    assert near(picture.convert("RGB").getpixel((10, 20)), expected.getpixel((10, 20)))


def test_sixteen_bits_of_grey_become_eight(cleaned):
    grey = Image.new("I;16", (8, 8), 32_768)
    assert cleaned(saved(grey, "PNG"))[1].convert("L").getpixel((4, 4)) == 128


@pytest.mark.parametrize(("kind", "expected_kind"), [("PNG", "PNG"), ("WEBP", "WEBP"), ("AVIF", "PNG"), ("GIF", "PNG")])
def test_transparency_is_kept(cleaned, kind, expected_kind):
    clear = two_halves("RGBA")
    clear.putalpha(Image.linear_gradient("L").resize(clear.size).point(lambda v: 255 if v > 127 else 0))
    _body, picture = cleaned(saved(clear, kind))
    assert picture.format == expected_kind
    alpha = picture.convert("RGBA").getchannel("A")
    assert alpha.getpixel((40, 2)) == 0
    assert alpha.getpixel((40, 37)) == 255


def test_colours_of_a_profile_become_those_of_screens(cleaned):
    screens = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = screens.replace(b"rXYZ", b"____").replace(b"bXYZ", b"rXYZ").replace(b"____", b"bXYZ")
    for kind in ("PNG", "JPEG", "WEBP"):
        _body, picture = cleaned(saved(Image.new("RGB", (8, 8), (250, 0, 0)), kind, icc_profile=swapped))
        red, _green, blue = picture.convert("RGB").getpixel((4, 4))
        assert blue > 200 > red


def test_a_profile_that_is_broken_is_left_aside(cleaned):
    sent = saved(two_halves(), "JPEG", icc_profile=b"\0" * 4_000)
    assert near(cleaned(sent)[1].getpixel((10, 20)), RED)


def test_what_moves_is_stilled(cleaned):
    frames = [Image.new("RGB", (8, 8), (n, 0, 0)) for n in range(0, 250, 10)]
    for kind in ("GIF", "WEBP", "PNG"):
        sent = saved(frames[0], kind, save_all=True, append_images=frames[1:])
        assert Image.open(io.BytesIO(sent)).n_frames > 1
        assert getattr(cleaned(sent)[1], "n_frames", 1) == 1


def test_a_picture_longer_than_wanted_is_made_smaller(cleaned):
    for kind in ("JPEG", "PNG"):
        _body, picture = cleaned(saved(two_halves(size=(3_000, 1_000)), kind), longest=600)
        assert picture.size == (600, 200)


def test_what_is_no_picture_is_told(cleaned):
    for body in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"8BPS\0\1", b"\0\0\1\0", b"II*\0"):
        with pytest.raises(PictureUnknown) as refused:
            cleaned(body)
        assert "« photo »" in refused.value.message("fr")
        assert refused.value.hint("fr")


def test_a_picture_that_is_cut_is_told(cleaned):
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "AVIF"):
        noise = Image.effect_noise((200, 200), 80).convert("RGB")
        body = saved(noise, kind)
        with pytest.raises(PictureBroken):
            cleaned(body[: len(body) // 2])


def test_a_picture_of_too_many_pixels_is_told_with_its_size(cleaned):
    body = bytearray(saved(two_halves(), "PNG"))
    body[16:24] = (50_000).to_bytes(4, "big") * 2
    with pytest.raises(PictureTooLarge) as refused:
        cleaned(bytes(body))
    assert "« photo »" in refused.value.message("fr")
    assert "50000 × 50000" in refused.value.message("fr")


def test_a_picture_is_cropped_resized_and_laid_on_a_ground(tmp_path):
    clear = two_halves("RGBA")
    clear.putalpha(0)
    (tmp_path / "received").write_bytes(saved(clear, "PNG"))
    steps = [("crop", (40, 0, 80, 40)), ("resize", (20, 20)), ("background", (255, 255, 255))]
    made = render_picture(tmp_path / "received", tmp_path, "logo.png", steps, "jpeg", 85)
    picture = Image.open(tmp_path / made.file)
    assert (made.kind, picture.size) == ("jpeg", (20, 20))
    assert near(picture.getpixel((10, 10)), (255, 255, 255))
