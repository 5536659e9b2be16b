"""CSW, asked by OWSLib, by the harvester of the house, and as data.gouv.fr does."""

from __future__ import annotations

import tracemalloc
from datetime import date
from xml.etree import ElementTree

import pytest
import rdflib
from owslib import fes2
from owslib.catalogue.csw2 import CatalogueServiceWeb as Csw2
from owslib.catalogue.csw3 import CatalogueServiceWeb as Csw3
from owslib.fes import (
    And,
    BBox,
    Not,
    Or,
    PropertyIsEqualTo,
    PropertyIsGreaterThanOrEqualTo,
    PropertyIsLike,
    SortBy,
    SortProperty,
)
from owslib.ows import ExceptionReport

from parvis.core.sources.contract import Settings
from parvis.core.sources.dialects import DIALECTS
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision, rename_dataset
from parvis.web.geocatalogue import matching
from parvis.web.geocatalogue.errors import BadDocument
from parvis.web.geocatalogue.xml_reader import xml_tree

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("datasets_alone")]

URL = "http://testserver/csw"
PLACES = [(2.40, 48.60), (2.45, 48.65)]
NAMES = {
    "csw": "http://www.opengis.net/cat/csw/2.0.2",
    "gmd": "http://www.isotc211.org/2005/gmd",
    "gco": "http://www.isotc211.org/2005/gco",
    "ows": "http://www.opengis.net/ows",
    "dcat": "http://www.w3.org/ns/dcat#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


def get(client, **parameters):
    return client.get("/csw", {"service": "CSW", "version": "2.0.2", **parameters})


def post(client, body: str | bytes, **headers):
    return client.generic("POST", "/csw", body, content_type="application/xml", **headers)


def ids(client, **parameters) -> list[str]:
    parameters = {"request": "GetRecords", "resultType": "results", "typeNames": "csw:Record", **parameters}
    answer = get(client, **parameters)
    assert answer.status_code == 200, answer.content
    root = ElementTree.fromstring(answer.content)
    return [str(part.text) for part in root.iter("{http://purl.org/dc/elements/1.1/}identifier")]


def cql(client, text: str) -> list[str]:
    return sorted(ids(client, constraintLanguage="CQL_TEXT", constraint=text))


def test_owslib_reads_the_capabilities_and_the_records(wire, shown):
    service = Csw2(URL)
    assert {row.name for row in service.operations} == {
        "GetCapabilities", "DescribeRecord", "GetDomain", "GetRecords", "GetRecordById",
    }  # fmt: skip
    assert NAMES["gmd"] in service.get_operation_by_name("GetRecords").parameters["outputSchema"]["values"]
    service.getrecords2(esn="full", maxrecords=2)
    assert (service.results["matches"], service.results["returned"], service.results["nextrecord"]) == (3, 2, 3)
    service.getrecords2(constraints=[PropertyIsLike("csw:AnyText", "%arbre%")], esn="full")
    (record,) = service.records.values()
    assert (record.identifier, record.title, record.type) == ("arbres", "Arbres d’alignement", "dataset")
    assert record.abstract == "Les arbres des rues & des places."
    assert set(record.subjects) == {"Nature en ville", "eau", "Environnement et climat"}
    assert [float(edge) for edge in (record.bbox.minx, record.bbox.miny, record.bbox.maxx, record.bbox.maxy)] == [
        2.40, 48.60, 2.45, 48.65,
    ]  # fmt: skip
    addresses = {row["url"] for row in record.references}
    assert "http://testserver/ogc/collections/arbres" in addresses
    assert "http://testserver/api/explore/v2.1/catalog/datasets/arbres/exports/csv?use_labels=true" in addresses


def test_owslib_speaks_version_3_too(wire, shown):
    service = Csw3(URL, version="3.0.0")
    assert service.version == "3.0.0"
    service.getrecords(constraints=[fes2.PropertyIsEqualTo("dc:subject", "M57")], esn="full")
    assert (service.results["matches"], list(service.records)) == (1, ["budget"])
    service.getrecords(constraints=[fes2.BBox([2.0, 48.0, 3.0, 49.0])], esn="summary")
    assert list(service.records) == ["arbres"]
    service.getrecordbyid(id=["ecoles"])  # which is a record without anything around, as the standard says
    assert ElementTree.fromstring(service.response).tag == "{http://www.opengis.net/cat/csw/3.0}Record"


def test_filters_written_by_owslib_keep_what_they_should(wire, shown):
    service = Csw2(URL, skip_caps=True)

    def kept(*constraints, **more) -> list[str]:
        service.getrecords2(constraints=list(constraints), esn="brief", **more)
        return list(service.records)

    nature, economy = PropertyIsLike("dc:subject", "nature%"), PropertyIsEqualTo("dc:subject", "M57")
    assert kept(Or([nature, economy])) == ["arbres", "budget"]
    assert kept(And([nature, economy])) == []
    assert kept(Not([nature])) == ["budget", "ecoles"]
    assert kept(PropertyIsLike("dc:title", "%ecole%")) == ["ecoles"]
    assert kept(PropertyIsLike("dc:title", "B_dget%", singleChar="_")) == ["budget"]
    assert kept(PropertyIsGreaterThanOrEqualTo("dct:modified", "2100-01-01")) == []
    assert len(kept(PropertyIsGreaterThanOrEqualTo("dct:modified", "2020-01-01"))) == 3
    assert kept(BBox([48.0, 2.0, 49.0, 3.0], crs="urn:ogc:def:crs:EPSG::4326")) == ["arbres"]
    assert kept(PropertyIsEqualTo("apiso:type", "nonGeographicDataset")) == ["budget", "ecoles"]
    by_id = SortBy([SortProperty("dc:identifier", "DESC")])
    assert kept(sortby=by_id) == ["ecoles", "budget", "arbres"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = 'Écoles'", ["ecoles"]),
        ("title = 'écoles'", []),
        ("dc:title LIKE '%comptes'", ["budget"]),
        ("AnyText LIKE '%evry%' AND NOT subject IS NULL", ["arbres", "budget"]),
        ("subject <> 'M57'", ["arbres"]),
        ("NOT (subject = 'M57' OR title LIKE 'Ar%')", ["ecoles"]),
        ("BBOX(ows:BoundingBox, 2.39, 48.5, 2.41, 48.7)", ["arbres"]),
        ("BBOX(ows:BoundingBox, 170, -80, 2.41, 80)", ["arbres"]),
        ("apiso:TempExtent_end BETWEEN 2024-01-01 AND 2024-12-31", ["arbres"]),
        ("format = 'x'", []),
        ("rights LIKE '%ODbL%'", ["ecoles"]),
    ],
)
def test_conditions_in_cql_keep_what_they_should(client, shown, text, expected):
    assert cql(client, text) == expected


