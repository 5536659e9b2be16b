"""What real servers write otherwise than their standards: shapes seen in answers of many of them, each in a few lines of ours."""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.core.sources.answers import UnreadableAnswer
from parvis.core.sources.contract import Request, Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.core.sources.tests.conftest import Elsewhere
from parvis.core.sources.values import box_of_text, digest, markdown, moment, resource
from parvis.core.sources.vocabulary import frequency_of, licence_slug


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("http://creativecommons.org/publicdomain/zero/1.0/legalcode", "cc0-1.0"),
        ("https://creativecommons.org/licenses/by/4.0/deed.nl", "cc-by-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", ""),
        ("https://www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0-en.pdf?x=1", "lov2"),
        ("https://data.example/open-license-terms", ""),
        ("https://github.com/etalab/licence-ouverte/blob/master/LO.md", "lov2"),
        ("http://opendatacommons.org/licenses/odbl/1-0/index.html", "odbl"),
        ("Licence ODbL mai 2013 (basée sur ODbL 1.0)", "odbl"),
        ("https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/", ""),
    ],
)
def test_a_licence_by_the_addresses_of_its_texts(word: str, slug: str) -> None:
    assert licence_slug(word) == slug


@pytest.mark.parametrize(
    ("word", "slug"),
    [
        ("Annuelle (en mars)", "annual"),
        ("Annuelle | Mensuelle", "annual"),
        ("Mise à jour quotidienne", "daily"),
        ("Annuelle | selon la météo", ""),
    ],
)
def test_of_several_frequencies_the_slowest(word: str, slug: str) -> None:
    assert frequency_of(word) == slug


def test_markdown_loses_its_marks_and_keeps_its_addresses() -> None:
    text = "## Contenu\r\n\r\nVoir **le** [guide](https://a.example/g) et ![plan](p.png)\r\n***\r\n* un _point_ de 2*3*4 snake_case"
    assert (
        markdown(text) == "Contenu\n\nVoir le guide (https://a.example/g) et plan\n\n* un _point_ de 2*3*4 snake_case"
    )
    assert markdown("[" * 50_000) == "[" * 20_000 or len(markdown("[" * 50_000)) <= 20_000
    assert markdown("<!-- rien --><p>Un</p><p>Deux</p>") == "Un\nDeux"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[-14.6, -179.2], [71.4, 179.8]]", (-179.2, -14.6, 179.8, 71.4)),
        ("[[-179.2, -14.6], [179.8, 71.4]]", (-179.2, -14.6, 179.8, 71.4)),
        ("[[48.5, 2.3], [48.7, 2.5]]", None),  # either order lies on the globe
        ("[2.3, 48.5, 2.5, 48.7]", (2.3, 48.5, 2.5, 48.7)),
        ('{"type": "Point", "coordinates": [2.4, 48.6]}', (2.4, 48.6, 2.4, 48.6)),
        ("MULTIPOLYGON (((2.3 48.5, 2.5 48.7, 2.3 48.7, 2.3 48.5)))", (2.3, 48.5, 2.5, 48.7)),
        ("[" * 5_000, None),
        ("Évry-Courcouronnes", None),
    ],
)
def test_a_rectangle_in_a_text(text: str, expected: tuple[float, ...] | None) -> None:
    assert box_of_text(text) == expected


def test_days_digests_and_formats_as_they_are_written() -> None:
    assert [moment(text) for text in ("2019-03-25+01:00", "20190325", "2019-03-25 22:56:15 UTC", "20191325")] == [
        "2019-03-25",
        "2019-03-25",
        "2019-03-25T22:56:15+00:00",
        "",
    ]
    assert digest("http://dcat-ap.de/def/hashAlgorithms/sha/256", "ab" * 32) == f"sha256:{'ab' * 32}"
    assert resource("https://a.example/t.xlsx", media_type="application/vnd.ms-excel").format == "xlsx"
    assert (
        resource("https://a.example/rest/services/Image/ImageServer", formats=["json"], dialect="arcgis").dialect == ""
    )
    assert (
        resource("https://a.example/rest/services/P/FeatureServer/5", formats=["json"], dialect="arcgis").format
        == "geojson"
    )


