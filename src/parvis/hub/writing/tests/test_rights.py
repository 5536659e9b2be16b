"""Who may do what by the API: every operation that writes, asked by every kind of caller, on two organisations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.apikeys.models import ApiKey
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import revoke_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.services import create_dataset, delete, rename_dataset
from parvis.hub.dataservices.factories import make_service
from parvis.hub.datastore.models import Import
from parvis.hub.deliveries.models import Delivery
from parvis.hub.deliveries.rules import State as Waiting
from parvis.hub.deliveries.selectors import open_periods
from parvis.hub.deliveries.services import expect
from parvis.hub.harvesting.models import Item, Run
from parvis.hub.harvesting.rules import State
from parvis.hub.harvesting.sources import save_source
from parvis.hub.notifications.webhooks import create_webhook
from parvis.hub.sites.models import SiteFace
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.services import join
from parvis.hub.writing.tests.conftest import CARD, Program, in_days, key_for, program
from parvis.web.parvis_api import API

pytestmark = pytest.mark.django_db

LEVELS = ("edit", "publish", "administer", "everything")


@dataclass(frozen=True)
class Asked:
    """One operation: what is asked, the right that it needs, and what of (a dataset, or the organisation)."""

    operation: str
    method: str
    path: str
    needs: str
    body: Any = None
    of_dataset: bool = True
    content_type: str = "application/json"


FILE = {"dialect": "file", "url": "https://exemple.fr/bancs.csv", "organisation": "ville", "mode": "metadata"}
"""A source of which nothing is asked to know what it has: one file, to which links lead."""


SERVICE = {"title": "API des parcs", "organisation": "ville", "endpoints": ["https://api.ville.example/parcs"]}
EXPECTED = {"sender": "Régie", "sender_emails": ["regie@exemple.fr"]}
REFUSED = {"accept": False, "words": "La mauvaise année."}
HOOK = {"organisation": "ville", "name": "agenda", "url": "https://exemple.fr/appel", "events": ["dataset.published"]}


def operations(upload: str, import_id: int, person: int, key: int, rest: Rest) -> list[Asked]:
    """Every operation of the room."""
    octets = "application/octet-stream"
    piece = "application/offset+octet-stream"
    whole = {"of_dataset": False}
    moved = {"due": rest.due, "until": rest.due, "reason": "Le même jour."}
    return [
        Asked("createDataset", "POST", "/datasets", "edit", {"title": "N", "organisation": "ville"}, of_dataset=False),
        Asked("getDatasetCard", "GET", "/datasets/places", "edit"),
        Asked("updateDatasetCard", "PATCH", "/datasets/places", "edit", {"source": "Voirie"}),
        Asked("deleteDataset", "DELETE", "/datasets/places", "publish"),
        Asked("restoreDataset", "POST", "/datasets/jetees/restore", "publish"),
        Asked("publishDataset", "PUT", "/datasets/places/publication", "publish", {}),
        Asked("withdrawDataset", "DELETE", "/datasets/places/publication", "publish"),
        Asked("setDatasetAccess", "PUT", "/datasets/places/access", "publish", {"access": "internal"}),
        Asked("renameDataset", "PUT", "/datasets/places/identifier", "publish", {"dataset_id": "stationnement"}),
        Asked("followSchema", "PUT", "/datasets/places/schema", "edit", {"schema": None}),
        Asked("getSetAside", "GET", "/datasets/places/versions/VERSION/set-aside", "edit"),
        Asked("createUpload", "POST", "/datasets/places/uploads", "edit"),
        Asked("getUpload", "GET", f"/uploads/{upload}", "person"),
        Asked("appendUpload", "PATCH", f"/uploads/{upload}", "person", b"x", content_type=piece),
        Asked("abandonUpload", "DELETE", f"/uploads/{upload}", "person"),
        Asked("importVersion", "POST", "/datasets/places/versions", "edit", {"url": "https://exemple.fr/a.csv"}),
        Asked("putFile", "PUT", "/datasets/places/file", "edit", b"a;b\n1;2\n", content_type=octets),
        Asked("putFile", "PUT", "/datasets/places/file?publish=true", "publish", b"a;b\n1;2\n", content_type=octets),
        Asked("getImport", "GET", f"/imports/{import_id}", "edit"),
        Asked("cancelImport", "DELETE", f"/imports/{import_id}", "edit"),
        Asked("listAttachments", "GET", "/datasets/places/attachments", "edit"),
        Asked("putAttachment", "PUT", "/datasets/places/attachments/a.txt", "edit", b"notice", content_type=octets),
        Asked("removeAttachment", "DELETE", "/datasets/places/attachments/notice-txt", "edit"),
        Asked("listDatasetVersions", "GET", "/datasets/places/versions", "edit"),
        Asked("compareDatasetVersions", "GET", "/datasets/places/versions/VERSION/changes?since=VERSION", "edit"),
        Asked("getOrganisation", "GET", "/organisations/ville", "edit", **whole),
        Asked("updateOrganisation", "PATCH", "/organisations/ville", "administer", {"email": "a@ville.fr"}, **whole),
        Asked("createOrganisation", "POST", "/organisations", "everything", {"name": "Une autre"}, **whole),
        Asked("listPeople", "GET", "/organisations/ville/people", "administer", **whole),
        Asked(
            "invitePerson",
            "POST",
            "/organisations/ville/people",
            "administer",
            {"email": "neuf@ville.fr", "role": "reader"},
            **whole,
        ),
        Asked("setRole", "PUT", f"/organisations/ville/people/{person}", "administer", {"role": "steward"}, **whole),
        Asked("removeRole", "DELETE", f"/organisations/ville/people/{person}", "administer", **whole),
        Asked("setAccountOpen", "PATCH", f"/people/{person}", "everything", {"active": False}, **whole),
        Asked(
            "createKey",
            "POST",
            "/keys",
            "administer",
            {"name": "lire", "organisation": "ville", "expires": "SOON"},
            **whole,
        ),
        Asked("revokeKey", "DELETE", f"/keys/{key}", "administer", **whole),
        Asked("getRecipe", "GET", "/datasets/places/recipe", "edit"),
        Asked("putRecipe", "PUT", "/datasets/places/recipe", "edit", {"recipe": ""}),
        Asked("tryRecipe", "POST", "/datasets/places/recipe-preview", "edit", {}),
        Asked("importAgain", "PUT", "/datasets/places/versions/VERSION/again", "edit", {}),
        Asked("importAgain", "PUT", "/datasets/places/versions/VERSION/again", "publish", {"publish": True}),
        Asked("listCardRevisions", "GET", "/datasets/places/revisions", "edit"),
        Asked("restoreCardRevision", "POST", f"/datasets/places/revisions/{rest.revision}/restore", "edit", {}),
        Asked("createExpectation", "POST", "/deliveries", "publish", {**EXPECTED, "dataset_id": "places"}, **whole),
        Asked("getExpectation", "GET", f"/deliveries/{rest.expected}", "edit", **whole),
        Asked("updateExpectation", "PATCH", f"/deliveries/{rest.expected}", "publish", {"grace": 3}, **whole),
        Asked("removeExpectation", "DELETE", f"/deliveries/{rest.expected}", "publish", **whole),
        Asked("moveDue", "PUT", f"/deliveries/{rest.expected}/due", "publish", moved, **whole),
        Asked("openDeliveryLink", "POST", f"/deliveries/{rest.expected}/link", "publish", {}, **whole),
        Asked("closeDeliveryLinks", "DELETE", f"/deliveries/{rest.expected}/link", "publish", **whole),
        Asked("listReceivedFiles", "GET", f"/deliveries/{rest.expected}/received", "edit", **whole),
        Asked("decideReceivedFile", "PUT", f"/received-files/{rest.received}", "publish", REFUSED, **whole),
        Asked("createWebhook", "POST", "/webhooks", "administer", HOOK, **whole),
        Asked("updateWebhook", "PATCH", f"/webhooks/{rest.webhook}", "administer", {"active": False}, **whole),
        Asked("removeWebhook", "DELETE", f"/webhooks/{rest.webhook}", "administer", **whole),
        Asked("rotateWebhookSecret", "POST", f"/webhooks/{rest.webhook}/secret", "administer", {}, **whole),
        Asked("testWebhook", "POST", f"/webhooks/{rest.webhook}/test", "administer", {}, **whole),
        Asked("listTeam", "GET", f"/sites/{rest.site}/team", "administer", **whole),
        Asked("joinTeam", "PUT", f"/sites/{rest.site}/team", "administer", {"email": rest.email}, **whole),
        Asked("leaveTeam", "DELETE", f"/sites/{rest.site}/team/{person}", "administer", **whole),
        Asked("getLimits", "GET", "/organisations/ville/limits", "administer", **whole),
        Asked("setLimits", "PUT", "/organisations/ville/limits", "everything", {"datasets": 9}, **whole),
        Asked("createSource", "POST", "/sources", "publish", FILE, **whole),
        Asked("previewSource", "POST", "/source-previews", "publish", FILE, **whole),
        Asked("getSource", "GET", "/sources/voisine", "publish", **whole),
        Asked("updateSource", "PATCH", "/sources/voisine", "publish", {"title": "Voisins"}, **whole),
        Asked("removeSource", "DELETE", "/sources/voisine", "publish", **whole),
        Asked("previewSavedSource", "GET", "/sources/voisine/preview", "publish", **whole),
        Asked("listRuns", "GET", "/sources/voisine/runs", "publish", **whole),
        Asked("runSource", "POST", "/sources/voisine/runs", "publish", {}, **whole),
        Asked("getRun", "GET", f"/runs/{rest.failed_run}", "publish", **whole),
        Asked("stopRun", "DELETE", f"/runs/{rest.failed_run}", "publish", **whole),
        Asked("resumeRun", "POST", f"/runs/{rest.failed_run}/resume", "publish", {}, **whole),
        Asked("confirmRun", "POST", f"/runs/{rest.doubtful_run}/confirm", "publish", {}, **whole),
        Asked("listRunItems", "GET", f"/runs/{rest.failed_run}/items", "publish", **whole),
        Asked("listTwins", "GET", "/sources/voisine/twins", "publish", **whole),
        Asked(
            "decideTwin",
            "PUT",
            f"/sources/voisine/twins/{rest.item}",
            "publish",
            {"decision": "separate"},
            **whole,
        ),
        Asked("createService", "POST", "/service-cards", "edit", SERVICE, **whole),
        Asked("getServiceCard", "GET", "/service-cards/api-des-piscines", "edit", **whole),
        Asked("updateService", "PATCH", "/service-cards/api-des-piscines", "edit", {"text": "Deux bassins."}, **whole),
        Asked("deleteService", "DELETE", "/service-cards/api-des-piscines", "publish", **whole),
        Asked("publishService", "PUT", "/service-cards/api-des-piscines/publication", "publish", **whole),
        Asked("withdrawService", "DELETE", "/service-cards/api-des-piscines/publication", "publish", **whole),
        Asked("listPages", "GET", "/pages", "edit", **whole),
        Asked("getPage", "GET", "/pages/velo", "edit", **whole),
        Asked("putPage", "PUT", "/pages/velo", "edit", {"title": "Vélo"}, **whole),
        Asked("publishPage", "PUT", "/pages/velo/publication", "publish", **whole),
        Asked("withdrawPage", "DELETE", "/pages/velo/publication", "publish", **whole),
    ]


LISTS = {
    "changeDatasets",
    "listExpectations",
    "listKeys",
    "listOrganisations",
    "listOwnDatasets",
    "listOwnServices",
    "listSites",
    "listSources",
    "listWebhooks",
}
"""What is each caller's own, lists of what the key may change and acts on them: asked by tests of theirs."""