def test_the_harvester_of_the_house_reads_the_same_records_back(client, shown, tmp_path):
    dialect = DIALECTS["csw"]
    for metadata in ("iso19139", "dublin-core"):
        settings = Settings(URL, options={"metadata": metadata})
        (first,) = dialect.first(settings)
        path = tmp_path / metadata
        path.write_bytes(post(client, first.body).content)
        page = dialect.read(path, first, settings)
        assert (page.total, page.refusals) == (3, ())
        item = next(item for item in page.items if item.identifier == "arbres")
        assert (item.title, item.publisher, item.licence) == ("Arbres d’alignement", "Ville d’Évry", "lov2")
        assert item.description == "Les arbres des rues & des places."
        assert item.bbox == (2.40, 48.60, 2.45, 48.65)
        assert any("/exports/csv" in part.url for part in item.resources)
        assert [part.url for part in item.resources if part.dialect == "ogc_features"] == [
            "http://testserver/ogc/collections/arbres"
        ]
        assert (item.themes, item.language) == (("environnement",), "fr")
        if metadata == "iso19139":
            assert {"csv", "geojson", "parquet"} <= {part.format for part in item.resources}
            assert (item.frequency, item.contact_email) == ("annual", "sig@evry.example")
            assert (item.temporal_start, item.temporal_end) == ("2020-01-01", "2024-12-31")


