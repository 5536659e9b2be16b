"""What services say of themselves: the documents of OpenAPI and of the OGC, beside another reader, and whatever strangers send."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from owslib.wfs import WebFeatureService
from owslib.wms import WebMapService

from parvis.core.children import Permits, call
from parvis.core.errors import ParvisError
from parvis.core.sources.errors import PageInstead, UnreadableAnswer
from parvis.core.sources.service_descriptions import (
    LONGEST_OPERATION,
    MOST_OPERATIONS,
    ServiceDescription,
    read_service_description,
)

URL = "https://api.exemple.fr/v1/openapi.json"
OPENAPI = {
    "openapi": "3.1.0",
    "info": {
        "title": "Fréquentation des <b>piscines</b>",
        "version": "1.4.2",
        "description": "Nombre de baigneurs, par bassin.",
        "contact": {"name": "Service des sports", "email": "sports@exemple.fr"},
        "license": {"name": "Licence Ouverte 2.0", "url": "https://www.etalab.gouv.fr/licence-ouverte-open-licence"},
    },
    "externalDocs": {"url": "../guide"},
    "servers": [{"url": "https://{ville}.exemple.fr"}, {"url": "/v1"}],
    "tags": [{"name": "bassins"}],
    "paths": {
        "/bassins": {"get": {"summary": "Les bassins"}, "parameters": []},
        "/bassins/{id}": {"get": {"operationId": "bassin"}, "delete": {}},
    },
}
WMS = """<?xml version="1.0" encoding="UTF-8"?>
<WMS_Capabilities version="1.3.0" xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink">
<Service><Name>WMS</Name><Title>Plans de l’agglomération</Title><Abstract>Fonds &amp; réseaux.</Abstract>
<KeywordList><Keyword>plan</Keyword><Keyword>voirie</Keyword></KeywordList>
<ContactInformation><ContactPersonPrimary><ContactPerson>Le SIG</ContactPerson></ContactPersonPrimary>
<ContactElectronicMailAddress>sig@exemple.fr</ContactElectronicMailAddress></ContactInformation>
<Fees>none</Fees><AccessConstraints>Licence Ouverte</AccessConstraints></Service>
<Capability><Request><GetCapabilities><Format>text/xml</Format><DCPType><HTTP><Get><OnlineResource
xlink:href="https://carto.exemple.fr/wms?"/></Get></HTTP></DCPType></GetCapabilities>
<GetMap><Format>image/png</Format><DCPType><HTTP><Get><OnlineResource xlink:href="https://carto.exemple.fr/wms?"/></Get></HTTP></DCPType></GetMap>
</Request><Layer><Title>Tout</Title><Layer queryable="1"><Name>rues</Name><Title>Rues</Title>
<Layer><Name>ponts</Name><Title>Ponts</Title></Layer></Layer><Layer><Name>parcs</Name><Title>parcs</Title></Layer></Layer></Capability></WMS_Capabilities>"""
WFS = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:WFS_Capabilities version="2.0.0" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"
xmlns:xlink="http://www.w3.org/1999/xlink"><ows:ServiceIdentification><ows:Title>Objets</ows:Title><ows:Abstract>Des objets.</ows:Abstract>
<ows:Keywords><ows:Keyword>adresse</ows:Keyword></ows:Keywords><ows:ServiceType>WFS</ows:ServiceType>
<ows:ServiceTypeVersion>2.0.0</ows:ServiceTypeVersion><ows:AccessConstraints>ODbL</ows:AccessConstraints></ows:ServiceIdentification>
<ows:ServiceProvider><ows:ProviderName>La ville</ows:ProviderName><ows:ServiceContact><ows:ContactInfo><ows:Address>
<ows:ElectronicMailAddress>wfs@exemple.fr</ows:ElectronicMailAddress></ows:Address></ows:ContactInfo></ows:ServiceContact></ows:ServiceProvider>
<ows:OperationsMetadata><ows:Operation name="GetFeature"><ows:DCP><ows:HTTP><ows:Get xlink:href="https://carto.exemple.fr/wfs?"/>
</ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata>
<wfs:FeatureTypeList><wfs:FeatureType><wfs:Name>ville:adresses</wfs:Name><wfs:Title>Adresses</wfs:Title>
<wfs:DefaultCRS>urn:ogc:def:crs:EPSG::4326</wfs:DefaultCRS></wfs:FeatureType></wfs:FeatureTypeList></wfs:WFS_Capabilities>"""
WMTS = """<Capabilities version="1.0.0" xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1">
<ows:ServiceIdentification><ows:Title>Tuiles</ows:Title><ows:ServiceType>OGC WMTS</ows:ServiceType></ows:ServiceIdentification>
<Contents><Layer><ows:Title>Orthophoto</ows:Title><ows:Identifier>ORTHO</ows:Identifier></Layer>
<TileMatrixSet><ows:Identifier>PM</ows:Identifier></TileMatrixSet></Contents></Capabilities>"""


def read(tmp_path: Path, body: object, url: str = URL) -> ServiceDescription:
    answer = tmp_path / "answer"
    answer.write_bytes(
        body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    )
    return read_service_description(answer, url)