def test_a_dataset_of_opendatasoft_by_its_own_address(elsewhere: Elsewhere) -> None:
    address = "https://data.evry.example/explore/dataset/arbres-d-ete/table/?flg=fr"
    body = {
        "datasetid": "arbres-d-ete",
        "metas": {"title": "Arbres", "theme": "Spatial planning, Town planning, Buildings, Equipment, Housing"},
        "interop_metas": {
            "dcat": {"contact_email": "Voirie <voirie@evry.example>"},
            "inspire": {
                "extend_bounding_box_westbound_longitude": "0,15",
                "extend_bounding_box_southbound_latitude": "46.4",
                "extend_bounding_box_eastbound_longitude": "0.5",
                "extend_bounding_box_northbound_latitude": "46.6",
                "file_identifier": "{73E}",
            },
        },
        "has_records": False,
        "attachments": [{"id": "notice", "url": "odsfile://notice.pdf", "title": "Notice"}],
        "alternative_exports": [{"id": "lots_zip", "url": "odsfile://lots.xls", "mimetype": "application/xls"}],
    }
    whole = elsewhere.harvest("explore_v1", lambda _: body, address)
    (item,) = whole.items
    assert whole.asked[0].url == "https://data.evry.example/api/datasets/1.0/arbres-d-ete/?interopmetas=true"
    assert (item.bbox, item.contact_email) == ((0.15, 46.4, 0.5, 46.6), "voirie@evry.example")
    assert [(part.url.rpartition("arbres-d-ete/")[2], part.format) for part in item.resources] == [
        ("alternative_exports/lots_zip/", "xls"),
        ("attachments/notice/", ""),
    ]


def test_the_page_of_a_dataset_is_a_source_of_one(elsewhere: Elsewhere) -> None:
    row = {
        "dataset_id": "arbres",
        "has_records": True,
        "data_visible": False,
        "metas": {"default": {"title": "Arbres"}},
    }
    whole = elsewhere.harvest(
        "explore",
        lambda _: {"total_count": 1, "results": [row]},
        "https://data.evry.example/explore/dataset/arbres/information/",
    )
    question = parse_qs(urlsplit(whole.asked[0].url).query)
    assert question["where"] == ['dataset_id = "arbres"']
    assert [item.resources for item in whole.items] == [()]


def test_a_package_of_ckan_in_texts_and_a_service_beside_its_files(elsewhere: Elsewhere) -> None:
    package = {
        "id": "a",
        "title": "Parcs",
        "organization": "service-des-parcs",
        "tags": ["parc", {"name": "arbre", "display_name": "Arbre"}],
        "groups": [{"name": "environnement"}],
        "license_id": None,
        "resources": [
            {"url": "https://evry.example/ows", "format": "WFS"},
            {"url": "https://evry.example/ows?typeNames=parcs", "format": "WFS"},
            {"url": "https://evry.example/parcs.zip", "format": "SHP"},
        ],
    }
    body = {"success": True, "result": {"count": 1, "results": [package]}}
    (item,) = elsewhere.read("ckan", body, "https://ckan.evry.example/").items
    assert (item.publisher, item.keywords, item.themes) == ("service-des-parcs", ("parc", "Arbre"), ("environnement",))
    assert [(part.format, part.dialect) for part in item.resources] == [("", ""), ("geojson", "wfs"), ("shapefile", "")]
    body["result"]["results"] = [{**package, "resources": package["resources"][:1]}]
    (item,) = elsewhere.read("ckan", body, "https://ckan.evry.example/").items
    assert item.resources[0].dialect == "wfs"


def test_a_dataset_of_data_gouv_fr_that_has_nothing_but_other_files(elsewhere: Elsewhere) -> None:
    files = [
        {"url": f"https://evry.example/{kind}.{form}", "type": kind, "format": form}
        for kind, form in (("other", "csv"), ("other", "pdf"), ("documentation", "csv"))
    ]
    dataset = {"id": "a", "title": "A", "resources": files}
    (item,) = elsewhere.read("udata", {"data": [dataset], "total": 1}, "https://www.data.gouv.fr/").items
    assert [part.url for part in item.resources] == ["https://evry.example/other.csv"]
    main = {"url": "https://evry.example/m.csv", "type": "main", "format": "csv"}
    (item,) = elsewhere.read(
        "udata", {"data": [{**dataset, "resources": [main, *files]}]}, "https://www.data.gouv.fr/"
    ).items
    assert [part.url for part in item.resources] == ["https://evry.example/m.csv"]