DATA_GOUV = """<csw:GetRecords xmlns:apiso="http://www.opengis.net/cat/csw/apiso/1.0"
  xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc" service="CSW" version="2.0.2"
  outputFormat="application/xml" resultType="results" startPosition="{start}" maxRecords="2" outputSchema="{schema}">
  <csw:Query typeNames="gmd:MD_Metadata"><csw:ElementSetName>full</csw:ElementSetName><csw:Constraint version="1.1.0"><ogc:Filter><ogc:Or>
  <ogc:PropertyIsEqualTo><ogc:PropertyName>apiso:type</ogc:PropertyName><ogc:Literal>dataset</ogc:Literal></ogc:PropertyIsEqualTo>
  <ogc:PropertyIsEqualTo><ogc:PropertyName>apiso:type</ogc:PropertyName><ogc:Literal>nonGeographicDataset</ogc:Literal></ogc:PropertyIsEqualTo>
  </ogc:Or></ogc:Filter></csw:Constraint><ogc:SortBy><ogc:SortProperty><ogc:PropertyName>apiso:identifier</ogc:PropertyName>
  <ogc:SortOrder>ASC</ogc:SortOrder></ogc:SortProperty></ogc:SortBy></csw:Query></csw:GetRecords>"""


def test_data_gouv_walks_the_catalogue_as_dcat_and_as_iso(client, shown):
    for schema in (NAMES["dcat"], NAMES["gmd"]):
        start, seen = 1, []
        while start:
            answer = post(client, DATA_GOUV.format(start=start, schema=schema))
            results = ElementTree.fromstring(answer.content).find("csw:SearchResults", NAMES)
            for record in results:
                if schema == NAMES["gmd"]:
                    seen.append(record.findtext("gmd:fileIdentifier/gco:CharacterString", "", NAMES))
                    continue
                graph = rdflib.Graph().parse(data=ElementTree.tostring(record), format="xml")
                nodes = graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset)
                seen += [str(graph.value(node, rdflib.DCTERMS.identifier)) for node in nodes]
            start = int(results.get("nextRecord"))
        assert seen == ["arbres", "budget", "ecoles"]


def test_iso_records_tell_what_inspire_asks(client, shown):
    answer = get(client, request="GetRecordById", id="arbres", outputSchema=NAMES["gmd"], elementSetName="full")
    text = answer.content.decode()
    for word in (
        "noLimitations", "environment</gmd:MD_TopicCategoryCode>", 'codeListValue="fre"', "2020-01-01</gml:beginPosition>",
        "https://www.etalab.gouv.fr/licence-ouverte-open-licence/", 'codeListValue="revision"', "OGC API Features",
    ):  # fmt: skip
        assert word in text, word
    plain = get(client, request="GetRecordById", id="budget", outputSchema=NAMES["gmd"]).content.decode()
    assert 'codeListValue="nonGeographicDataset"' in plain
    assert "Budget &amp; comptes" in plain


def test_the_other_operations_answer(client, shown):
    described = get(client, request="DescribeRecord").content
    assert b"gmd.xsd" in described
    domain = get(client, request="GetDomain", propertyName="dc:subject", parameterName="GetRecords.outputSchema")
    values = [part.text for part in ElementTree.fromstring(domain.content).iter(f"{{{NAMES['csw']}}}Value")]
    assert {"M57", "eau", NAMES["dcat"]} <= set(values)
    assert ids(client, elementName="dc:identifier") == ["arbres", "budget", "ecoles"]
    hits = get(client, request="GetRecords", typeNames="csw:Record").content
    assert b'numberOfRecordsMatched="3"' in hits
    assert b'numberOfRecordsReturned="0"' in hits
    form = client.post(
        "/csw", {"service": "CSW", "request": "GetCapabilities"}, content_type="application/x-www-form-urlencoded"
    )
    assert form.status_code == 400  # the client of tests writes no form there: it is no XML
    assert client.get("/csw").status_code == 200


