"""What a child made of a picture is checked before anybody trusts it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from parvis.core.pictures import CleanPicture, PictureBroken, PictureTooLarge, receive_picture, reception, rendered


def photo(kind: str = "JPEG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), (10, 200, 30)).save(stream, kind)
    return stream.getvalue()


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "made").mkdir()
    (tmp_path / "received").write_bytes(photo())
    return tmp_path / "received", tmp_path / "made"


def test_a_picture_comes_back_written_again(folders):
    received = receive_picture(*folders, "photo.jpg", longest=4_000)
    assert (received.kind, received.width, received.height) == ("jpeg", 64, 48)
    assert Image.open(io.BytesIO(received.body)).size == (64, 48)


def test_a_picture_is_rendered(folders):
    received = rendered(*folders, "photo.jpg", [("resize", (32, 24))], "webp", 80)
    assert (received.kind, received.width, received.height) == ("webp", 32, 24)


def test_a_refusal_comes_through_as_itself(folders):
    source, scratch = folders
    body = bytearray(photo("PNG"))
    body[16:24] = (50_000).to_bytes(4, "big") * 2
    source.write_bytes(body)
    with pytest.raises(PictureTooLarge) as refused:
        receive_picture(source, scratch, "bombe.png", longest=4_000)
    assert "« bombe.png »" in refused.value.message("fr")
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    "made",
    [
        CleanPicture("picture", "png", 64, 48),
        CleanPicture("picture", "jpeg", 64, 49),
        CleanPicture("absent", "jpeg", 64, 48),
        CleanPicture("../received", "jpeg", 64, 48),
        CleanPicture("link", "jpeg", 64, 48),
        CleanPicture("folder", "jpeg", 64, 48),
    ],
    ids=["kind", "size", "absent", "elsewhere", "link", "folder"],
)
def test_a_child_that_lies_is_not_believed(folders, monkeypatch, made):
    source, scratch = folders
    (scratch / "picture").write_bytes(photo())
    (scratch / "link").symlink_to(source)
    (scratch / "folder").mkdir()
    monkeypatch.setattr(reception, "call", lambda *_args, **_options: made)
    with pytest.raises(PictureBroken):
        receive_picture(source, scratch, "photo.jpg", longest=4_000)


def test_a_child_that_leaves_something_beside_the_pixels_is_not_believed(folders, monkeypatch):
    source, scratch = folders
    (scratch / "picture").write_bytes(photo() + b"<script>")
    monkeypatch.setattr(reception, "call", lambda *_args, **_options: CleanPicture("picture", "jpeg", 64, 48))
    with pytest.raises(PictureBroken):
        receive_picture(source, scratch, "photo.jpg", longest=4_000)


def test_whoever_asks_loads_no_decoder():
    code = "import sys, parvis.core.pictures; sys.exit(any(name.split('.')[0] == 'PIL' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
