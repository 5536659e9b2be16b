"""A new instance takes the static files as they were compressed when Parvis was built."""

from __future__ import annotations

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from whitenoise.compress import Compressor

from parvis.config.cli import assets, serve


@pytest.fixture
def compressed_here(monkeypatch) -> list[bytes]:
    """What had to be compressed, and was not prepared."""
    here = []
    compress = Compressor.compress_brotli
    monkeypatch.setattr(Compressor, "compress_brotli", staticmethod(lambda data: here.append(data) or compress(data)))
    return here


def test_what_was_compressed_at_the_build_is_put_beside_its_file(compressed_here, tmp_path, settings):
    settings.PARVIS_HOME, settings.STATIC_ROOT = tmp_path, tmp_path / "static"
    assert assets.PREPARED.exists(), "make setup builds it"
    serve.collect_assets()
    core = settings.STATIC_ROOT / "wagtailadmin" / "js" / "core.js"
    assert brotli.decompress(core.with_name("core.js.br").read_bytes()) == core.read_bytes()
    assert core.with_name("core.js.gz").exists()
    assert core.read_bytes() not in compressed_here
    # What is not prepared is what does not become smaller, or has changed since the build.
    assert (
        sum(len(data) for data in compressed_here)
        < sum(path.stat().st_size for path in settings.STATIC_ROOT.rglob("*.js")) / 4
    )


def test_a_file_that_changed_since_is_compressed_again(compressed_here):
    changed = Path(finders.find("wagtailadmin/js/core.js")).read_bytes()[:20_000] + b"// mine"
    assert brotli.decompress(assets.PreparedCompressor.compress_brotli(changed)) == changed
    assert compressed_here == [changed]


def test_what_is_kept_is_what_was_compressed(tmp_path, monkeypatch, compressed_here):
    monkeypatch.setattr(assets, "PREPARED", tmp_path / "compressed.zip")
    assets._opened.cache_clear()
    (tmp_path / "collected").mkdir()
    (tmp_path / "collected" / "a.js").write_bytes(b"a" * 1000)
    (tmp_path / "collected" / "a.js.br").write_bytes(b"as brotli")
    assets.keep_compressed(tmp_path / "collected")
    assert assets.PreparedCompressor.compress_brotli(b"a" * 1000) == b"as brotli"
    assert len(assets.PreparedCompressor.compress_gzip(b"a" * 1000)) < 100
    assert compressed_here == []
    monkeypatch.undo()
    assets._opened.cache_clear()
