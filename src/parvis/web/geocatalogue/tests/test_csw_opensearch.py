"""CSW 3.0 as OpenSearch describes it, and its answers as Atom."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from owslib.opensearch import OpenSearch

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("datasets_alone")]

URL = "http://testserver/csw"
ATOM = {
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "os": "http://a9.com/-/spec/opensearch/1.1/",
    "georss": "http://www.georss.org/georss",
}


def test_a_client_of_opensearch_learns_how_to_ask_and_reads_the_answer(client, wire, shown):
    """OWSLib reads the description; the address that it makes of it gives Atom."""
    description = (
        f"{URL}?service=CSW&version=3.0.0&request=GetCapabilities&acceptFormats=application/opensearchdescription%2Bxml"
    )
    search = OpenSearch(description)
    assert search.description.shortname
    template = search.description.urls["application/atom+xml"]["template"]
    filled = template.replace("{searchTerms?}", "arbre").replace("{count?}", "1").replace("{time:start?}", "2020-01-01")
    answer = client.get(re.sub(r"\{[\w:]+\?\}", "", filled).removeprefix("http://testserver"))
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    (entry,) = root.findall("atom:entry", ATOM)
    assert entry.findtext("dc:identifier", namespaces=ATOM) == "arbres"
    assert entry.findtext("atom:title", namespaces=ATOM) == "Arbres d’alignement"
    alternate = next(way for way in entry.findall("atom:link", ATOM) if way.get("rel") == "alternate")
    assert client.get(alternate.get("href").removeprefix("http://testserver"), follow=True).status_code == 200
    south, west, north, east = map(float, entry.findtext("georss:box", namespaces=ATOM).split())
    assert (west, south, east, north) == (2.40, 48.60, 2.45, 48.65)


def test_pages_of_atom_lead_through_every_record_once(client, shown):
    address = "/csw?service=CSW&version=3.0.0&request=GetRecords&outputFormat=application/atom%2Bxml&maxRecords=1"
    seen = []
    while address:
        answer = client.get(address)
        root = ElementTree.fromstring(answer.content)
        assert root.findtext("os:totalResults", namespaces=ATOM) == "3"
        seen += [row.text for row in root.findall("atom:entry/dc:identifier", ATOM)]
        following = [way.get("href") for way in root.findall("atom:link", ATOM) if way.get("rel") == "next"]
        address = following[0].removeprefix("http://testserver") if following else ""
    assert seen == ["arbres", "budget", "ecoles"]
    again = client.get(
        "/csw?service=CSW&request=GetCapabilities", headers={"Accept": "application/opensearchdescription+xml"}
    )
    plain = client.get("/csw?service=CSW&request=GetCapabilities", headers={"If-None-Match": again["ETag"]})
    assert plain.status_code == 200
    assert b"Capabilities" in plain.content and b"OpenSearchDescription" in again.content
    # Version 2.0.2 has none of that.
    version_2 = {"service": "CSW", "version": "2.0.2", "request": "GetRecords", "typeNames": "csw:Record"}
    assert client.get("/csw", {**version_2, "outputFormat": "application/atom+xml"}).status_code == 400
