"""OGC API – Records: the answers of pygeoapi beside what their JSON says, the words of pycsw, our own."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import NEXT_PAGE, Request
from parvis.core.sources.errors import SourceRefuses
from parvis.core.sources.origins import origin_of
from parvis.core.sources.tests.conftest import DATA, Elsewhere

URL = "https://geo.evry.example/ogc"
PAGES = [DATA / f"ogc_records_{number}.json" for number in (1, 2, 3)]
RECORDS = [record for page in PAGES for record in json.loads(page.read_text())["features"]]


def _pygeoapi(request: Request) -> Any:
    """Answers as they were recorded, of a server that believes to be at localhost."""
    assert request.url.startswith("https://geo.evry.example"), request.url
    if request.url.endswith("/collections"):
        return DATA / "ogc_catalogues.json"
    question = parse_qs(urlsplit(request.url).query)
    assert "f" not in question
    return PAGES[int(question.get("offset", ["0"])[0]) // 2]


def test_the_records_of_pygeoapi_are_what_their_json_says(elsewhere: Elsewhere) -> None:
    whole = elsewhere.harvest("ogc_records", _pygeoapi, f"{URL}/")
    described = [record for record in RECORDS if record["properties"]["type"] != "service"]
    assert [item.identifier for item in whole.items] == [record["id"] for record in described]
    assert [(refusal.identifier, refusal.reason[-8:]) for refusal in whole.refusals] == [("fiche-2", "service.")]
    assert (whole.total, len(whole.asked)) == (5, 4)
    for item, record in zip(whole.items, described, strict=True):
        facts = record["properties"]
        assert (item.title, item.modified[:19]) == (facts["title"], facts["recordUpdated"][:19])
        assert item.issued[:19] == facts["recordCreated"][:19]
        assert item.keywords[: len(facts.get("keywords", []))] == tuple(facts.get("keywords", []))
        ring = record["geometry"]["coordinates"][0] if record["geometry"] else []
        corners = (
            (min(x for x, _ in ring), min(y for _, y in ring), max(x for x, _ in ring), max(y for _, y in ring))
            if ring
            else None
        )
        assert item.bbox == corners
        assert {part.url for part in item.resources} <= {link["href"] for link in record["links"]}


def test_a_card_has_its_licence_contacts_period_files_and_page(elsewhere: Elsewhere) -> None:
    trees, parks, schools, budget = elsewhere.harvest("ogc_records", _pygeoapi, URL).items
    assert (trees.publisher, trees.contact_name, trees.contact_email) == (
        "Ville d’Évry-Courcouronnes",
        "Service des espaces verts",
        "verts@evry.example",
    )
    assert (trees.licence, trees.themes, trees.language) == ("lov2", ("environnement",), "fr")
    assert (trees.temporal_start, trees.temporal_end) == ("2020-01-01", "2025-12-31")
    assert trees.landing_page == "https://evry.example/arbres"
    assert [(part.url, part.format, part.title, part.bytes) for part in trees.resources] == [
        ("https://evry.example/arbres.csv", "csv", "Arbres en CSV", 1234)
    ]
    assert trees.extras["links"].split() == [
        "https://evry.example/arbres.pdf",
        "https://sig.evry.example/ows?service=WMS&request=GetCapabilities",
    ]
    assert (parks.licence, parks.keywords, parks.themes) == ("odbl", ("Parcs et jardins",), ())
    assert [(part.dialect, part.format) for part in parks.resources] == [("wfs", "geojson"), ("", "shapefile")]
    assert schools.description == "Les écoles"
    assert schools.temporal_start[:10] == "2024-09-01"
    assert not schools.temporal_end
    assert [(part.dialect, part.format) for part in schools.resources] == [("", "geojson"), ("ogc_features", "geojson")]
    assert origin_of(schools) == ("a.evry.example", "ecoles")
    assert (budget.publisher, budget.landing_page) == (
        "Mairie",
        f"{URL}/collections/catalogue/items/fiche-5".replace("/ogc", ""),
    )


PYCSW: dict[str, Any] = {
    "id": "urn:uuid:1 a",
    "type": "Feature",
    "time": {"date": "2019-05-01"},
    "geometry": {"type": "Polygon", "coordinates": [[[2, 48], [2, 49], [3, 49], [3, 48], [2, 48]]]},
    "properties": {
        "type": "http://inspire.ec.europa.eu/metadata-codelist/ResourceType/dataset",
        "title": "Zones humides",
        "description": "Inventaire.",
        "updated": "2026-03-01T10:00:00Z",
        "created": "2020-01-02",
        "language": "fre",
        "license": "Licence Ouverte 2.0, Aucune restriction",
        "keywords": ["zone humide", "eau"],
        "contacts": [
            {
                "name": "Anne Exemple",
                "organization": "DDT 91",
                "roles": ["pointOfContact"],
                "emails": [{"value": "sig@ddt91.example"}],
                "phones": [{"value": ""}],
                "links": [{"href": None}],
            },
            {"organization": "État", "roles": ["publisher"]},
        ],
        "themes": [
            {
                "scheme": "https://standards.iso.org/iso/19139/resources/gmxCodelists.xml#MD_TopicCategoryCode",
                "concepts": [{"id": "environment"}],
            }
        ],
    },
    "links": [
        {"href": "https://ddt.example/zh.gpkg", "protocol": "WWW:DOWNLOAD-1.0-http--download", "name": "zh", "rel": "download"},
        {"href": "https://ddt.example/ows?SERVICE=WFS", "protocol": "OGC:WFS", "name": "zh"},
        {"href": "https://ddt.example/vignette.png", "protocol": "WWW:LINK-1.0-http--image-thumbnail", "rel": "preview"},
        {"rel": "self", "type": "application/geo+json", "href": "http://localhost:8000/collections/metadata:main/items/1"},
        {"rel": "collection", "type": "application/json", "href": "http://localhost:8000/collections/metadata:main"},
    ],
}  # fmt: skip


def test_a_record_as_pycsw_writes_it(elsewhere: Elsewhere) -> None:
    answers: dict[str, Any] = {
        "collections": {
            "collections": [{"id": name, "itemType": "record", "links": []} for name in ("metadata:main", "virtuelle")]
        },
        "items": {"features": [PYCSW], "numberMatched": 1, "links": []},
    }
    whole = elsewhere.harvest(
        "ogc_records", lambda request: answers[urlsplit(request.url).path.rpartition("/")[2]], URL
    )
    assert [urlsplit(request.url).path for request in whole.asked] == [
        "/ogc/collections",
        "/ogc/collections/metadata:main/items",
    ], "its other collections are parts of the first"
    (item,) = whole.items
    assert (item.publisher, item.contact_name, item.contact_email) == ("État", "Anne Exemple", "sig@ddt91.example")
    assert (item.licence, item.language, item.themes) == ("lov2", "fr", ("environnement",))
    assert (item.temporal_start, item.bbox) == ("", (2.0, 48.0, 3.0, 49.0)), "a date of the record is no period"
    assert [(part.url, part.dialect or part.format) for part in item.resources] == [
        ("https://ddt.example/zh.gpkg", "geopackage"),
        ("https://ddt.example/ows?SERVICE=WFS&typeNames=zh", "wfs"),
    ]
    assert item.landing_page == f"{URL}/collections/metadata:main/items/urn%3Auuid%3A1%20a"


def test_several_catalogues_are_all_read_and_one_elsewhere_is_told(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> Any:
        if request.url.endswith("/collections"):
            away = [{"rel": "items", "type": "application/geo+json", "href": "https://ailleurs.example/items"}]
            rows = [{"id": name, "itemType": "record"} for name in ("a", "b")]
            return {"collections": [*rows, {"id": "c", "itemType": "record", "links": away}, {"id": "d"}]}
        name = request.url.split("/collections/")[1][0]
        return {"features": [{"id": name, "properties": {"title": name}}], "numberMatched": 1}

    whole = elsewhere.harvest("ogc_records", server, URL)
    assert ([item.identifier for item in whole.items], whole.total) == (["a", "b"], None)
    assert [refusal.identifier for refusal in whole.refusals] == [NEXT_PAGE]
    assert "ailleurs.example" in whole.reasons


@pytest.mark.parametrize("following", ["https://ailleurs.example/items", "?offset=0", "?offset={next}"])
def test_pages_that_lead_nowhere_end_and_it_is_told(elsewhere: Elsewhere, following: str) -> None:
    def server(request: Request) -> Any:
        offset = int(parse_qs(urlsplit(request.url).query).get("offset", ["0"])[0])
        link = {"rel": "next", "href": following.replace("{next}", str(offset + 1))}
        return {"features": [{"id": "un", "properties": {"title": "Un"}}], "links": [link], "numberMatched": 900}

    whole = elsewhere.harvest("ogc_records", server, f"{URL}/collections/fiches")
    assert whole.refusals[-1].identifier == NEXT_PAGE
    assert len(whole.asked) <= 3


def test_an_address_may_be_of_one_catalogue_or_of_one_record_and_words_narrow(elsewhere: Elsewhere) -> None:
    record = {"type": "Feature", "id": 12, "properties": {"title": "Un"}}
    whole = elsewhere.harvest("ogc_records", lambda _: record, f"{URL}/collections/fiches/items/12?f=html")
    assert [(item.identifier, item.landing_page) for item in whole.items] == [
        ("12", f"{URL}/collections/fiches/items/12")
    ]
    assert whole.asked[0].url == f"{URL}/collections/fiches/items/12"
    empty = {"features": [], "numberMatched": 0, "links": [{"rel": "next", "href": "?offset=100"}]}
    whole = elsewhere.harvest(
        "ogc_records", lambda _: empty, f"{URL}/collections/fiches/items", options={"query": "zone humide"}
    )
    assert len(whole.asked) == 1, "an empty page is the last"
    assert parse_qs(urlsplit(whole.asked[0].url).query) == {"limit": ["100"], "q": ["zone humide"]}


def test_what_is_no_catalogue_is_told_so(elsewhere: Elsewhere) -> None:
    with pytest.raises(UnreadableAnswer, match="OGC Features"):
        elsewhere.read("ogc_records", DATA / "ogc_collections.json", URL)
    with pytest.raises(SourceRefuses, match="Interdit"):
        elsewhere.read("ogc_records", {"code": "Forbidden", "description": "Interdit"}, URL)
    with pytest.raises(UnreadableAnswer):
        elsewhere.read("ogc_records", [1, 2], URL)


def test_records_without_identifier_or_title_are_refused_one_by_one(elsewhere: Elsewhere) -> None:
    records: list[Any] = [{"properties": {"title": "A"}}, {"id": "b", "properties": None}, None, {"id": "c", "properties": {"title": "C"}}]  # fmt: skip
    page = elsewhere.read("ogc_records", {"features": records}, URL)
    assert [item.identifier for item in page.items] == ["c"]
    assert [refusal.reason for refusal in page.refusals] == ["Sans identifiant : A", "Sans titre."]


def test_what_inspire_wants_said_comes_too(elsewhere: Elsewhere) -> None:
    themes = [
        {
            "scheme": "http://inspire.ec.europa.eu/theme",
            "concepts": [{"id": "us", "url": "http://inspire.ec.europa.eu/theme/us", "title": "Services"}],
        },
        {
            "scheme": "http://inspire.ec.europa.eu/metadata-codelist/TopicCategory",
            "concepts": [{"id": "society", "title": "Société"}, {"id": "nimporte"}],
        },
    ]
    facts = {"title": "Écoles", "themes": themes, "inspire": {"scale": 5000, "lineage": "Terrain.", "autre": 1}}
    (item,) = elsewhere.read("ogc_records", {"features": [{"id": "e", "properties": facts}]}, URL).items
    block = json.loads(item.extras["inspire"])
    assert block == {"scope": True, "themes": ["us"], "topics": ["society"], "scale": 5000, "lineage": "Terrain."}
