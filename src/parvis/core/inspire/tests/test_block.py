"""The INSPIRE block: judged, proposed, told in the words of other portals."""

from __future__ import annotations

import json

import pytest

from parvis.core.inspire.block import BadInspire, gaps, in_scope, judged, readable
from parvis.core.inspire.elsewhere import as_template, from_template, limit_of, resolution_of, theme_of
from parvis.core.inspire.proposals import CardFacts, proposed, proposed_themes
from parvis.core.inspire.vocabulary import LIMITS, ROLES, THEMES, TOPICS
from parvis.core.translation import translate

ANNEXES = """rs gg gn au ad cp tn hy ps el lc oi ge su bu so lu hh us ef pf af pd am nz ac mf of sr br hb sd er mr"""
ISO_TOPICS = """farming biota boundaries climatologyMeteorologyAtmosphere economy elevation environment
geoscientificInformation health imageryBaseMapsEarthCover intelligenceMilitary inlandWaters location oceans planningCadastre
society structure transportation utilitiesCommunication"""


def test_the_lists_are_those_of_the_directive_and_of_iso():
    assert [theme.slug for theme in THEMES] == ANNEXES.split()
    assert [topic.slug for topic in TOPICS] == ISO_TOPICS.split()
    assert {theme.topic for theme in THEMES} - {""} <= set(ISO_TOPICS.split())
    assert (len(ROLES), [limit.uri[-1] for limit in LIMITS[1:]]) == (11, list("abcdefgh"))
    labels = {translate(theme.label, language) for theme in THEMES for language in ("fr", "en")}
    assert {"Adresses", "Addresses", "Sites protégés", "Protected sites"} <= labels


@pytest.mark.parametrize(
    ("spoiled", "name"),
    [
        ({"themes": ["zz"]}, "themes"),
        ({"themes": "ad"}, "themes"),
        ({"type": "service"}, "type"),
        ({"scale": "25000"}, "scale"),
        ({"scale": 0}, "scale"),
        ({"scale": True}, "scale"),
        ({"distance": float("nan")}, "distance"),
        ({"distance": -1}, "distance"),
        ({"limits": ["noLimitations", "a"]}, "limits"),
        ({"conformity_date": "hier"}, "conformity_date"),
        ({"party_email": "mairie"}, "party_email"),
        ({"lineage": "x" * 5_001}, "lineage"),
        ({"code": 12}, "code"),
        ({"scope": "oui"}, "scope"),
        ({"inconnu": 1}, "inconnu"),
        ([], "inspire"),
    ],
)
def test_what_will_not_do_is_refused_by_its_name(spoiled, name):
    with pytest.raises(BadInspire) as refusal:
        judged(spoiled)
    assert refusal.value.details["name"] == name
    assert readable(spoiled) == {}, "of a stranger's block it is left out"
    assert readable({**spoiled, "lineage": "Levé"} if isinstance(spoiled, dict) and name != "lineage" else {}) in (
        {"lineage": "Levé"},
        {},
    )


def test_what_is_judged_is_stored_as_any_database_can_and_judged_again_is_the_same():
    block = judged(
        {"scope": True, "lineage": " a\0b\ud800 \n c ", "crs": "urn:ogc:def:crs:EPSG::2154", "themes": ["ad", "ad"]}
    )
    assert block == {"scope": True, "lineage": "ab? \n c", "crs": "EPSG:2154", "themes": ["ad"]}
    json.dumps(block, ensure_ascii=False).encode()
    assert judged(block) == block
    spellings = ("2154", "epsg:2154", "EPSG/2154", "http://www.opengis.net/def/crs/EPSG/0/2154")
    assert {judged({"crs": spelling})["crs"] for spelling in spellings} == {"EPSG:2154"}
    assert judged({"crs": "RGF93 / CC49"})["crs"] == "RGF93 / CC49"
    assert judged({"code": "", "topics": [], "scale": None}) == {}


def test_nothing_is_wanted_or_told_of_what_is_out_of_scope():
    assert gaps({}) == gaps({"scope": False, "themes": ["ad"]}) == []
    assert in_scope({"scope": False, "themes": ["ad"]}) == {}
    assert [gap.name for gap in gaps({"scope": True, "themes": ["ad"], "scale": 500, "lineage": "Levé"})] == [
        "topic", "identifier", "conformity", "party",
    ]  # fmt: skip


def test_a_proposal_is_a_block_that_says_nothing_of_the_scope():
    facts = CardFacts(
        words=["Base adresse locale", "voiries"],
        themes=["territoire"],
        identifier="bal",
        has_geometry=True,
        publisher="Ville",
        email="sig@ville.fr",
    )
    block = proposed(facts)
    assert judged(block) == block
    assert "scope" not in block
    assert (block["themes"], block["topics"]) == (["ad", "tn"], ["location", "transportation", "planningCadastre"])
    assert (block["crs"], block["conformity"]) == ("EPSG:4326", "notEvaluated")
    assert "limits" not in block, "they follow the access of the dataset"
    assert proposed_themes(["Budget primitif"]) == []


def test_the_template_of_opendatasoft_comes_and_goes():
    block = judged({"scope": True, "themes": ["tn"], "type": "series", "scale": 25_000, "lineage": "Levé", "code": "x"})
    template = as_template(block, "fr")
    assert template == {
        "theme": ["Réseaux de transport"],
        "type": "series",
        "file_identifier": "x",
        "hierarchy_level": "series",
        "hierarchy_level_name": "Dataset series",
        "spatial_resolution": "1:25000",
        "lineage": "Levé",
    }
    assert from_template(template) == block
    assert from_template({"theme": "Transport networks"}) == {"scope": True, "themes": ["tn"]}
    assert from_template({"theme": "Un thème d’ailleurs", "lineage": "Levé"}) == {}
    assert from_template({"theme": [None, 3, {"a": 1}], "spatial_resolution": ["x"]}) == {}
    assert as_template({**block, "scope": False}, "fr") == {}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("http://inspire.ec.europa.eu/theme/hy", "hy"),
        ("Hydrography", "hy"),
        ("répartition de la population — démographie", "pd"),
        ("Autre", ""),
    ],
)
def test_themes_are_known_by_address_and_in_both_languages(words, slug):
    assert theme_of(words) == slug


def test_limits_are_known_by_address_and_by_the_words_of_the_french_guide():
    assert limit_of("L124-4-I-1 du code de l'environnement (Directive 2007/2/CE (INSPIRE), Article 13.1.d)") == "d"
    assert limit_of("public access limited according to Article 13(1)(h) of the INSPIRE Directive") in ("h", "")
    assert limit_of("Licence Ouverte") == ""
    assert resolution_of("1:5 000") == {"scale": 5000}
