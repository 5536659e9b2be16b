"""Every way in, asked by each stranger of a dataset that is hidden in each way: none tells of it, and none changes anything.

The addresses are those that the resolver knows (``journeys.doors``), so a new one is asked without being named here. What is sent to
those that write is the form that an administrator of the dataset is given there, as they would send it.
"""

from __future__ import annotations

import itertools
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import get_resolver
from django.views.defaults import page_not_found

from journeys.doors import (
    DOCUMENT,
    KEYED,
    LISTS,
    PICTURE,
    ROWS,
    TITLE,
    TOLD,
    VALUE,
    WORD,
    body_of,
    doors_of,
    every_address,
    filling_of,
    make_drawn,
    make_guarded,
    make_secret,
    plain_address,
    questions,
)
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.models import Person
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.datastore.models import Deposit, Import
from parvis.hub.jobs.models import Job
from parvis.hub.pages.models import ThemePage
from parvis.hub.sites.services import main_site, make_site
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.services import join, team_of
from parvis.hub.territories.models import Territory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@dataclass(frozen=True, slots=True)
class Hidden:
    """A way in which a dataset is hidden."""

    status: Status = Status.PUBLISHED
    access: Access = Access.PUBLIC
    announced: bool = False


HIDDEN = {
    "internal": Hidden(access=Access.INTERNAL),
    "of a group": Hidden(access=Access.RESTRICTED),
    "draft": Hidden(Status.DRAFT),
    "archived": Hidden(Status.UNPUBLISHED),
    "deleted": Hidden(Status.DELETED),
    "announced": Hidden(access=Access.RESTRICTED, announced=True),
}
OF_THE_CARD = (TITLE, WORD)
"""What everybody may know of a dataset that is announced: its card, and no value, count or document."""
assert set(TOLD) - set(OF_THE_CARD) >= {VALUE, str(ROWS), DOCUMENT}

NOISE = {"sessions", "usersessions", "quotas", "parvis_usage"}
"""Rooms whose rows come and go with any request: sessions, throttles, counts of views."""
STATE_ACTS = ("publier", "retirer", "supprimer", "restaurer")
TOOLS = {
    "search_datasets": {"query": "polichinelle"},
    "describe_dataset": {"dataset_id": "polichinelle"},
    "query_records": {"dataset_id": "polichinelle"},
    "sample_rows": {"dataset_id": "polichinelle"},
    "facet_values": {"dataset_id": "polichinelle", "columns": ["nom"]},
    "export_link": {"dataset_id": "polichinelle"},
}
SQL = "SELECT * FROM polichinelle"
METHODS = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


@pytest.fixture
def dataset() -> Iterator[Dataset]:
    """The dataset with all that may be made of it, open to everybody until a test hides it."""
    for guarded in make_guarded(make_secret()):
        yield make_drawn(guarded)


@pytest.fixture
def strangers() -> dict[str, Client]:
    """Who asks: nobody in particular, and people who are something somewhere else."""
    elsewhere = make_organisation("Ailleurs")
    people = {role.value: make_member(elsewhere, role) for role in Role}
    people["without role"] = make_person()
    people["publisher of a site"] = _publisher()
    clients = {"anonymous": Client()}
    for name, person in people.items():
        clients[name] = _signed_in(person)
    administrator = people[Role.ADMINISTRATOR.value]
    key = create_key(actor_of(administrator), administrator, "clé", scope=Scope.READ)[1]
    clients["key of an administrator"] = Client(headers={"Authorization": f"Apikey {key}"})
    clients["key of an administrator"].get("/api/explore/v2.1/catalog/datasets")  # its first use of the day is written
    return clients


def _publisher() -> Person:
    territory = Territory.objects.create(kind="commune", code="77067", name="Cesson", folded="cesson")
    make_organisation("Cesson", territory=territory, kind="commune")
    site = make_site(OPERATOR, territory, "cesson.localhost", parent=main_site(), prefix="cesson")
    team_of(site)
    person = make_person()
    join(OPERATOR, person, site, Duty.PUBLISH)
    return person


def _signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def _share(addresses: list[str], turn: int, part: int = len(HIDDEN)) -> list[str]:
    """What one caller is to ask while the dataset is hidden in one way.

    A part of the addresses, another at each turn: each caller asks every one of them once, and in each way every one of them is
    asked by somebody. All of them by all in all ways (``PARVIS_WHOLE_WALK``) takes six minutes.
    """
    return addresses if os.environ.get("PARVIS_WHOLE_WALK") else addresses[turn % part :: part]


def _hide(dataset: Dataset, way: Hidden) -> None:
    dataset.allowed_groups.add(Group.objects.get_or_create(name="Cellule de crise")[0])
    Dataset.objects.filter(pk=dataset.pk).update(status=way.status, access=way.access, announced=way.announced)
    bump_revision()