@dataclass(frozen=True)
class Caller:
    """Who asks, how far they may go in the first organisation, and whether in its dataset alone."""

    ask: Any
    level: str = ""
    dataset_alone: bool = False


def test_the_table_has_every_operation_of_the_room():
    described = {
        operation["operationId"]
        for row in API.document("", "fr")["paths"].values()
        for operation in row.values()
        if "writing" in operation["tags"]
    }
    assert described == {row.operation for row in operations("u", 1, 1, 1, Rest())} | LISTS


def test_a_key_writes_here_and_not_there(town, places, steward):
    other = make_organisation("Agglomération", slug="agglo")
    create_dataset(OPERATOR, other, "ailleurs", {**CARD, "title": "Ailleurs"})
    create_dataset(OPERATOR, town, "cachees", {**CARD, "title": "Cachées"})
    delete(OPERATOR, create_dataset(OPERATOR, town, "jetees", {**CARD, "title": "Jetées"}))
    face, _made = SiteFace.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    SiteFace.objects.filter(pk=face.pk).update(organisation=town)
    root = Person.objects.create_superuser("racine@exemple.fr", "mot de passe d’essai 1")
    second = Person.objects.create_superuser("seconde@exemple.fr", "mot de passe d’essai 2")
    everything = program(root, Scope.ADMINISTER, None)
    administrator, contributor = make_member(town, Role.ADMINISTRATOR), make_member(town, Role.CONTRIBUTOR)
    for person in (steward, administrator, contributor):
        join(OPERATOR, person, face.site, Duty.PUBLISH)
    stranger = make_member(other, Role.ADMINISTRATOR)
    revoked, revoked_secret = key_for(administrator, Scope.ADMINISTER, town)
    revoke_key(OPERATOR, revoked)
    expired, expired_secret = key_for(administrator, Scope.ADMINISTER, town)
    ApiKey.objects.filter(pk=expired.pk).update(expires=in_days(-1))
    session = Client()
    session.force_login(administrator)
    by_session, in_address = Program(None), Program(None)
    by_session.client = session
    secret = key_for(administrator, Scope.ADMINISTER, town)[1]
    callers = {
        "nobody": Caller(Program(None)),
        "session of an administrator": Caller(by_session),
        "key in the address": Caller(
            lambda method, path, *rest, **facts: in_address(
                method, f"{path}{'&' if '?' in path else '?'}apikey={secret}", *rest, **facts
            )
        ),
        "expired": Caller(Program(expired_secret)),
        "revoked": Caller(Program(revoked_secret)),
        **{str(scope): Caller(program(administrator, scope, town)) for scope in Scope if scope in SCOPES_THAT_READ},
        "another organisation": Caller(program(stranger, Scope.ADMINISTER, other)),
        "drafts, by an administrator": Caller(program(administrator, Scope.WRITE, town), "edit"),
        "all, by a contributor": Caller(program(contributor, Scope.ADMINISTER, town), "edit"),
        "steward": Caller(program(steward, Scope.PUBLISH, town), "publish"),
        "administrator": Caller(program(administrator, Scope.ADMINISTER, town), "administer"),
        "superuser in the town": Caller(program(second, Scope.PUBLISH, town), "publish"),
        "superuser": Caller(everything, "everything"),
        "this dataset": Caller(program(steward, Scope.PUBLISH, town, datasets=["places", "jetees"]), "publish", True),
        "this dataset, drafts": Caller(program(steward, Scope.WRITE, town, datasets=["places"]), "edit", True),
        "another dataset": Caller(program(steward, Scope.PUBLISH, town, datasets=["cachees"])),
    }
    everything("PUT", "/datasets/places/attachments/notice.txt", b"notice")
    assert everything("PUT", "/pages/velo", {"title": "Vélo"}).status_code == 200
    assert everything("PUT", "/pages/velo/publication").status_code == 200
    upload = everything("POST", "/datasets/places/uploads", Upload_Length="3").json()["id"]
    import_id = Import.objects.create(dataset=places, url="https://exemple.fr/a.csv", person=root).pk
    rest = _rest(town, places, contributor.email)
    surprises = []
    for name, caller in callers.items():
        target = make_member(town, Role.READER)
        key, _secret = key_for(target, Scope.READ, town)
        for row in operations(upload, import_id, target.pk, key.pk, rest):
            outcome = _asked(caller, row, places.current.name)
            allowed = _is_allowed(caller, row) or (caller.ask is everything and row.needs == "person")
            if (outcome < 400) != allowed or (not allowed and outcome not in (401, 403, 404)):
                surprises.append((name, row.operation, row.path, outcome))
    assert surprises == [], surprises