def test_places_and_licences_of_data_json_that_are_none(elsewhere: Elsewhere) -> None:
    rows = [
        {"identifier": "a", "title": "A", "spatial": "[[-14.6, -179.2], [71.4, 179.8]]", "theme": ["geospatial"]},
        {"identifier": "b", "title": 707, "spatial": '[[{"West": 1}], "CARTESIAN"]', "modified": "R/P1Y"},
        {"identifier": "c", "title": "C", "license": "https://project-open-data.cio.gov/unknown-license"},
    ]
    first, second, third = elsewhere.read("data_json", {"dataset": rows}, "https://evry.example/data.json").items
    assert (first.bbox, first.spatial, first.themes) == ((-179.2, -14.6, 179.8, 71.4), (), ())
    assert (second.title, second.spatial, second.modified, third.licence) == ("707", (), "", "")


def test_rdf_as_geonetwork_writes_it(elsewhere: Elsewhere) -> None:
    head = (
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dcat="http://www.w3.org/ns/dcat#" '
        'xmlns:dct="http://purl.org/dc/terms/" xmlns:foaf="http://xmlns.com/foaf/0.1/"'
    )
    dataset = (
        "<dcat:Dataset><dct:identifier>a</dct:identifier><dct:title>Parcs</dct:title>"
        '<dcat:theme rdf:resource="http://inspire.ec.europa.eu/theme/ef">Environmental monitoring facilities</dcat:theme></dcat:Dataset>'
    )
    for body in (
        f'<?xml version="1.0"?><rdf:RDF {head}>{dataset}</rdf:RDF>',
        f"<dcat:CatalogRecord {head}><foaf:primaryTopic>{dataset}</foaf:primaryTopic></dcat:CatalogRecord>",
    ):
        (item,) = elsewhere.read("dcat", body, "https://geo.evry.example/rdf").items
        assert (item.identifier, item.title, item.themes) == ("a", "Parcs", ("environnement",))


EVENT: Mapping[str, Any] = {
    "uid": 1,
    "title": "Concert",
    "location": {"name": "Parc", "latitude": "48.6", "longitude": "2.4", "adminLevel4": "Évry"},
    "timings": [{"start": "2026-06-21T18:00:00+02:00", "end": "2026-06-21T20:00:00+02:00"}],
    "status": {"id": 6, "label": "Annulé"},
    "types-devenement": {"id": 8, "label": {"fr": "Spectacle"}},
    "publics": [{"id": 1, "label": "Enfants"}, {"id": 2, "label": "Familles"}],
    "jauge": 120,
    "member": {"email": "ana@evry.example"},
}


def test_what_an_agenda_asks_besides_is_read_and_what_is_not_public_is_not(elsewhere: Elsewhere) -> None:
    addresses: list[str] = []

    def server(request: Request) -> Any:
        addresses.append(request.url)
        return {"events": [EVENT, {**EVENT, "uid": 2, "private": True}, {**EVENT, "uid": 3, "draft": 1}], "total": 3}

    (row,) = elsewhere.rows("openagenda", server, "https://api.openagenda.com/v2/agendas/7/events")
    properties = row["properties"]
    assert "includeLabels=1" in addresses[0]
    assert (properties["types_devenement"], properties["publics"], properties["jauge"]) == (
        "Spectacle",
        ["Enfants", "Familles"],
        120,
    )
    assert (properties["status"], properties["city"], properties["first_begin"]) == (
        "annulé",
        "Évry",
        "2026-06-21T18:00:00+02:00",
    )
    assert row["geometry"]["coordinates"] == [2.4, 48.6]
    assert "ana@" not in json.dumps(row)


def test_an_agenda_by_what_it_sums_up(elsewhere: Elsewhere) -> None:
    corners = {"topLeft": {"longitude": 1.5, "latitude": 49}, "bottomRight": {"longitude": 3, "latitude": 48}}
    body = {"uid": 7, "title": "Évry", "summary": {"keywords": ["jazz"], "viewport": corners}}
    (item,) = elsewhere.read("openagenda", body, "https://openagenda.com/agendas/7").items
    assert (item.bbox, item.keywords) == ((1.5, 48.0, 3.0, 49.0), ("agenda", "événements", "jazz"))


