"""Pages load what Vite built."""

from __future__ import annotations

import json

import pytest
from django.template import Context, Template

from parvis.hub.ui import assets
from parvis.hub.ui.assets import AssetsNotBuilt


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A small build: a script that imports a chunk with its style."""
    rows = {
        "src/map.ts": {"file": "assets/map-AAAAAAAA.js", "isEntry": True, "imports": ["_shared.js"]},
        "_shared.js": {"file": "assets/shared-BBBBBBBB.js", "css": ["assets/shared-CCCCCCCC.css"]},
        "styles/main.css": {"file": "assets/main-DDDDDDDD.css", "isEntry": True},
        "node_modules/a.woff2": {"file": "assets/a-EEEEEEEE.woff2"},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(rows))
    monkeypatch.setattr(assets, "DIST", tmp_path)


def _render(text: str) -> str:
    return Template(text).render(Context())


def test_a_script_comes_with_its_styles_and_its_modules(built):
    html = _render('{% asset "src/map.ts" %}')
    assert html == (
        '<link rel="stylesheet" href="/static/parvis/dist/assets/shared-CCCCCCCC.css">'
        '<link rel="modulepreload" href="/static/parvis/dist/assets/shared-BBBBBBBB.js">'
        '<script type="module" src="/static/parvis/dist/assets/map-AAAAAAAA.js"></script>'
    )


def test_a_stylesheet_is_linked(built):
    html = _render('{% asset "styles/main.css" %}')
    assert html == '<link rel="stylesheet" href="/static/parvis/dist/assets/main-DDDDDDDD.css">'


def test_fonts_are_preloaded(built):
    assert 'as="font" type="font/woff2" crossorigin href="/static/parvis/dist/assets/a-EEEEEEEE.woff2"' in _render(
        "{% font_preload %}"
    )


def test_a_chunk_is_not_an_entry(built):
    with pytest.raises(AssetsNotBuilt):
        assets.asset("_shared.js")


def test_without_a_build_the_error_says_how_to_build(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "DIST", tmp_path)
    with pytest.raises(AssetsNotBuilt) as caught:
        assets.asset("src/main.ts")
    assert "make setup" in caught.value.hint("fr")


@pytest.mark.parametrize("entry", ["src/main.ts", "src/map.ts", "src/upload.ts", "styles/main.css", "styles/admin.css"])
def test_the_real_build_holds_every_entry(entry):
    file = assets.asset(entry).file.removeprefix("/static/parvis/dist/")
    assert (assets.DIST / file).is_file()


def test_the_real_build_holds_two_fonts():
    assert len(assets.fonts()) == 2


def test_built_files_may_be_kept_for_ever(client):
    for address in (assets.asset("styles/main.css").file, assets.fonts()[0]):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer["Cache-Control"]