@dataclass(frozen=True)
class Rest:
    """What else there is of the town, by its numbers."""

    failed_run: int = 1
    doubtful_run: int = 1
    item: int = 1
    revision: int = 1
    expected: int = 1
    due: str = "2026-12-10"
    received: int = 1
    webhook: int = 1
    site: str = "site"
    email: str = "a@ville.fr"


def _rest(town: Organisation, places: Dataset, email: str) -> Rest:
    """Two sources with a reading of each and an item to decide of, a delivery with a file that waits, a webhook, a service."""
    values = {"dialect": "file", "url": FILE["url"], "mode": "metadata"}
    first, second = (save_source(OPERATOR, town, title=title, **values) for title in ("Voisine", "Suspecte"))
    expected = expect(OPERATOR, town, None, "Mesures", EXPECTED)
    make_service(town, "API des piscines")
    waiting = Delivery.objects.create(expectation=expected, due=timezone.localdate(), state=Waiting.WAITING)
    return Rest(
        failed_run=Run.objects.create(source=first, state=State.FAILED).pk,
        doubtful_run=Run.objects.create(source=second, state=State.DONE, is_suspicious=True).pk,
        item=Item.objects.create(source=first, identifier="a", twin=places).pk,
        revision=places.revisions.first().pk,
        expected=expected.pk,
        due=open_periods(expected)[-1].isoformat(),
        received=waiting.pk,
        webhook=create_webhook(OPERATOR, town, name="a", url=HOOK["url"], events=HOOK["events"])[0].pk,
        site=Site.objects.get(is_default_site=True).hostname,
        email=email,
    )


