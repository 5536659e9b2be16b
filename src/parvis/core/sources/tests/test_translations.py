"""What sources say in several languages: literals of DCAT, fields of ckanext-fluent, two objects of one dataset."""

from __future__ import annotations

import json

from parvis.core.sources.tests.conftest import Elsewhere
from parvis.core.sources.translations import EXTRA, entry_between, translations_extra

GRAPH = """
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
<https://ex.fr/d/1> a dcat:Dataset ;
  dct:identifier "1" ;
  dct:title "Trees"@en , "Arbres"@fr , "Zuhaitzak"@eu ;
  dct:description "All."@en-GB , "Tous."@fr ;
  dcat:keyword "arbre"@fr , "tree"@en , "2024" .
<https://ex.fr/d/2> a dcat:Dataset ; dct:identifier "2" ; dct:title "Bancs"@fr ; dcat:keyword "banc" , "bench"@en .
"""


def test_literals_of_other_languages_are_translations(elsewhere: Elsewhere) -> None:
    first, second = elsewhere.read("dcat", GRAPH, "https://ex.fr/catalog").items
    assert (first.title, first.keywords) == ("Arbres", ("arbre", "2024"))
    assert json.loads(first.extras[EXTRA]) == {
        "en": {"title": "Trees", "description": "All.", "keywords": ["tree"]},
        "eu": {"title": "Zuhaitzak"},
    }
    assert second.keywords == ("banc",)
    assert json.loads(second.extras[EXTRA]) == {"en": {"keywords": ["bench"]}}


def test_fields_of_fluent_are_translations(elsewhere: Elsewhere) -> None:
    package = {
        "id": "1",
        "name": "arbres",
        "title": "Arbres",
        "title_translated": {"fr": "Arbres", "en": "Trees", "de": ""},
        "notes_translated": {"fr": "Tous.", "en": "All."},
        "tags_translated": {"fr": ["arbre"], "en": ["tree", 3]},
    }
    answer = {"success": True, "result": {"count": 1, "results": [package]}}
    (item,) = elsewhere.read("ckan", json.dumps(answer), "https://ex.fr/api/3/action/package_search").items
    assert item.title == "Arbres"
    assert json.loads(item.extras[EXTRA]) == {"en": {"title": "Trees", "description": "All.", "keywords": ["tree"]}}


def test_languages_are_bounded_and_what_is_no_language_is_left() -> None:
    many = [(f"{chr(97 + n // 26)}{chr(97 + n % 26)}", "x" * 999) for n in range(60)]
    entries = json.loads(translations_extra("fr", [*many, ("français", "x"), ("", "x")], [], [])[EXTRA])
    assert len(entries) == 12
    assert all(len(entry["title"]) == 200 for entry in entries.values())


def test_what_two_objects_say_alike_is_no_translation() -> None:
    own = {
        "metas": {"default": {"title": "A", "keyword": ["k"]}},
        "fields": [{"name": "c", "label": "C"}, {"name": "d", "label": "D"}],
    }
    other = {
        "metas": {"default": {"title": "A", "keyword": ["q", 3]}},
        "fields": [{"name": "c", "label": "K"}, {"name": "d", "label": "D"}, 7],
    }
    assert entry_between(own, own) == {}
    assert entry_between(own, other) == {"keywords": ["q"], "fields": {"c": {"label": "K"}}}
    assert entry_between({}, {"metas": [], "fields": {}}) == {}
