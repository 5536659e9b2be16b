"""Services of the catalogue, written by programs: the same rights, bounds, conflicts and journal as by the screens."""

from __future__ import annotations

import pytest

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.apikeys.rules import Scope
from parvis.hub.audit.models import Entry
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.dataservices.factories import make_service
from parvis.hub.dataservices.models import DataService
from parvis.hub.writing.tests.conftest import program

pytestmark = pytest.mark.django_db

NEW = {"title": "API des piscines", "organisation": "ville", "endpoints": ["https://api.ville.example/v1"]}


def test_a_service_is_made_read_changed_published_withdrawn_and_deleted(town, write, client):
    dataset = make_dataset(town, dataset_id="piscines")
    body = {
        **NEW,
        "kind": "ogc-api",
        "datasets": ["piscines"],
        "description_url": "https://api.ville.example/openapi.json",
        "rate_limit": "10 par seconde",
        "keywords": ["eau", " eau ", "sport"],
    }
    made = write("POST", "/service-cards", body)
    assert made.status_code == 200, made.content
    card = made.json()
    assert (card["slug"], card["status"], card["datasets"], card["keywords"]) == (
        "api-des-piscines",
        "draft",
        ["piscines"],
        ["eau", "sport"],
    )
    assert DataService.objects.get().datasets == [dataset.permanent_id]
    assert client.get("/services/api-des-piscines/").status_code == 404
    path = "/service-cards/api-des-piscines"
    online = write("PUT", f"{path}/publication")
    assert online.json()["status"] == "published"
    assert "10 par seconde" in client.get("/services/api-des-piscines/").content.decode()
    read = write("GET", path)
    changed = write("PATCH", path, {"documentation": "https://doc.example/"}, If_Match=read["ETag"])
    assert changed.json()["documentation"] == "https://doc.example/"
    assert "https://doc.example/" in client.get("/services/api-des-piscines/").content.decode()
    assert write("DELETE", f"{path}/publication").json()["status"] == "draft"
    assert client.get("/services/api-des-piscines/").status_code == 404
    assert [row["slug"] for row in write("GET", "/service-cards").json()["results"]] == ["api-des-piscines"]
    assert write("DELETE", path).status_code == 204
    assert not DataService.objects.exists() and write("GET", path).status_code == 404
    acts = list(Entry.objects.filter(action__startswith="dataservice.").values_list("action", flat=True))
    assert {"dataservice.create", "dataservice.publish", "dataservice.delete"} <= set(acts), acts


def test_a_change_over_somebody_else_s_is_refused_and_loses_nothing(town, write):
    make_service(town)
    path = "/service-cards/api-des-piscines"
    tag = write("GET", path)["ETag"]
    first = write("PATCH", path, {"version": "1"}, If_Match=tag)
    assert first.status_code == 200 and first["ETag"] != tag
    late = write("PATCH", path, {"version": "2"}, If_Match=tag)
    assert (late.status_code, late["ETag"]) == (412, first["ETag"])
    assert write("PUT", f"{path}/publication", If_Match=tag).status_code == 412
    assert write("DELETE", path, If_Match=tag).status_code == 412
    assert write("GET", path).json()["version"] == "1"
    assert write("PATCH", path, {"version": "2"}, If_Match="*").json()["version"] == "2"


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ({"endpoints": []}, "endpoints"),
        ({"endpoints": ["javascript:alert(1)"]}, "endpoints"),
        ({"endpoints": [f"https://x.example/{n}" for n in range(11)]}, "10"),
        ({"kind": "inconnu"}, "kind"),
        ({"access": "secret"}, "access"),
        ({"licence": "inconnue"}, "licence"),
        ({"themes": ["inconnu"]}, "themes"),
        ({"contact_email": "pas une adresse"}, "contact_email"),
        ({"documentation": "ftp://x.example/"}, "documentation"),
        ({"datasets": ["absent"]}, "absent"),
        ({"text": "x" * 10_001}, "text"),
        ({"keywords": [f"mot {n}" for n in range(21)]}, "20"),
        ({"title": ""}, "title"),
        ({"autre": 1}, "autre"),
        ({"organisation": "autre"}, "organisation"),
    ],
)
def test_a_bad_value_is_refused_by_name_and_changes_nothing(town, write, values, word):
    service = make_service(town)
    answer = write("PATCH", "/service-cards/api-des-piscines", {"version": "9", **values})
    assert answer.status_code in (400, 404, 422), answer.content
    assert word in answer.content.decode()
    service.refresh_from_db()
    assert service.version == "" and service.revision == DataService.objects.get().revision


def test_a_program_has_no_more_rights_than_its_key_and_its_owner(town, write, steward):
    elsewhere = make_organisation("Ailleurs", slug="ailleurs")
    make_service(elsewhere, "API d’ailleurs")
    make_service(elsewhere, "API cachée", is_online=False)
    assert write("POST", "/service-cards", {**NEW, "organisation": "ailleurs"}).status_code == 403
    assert write("PATCH", "/service-cards/api-d-ailleurs", {"version": "1"}).status_code == 403
    assert write("PATCH", "/service-cards/api-cachee", {"version": "1"}).status_code == 404
    assert write("DELETE", "/service-cards/api-d-ailleurs").status_code == 403
    assert not write("GET", "/service-cards").json()["results"]
    drafts = program(make_member(town, Role.CONTRIBUTOR), Scope.PUBLISH, town)
    assert drafts("POST", "/service-cards", NEW).status_code == 200
    assert drafts("PUT", "/service-cards/api-des-piscines/publication").status_code == 403
    write("PUT", "/service-cards/api-des-piscines/publication")
    waiting = drafts("PATCH", "/service-cards/api-des-piscines", {"version": "2"}).json()
    assert (waiting["version"], waiting["changed"]) == ("2", True)
    assert DataService.objects.get(slug="api-des-piscines").version == ""
    assert drafts("DELETE", "/service-cards/api-des-piscines").status_code == 403
    reads = program(steward, Scope.READ, town, expires=None)
    assert reads("GET", "/service-cards").status_code == 403
    limited = program(steward, Scope.PUBLISH, town, datasets=["piscines"])
    assert limited("POST", "/service-cards", NEW).status_code == 403
    assert program(steward, Scope.WRITE, town)("PUT", "/service-cards/api-des-piscines/publication").status_code == 403


def test_a_request_that_names_itself_makes_one_service(town, write):
    answers = [write("POST", "/service-cards", NEW, Idempotency_Key="un") for _rank in range(2)]
    assert answers[0].json() == answers[1].json() and DataService.objects.count() == 1