SCOPES_THAT_READ = {Scope.READ_PUBLIC, Scope.READ, Scope.PROPOSE, Scope.DEPOSIT}


def _is_allowed(caller: Caller, row: Asked) -> bool:
    if not caller.level or row.needs == "person" or (caller.dataset_alone and not row.of_dataset):
        return False
    return LEVELS.index(caller.level) >= LEVELS.index(row.needs)


def _asked(caller: Caller, row: Asked, version: str) -> int:
    """The status; what was done is undone."""
    path, body = row.path.replace("VERSION", version), row.body
    if isinstance(body, dict) and body.get("expires") == "SOON":
        body = {**body, "expires": in_days(10).date().isoformat()}
    headers = {"Upload_Length": "3", "Upload_Offset": "0", "If_Match": "*", "content_type": row.content_type}
    with transaction.atomic():
        answer = caller.ask(row.method, path, body, **headers)
        transaction.set_rollback(True)
    return answer.status_code


def test_a_key_for_some_datasets_lists_and_follows_them_whatever_they_are_called(town, steward, places):
    create_dataset(OPERATOR, town, "autre", {**CARD, "title": "Autre"})
    ask = program(steward, Scope.PUBLISH, town, datasets=["places"])
    assert [row["dataset_id"] for row in ask("GET", "/datasets").json()["results"]] == ["places"]
    rename_dataset(OPERATOR, places, "stationnement")
    assert ask("PATCH", "/datasets/places", {"source": "Voirie"}).json()["dataset_id"] == "stationnement"
    assert [row["dataset_id"] for row in ask("GET", "/datasets").json()["results"]] == ["stationnement"]


