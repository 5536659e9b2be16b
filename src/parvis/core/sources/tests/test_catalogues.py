"""Catalogues that answer JSON: data.gouv.fr, CKAN, Opendatasoft's first API, data.json."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.sources import explore_v1
from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import NEXT_PAGE, Numbered, Request, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.errors import BadSource, EndlessSource, SourceRefuses
from parvis.core.sources.reading import LONGEST_EXTRA
from parvis.core.sources.tests.conftest import Elsewhere

UDATA: dict[str, Any] = {
    "id": "5bd0b6fd8b4c413d0801dc57",
    "slug": "comptages",
    "title": "Comptages <b>vélo</b>",
    "description": "## Titre\n\nUn *texte*.\n\n\n\nFin &amp; suite",
    "page": "https://www.data.gouv.fr/datasets/comptages",
    "organization": {"id": "534fff4ba3a7292c64a77d95", "name": "Essonne", "business_number_id": "22910228000018"},
    "license": "lov2",
    "frequency": "bimonthly",
    "tags": ["velo", "Vélo", "hvd"],
    "spatial": {
        "zones": ["fr:departement:91"],
        "granularity": "fr:commune",
        "geom": {"type": "MultiPolygon", "coordinates": [[[[1.9, 48.2], [2.6, 48.2], [2.6, 48.8], [1.9, 48.2]]]]},
    },
    "temporal_coverage": {"start": "2019-01-01T00:00:00.000000+00:00", "end": None},
    "created_at": "2018-10-24T18:17:01.123456+00:00",
    "last_update": "2026-01-02T03:04:05.123456+00:00",
    "contact_points": [{"name": "SIG", "email": "sig@essonne.example"}],
    "harvest": {"backend": "DCAT", "domain": "data.essonne.fr", "dct_identifier": "42f0"},
    "resources": [
        {
            "id": "r1",
            "type": "main",
            "title": "2026",
            "url": "https://data.essonne.fr/f/42.csv",
            "format": "csv",
            "mime": "text/csv",
            "filesize": 12,
            "checksum": {"type": "sha1", "value": "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
            "last_modified": "2026-01-02T00:00:00+00:00",
            "schema": {"name": "etalab/schema-comptage", "version": "1.0.0"},
        },
        {"type": "documentation", "title": "Notice", "url": "https://data.essonne.fr/notice.pdf", "format": "pdf"},
    ],
}


def _with(row: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**row, **more}


def _udata(*rows: dict[str, Any], following: str | None = None) -> dict[str, Any]:
    return {"data": list(rows), "next_page": following, "page": 1, "page_size": 50, "total": len(rows)}


def test_a_dataset_of_data_gouv_fr(elsewhere: Elsewhere) -> None:
    (item,) = elsewhere.read("udata", _udata(UDATA), "https://www.data.gouv.fr/").items
    assert (item.identifier, item.title) == ("5bd0b6fd8b4c413d0801dc57", "Comptages vélo")
    assert item.description == "Titre\n\nUn texte.\n\nFin & suite"
    assert (item.publisher, item.publisher_id) == ("Essonne", "22910228000018")
    assert (item.licence, item.frequency, item.keywords) == ("lov2", "quarterly", ("velo", "hvd"))
    assert (item.spatial, item.bbox) == (("fr:departement:91",), (1.9, 48.2, 2.6, 48.8))
    assert (item.temporal_start[:10], item.temporal_end, item.issued[:10]) == ("2019-01-01", "", "2018-10-24")
    assert (item.modified, item.conforms_to) == ("2026-01-02T03:04:05+00:00", ("etalab/schema-comptage",))
    assert (item.contact_name, item.contact_email) == ("SIG", "sig@essonne.example")
    (table,) = item.resources
    assert (table.format, table.bytes, table.digest[:9]) == ("csv", 12, "sha1:da39")
    assert item.extras["documentation"] == "https://data.essonne.fr/notice.pdf"
    assert (item.extras["harvest_domain"], item.extras["harvest_identifier"]) == ("data.essonne.fr", "42f0")


@pytest.mark.parametrize(
    ("url", "options", "expected"),
    [
        ("https://www.data.gouv.fr", {}, "/api/1/datasets/?page=1"),
        (
            "https://www.data.gouv.fr/fr/",
            {"tag": "hvd"},
            "/api/1/datasets/?page=1&page_size=50&sort=-last_update&tag=hvd",
        ),
        ("https://www.data.gouv.fr/organizations/ville-de-x/", {}, "/api/1/organizations/ville-de-x/datasets/?page=1"),
        ("https://demo.data.gouv.fr/fr/organizations/534fff4ba3a7292c64a77d95/", {}, "/api/1/datasets/?page=1"),
        ("https://www.data.gouv.fr/datasets/comptages/", {}, "/api/1/datasets/comptages/"),
        (
            "https://www.data.gouv.fr/",
            {"organisation": "a b/../c"},
            "/api/1/organizations/a%20b%2F..%2Fc/datasets/?page=1",
        ),
    ],
)
def test_what_data_gouv_fr_is_asked(url: str, options: dict[str, str], expected: str) -> None:
    (request,) = DIALECTS["udata"].first(Settings(url, options))
    assert request.url.partition("data.gouv.fr")[2].startswith(expected)


def test_only_what_changed_is_read_and_then_no_more(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> dict[str, Any]:
        page = int(parse_qs(urlsplit(request.url).query)["page"][0])
        row = _with(UDATA, id=f"{page}", last_update=f"2026-0{6 - page}-01T00:00:00+00:00")
        return _udata(row, following=f"https://www.data.gouv.fr/api/1/datasets/?page={page + 1}")

    whole = elsewhere.harvest("udata", server, "https://www.data.gouv.fr/", since="2026-03-15")
    assert [item.identifier for item in whole.items] == ["1", "2"]
    assert len(whole.asked) == 3


def test_what_is_gone_there_is_refused_by_name(elsewhere: Elsewhere) -> None:
    rows = [
        _with(UDATA, id="a", archived="2025-01-01"),
        _with(UDATA, id="b", private=True),
        _with(UDATA, id=""),
        "x",
        None,
    ]
    page = elsewhere.read("udata", _udata(*rows), "https://www.data.gouv.fr/")  # type: ignore[arg-type]
    assert not page.items
    assert [refusal.identifier for refusal in page.refusals] == ["a", "b", ""]


CKAN: dict[str, Any] = {
    "id": "0d1e",
    "name": "arbres",
    "title": "Arbres",
    "notes": "<p>Tous les arbres</p>",
    "organization": {"id": "o1", "name": "evry", "title": "Évry-Courcouronnes"},
    "license_id": "notspecified",
    "license_title": "License Not Specified",
    "maintainer": "Parcs",
    "maintainer_email": "parcs@evry.example",
    "metadata_created": "2020-01-01T00:00:00.000000",
    "metadata_modified": "2026-01-02T03:04:05.123456",
    "state": "active",
    "tags": [{"name": "arbre", "display_name": "Arbre"}],
    "groups": [{"title": "Environnement"}],
    "extras": [
        {"key": "spatial", "value": '{"type": "Point", "coordinates": [2.43, 48.63]}'},
        {"key": "frequency", "value": "http://publications.europa.eu/resource/authority/frequency/ANNUAL"},
        {"key": "theme", "value": '["http://publications.europa.eu/resource/authority/data-theme/ENVI"]'},
        {"key": "temporal_start", "value": "2015"},
        {"key": "language", "value": '["fre"]'},
        {"key": "guid", "value": "g-1"},
    ],
    "resources": [
        {
            "id": "r",
            "url": "https://evry.example/a.zip",
            "name": "Arbres",
            "format": "SHP",
            "size": "1000",
            "hash": "d41d8cd98f00b204e9800998ecf8427e",
        },
        {"id": "s", "url": "https://evry.example/wfs?typeNames=arbres", "name": "Service", "format": "WFS"},
        {"id": "t", "url": "javascript:alert(1)", "name": "?", "format": "CSV"},
    ],
}


def _ckan(rows: list[Any], count: int) -> dict[str, Any]:
    return {"success": True, "result": {"count": count, "results": rows}}


def test_a_package_of_ckan(elsewhere: Elsewhere) -> None:
    (item,) = elsewhere.read("ckan", _ckan([CKAN], 1), "https://catalogue.evry.example/dataset").items
    assert (item.identifier, item.title, item.description) == ("0d1e", "Arbres", "Tous les arbres")
    assert (item.publisher, item.publisher_id, item.licence) == ("Évry-Courcouronnes", "o1", "")
    assert (item.landing_page, item.contact_email) == (
        "https://catalogue.evry.example/dataset/arbres",
        "parcs@evry.example",
    )
    assert (item.frequency, item.language, item.temporal_start) == ("annual", "fr", "2015")
    assert (item.bbox, item.keywords) == ((2.43, 48.63, 2.43, 48.63), ("Arbre",))
    assert item.themes[1:] == ("Environnement",)
    assert [(part.format, part.dialect) for part in item.resources] == [("shapefile", ""), ("geojson", "wfs")]
    assert (item.resources[0].digest[:7], item.resources[0].bytes) == ("md5:d41", 1000)


def test_all_the_packages_are_read_even_when_the_server_gives_fewer_than_asked(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> dict[str, Any]:
        start = int(parse_qs(urlsplit(request.url).query)["start"][0])
        return _ckan([_with(CKAN, id=str(rank)) for rank in range(start, min(start + 7, 30))], 30)

    whole = elsewhere.harvest(
        "ckan", server, "https://catalogue.evry.example", since="2026-01-01", options={"tag": 'a "b'}
    )
    assert [item.identifier for item in whole.items] == [str(rank) for rank in range(30)]
    question = parse_qs(urlsplit(whole.asked[0].url).query)
    assert question["fq"] == ['tags:"a \\"b" AND metadata_modified:[2026-01-01T00:00:00Z TO *]']
    assert whole.asked[0].url.startswith("https://catalogue.evry.example/api/3/action/package_search?")


def test_a_server_without_an_end_is_left(elsewhere: Elsewhere) -> None:
    whole = elsewhere.harvest("ckan", lambda _: _ckan([CKAN], 1_000_000), "https://catalogue.evry.example", most=3)
    assert "le même contenu" in whole.reasons


def test_what_ckan_refuses_is_told_in_its_words(elsewhere: Elsewhere) -> None:
    with pytest.raises(SourceRefuses, match="Not authorized"):
        elsewhere.read("ckan", {"success": False, "error": {"message": "Not authorized"}}, "https://c.example")


ODS: dict[str, Any] = {
    "datasetid": "arbres",
    "has_records": True,
    "features": ["geo", "analyze"],
    "attachments": [{"id": "notice_pdf", "title": "Notice", "mimetype": "application/pdf"}],
    "metas": {
        "title": "Arbres",
        "description": "<p>Tous</p>",
        "publisher": "Évry",
        "license": "Licence Ouverte v2.0 (Etalab)",
        "modified": "2026-01-02T03:04:05+00:00",
        "theme": ["Environnement"],
        "keyword": ["arbre"],
        "territory": ["Évry-Courcouronnes"],
        "language": "fr",
        "records_count": 12,
    },
}


def test_a_dataset_of_the_first_api_of_opendatasoft(elsewhere: Elsewhere) -> None:
    page = elsewhere.read(
        "explore_v1",
        {"nhits": 1, "datasets": [ODS, {"metas": {"title": "?"}}]},
        "https://data.evry.example/explore/?q=a",
    )
    (item,) = page.items
    assert (item.identifier, item.title, item.description, item.publisher) == ("arbres", "Arbres", "Tous", "Évry")
    assert (item.licence, item.themes, item.keywords, item.spatial) == (
        "lov2",
        ("Environnement",),
        ("arbre",),
        ("Évry-Courcouronnes",),
    )
    assert item.landing_page == "https://data.evry.example/explore/dataset/arbres/"
    assert [part.format for part in item.resources] == ["csv", "geojson", ""]
    assert item.resources[0].url == "https://data.evry.example/api/records/1.0/download/?dataset=arbres&format=csv"
    assert len(page.refusals) == 1


def test_what_another_parvis_says_of_a_dataset_comes_and_not_what_changes_each_day(elsewhere: Elsewhere) -> None:
    own = {"hvd": ["mobilite"], "inspire": {"scope": True}, "closure": None, "closure_note": "", "version": "v1"}
    row = {"dataset_id": "velo", "metas": {"default": {"title": "Vélo"}, "parvis": own, "explore": {"popularity": 3}}}
    page = elsewhere.read("explore", {"total_count": 1, "results": [row]}, "https://data.evry.example")
    metas = json.loads(page.items[0].extras["explore"])["metas"]
    assert metas == {"default": {"title": "Vélo"}, "parvis": {"hvd": ["mobilite"], "inspire": {"scope": True}}}
    (first,) = DIALECTS["explore"].first(Settings("https://data.evry.example"))
    assert parse_qs(urlsplit(first.url).query)["include_app_metas"] == ["true"]


def test_the_wall_of_the_first_api_is_told(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore_v1, "LAST", 400)

    def server(request: Request) -> dict[str, Any]:
        start = int(parse_qs(urlsplit(request.url).query)["start"][0])
        return {"nhits": 12_000, "datasets": [_with(ODS, datasetid=f"d{rank}") for rank in range(start, start + 100)]}

    whole = elsewhere.harvest("explore_v1", server, "https://data.evry.example", most=100, since="2026-01-02")
    assert (len(whole.items), "plus de 400" in whole.reasons) == (400, True)
    assert "q=modified%3E%3D2026/01/02" in whole.asked[0].url


DATA_JSON: dict[str, Any] = {
    "identifier": "https://www.arcgis.com/home/item.html?id=abc&sublayer=0",
    "title": "Arbres",
    "description": "<div style='x'>Tous<br>les arbres</div>",
    "keyword": ["arbre"],
    "issued": "2020-01-01T00:00:00.000Z",
    "modified": "2026-01-02",
    "publisher": {"name": "Évry"},
    "contactPoint": {"fn": "SIG", "hasEmail": "mailto:sig@evry.example"},
    "accessLevel": "public",
    "license": "https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf",
    "spatial": "2.3,48.5,2.5,48.7",
    "temporal": "2019-01-01/2025-12-31",
    "accrualPeriodicity": "R/P1M",
    "theme": ["geospatial"],
    "landingPage": "https://sig.evry.example/datasets/abc_0",
    "distribution": [
        {
            "title": "ArcGIS GeoService",
            "format": "ArcGIS GeoServices REST API",
            "mediaType": "application/json",
            "accessURL": "https://sig.evry.example/rest/services/a/FeatureServer/0",
        },
        {"title": "CSV", "format": "CSV", "mediaType": "text/csv", "downloadURL": "https://sig.evry.example/abc.csv"},
    ],
}


def test_a_file_of_project_open_data(elsewhere: Elsewhere) -> None:
    rows = [DATA_JSON, _with(DATA_JSON, identifier="b", accessLevel="non-public"), {}]
    page = elsewhere.read("data_json", {"dataset": rows}, "https://sig.evry.example")
    (item,) = page.items
    assert item.identifier == "arcgis.com/home/item.html?id=abc&sublayer=0"
    assert (item.description, item.publisher, item.contact_email) == ("Tous\nles arbres", "Évry", "sig@evry.example")
    assert (item.licence, item.frequency, item.bbox) == ("lov2", "monthly", (2.3, 48.5, 2.5, 48.7))
    assert (item.temporal_start, item.temporal_end) == ("2019-01-01", "2025-12-31")
    assert [(part.format, part.dialect) for part in item.resources] == [("geojson", "arcgis"), ("csv", "")]
    assert [refusal.identifier for refusal in page.refusals] == ["b", ""]
    assert (
        DIALECTS["data_json"].first(Settings("https://sig.evry.example/"))[0].url
        == "https://sig.evry.example/data.json"
    )


@pytest.mark.parametrize("slug", sorted(set(DIALECTS) - {"file", "folder", "database"}))
@pytest.mark.parametrize(
    "url", ["", "ftp://evry.example/a", "file:///etc/passwd", "javascript:alert(1)", "https://", "evry", "http://[::1"]
)
def test_an_address_that_is_none_of_the_web_is_refused(slug: str, url: str) -> None:
    with pytest.raises(BadSource):
        DIALECTS[slug].first(Settings(url))


@pytest.mark.parametrize("slug", ["udata", "ckan", "data_fair", "explore_v1", "data_json"])
def test_other_answers_are_errors_of_the_house(elsewhere: Elsewhere, slug: str) -> None:
    for body in ("[" * 1_000_000, '{"a":' * 1_000_000, "{", "", "NaN", "1" * 10_000, b"\xff\xfe", '"a"'):
        with pytest.raises(UnreadableAnswer):
            elsewhere.read(slug, body, "https://data.evry.example")


@pytest.mark.parametrize(
    ("slug", "second"),
    [
        ("explore", "offset=100"),
        ("explore_v1", "start=100"),
        ("ckan", "start=100"),
        ("udata", "page=2"),
        ("data_fair", "skip=100"),
    ],
)
def test_the_page_after_one_that_cannot_be_read_is_known_without_it(slug: str, second: str) -> None:
    sought = Settings("https://data.evry.example")
    dialect = DIALECTS[slug]
    assert isinstance(dialect, Numbered)
    (request,) = dialect.first(sought)
    (following,) = dialect.after(request, sought, 160)
    assert second in following.url
    assert dialect.after(request, sought, 40) == dialect.after(request, sought, None) == ()
    last = dialect.after(following, sought, 100)
    assert last == ()


DATA_FAIR: dict[str, Any] = {
    "id": "velos",
    "slug": "comptages-velos",
    "title": "Comptages",
    "description": "Des **vélos**",
    "license": {"title": "Licence Ouverte", "href": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
    "owner": {"type": "organization", "id": "agglo", "name": "Agglo"},
    "topics": [{"id": "1", "title": "Mobilité"}],
    "keywords": ["vélo", 4],
    "frequency": "daily",
    "bbox": [2.1, 48.1, 2.9, 48.9],
    "visibility": "public",
    "finalizedAt": "2026-01-02T03:04:05Z",
    "schema": [{"key": "Rue", "type": "string"}, {"key": "_id", "type": "string", "x-calculated": True}],
    "attachments": [{"type": "file", "name": "n.pdf", "title": "Notice", "url": "https://d.example/n.pdf"}],
}


def test_a_dataset_of_data_fair(elsewhere: Elsewhere) -> None:
    page = elsewhere.read(
        "data_fair", {"count": 1, "results": [DATA_FAIR, {"id": "x"}, 3]}, "https://data.agglo.example"
    )
    (item,) = page.items
    assert (item.identifier, item.title, item.publisher) == ("velos", "Comptages", "Agglo")
    assert (item.licence, item.frequency, item.themes, item.keywords) == ("lov2", "daily", ("Mobilité",), ("vélo", "4"))
    assert item.landing_page == "https://data.agglo.example/datasets/comptages-velos"
    assert item.bbox == (2.1, 48.1, 2.9, 48.9)
    lines, notice = item.resources
    assert lines.url == "https://data.agglo.example/data-fair/api/v1/datasets/velos/lines?select=Rue"
    assert (lines.dialect, notice.format) == ("data_fair", "")
    assert [refusal.identifier for refusal in page.refusals] == ["x"]


def test_the_pages_of_data_fair_are_read_to_the_end_whatever_the_total_says(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> dict[str, Any]:
        skip = int(parse_qs(urlsplit(request.url).query)["skip"][0])
        return {"count": 100, "results": [_with(DATA_FAIR, id=f"d{n}") for n in range(skip, min(skip + 100, 250))]}

    whole = elsewhere.harvest("data_fair", server, "https://data.agglo.example/datasets")
    assert [item.identifier for item in whole.items] == [f"d{n}" for n in range(250)]


def test_a_data_fair_of_more_datasets_than_it_gives_says_so(elsewhere: Elsewhere) -> None:
    (first,) = DIALECTS["data_fair"].first(Settings("https://data.agglo.example"))
    last = Request(first.url.replace("skip=0", "skip=9900"), state={"start": "9900"})
    body = {"count": 12_000, "results": [_with(DATA_FAIR, id=f"d{n}") for n in range(100)]}
    page = elsewhere.read("data_fair", body, "https://data.agglo.example", last)
    assert not page.following
    assert [refusal.identifier for refusal in page.refusals] == [NEXT_PAGE]


def test_lines_of_data_fair_follow_their_marks_where_the_portal_was_reached(elsewhere: Elsewhere) -> None:
    addresses: list[str] = []

    def server(request: Request) -> dict[str, Any]:
        addresses.append(request.url)
        after = int(parse_qs(urlsplit(request.url).query).get("after", ["0"])[0])
        following = (
            {"next": f"https://ailleurs.example/lines?size=10000&select=Rue&after={after + 2}"} if after < 4 else {}
        )
        return {"total": 5, **following, "results": [{"Rue": f"r{n}"} for n in range(after, min(after + 2, 5))]}

    url = "https://data.agglo.example/data-fair/api/v1/datasets/velos/lines?select=Rue"
    assert [row["rue"] for row in elsewhere.rows("data_fair", server, url)] == ["r0", "r1", "r2", "r3", "r4"]
    assert all(urlsplit(address).hostname == "data.agglo.example" for address in addresses)
    with pytest.raises(EndlessSource):
        elsewhere.rows("data_fair", lambda _: {"total": 5, "results": [{"Rue": "r"}]}, url)


def test_a_package_of_very_many_files_is_told_whole_or_counted(elsewhere: Elsewhere) -> None:
    parts = [
        {"id": f"r{n}", "url": f"https://c.example/{n}.csv", "name": "é" * 450, "state": "active"} for n in range(1_500)
    ]
    body = _ckan([_with(CKAN, resources=parts)], 1)
    (item,) = elsewhere.read("ckan", body, "https://c.example", options={"moved": "1"}).items
    facts = json.loads(item.extras["moved"])
    assert len(item.extras["moved"]) < LONGEST_EXTRA
    assert len(facts["parts"]) + facts["left"] == 1_500
    assert facts["parts"][0]["paths"][0] == "/dataset/arbres/resource/r0"
    (plain,) = elsewhere.read("ckan", body, "https://c.example").items
    assert "moved" not in plain.extras, "nobody but who moves in pays for it"