# ------------------------------------------------------------------------------------------------ ways in that read


def _reading(dataset: Dataset) -> list[str]:
    addresses = {address for address in questions(filling_of(dataset, Client())) if not PICTURE.search(address)}
    return sorted(addresses | set(LISTS) | {door for door in doors_of(dataset) if not PICTURE.search(door)})


def _ask_tools(client: Client) -> dict[str, str]:
    """What the tools of assistants and free SQL answer."""
    answers = {}
    for name, arguments in TOOLS.items():
        order = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        headers = {"Accept": "application/json, text/event-stream"}
        answers[name] = body_of(client.post("/mcp", json.dumps(order), "application/json", headers=headers))
    answers["sql"] = body_of(client.post("/api/parvis/v1/sql", json.dumps({"q": SQL}), "application/json"))
    return answers


def test_no_way_in_tells_a_stranger_of_a_hidden_dataset(dataset, strangers):
    addresses = _reading(dataset)
    assert len(addresses) > 200
    for turn, (way, hidden) in enumerate(HIDDEN.items()):
        _hide(dataset, hidden)
        secrets = [word for word in TOLD if not (hidden.announced and word in OF_THE_CARD)]
        for rank, (name, client) in enumerate(strangers.items()):
            for address in _share(addresses, turn + rank):
                if name.startswith("key") and not KEYED.match(address):
                    continue  # a key is read there alone: elsewhere who has it is anonymous
                answer = client.get(address)
                context = way, name, address, answer.status_code
                assert answer.status_code < 500 or answer.status_code == 503, context
                text = body_of(answer)
                assert [word for word in secrets if word in text] == [], context
                if f"/{dataset.dataset_id}/" in f"{address}/" and not hidden.announced:
                    assert answer.status_code >= 300, context
            if _share([name], turn + rank, 2):
                for tool, text in _ask_tools(client).items():
                    assert [word for word in secrets if word in text] == [], (way, name, tool, text)


def test_the_same_questions_are_answered_to_who_may_read(dataset):
    """The walk above asks what is really there: no word is found because none could be."""
    addresses = _reading(dataset)
    _hide(dataset, HIDDEN["of a group"])
    reader = _signed_in(make_member(dataset.organisation, Role.CONTRIBUTOR))
    texts = [body_of(reader.get(address)) for address in addresses]
    for word in (TITLE, VALUE, WORD, DOCUMENT):
        assert sum(word in text for text in texts) >= 10, word
    answers = _ask_tools(reader)
    assert all(VALUE in answers[tool] for tool in ("query_records", "sample_rows", "facet_values", "sql")), answers


# ------------------------------------------------------------------------------------------------ ways in that write


def _writing(dataset: Dataset) -> list[str]:
    """Every address of the back office that names the dataset, what is made of it, its organisation, its people or its jobs."""
    page = ThemePage.objects.get(slug="dessin")
    member = make_member(dataset.organisation, Role.STEWARD)
    revision = page.latest_revision or page.save_revision()
    numbers = {"page_id": page.pk, "page_to_move_id": page.pk, "revision_id": revision.pk, "pk": member.pk}
    imported = _import(dataset)
    keys = {"admin/depots/": imported.pk, "admin/taches/": imported.job_id}
    base_filling = {**filling_of(dataset, Client()), **{name: str(number) for name, number in numbers.items()}}
    addresses: set[str] = set()
    for template in every_address(get_resolver().url_patterns):
        if not template.startswith("admin/") or "<" not in template:
            continue
        key = next((number for folder, number in keys.items() if template.startswith(folder)), member.pk)
        filling = {**base_filling, "key": str(key), "revision": str(_first_revision(dataset))}
        for act in STATE_ACTS if "<slug:act>" in template else ("",):
            addresses.add(plain_address(template, {**filling, "act": act}))
    return sorted(address for address in addresses if _NAMES.search(address) or _is_of_a_page(address, page.pk))


_NAMES = re.compile(
    r"/admin/(?:jeux|graphiques|cartes|indicateurs|organisations|personnes|depots|taches|users|pousser)/"
)


def _is_of_a_page(address: str, page: int) -> bool:
    return address.startswith(f"/admin/pages/{page}/")


def _import(dataset: Dataset) -> Import:
    """The import of a file into the dataset, which waits for somebody's choices."""
    job = Job.objects.create(kind="examine", state=Job.State.DONE)
    deposit = Deposit.objects.create(name="puits.csv", bytes=4, received=4)
    return Import.objects.create(dataset=dataset, deposit=deposit, job=job, state=Import.State.EXAMINED)