def test_openapi_tells_title_version_licence_contact_and_operations(tmp_path):
    assert read(tmp_path, OPENAPI) == ServiceDescription(
        "rest",
        title="Fréquentation des piscines",
        description="Nombre de baigneurs, par bassin.",
        version="1.4.2",
        endpoint="https://api.exemple.fr/v1",
        documentation="https://api.exemple.fr/guide",
        licence="lov2",
        contact_name="Service des sports",
        contact_email="sports@exemple.fr",
        keywords=("bassins",),
        operations=("GET /bassins — Les bassins", "GET /bassins/{id} — bassin", "DELETE /bassins/{id}"),
    )


def test_swagger_2_tells_its_host(tmp_path):
    described = read(
        tmp_path, {"swagger": "2.0", "host": "api.exemple.fr", "basePath": "/v2", "schemes": ["http"], "info": {}}
    )
    assert (described.kind, described.endpoint) == ("rest", "http://api.exemple.fr/v2")


def test_capabilities_are_read_as_owslib_reads_them(tmp_path):
    described = read(tmp_path, WMS, "https://carto.exemple.fr/wms?REQUEST=GetCapabilities")
    other = WebMapService("https://carto.exemple.fr/wms", version="1.3.0", xml=WMS.encode())
    assert (described.kind, described.version, described.licence) == ("wms", "1.3.0", "lov2")
    assert (described.title, described.description) == (other.identification.title, other.identification.abstract)
    assert set(described.keywords) == set(other.identification.keywords)
    assert (described.contact_name, described.contact_email) == ("Le SIG", "sig@exemple.fr")
    assert {line.split(" — ")[0] for line in described.operations} == set(other.contents)
    assert described.endpoint == other.getOperationByName("GetMap").methods[0]["url"].rstrip("?")

    described = read(tmp_path, WFS, "https://carto.exemple.fr/wfs?REQUEST=GetCapabilities")
    features = WebFeatureService("https://carto.exemple.fr/wfs", version="2.0.0", xml=WFS.encode())
    assert (described.kind, described.licence) == ("wfs", "odbl")
    assert (described.title, described.description) == (features.identification.title, features.identification.abstract)
    assert described.contact_name == features.provider.name
    assert described.operations == tuple(f"{name} — {row.title}" for name, row in features.contents.items())


def test_wmts_ogc_api_and_sensorthings_are_known(tmp_path):
    tiles = read(tmp_path, WMTS, "https://carto.exemple.fr/wmts?x=1")
    assert (tiles.kind, tiles.endpoint, tiles.operations) == (
        "wmts",
        "https://carto.exemple.fr/wmts",
        ("ORTHO — Orthophoto",),
    )
    links = [
        {"rel": "self", "href": "/ogc"},
        {"rel": "conformance", "href": "/c"},
        {"rel": "service-doc", "href": "/doc"},
    ]
    landing = read(tmp_path, {"title": "Objets", "links": links})
    assert (landing.kind, landing.endpoint, landing.documentation) == (
        "ogc-api", "https://api.exemple.fr/ogc", "https://api.exemple.fr/doc",
    )  # fmt: skip
    sensors = read(tmp_path, {"value": [{"name": "Things", "url": "https://c.exemple.fr/v1.1/Things"}]})
    assert (sensors.kind, sensors.operations) == ("sensorthings", ("Things",))


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        (b"", UnreadableAnswer),
        (b"openapi: 3.0.0\ninfo:\n  title: x\n", UnreadableAnswer),
        (b"<!doctype html><title>Erreur</title>", PageInstead),
        (
            b"<ServiceExceptionReport><ServiceException>Non</ServiceException></ServiceExceptionReport>",
            UnreadableAnswer,
        ),
        (b"<rss/>", UnreadableAnswer),
        (b"[]", UnreadableAnswer),
        (b'{"a": 1}', UnreadableAnswer),
        (b'<!DOCTYPE x [<!ENTITY a "aaaa">]><WFS_Capabilities>&a;</WFS_Capabilities>', UnreadableAnswer),
        (b"<a>" * 5_000, UnreadableAnswer),
        (b"[" * 100_000, UnreadableAnswer),
        (b"\xff\xfe\x00", UnreadableAnswer),
    ],
)
def test_what_describes_no_service_is_refused_in_words(tmp_path, body, refused):
    with pytest.raises(refused) as caught:
        read(tmp_path, body)
    assert caught.value.message("fr")
    assert caught.value.message("en") != caught.value.message("fr")


def test_a_description_without_end_is_told_within_bounds(tmp_path):
    paths = {f"/p{rank}/{'x' * 500}": {"get": {}} for rank in range(MOST_OPERATIONS * 3)}
    described = read(tmp_path, {"openapi": "3.0.0", "info": {"title": "t" * 10_000}, "paths": paths})
    assert len(described.operations) == MOST_OPERATIONS
    assert max(map(len, described.operations)) == LONGEST_OPERATION
    assert len(described.title) <= 500


def test_it_is_read_in_a_confined_child(tmp_path):
    answer, work = tmp_path / "answer", tmp_path / "work"
    answer.write_text(json.dumps(OPENAPI), encoding="utf-8")
    work.mkdir()
    described = call(read_service_description, answer, URL, permits=Permits("x", (answer,), (work,)))
    assert described == read_service_description(answer, URL)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
_NAMES = ("info", "servers", "paths", "tags", "externalDocs", "host", "schemes", "links", "value", "title", "openapi")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=8))
def test_whatever_a_stranger_writes_is_read_or_refused(tmp_path, body):
    try:
        described = read(tmp_path, body)
    except ParvisError:
        return
    assert all(isinstance(line, str) and line for line in (*described.operations, *described.keywords))
