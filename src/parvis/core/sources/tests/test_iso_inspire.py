"""What strangers' records of ISO say for INSPIRE: other spellings, and what is no value at all."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from parvis.core.sources.iso import item_of

RECORD = """<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"
 xmlns:gmx="http://www.isotc211.org/2005/gmx" xmlns:xlink="http://www.w3.org/1999/xlink">
<gmd:fileIdentifier><gco:CharacterString>fr-1</gco:CharacterString></gmd:fileIdentifier>
<gmd:dateStamp><gco:DateTime>2024-05-06T07:08:09</gco:DateTime></gmd:dateStamp>
<gmd:referenceSystemInfo><gmd:MD_ReferenceSystem><gmd:referenceSystemIdentifier><gmd:RS_Identifier><gmd:code>
<gco:CharacterString>RGF93 / Lambert-93 (EPSG:2154)</gco:CharacterString></gmd:code></gmd:RS_Identifier>
</gmd:referenceSystemIdentifier></gmd:MD_ReferenceSystem></gmd:referenceSystemInfo>
<gmd:identificationInfo><gmd:MD_DataIdentification>
<gmd:citation><gmd:CI_Citation><gmd:title><gco:CharacterString>Cours d’eau</gco:CharacterString></gmd:title></gmd:CI_Citation></gmd:citation>
<gmd:descriptiveKeywords><gmd:MD_Keywords>
<gmd:keyword><gco:CharacterString>Hydrography</gco:CharacterString></gmd:keyword>
<gmd:keyword><gco:CharacterString>Thème perdu</gco:CharacterString></gmd:keyword>
<gmd:thesaurusName><gmd:CI_Citation><gmd:title><gco:CharacterString>GEMET - INSPIRE themes, version 1.0</gco:CharacterString></gmd:title>
</gmd:CI_Citation></gmd:thesaurusName></gmd:MD_Keywords></gmd:descriptiveKeywords>
<gmd:resourceConstraints><gmd:MD_LegalConstraints><gmd:accessConstraints/>
<gmd:otherConstraints><gco:CharacterString>L124-5-II-1 du code de l'environnement (Directive 2007/2/CE (INSPIRE), Article 13.1.b)</gco:CharacterString>
</gmd:otherConstraints></gmd:MD_LegalConstraints></gmd:resourceConstraints>
<gmd:spatialResolution><gmd:MD_Resolution><gmd:equivalentScale><gmd:MD_RepresentativeFraction><gmd:denominator>
<gco:Integer>{scale}</gco:Integer></gmd:denominator></gmd:MD_RepresentativeFraction></gmd:equivalentScale></gmd:MD_Resolution></gmd:spatialResolution>
<gmd:spatialResolution><gmd:MD_Resolution><gmd:distance><gco:Distance uom="km">2</gco:Distance></gmd:distance></gmd:MD_Resolution></gmd:spatialResolution>
<gmd:topicCategory><gmd:MD_TopicCategoryCode>inlandWaters</gmd:MD_TopicCategoryCode></gmd:topicCategory>
<gmd:topicCategory><gmd:MD_TopicCategoryCode>eaux</gmd:MD_TopicCategoryCode></gmd:topicCategory>
</gmd:MD_DataIdentification></gmd:identificationInfo>
</gmd:MD_Metadata>"""


def block_of(text: str) -> dict:
    return json.loads(item_of(ElementTree.fromstring(text), "https://ailleurs.example/csw").extras.get("inspire", "{}"))


def test_other_spellings_are_understood_and_what_is_unknown_takes_nothing_with_it():
    assert block_of(RECORD.format(scale="25 000")) == {
        "scope": True,
        "themes": ["hy"],
        "topics": ["inlandWaters"],
        "scale": 25_000,
        "distance": 2000.0,
        "crs": "EPSG:2154",
        "limits": ["b"],
        "metadata_date": "2024-05-06",
    }


def test_a_scale_that_is_none_is_left_out_alone():
    for scale in ("0", "-5", "fin", "9" * 40, "\u0662", ""):
        block = block_of(RECORD.format(scale=scale))
        assert "scale" not in block
        assert (block["themes"], block["distance"]) == (["hy"], 2000.0)


def test_a_record_of_no_theme_gives_no_block():
    assert block_of(RECORD.format(scale="1").replace("INSPIRE themes", "themes")) == {}
