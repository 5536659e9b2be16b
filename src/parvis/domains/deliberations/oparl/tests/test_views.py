"""What an answer of the interface is, whatever is asked of it."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import signals
from django.test.utils import CaptureQueriesContext

from parvis.core.acts.model import Page
from parvis.domains.deliberations.factories import add_file, make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, ActFile, AgendaItem, Assembly, FileText, Official
from parvis.domains.deliberations.module import MODULE
from parvis.domains.deliberations.online.publishing import withdraw_act
from parvis.domains.deliberations.oparl.documents import resolution_of
from parvis.domains.deliberations.oparl.tests.harvester import Harvester
from parvis.domains.deliberations.oparl.tests.specification import NAMESPACE
from parvis.hub.accounts.factories import make_organisation
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.records import services as records
from parvis.hub.registry import register
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db
ROOT = "/oparl/v1.1"
MAIN = settings.PARVIS["PARVIS_BASE_URL"]


@pytest.fixture
def commune(home):
    return make_organisation(siren="219102281")


def ask(client, address, **named):
    return client.get(address.removeprefix(MAIN), **named)


def papers(client, organisation, filters=""):
    return ask(client, f"{ROOT}/body/{organisation.pk}/paper{filters}").json()["data"]


def test_what_is_not_online_never_appears(commune, client):
    council = make_assembly(commune)
    act = make_act(commune, session=make_session(council), places=["3 rue Secrète", "la Mairie"])
    file = ActFile.objects.get(act=act)
    file.original.name, file.name = "acts/originals/SECRET.pdf", "SECRET Dupont.pdf"
    file.spans = {"passages": [{"page": 1, "start": 0, "end": 6}], "boxes": [], "kept": []}
    file.save()
    text = FileText.objects.get(pk=file.pk)
    text.pages = [Page(1, "SECRET habite au 3 rue Secrète").to_json()]
    text.published_pages = [Page(1, "█████ habite près de la Mairie").to_json()]
    text.save()
    make_act(commune, "SECRET brouillon", online=False)
    hidden = make_session(council, date(2026, 3, 1), online=False)
    AgendaItem.objects.create(session=hidden, title="SECRET ordre du jour")
    unpublished = ActFile.objects.create(
        act=act, role="annex", name="SECRET.pdf", original="SECRET", original_digest="0", bytes=1, media_type="a/b"
    )
    idle = make_organisation(name="SECRET qui ne publie rien")
    Official.objects.create(organisation=idle, family_name="SECRET")
    harvester = Harvester(client).harvest()
    for address, kind in harvester.links:
        if kind.startswith(">"):
            harvester.get(address)
    everything = json.dumps(list(harvester.objects.values()), ensure_ascii=False)
    assert "SECRET" not in everything
    assert "rue Secrète" not in everything
    assert "la Mairie" in everything
    assert ask(client, f"{ROOT}/file/{unpublished.pk}").status_code == 404
    for kind, key in (("paper", Act.objects.get(live=False).pk), ("meeting", hidden.pk), ("body", idle.pk)):
        assert ask(client, f"{ROOT}/{kind}/{key}").status_code == 404


def test_an_act_that_is_withdrawn_leaves_its_trace_and_nothing_else(commune, client):
    session = make_session(make_assembly(commune))
    act = make_act(commune, session=session)
    make_act(commune)
    harvester = Harvester(client).harvest()
    paper = ask(client, f"{ROOT}/paper/{act.pk}").json()
    parts = [paper["mainFile"]["id"], paper["consultation"][0]["id"]]
    access = paper["mainFile"]["accessUrl"]
    assert ask(client, access).status_code == 200
    withdraw_act(OPERATOR, act, "privacy")
    for address in (paper["id"], *parts):
        trace = harvester.get(address)
        assert set(trace) == {"id", "type", "created", "modified", "deleted"}
        assert (trace["id"], trace["deleted"]) == (address, True)
    assert ask(client, access).status_code == 410
    assert [row["id"] for row in papers(client, commune)] != [paper["id"]]
    assert len(papers(client, commune)) == 1
    traces = papers(client, commune, "?modified_since=2000-01-01T00:00:00%2B01:00")
    assert [row.get("deleted", False) for row in traces] == [True, False]


def test_what_a_process_does_first_is_told_too(commune, client):
    """It loads the modules, which hear of it once it is written."""
    act, official = make_act(commune), Official.objects.create(organisation=commune, family_name="Petit")
    Harvester(client).harvest()
    deaf = [
        ("deliberations", "before", Act),
        ("deliberations", "before", Official),
        ("deliberations", "after", Official),
    ]
    try:
        for receiver, signal in zip(deaf, (signals.pre_save, signals.pre_save, signals.pre_delete), strict=True):
            assert signal.disconnect(dispatch_uid=receiver, sender=receiver[2])
        withdraw_act(OPERATOR, act, "court")
        make_act(commune)
        address = f"{ROOT}/person/{official.pk}"
        official.delete()
    finally:
        register(MODULE)
    traces = papers(client, commune, "?modified_since=2000-01-01T00:00:00%2B01:00")
    assert [row.get("deleted", False) for row in traces] == [True, False]
    assert ask(client, address).json()["deleted"] is True


def test_a_file_is_read_where_it_is_or_saved_under_a_name_that_names_nobody(commune, client):
    act = make_act(commune, number="2026-014")
    add_file(act, role="annex", title="Plan", position=0)
    paper = ask(client, f"{ROOT}/paper/{act.pk}").json()
    assert paper["auxiliaryFile"][0]["fileName"] == "219102281-20260115-2026-014-de-annexe-1.pdf"
    read, saved = ask(client, paper["mainFile"]["accessUrl"]), ask(client, paper["mainFile"]["downloadUrl"])
    assert read["Content-Disposition"].startswith("inline")
    assert saved["Content-Disposition"] == 'attachment; filename="219102281-20260115-2026-014-de.pdf"'
    body = b"".join(read.streaming_content)
    assert len(body) == paper["mainFile"]["size"] == int(read["Content-Length"])
    assert ask(client, paper["mainFile"]["accessUrl"], headers={"If-None-Match": read["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    "filters",
    [
        "modified_since=hier",
        "modified_since=2026-01-01",
        "modified_since=2026-01-01T00:00:00",
        "created_until=2026-13-01T00:00:00%2B01:00",
        "created_since=0001-01-01T00:00:00%2B01:00",
        "created_since=9999-12-31T23:59:59-14:00",
        "modified_until=2026-01-01T00:00:00%2B99:99",
        "modified_until=",
        "limit=0",
        "limit=-1",
        "limit=x",
        "after=1e9",
        "after=99999999999999999999",
    ],
)
def test_nonsense_is_refused_as_the_specification_writes_errors(commune, client, filters):
    make_act(commune)
    response = ask(client, f"{ROOT}/body/{commune.pk}/paper?{filters}")
    assert response.status_code == 400
    assert response["Access-Control-Allow-Origin"] == "*"
    error = response.json()
    assert error["type"] == f"{NAMESPACE}Error"
    assert error["message"].startswith("Le paramètre")
    assert error["debug"] == "oparl-filter"


def test_dates_are_understood_in_any_zone_and_bounds_are_of_the_list(commune, client):
    make_act(commune)
    (paper,) = papers(client, commune)
    moment = paper["modified"].replace("+", "%2B")
    assert len(papers(client, commune, f"?modified_since={moment}&modified_until={moment}")) == 1
    # A plus sign that was not encoded arrives as a space.
    assert len(papers(client, commune, f"?modified_since={paper['modified']}")) == 1
    assert len(papers(client, commune, "?created_until=2000-01-01T00:00:00Z")) == 0
    assert len(papers(client, commune, "?created_since=2000-01-01T00:00:00Z&inconnu=1")) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/oparl/v1.1/paper/999",
        "/oparl/v1.1/paper/0001",
        "/oparl/v1.1/legislativeterm/1",
        "/oparl/v1.1/body/999/paper",
        "/oparl/v1.1/dessin/1",
        "/oparl/v1.1/file/999/lire",
        "/oparl/v2/system",
    ],
)
def test_what_never_was_is_not_found(commune, client, path):
    make_act(commune)
    response = ask(client, path)
    assert response.status_code == 404
    assert response.json()["type"] == f"{NAMESPACE}Error"


def test_pages_neither_lose_nor_repeat_anything_while_the_list_changes(commune, client):
    acts = [make_act(commune) for _rank in range(7)]
    following = f"{ROOT}/body/{commune.pk}/paper?limit=2"
    seen = []
    while following:
        page = ask(client, following).json()
        seen += [row["id"] for row in page["data"]]
        following = page["links"].get("next")
        if len(seen) == 4:
            withdraw_act(OPERATOR, acts[0], "privacy")
            withdraw_act(OPERATOR, acts[5], "privacy")
            make_act(commune)
    expected = [f"{MAIN}{ROOT}/paper/{act.pk}" for act in Act.objects.order_by("pk") if act.pk != acts[5].pk]
    assert seen == expected


def test_filters_are_kept_from_page_to_page_and_back(commune, client):
    for _rank in range(5):
        make_act(commune)
    first = ask(client, f"{ROOT}/body/{commune.pk}/paper?omit_internal=true&limit=2&created_since=2000-01-01T00:00:00Z")
    links = first.json()["links"]
    assert links["next"].startswith(
        f"{MAIN}{ROOT}/body/{commune.pk}/paper?created_since=2000-01-01T01%3A00%3A00%2B01%3A00&limit=2&omit_internal=true"
    )
    second = ask(client, links["next"]).json()
    last = ask(client, second["links"]["next"]).json()
    assert links["last"] == last["links"]["self"]
    assert last["links"]["prev"] == second["links"]["self"]
    assert second["links"]["prev"] == links["self"] == links["first"]
    assert last["pagination"] == {"totalElements": 5, "elementsPerPage": 2, "currentPage": 3, "totalPages": 3}


def test_lists_of_parts_are_left_out_when_that_is_asked(commune, client):
    act = make_act(commune, session=make_session(make_assembly(commune)), places=["Mairie"])
    add_file(act, role="annex")
    (whole,), (omitted,) = papers(client, commune), papers(client, commune, "?omit_internal=true")
    assert set(whole) - set(omitted) == {"auxiliaryFile", "location"}


def test_programs_of_other_sites_read_it_and_ask_again_for_little(commune, client):
    act = make_act(commune)
    path = f"{ROOT}/paper/{act.pk}"
    first = ask(client, path)
    assert (first["Content-Type"], first["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert "X-RateLimit-Remaining" in first
    again = ask(client, path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    asking = client.options(path, headers={"Access-Control-Request-Method": "GET"})
    assert "If-None-Match" in asking["Access-Control-Allow-Headers"]
    refused = client.post(path)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert client.head(path)["ETag"] == first["ETag"]


def test_whoever_asks_too_much_is_told_so_in_the_words_of_the_interface(commune, client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_QUOTA_ANONYMOUS_CALLS": 1}
    caller = {"REMOTE_ADDR": "192.0.2.91"}
    assert ask(client, f"{ROOT}/system", **caller).status_code == 200
    refused = ask(client, f"{ROOT}/system", **caller)
    assert refused.status_code == 429
    assert refused.json()["type"] == f"{NAMESPACE}Error"


def test_an_object_has_one_address_whichever_site_answers(commune, client):
    make_act(commune)
    town = Territory.objects.create(kind="commune", code="77251", name="Lieusaint", folded="lieusaint")
    make_site(OPERATOR, town, "lieusaint.localhost", parent=main_site(), prefix="lieusaint")
    for path, host in (
        (f"/lieusaint{ROOT}/body?limit=1", "testserver"),
        (f"{ROOT}/body?limit=1", "lieusaint.localhost"),
    ):
        response = client.get(path, headers={"Host": host})
        assert (response.status_code, response["Location"]) == (301, f"{MAIN}{ROOT}/body?limit=1")
    assert client.get("/oparl")["Location"] == f"{MAIN}{ROOT}/system"


def test_a_page_costs_the_same_whatever_its_length(commune, client):
    council = make_assembly(commune)
    make_assembly(commune, "Maire", kind=Assembly.Kind.EXECUTIVE)

    def examined(count):
        session = make_session(council, date(2026, 1, 1) + timedelta(days=Act.objects.count()))
        for _rank in range(count):
            act = make_act(commune, session=session, places=["Mairie"])
            AgendaItem.objects.create(session=session, act=act, title=act.title)

    def questions():
        ask(client, f"{ROOT}/system")
        counts = []
        for kind in ("paper", "meeting", "agendaitem", "file", "person", "consultation", "location"):
            with CaptureQueriesContext(connection) as queries:
                assert ask(client, f"{ROOT}/body/{commune.pk}/{kind}").status_code == 200
            # The site and the quota are asked now and then, not each time.
            counts.append(sum("deliberations_" in query["sql"] for query in queries))
        return counts

    examined(1)
    few = questions()
    examined(6)
    assert questions() == few
    assert max(few) <= 25


def test_a_sitting_that_is_taken_away_leaves_its_trace(commune, client):
    session = make_session(make_assembly(commune), location="Mairie")
    item = AgendaItem.objects.create(session=session, title="Questions diverses")
    make_act(commune)
    addresses = [f"{ROOT}/meeting/{session.pk}", f"{ROOT}/agendaitem/{item.pk}", f"{ROOT}/location/seance-{session.pk}"]
    assert all("deleted" not in ask(client, address).json() for address in addresses)
    records.delete(OPERATOR, session)
    assert all(ask(client, address).json()["deleted"] for address in addresses)


@pytest.mark.parametrize(
    ("day", "start"),
    [
        (date(2026, 7, 14), "2026-07-14T00:00:00+02:00"),
        (date(1890, 2, 3), "1890-02-03T00:00:00+00:00"),
        (date(12, 1, 1), "0012-01-01T00:00:00+00:00"),
    ],
)
def test_a_sitting_of_any_century_has_a_moment(commune, client, day, start):
    session = make_session(make_assembly(commune), day)
    meeting = ask(client, f"{ROOT}/meeting/{session.pk}").json()
    assert (meeting["start"], meeting["parvis:heureConnue"]) == (start, False)


@pytest.mark.parametrize(
    ("text", "resolution"),
    [
        ("Vu le code. Après en avoir délibéré, le conseil approuve.", "Après en avoir délibéré, le conseil approuve."),
        ("Le maire arrête ce qui suit.", ""),
        ("", ""),
    ],
)
def test_what_was_decided_is_what_follows_the_deliberation(text, resolution):
    assert resolution_of(text) == resolution