def _first_revision(dataset: Dataset) -> int:
    return dataset.revisions.order_by("pk").first().pk


def _forms(client: Client, addresses: list[str]) -> dict[str, dict[str, str]]:
    """By address, what the forms shown there would send; a word that is none of the card's in each text."""
    forms_by_address = {}
    for address in addresses:
        answer = client.get(address)
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            forms_by_address[address] = {"email": "intrus@ailleurs.example", "role": "administrator"}
            continue
        soup = BeautifulSoup(answer.content, "html.parser")
        forms_by_address[address] = {}
        for form in soup.find_all("form", method=re.compile("post", re.IGNORECASE)):
            forms_by_address[address] |= _fields(form)
    return forms_by_address


def _owner(dataset: Dataset) -> Client:
    """An administrator of the dataset's organisation; an import that was not really read breaks some of its screens."""
    client = _signed_in(make_member(dataset.organisation, Role.ADMINISTRATOR))
    client.raise_request_exception = False
    return client


def _fields(form) -> dict[str, str]:
    values = {}
    for field in form.find_all(["input", "textarea", "select", "button"]):
        name, kind = field.get("name"), field.get("type", field.name)
        if not name or name == "csrfmiddlewaretoken" or kind == "file":
            continue
        if field.name == "select":
            chosen = field.find_all("option")
            values[name] = next((o.get("value", "") for o in chosen if o.has_attr("selected")), "")
        elif kind in ("checkbox", "radio"):
            if field.has_attr("checked"):
                values[name] = field.get("value", "on")
        elif kind in ("text", "textarea"):
            values[name] = (field.get("value") or field.get_text()) + (" changé" if _MAY_CHANGE.search(name) else "")
        else:
            values[name] = field.get("value", "")
    return values


_MAY_CHANGE = re.compile("title|titre|name|nom|description")


def _rows() -> dict[str, list[tuple]]:
    """Every row of the database that no mere visit writes, by table, those between two others included."""
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label not in NOISE and model._meta.managed and not model._meta.proxy:
                table, key = map(connection.ops.quote_name, (model._meta.db_table, model._meta.pk.column))
                cursor.execute(
                    f"SELECT * FROM {table} ORDER BY {key}"
                )  # as they are stored: whole models cost ten times that
                rows[model._meta.db_table] = cursor.fetchall()
    return rows


def _changed(before: dict[str, list[tuple]], after: dict[str, list[tuple]]) -> list[str]:
    return [table for table, rows in after.items() if rows != before[table]]


@pytest.fixture
def drawn_pages(monkeypatch) -> Iterator[dict[int | None, bytes]]:
    """By person, the page of the back office that says that there is nothing: drawn again once the test has emptied this.

    Nothing of the address is on it but what was asked, and its menu is most of the time that a refused form takes; the walk above
    reads it at every address.
    """
    drawn: dict[int | None, bytes] = {}

    def draw_once(request, exception, **options) -> HttpResponseNotFound:
        if request.user.pk not in drawn:
            drawn[request.user.pk] = page_not_found(request, exception, **options).content
        return HttpResponseNotFound(drawn[request.user.pk])

    monkeypatch.setattr("wagtail.admin.urls.page_not_found", draw_once)
    yield drawn
    assert drawn  # else this is no longer where it is drawn


def test_no_way_in_lets_a_stranger_change_a_hidden_dataset(dataset, strangers, drawn_pages):
    """What is sent is taken from who may send it: nothing is refused for being badly filled alone."""
    addresses, doors = _writing(dataset), doors_of(dataset)
    owner = _owner(dataset)
    forms = _forms(owner, addresses)
    for turn, (way, hidden) in enumerate(HIDDEN.items()):
        _hide(dataset, hidden)
        drawn_pages.clear()
        before = _rows()
        for rank, (name, client) in enumerate(strangers.items()):
            for address in _share(addresses, turn + rank, 2):
                answer = client.post(address, forms[address])
                assert answer.status_code < 500, (way, name, address)
                assert TITLE not in body_of(answer) or hidden.announced, (way, name, address)
            for address, method in zip(_share(doors, turn + rank), itertools.cycle(METHODS)):
                answer = client.generic(method, address)
                assert answer.status_code < 500, (way, name, method, address)
        assert _changed(before, _rows()) == [], way
    _hide(dataset, Hidden())
    assert len(_taken(owner, forms)) >= 12


def _taken(owner: Client, forms: dict[str, dict[str, str]]) -> set[str]:
    """The addresses at which the same forms change things for who may; nothing stays changed."""
    before, taken = _rows(), set()
    for address, form in forms.items():
        with transaction.atomic():
            owner.post(address, form)
            if _changed(before, _rows()):
                taken.add(address)
            transaction.set_rollback(True)
    return taken