def test_a_writer_who_loses_the_role_writes_no_more(town, steward, places):
    ask = program(steward, Scope.PUBLISH, town)
    steward.memberships.all().delete()
    assert ask("PATCH", "/datasets/places", {"source": "x"}).status_code == 403
    assert ask("GET", "/datasets").json()["total_count"] == 0


def test_a_card_is_given_to_no_organisation_where_the_key_does_not_write(town, steward, places):
    make_organisation("Agglomération", slug="agglo")
    ask = program(steward, Scope.PUBLISH, town)
    assert ask("PATCH", "/datasets/places", {"organisation": "agglo"}).status_code == 403


def test_a_key_makes_none_that_goes_further(town):
    administrator = make_member(town, Role.ADMINISTRATOR)
    ask = program(administrator, Scope.ADMINISTER, town, expires=in_days(20))
    wanted_days = {"expires": in_days(10).date().isoformat()}
    made = ask("POST", "/keys", {"name": "nuit", "scope": "publish", "organisation": "ville", **wanted_days})
    assert made.status_code == 200 and Program(made.json()["key"])("GET", "/datasets").status_code == 200
    for weaker in ("push", "deposit", "propose", "read"):
        same = {"name": weaker, "scope": weaker, "organisation": "ville", **wanted_days}
        assert ask("POST", "/keys", same).json().get("scope") == weaker
    for further in (
        {"scope": "publish", "organisation": "ville", "expires": in_days(40).date().isoformat()},
        {"scope": "read", **wanted_days},
        {"scope": "read", "organisation": "ville"},
        {"scope": "deposit", **wanted_days},
    ):
        assert ask("POST", "/keys", {"name": "plus", **further}).json()["error_code"] == "api-key-stronger", further