def test_references_and_attachments_of_grist_as_people_see_them(elsewhere: Elsewhere) -> None:
    columns = [
        ("Ville", {"colRef": 2, "displayCol": 5, "type": "Ref:Villes", "label": "Ville"}),
        ("Lots", {"colRef": 3, "displayCol": 6, "type": "RefList:Lots", "label": "Lots"}),
        ("Mots", {"colRef": 4, "type": "ChoiceList", "label": "Mots"}),
        ("Photos", {"colRef": 9, "type": "Attachments", "label": "Photos"}),
        ("Seule", {"colRef": 10, "type": "Ref:Villes", "label": "Seule"}),
        ("gristHelper_Display", {"colRef": 5, "type": "Any"}),
        ("gristHelper_Display2", {"colRef": 6, "type": "Any"}),
        ("manualSort", {"colRef": 7, "type": "ManualSortPos"}),
    ]
    cells = {
        "Ville": 3,
        "Lots": ["L", 1, 2],
        "Mots": ["L", "a", "b"],
        "Photos": ["L", 12],
        "Seule": 0,
        "gristHelper_Display": "Évry",
        "gristHelper_Display2": ["L", "Nord", ["d", 86400]],
        "manualSort": 1,
    }

    def server(request: Request) -> Any:
        assert request.url.endswith("?hidden=true")
        if "/columns" in request.url:
            return {"columns": [{"id": name, "fields": fields} for name, fields in columns]}
        return {"records": [{"id": 1, "fields": cells}]}

    (row,) = elsewhere.rows("grist", server, "https://grist.example/api/docs/abc123456789/tables/Chantiers")
    assert row == {
        "id": 1,
        "Ville": "Évry",
        "Lots": ["Nord", "1970-01-02"],
        "Mots": ["a", "b"],
        "Photos": ["https://grist.example/api/docs/abc123456789/attachments/12/download"],
        "Seule": None,
    }


def test_feeds_beside_the_discovery_and_coordinates_in_texts(elsewhere: Elsewhere) -> None:
    def server(request: Request) -> Any:
        if request.url.endswith("gbfs.json"):
            return {"data": {"en": {"feeds": [{"name": "station_information", "url": "station_information"}]}}}
        assert request.url == "https://velo.example/v2/station_information"
        return {
            "data": {
                "stations": [
                    {"station_id": "1", "lat": "48.6", "lon": "2.4"},
                    {"station_id": "2", "lat": "", "lon": None},
                ]
            }
        }

    first, second = elsewhere.rows("gbfs", server, "https://velo.example/v2/gbfs.json#stations")
    assert (first["geometry"], second["geometry"]) == ({"type": "Point", "coordinates": [2.4, 48.6]}, None)
    nothing = {"data": {"en": {"feeds": [{"name": "system_alerts", "url": "https://velo.example/a"}]}}}
    with pytest.raises(UnreadableAnswer, match="station_information"):
        DIALECTS["gbfs"].read(
            elsewhere.answer(nothing),
            DIALECTS["gbfs"].first(Settings("https://velo.example/g"))[0],
            Settings("https://velo.example/g"),
        )


def _gtfs(**tables: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            archive.writestr(f"{name}.txt", table)
    return body.getvalue()


def test_lines_without_a_shape_go_from_stop_to_stop_and_frequencies_count(elsewhere: Elsewhere) -> None:
    archive = _gtfs(
        agency="agency_id,agency_name,agency_url\n1,Tice,https://tice.example\n",
        stops="stop_id,stop_name,stop_lat,stop_lon\na,A,48.60,2.40\nb,B,48.61,2.41\nc,C,48.62,2.42\nd,D,,\n",
        routes="route_id,route_short_name,route_type\n1,401,204\n2,402,3\n",
        trips="route_id,service_id,trip_id,direction_id\n1,s,t1,0\n1,s,t2,0\n1,s,t3,0\n1,s,t4,1\n2,s,t5,0\n",
        stop_times="trip_id, stop_id ,stop_sequence\nt1,b,2\nt1,a,1\nt2,a,5\nt2,b,7\nt3,a,1\nt3,c,2\nt4,c,1\nt4,d,2\nt4,a,3\nt5,a,1\n",
        frequencies="trip_id,start_time,end_time,headway_secs\nt5,06:00:00,25:00:00,600\nt1,x,07:00:00,600\n",
    )
    first, second = elsewhere.rows("gtfs", lambda _: archive, "https://tice.example/gtfs.zip#routes")
    assert first["geometry"]["coordinates"] == [[[2.4, 48.6], [2.41, 48.61]], [[2.42, 48.62], [2.4, 48.6]]]
    assert (first["properties"]["mode"], first["properties"]["trips"], first["properties"]["drawn_from"]) == (
        "autocar",
        4,
        "stops",
    )
    assert (second["geometry"], second["properties"]["trips"], second["properties"]["drawn_from"]) == (None, 114, None)