def test_a_request_sent_to_be_validated_comes_back_or_is_refused(client, shown):
    question = {"request": "GetRecords", "typeNames": "csw:Record", "resultType": "validate"}
    root = ElementTree.fromstring(get(client, **question, constraint="title = 'é & <b>'").content)
    assert root.tag == f"{{{NAMES['csw']}}}Acknowledgement"
    (place,) = root.find("csw:EchoedRequest", NAMES)
    (address,) = (value for name, value in place.attrib.items() if name.endswith("href"))
    assert "resultType=validate" in address
    body = DATA_GOUV.format(start=1, schema=NAMES["gmd"]).replace('resultType="results"', 'resultType="validate"')
    for document in (body.encode(), ('<?xml version="1.0" encoding="UTF-16"?>' + body).encode("utf-16")):
        root = ElementTree.fromstring(post(client, document).content)
        (echo,) = root.find("csw:EchoedRequest", NAMES)
        assert echo.attrib == ElementTree.fromstring(body).attrib
        assert [part.tag for part in echo.iter()] == [part.tag for part in ElementTree.fromstring(body).iter()]
        assert [part.text for part in echo.iter()] == [part.text for part in ElementTree.fromstring(body).iter()]
    pairs = "service=CSW&version=2.0.2&request=GetRecords&typeNames=csw:Record&resultType=validate"
    answer = client.generic("POST", "/csw", pairs, content_type="application/x-www-form-urlencoded")
    assert "typeNames=csw:Record&amp;resultType=validate" in answer.content.decode()
    for wrong in ({"constraint": "title ="}, {"typeNames": "zz"}, {"maxRecords": "-1"}, {"outputSchema": "x"}):
        answer = get(client, **{**question, **wrong})
        assert answer.status_code == 400, wrong
        assert b"ExceptionReport" in answer.content
    answer = get(client, **{**question, "version": "3.0.0"})  # which has no such thing
    assert b"GetRecordsResponse" in answer.content


def test_a_renamed_dataset_is_known_by_its_former_identifier(client, shown):
    rename_dataset(OPERATOR, shown, "arbres-de-rue")
    answer = get(client, request="GetRecordById", id="arbres")
    assert b"<dc:identifier>arbres-de-rue</dc:identifier>" in answer.content


