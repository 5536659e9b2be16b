"""The console asks what is written, with the rights of whoever asks, and shows the address and the answer."""

from __future__ import annotations

import json
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.rules import Access
from parvis.hub.ui.tests.markup import tight
from parvis.web.api.console import rules

pytestmark = pytest.mark.django_db
CONSOLE = "/api/console/"


def asked(client, **parameters):
    return client.get(CONSOLE, {"envoyer": "1", **parameters})


@pytest.mark.parametrize("name", sorted(rules.OPERATIONS))
def test_every_operation_has_its_form_with_a_label_for_each_field(client, name):
    html = tight(client.get(CONSOLE, {"operation": name}).content.decode())
    for reference in rules.OPERATIONS[name].parameters:
        assert html.count(f'id="p-{reference}"') == html.count(f'for="p-{reference}"') == 1
    assert 'aria-current="page"' in html


def test_all_operations_are_offered(client):
    html = unescape(tight(client.get(CONSOLE).content.decode()))
    for name in rules.OPERATIONS:
        assert f"operation={name}" in html


def test_the_answer_is_that_of_the_api_and_its_address_is_shown(client, dataset):
    where = 'commune = "Grigny"'
    page = asked(client, operation="getRecords", dataset_id="equipements", where=f"{where}\nplaces > 100", limit="5")
    address = page.context["address"]
    query = parse_qs(urlsplit(address).query)
    assert query == {"where": [where, "places > 100"], "limit": ["5"]}
    assert json.loads(page.context["answer"].text) == client.get(address).json()
    html = unescape(tight(page.content.decode()))
    assert f"http://testserver{address}" in html
    assert "Gymnase Cœur de Ville" in html
    assert page["Cache-Control"] == "private, no-store"


def test_an_error_of_the_api_is_shown_as_it_is(client, dataset):
    page = asked(client, operation="getRecords", dataset_id="equipements", where="comune = 1")
    assert page.status_code == 200
    assert page.context["answer"].status == 400
    assert "Did you mean commune" in unescape(page.content.decode())


def test_a_request_without_its_dataset_says_what_is_missing(client):
    page = asked(client, operation="getRecords")
    assert "answer" not in page.context
    assert "dataset_id" in page.context["lacking"]


def test_a_tab_is_a_delimiter_and_files_that_are_no_text_are_not_shown(client, dataset):
    page = asked(client, operation="exportRecordsCsv", dataset_id="equipements", delimiter="\t")
    assert "nom\tcommune" in page.context["answer"].text
    workbook = asked(client, operation="exportRecordsXlsx", dataset_id="equipements")
    assert (workbook.context["answer"].is_text, workbook.context["answer"].text) == (False, "")
    assert "Télécharger le fichier" in workbook.content.decode()


def test_only_the_beginning_of_a_long_answer_is_shown(client, publish, monkeypatch):
    monkeypatch.setattr("parvis.web.api.console.inner_request.SHOWN_BYTES", 40)
    publish(dataset_id="equipements")
    answer = asked(client, operation="exportRecordsJsonl", dataset_id="equipements").context["answer"]
    assert (len(answer.text) <= 40, answer.is_cut) == (True, True)


def test_rights_hold_in_the_console_as_at_the_door(client, publish):
    hidden = publish(dataset_id="reserve", title="Réservé", access=Access.INTERNAL)
    stranger = asked(client, operation="getRecords", dataset_id="reserve")
    assert stranger.context["answer"].status == 404
    assert "Réservé" not in stranger.content.decode()
    client.force_login(make_member(hidden.organisation, Role.READER))
    member = asked(client, operation="getRecords", dataset_id="reserve")
    assert member.context["answer"].status == 200
    assert '<option value="reserve">' in tight(member.content.decode())


def test_a_path_in_the_identifier_stays_within_the_api(client, dataset):
    for identifier in ("../../../../admin", "equipements/../../..", "a%2F..%2Fb", "é\x00 ?&#"):
        answer = asked(client, operation="getRecords", dataset_id=identifier).context["answer"]
        assert answer.status in (400, 404)
        assert json.loads(answer.text)["error_code"]


def test_an_unknown_operation_does_not_exist(client):
    assert client.get(CONSOLE, {"operation": "dropAll"}).status_code == 404


def test_what_is_written_is_never_markup(client):
    html = tight(
        client.get(CONSOLE, {"operation": "getRecords", "where": "</textarea><script>x</script>"}).content.decode()
    )
    assert "<script>x" not in html


def test_the_console_spends_the_budget_of_its_caller(client, dataset):
    headers = dict(asked(client, operation="getRecords", dataset_id="equipements").context["answer"].headers)
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])


def test_the_page_is_in_english_too(client):
    html = tight(client.get(CONSOLE, headers={"accept-language": "en"}).content.decode())
    assert "Try the API" in html
    assert "The records of a dataset, or groups</a>" in html
    assert "Envoyer" not in html


def test_a_private_portal_shows_it_to_nobody(client, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_PRIVATE": True}
    assert client.get(CONSOLE).status_code in (302, 401)


def test_the_footer_leads_to_it(client):
    assert 'href="/api/console/"' in client.get("/").content.decode()