def test_lists_tell_of_what_the_key_may_change_alone(town, places):
    other = make_organisation("Agglomération", slug="agglo")
    create_dataset(OPERATOR, other, "ailleurs", {**CARD, "title": "Ailleurs"})
    for row in (town, other):
        save_source(OPERATOR, row, dialect="file", url=FILE["url"])
        make_service(row, f"API de {row}")
    first, second = (program(make_member(row, Role.ADMINISTRATOR), Scope.ADMINISTER, row) for row in (town, other))
    reader = program(make_member(town, Role.ADMINISTRATOR), Scope.READ, town)
    for path, name in (
        ("/datasets", "dataset_id"),
        ("/organisations", "slug"),
        ("/keys", "organisation"),
        ("/sources", "organisation"),
        ("/service-cards", "organisation"),
    ):
        rows = [{row[name] for row in ask("GET", path).json()["results"]} for ask in (first, second)]
        assert rows[0] and rows[1] and not rows[0] & rows[1], path
        assert reader("GET", path).status_code == 403


def test_a_page_is_written_by_the_team_of_its_site_alone(town, steward):
    face, _made = SiteFace.objects.get_or_create(site=Site.objects.get(is_default_site=True))
    SiteFace.objects.filter(pk=face.pk).update(organisation=town)
    ask = program(steward, Scope.PUBLISH, town)
    assert ask("PUT", "/pages/velo", {"title": "Vélo"}).status_code == 403
    join(OPERATOR, steward, face.site, Duty.WRITE)
    block = {"type": "text", "value": "<p>À vélo</p>"}
    made = ask("PUT", "/pages/velo", {"title": "Vélo", "body": [block]})
    assert made.status_code == 200, made.content
    assert (made.json()["live"], made.json()["body"][0]["value"]) == (False, "<p>À vélo</p>")
    assert ask("PUT", "/pages/velo/publication").status_code == 403  # writes, and publishes nothing
    blind = ask("PUT", "/pages/velo", {"title": "À vélo"})
    assert (blind.status_code, blind["ETag"]) == (428, made["ETag"])
    changed = ask("PUT", "/pages/velo", {"title": "À vélo"}, If_Match=made["ETag"])
    assert (changed.status_code, changed["ETag"]) == (200, ask("GET", "/pages/velo")["ETag"])
    assert ask("PUT", "/pages/velo", {"title": "Velo"}, If_Match=made["ETag"]).status_code == 412
    for wrong in ([{"type": "absent", "value": 1}], [{"value": "x"}], [{"type": "text", "value": {"a": 1}}]):
        answer = ask("PUT", "/pages/velo", {"title": "Vélo", "body": wrong}, If_Match="*")
        assert answer.status_code in (200, 400), wrong


def test_a_refusal_says_what_the_key_lacks_or_that_its_owner_lacks_it(town, places):
    other = make_organisation("Agglomération", slug="agglo")
    boss = make_member(town, Role.ADMINISTRATOR)
    drafts = program(boss, Scope.WRITE, town)("PUT", "/datasets/places/publication", {}).json()
    assert drafts["error_code"] == "api-key-too-narrow" and "« publish »" in drafts["message"], drafts
    narrow = program(boss, Scope.PUBLISH, town, datasets=["places"])("POST", "/sources", FILE).json()
    assert "qu’elle nomme" in narrow["message"], narrow
    elsewhere = program(boss, Scope.PUBLISH, town)("POST", "/sources", {**FILE, "organisation": "agglo"}).json()
    assert other.slug == "agglo" and "autre organisation" in elsewhere["message"], elsewhere
    create_dataset(OPERATOR, other, "loin", CARD)
    Dataset.objects.filter(dataset_id="loin").update(status="published")
    many = program(boss, Scope.PUBLISH, town)("PATCH", "/datasets", {"datasets": ["loin"], "act": "withdraw"}).json()
    assert many["results"][0]["error"]["error_code"] == "api-key-too-narrow", many
    weak = program(make_member(town, Role.CONTRIBUTOR), Scope.ADMINISTER, town)
    assert "managing keys" in weak("GET", "/keys", Accept_Language="en").json()["message"]
    assert weak("PUT", "/datasets/places/publication", {}).json()["error_code"] == "forbidden"