def test_an_answer_that_the_client_has_is_not_sent_again(client, shown):
    answer = get(client, request="GetRecords", typeNames="csw:Record", resultType="results")
    again = client.get(answer.wsgi_request.get_full_path(), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    make_dataset(dataset_id="nouveau")
    assert client.get(answer.wsgi_request.get_full_path(), headers={"If-None-Match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "code", "locator"),
    [
        ({"request": "Transaction"}, "OperationNotSupported", "request"),
        ({}, "MissingParameterValue", "request"),
        ({"request": "GetRecords", "typeNames": "ebrim:Thing"}, "InvalidParameterValue", "typeNames"),
        ({"request": "GetRecords", "outputSchema": "urn:x"}, "InvalidParameterValue", "outputschema"),
        ({"request": "GetRecords", "startPosition": "0"}, "InvalidParameterValue", "startposition"),
        ({"request": "GetRecords", "constraint": "title LIKE"}, "InvalidParameterValue", "constraint"),
        ({"request": "GetRecords", "constraint": "colour = 1"}, "InvalidParameterValue", "PropertyName"),
        ({"request": "GetRecords", "constraint": "modified > 'hier'"}, "InvalidParameterValue", "modified"),
        ({"request": "GetRecords", "constraint": "BBOX(a,1,2,3)"}, "InvalidParameterValue", "BBOX"),
        ({"request": "GetRecordById"}, "MissingParameterValue", "id"),
        ({"request": "GetRecords", "version": "1.0"}, "VersionNegotiationFailed", "version"),
        ({"request": "GetCapabilities", "acceptVersions": "1.1"}, "VersionNegotiationFailed", "acceptVersions"),
    ],
)
def test_what_cannot_be_answered_is_reported(client, parameters, code, locator):
    answer = get(client, **parameters)
    (exception,) = ElementTree.fromstring(answer.content).iter(f"{{{NAMES['ows']}}}Exception")
    assert (answer.status_code, exception.get("exceptionCode"), exception.get("locator")) == (400, code, locator)


def test_owslib_hears_of_refusals(wire):
    service = Csw2(URL, skip_caps=True)
    with pytest.raises((ExceptionReport, RuntimeError)):
        service.getrecords2(constraints=[PropertyIsEqualTo("colour", "x")])


def _nested(levels: int) -> str:
    inside = "<ogc:PropertyIsNull><ogc:PropertyName>dc:title</ogc:PropertyName></ogc:PropertyIsNull>"
    return _asking("<ogc:Not>" * levels + inside + "</ogc:Not>" * levels)


def _asking(filter_text: str, before: str = "") -> str:
    return (
        f'{before}<csw:GetRecords xmlns:csw="{NAMES["csw"]}" xmlns:ogc="http://www.opengis.net/ogc" service="CSW" version="2.0.2">'
        f'<csw:Query typeNames="csw:Record"><csw:Constraint version="1.1.0"><ogc:Filter>{filter_text}</ogc:Filter></csw:Constraint>'
        "</csw:Query></csw:GetRecords>"
    )


_LIKE = (
    '<ogc:PropertyIsLike wildCard="%" singleChar="_" escapeChar="\\"><ogc:PropertyName>dc:title</ogc:PropertyName>'
    "<ogc:Literal>{}</ogc:Literal></ogc:PropertyIsLike>"
)
_LAUGHS = (
    "<!DOCTYPE a ["
    + '<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "body",
    [
        _asking(_LIKE.format("&j;"), _LAUGHS),
        _asking(_LIKE.format("&x;"), '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'),
        _asking(_LIKE.format("a"), '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">'),
        _nested(200),
        _asking("<ogc:And>" + _LIKE.format("a") * 150 + "</ogc:And>"),
        "<a>" * 20_000,
        _asking(_LIKE.format("a" * 100_000)),
        "<a" + "".join(f' b{n}="c"' for n in range(5_000)) + "/>",
        '<?xml version="1.0" encoding="utf-7"?><a/>',
        b"\xff\xfe\x00",
        "",
        "{}",
        "<csw:GetRecords/>",
        '<GetRecords xmlns="http://www.opengis.net/cat/csw/2.0.2" x:a="b"/>',
        '<GetRecords xmlns="http://www.opengis.net/cat/csw/2.0.2"><Query><Constraint><Filter><And/></Filter></Constraint></Query></GetRecords>x',
    ],
)
def test_documents_that_would_harm_are_refused_at_once(client, body):
    answer = post(client, body)
    assert answer.status_code == 400
    assert b"ExceptionReport" in answer.content
    assert b"root:" not in answer.content


def test_a_long_namespace_is_not_written_into_every_name_of_a_request():
    """64 kilobytes became 160 megabytes in a process that answers readers."""
    rows = "".join("<x " + " ".join(f'a:b{row}_{rank}=""' for rank in range(39)) + "/>" for row in range(60))
    tracemalloc.start()
    with pytest.raises(BadDocument):
        xml_tree(f'<r xmlns:a="{"u" * 30_000}">{rows}</r>'.encode())
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_a_form_longer_than_what_is_read_is_refused_rather_than_cut(client):
    form = f"service=CSW&version=2.0.2&request=GetRecords&resultType=validate&typeNames=csw:Record&a={'é' * 40_000}"
    answer = client.generic("POST", "/csw", form.encode(), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, b"ExceptionReport" in answer.content) == (400, True)


def test_patterns_made_to_take_for_ever_take_no_time(client, shown, monkeypatch):
    for pattern in ("%a" * 20, "_" * 400, ".*(a+)+$", "\\", "%\\"):
        assert post(client, _asking(_LIKE.format(pattern))).status_code == 200, pattern
    assert post(client, _asking(_LIKE.format("%a" * 21))).status_code == 400
    monkeypatch.setattr(matching, "MOST_SECONDS", -1)  # all its time is spent
    assert post(client, _asking(_LIKE.format("a"))).status_code == 400
    box = "<ogc:Envelope><ogc:lowerCorner>2 48</ogc:lowerCorner><ogc:upperCorner>3 49</ogc:upperCorner></ogc:Envelope>"
    assert post(client, _asking(f"<ogc:BBOX>{box}</ogc:BBOX>")).status_code == 400


def test_nothing_hidden_is_told(client, shown):
    for rank, (status, access) in enumerate(
        [(Status.DRAFT, Access.PUBLIC), (Status.PUBLISHED, Access.INTERNAL), (Status.PUBLISHED, Access.RESTRICTED)]
    ):
        make_dataset(
            shown.organisation,
            dataset_id=f"secret-{rank}",
            title="Secret",
            keywords=["motcache"],
            status=status,
            access=access,
        )
    assert ids(client) == ["arbres", "budget", "ecoles"]
    for schema in (NAMES["csw"], NAMES["gmd"], NAMES["dcat"]):
        answer = get(client, request="GetRecordById", id="secret-0,secret-1,secret-2", outputSchema=schema)
        assert (answer.status_code, b"ecret" in answer.content.replace(b"secret-", b"")) == (200, False)
    assert b"motcache" not in get(client, request="GetDomain", propertyName="subject").content
    assert cql(client, "title LIKE 'Secret'") == []
    client.force_login(make_member(shown.organisation, Role.CONTRIBUTOR))
    assert "secret-1" in ids(client)


def test_what_is_announced_has_its_card_and_no_way_to_its_rows(client, shown):
    closed = make_dataset(shown.organisation, dataset_id="sur-demande", title="Sur demande", access=Access.INTERNAL)
    closed.announced = True
    closed.save()
    bump_revision(closed)
    record = get(
        client, request="GetRecordById", id="sur-demande", outputSchema=NAMES["gmd"], elementSetName="full"
    ).content.decode()
    assert "Accès sur demande" in record
    assert "/exports/" not in record
    assert "/ogc/" not in record


def test_a_budget_that_is_spent_is_reported(client, shown, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    question = {"service": "CSW", "request": "GetCapabilities"}
    assert client.get("/csw", question, REMOTE_ADDR="192.0.2.78")["X-RateLimit-Remaining"] == "0"
    refused = client.get("/csw", question, REMOTE_ADDR="192.0.2.78")
    assert (refused.status_code, b"NoApplicableCode" in refused.content) == (429, True)
    assert client.get("/ogc/collections/catalogue/items", REMOTE_ADDR="192.0.2.78").status_code == 429


def test_a_private_portal_asks_for_a_key(client, shown, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert client.get("/csw", {"service": "CSW", "request": "GetCapabilities"}).status_code == 401


def test_version_3_takes_a_period_and_any_number_and_refuses_conditions_that_it_does_not_know(client, shown):
    period = {"version": "3.0.0", "resultType": "results", "outputSchema": "http://www.opengis.net/cat/csw/3.0"}

    def names(**parameters):
        answer = get(client, request="GetRecords", typeNames="csw:Record", **{**period, **parameters})
        assert answer.status_code == 200, answer.content
        root = ElementTree.fromstring(answer.content)
        return [row.text for row in root.iter("{http://purl.org/dc/elements/1.1/}identifier")]

    make_dataset(
        dataset_id="comptes", title="Comptes", temporal_start=date(2019, 1, 1), temporal_end=date(2019, 12, 31)
    )
    assert names(maxRecords="unlimited", time="/") == ["arbres", "budget", "comptes", "ecoles"]
    assert "comptes" in names(time="2019-06-01/2021-01-01")
    assert "comptes" not in names(time="2021-01-01/..")
    for condition in ({"lat": "48"}, {"geometry": "POINT(2 48)"}, {"trel": "before"}, {"time": "a/b/c"}):
        answer = get(client, request="GetRecords", typeNames="csw:Record", **period, **condition)
        assert answer.status_code == 400
        assert f'locator="{next(iter(condition))}"'.encode() in answer.content
    assert get(client, request="GetRecords", typeNames="csw:Record", maxRecords="unlimited").status_code == 400


@pytest.mark.parametrize(
    ("condition", "near"),
    [
        ("title like 'a%' and", "« and … »"),
        ("title", "« title … »"),
        ("title = 'a' )", "« ) »"),
        ("title like", "« like … »"),
    ],
)
def test_a_condition_that_stops_too_early_is_shown_where_it_stops(client, shown, condition, near):
    answer = get(client, request="GetRecords", typeNames="csw:Record", resultType="hits", constraint=condition)
    assert answer.status_code == 400
    assert near in answer.content.decode()
