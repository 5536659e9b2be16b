"""Every door of the house, found from its addresses: what one may not see does not exist there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver

from journeys.doors import (
    KEYED,
    LISTS,
    PICTURE,
    TITLE,
    asked_at,
    body_of,
    doors_of,
    every_address,
    filling_of,
    make_drawn,
    make_guarded,
    make_holder,
    make_secret,
    questions,
    secret_of,
)
from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.apikeys.rules import Scope
from parvis.hub.apikeys.services import create_key, revoke_key
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision

pytestmark = pytest.mark.django_db

HIDDEN = [
    (status, access)
    for status, access in itertools.product(Status, Access)
    if (status, access) != (Status.PUBLISHED, Access.PUBLIC)
]


@pytest.fixture
def secret() -> Dataset:
    """A dataset."""
    return make_secret()


@pytest.fixture
def guarded(secret) -> Iterator[Dataset]:
    """The same with a facet, a keyword, a count and a document."""
    yield from make_guarded(secret)


@pytest.fixture
def drawn(guarded) -> Dataset:
    """The same with all that may be made of it."""
    return make_drawn(guarded)


def test_the_walk_finds_the_doors(secret):
    doors = " ".join(doors_of(secret))
    for word in ("information", "table", "map", "export", "records", "exports/json", ".mvt", "layer.json", "original"):
        assert word in doors, word
    assert len(doors_of(secret)) > 15


def test_the_same_doors_open_on_what_is_public(client, secret):
    opened = [door for door in doors_of(secret) if client.get(door).status_code in (200, 204)]
    assert len(opened) >= 15
    for page in LISTS[:8]:
        if page != "/organisations/":
            assert (
                "Polichinelle" in client.get(page).content.decode()
                or "polichinelle" in client.get(page).content.decode()
            ), page


def test_what_one_may_not_see_does_not_exist_at_any_door(client):
    """Eleven datasets are there at once, hidden each in its own way: a list that tells of none is read once for all of them."""
    holder, datasets = make_holder(), {}
    for number, (status, access) in enumerate(HIDDEN, start=1):
        dataset = datasets[status, access] = make_secret(holder, f"{number:02}")
        Dataset.objects.filter(pk=dataset.pk).update(status=status, access=access)
    bump_revision()
    stranger = make_member(make_organisation(), Role.ADMINISTRATOR)
    for visitor in (None, stranger):
        if visitor is not None:
            client.force_login(visitor)
        for way, dataset in datasets.items():
            for door in doors_of(dataset):
                answer = client.get(door)
                outcome = answer.status_code, TITLE.encode() in (b"" if answer.streaming else answer.content)
                if door.startswith(
                    "/api/parvis/v1/datasets/"
                ):  # asks for a key before it looks whether there is anything
                    assert outcome in {(403, False), (404, False), (405, False)}, (way, door, visitor)
                elif door.startswith("/admin/"):
                    assert outcome in {(302, False), (404, False), (403, False), (405, False)}, (way, door, visitor)
                else:
                    assert outcome in {(404, False), (405, False)}, (way, door, visitor)
        for page in LISTS:
            answer = client.get(page)
            body = body_of(answer)
            assert answer.status_code == 200, page
            assert [way for way, dataset in datasets.items() if dataset.title in body] == [], (page, visitor)


SHUT = {
    r"api/\(\?:explore\|v2\)": "leads nowhere",
    r"api/\(\?:records\|datasets\)": "leads nowhere",
    r"^ogc/<path:rest>": "leads nowhere",
    r"^\^odata/.*<rest>": "leads nowhere",
    r"v2\.1.*\(\?:aggregates\|query\)": "gone since version 2.1",
    r"/files/": "no row holds a file",
    r"explore/dataset/\(\?P<former>": "a name that no dataset has: what one had on a portal that it left",
    r"metadata_templates.*<kind>": "what metadata are made of, the same for all",
    r"monitoring/datasets/": "always empty",
    r"mcp/|v1/validate": "asked with POST",
    r"^valider/": "a file of its sender alone",
    r"^schemas/": "schemas of the portal, not of a dataset",
    r"versions.*(?:validation|<slug:name>)": "no schema was asked for, no row refused",
    r"inventaire": "no inventory of this organisation",
    r"^territoires/": "a place of the shipped reference",
    r"^sitemap-<slug:section>": "a part of the addresses of ``/sitemap.xml``, by names that the walk does not know",
    r"^carte/(?:fond|ign|noms)/": "the base map of the operator and the names of territories, the same for all",
    r"^indicateurs/semaine/": "asked with POST",
    r"(?:collectes|demandes|reutilisations)/(?:<slug|\(\?P<slug)": "a record of its own, of no dataset",
    r"openstreetmap/(?:<slug|\(\?P<slug|compte)": "compared with no extract; an account of another site",
    r"contributions": "the secret of its author, or asked with POST",
    r"contribuer/(?:ligne|ajouter|semblables)": "nothing tells its rows apart",
    r"collectes/<str:slug>/reponses": "asked with POST, or the secret of its author",
    r"discussions/<int:key>": "no discussion was opened",
    r"versions/<slug:version>/source\.": "no contribution changed it",
    r"agenda/(?:<slug|\(\?P<slug)": "an event is a record of its own, of no dataset",
    r"(?:deliberations|seances)/(?:<slug|\(\?P<slug)": "acts and sittings are records of their own; those online become datasets",
    r"deliberations/registre/": "no act of this organisation",
    r"v1/datasets/.*rows": "nobody opened its rows to programs, or asked with POST",
    r"parvis/v1/(?:datasets|uploads|imports|organisations|people|keys|pages)": "asked with a key that writes alone",
    r"parvis/v1/hooks/": "asked with POST, by who has the secret of a source",
    r"parvis/v1/(?:source|service-cards|runs|deliveries|received-files|webhooks|sites)": "asked with a key that writes alone too",
    r"actes/depots": "asked with POST, or the deposit of its sender alone",
    r"oparl/": "objects of acts and sittings, of no dataset",
    r"sceaux/jetons/": "nobody asked for a time stamp",
    r"collectes/(?:<slug|\(\?P<slug)": "a collection form is a record of its own; its answers become a dataset like any other",
}
"""Addresses that the walk opens for nobody, and why; any other must open for an editor of the dataset."""


def _callers(dataset: Dataset, group: Group) -> dict[str, tuple[Client, set[Access]]]:
    """Who asks, and the levels of access at which they may read the dataset."""
    owner, everywhere = dataset.organisation, {Access.PUBLIC, Access.INTERNAL, Access.RESTRICTED}
    people = {
        "member": (make_member(owner, Role.READER), {Access.PUBLIC, Access.INTERNAL}),
        "editor": (make_member(owner, Role.CONTRIBUTOR), everywhere),
        "stranger": (make_member(make_organisation(), Role.ADMINISTRATOR), {Access.PUBLIC}),
        "in group": (make_person(), {Access.PUBLIC, Access.RESTRICTED}),
    }
    people["in group"][0].groups.add(group)
    callers = {"anonymous": (Client(), {Access.PUBLIC})}
    for name, (person, levels) in people.items():
        client = Client()
        client.force_login(person)
        callers[name] = (client, levels)
        secret = create_key(actor_of(person), person, "clé", scope=Scope.READ)[1]
        callers[f"key of {name}"] = (Client(headers={"Authorization": f"ApiKey {secret}"}), levels)
    editor = people["editor"][0]
    public = create_key(actor_of(editor), editor, "publique", scope=Scope.READ_PUBLIC)[1]
    callers["public key of editor"] = (Client(headers={"Authorization": f"Apikey {public}"}), {Access.PUBLIC})
    row, revoked = create_key(actor_of(editor), editor, "révoquée", scope=Scope.READ)
    revoke_key(actor_of(editor), row)
    callers["revoked key of editor"] = (Client(headers={"Authorization": f"Apikey {revoked}"}), set())
    return callers


def test_the_questions_reach_every_kind_of_door(drawn):
    all_addresses = " ".join(questions(filling_of(drawn, Client())))
    for word in (
        "/api/explore/v2.1/catalog/datasets/polichinelle/records/",
        "exports/parquet",
        "attachments/notice",
        "files/0",
        "/api/records/1.0/search/?dataset=polichinelle",
        "/api/explore/v2.0/",
        "/ogc/collections/polichinelle/items",
        "/odata/polichinelle/$metadata",
        "/odata/polichinelle/polichinelle/$count",
        "/odata/polichinelle/polichinelle(1)",
        "/tiles/polichinelle/layer.json",
        "/sql/",
        "/mcp",
        "/catalog.ttl",
        "GetRecordById&id=polichinelle",
        "/graphiques/dessin/image.svg",
        "/cartes/dessin/couche-1.geojson",
        "/indicateurs/dessin/image.svg",
        "/pages/dessin/blocs/b1.csv",
        "/api/parvis/v1/charts/dessin",
    ):
        assert word in all_addresses, word


def test_a_door_that_the_walk_does_not_open_has_its_reason(drawn):
    editor = Client()
    editor.force_login(make_member(drawn.organisation, Role.CONTRIBUTOR))
    filling = filling_of(drawn, editor)
    shut = set()

    def opens(question: str) -> bool:
        answer = editor.get(question)
        if answer.streaming:
            answer.getvalue()  # one that is left half read still counts among what its caller asks at once
        return answer.status_code < 400

    for template in every_address(get_resolver().url_patterns):
        addresses = asked_at(template, filling)
        if addresses and not any(map(opens, addresses)):
            shut.add(template)
    unexplained = {one for one in shut if not any(re.search(known, one) for known in SHUT)}
    assert sorted(unexplained) == []
    assert all(any(re.search(known, one) for one in shut) for known in SHUT)


@pytest.fixture
def at_each_level() -> Iterator[dict[Access, Dataset]]:
    """By level of access, a dataset with all that may be made of it, open to everybody until the test hides it."""
    holder = make_holder()
    with ExitStack() as stack:
        guarded = [stack.enter_context(contextmanager(make_guarded)(make_secret(holder, figure))) for figure in "123"]
        yield dict(zip(Access, map(make_drawn, guarded), strict=True))


def _questions_at(access: Access, dataset: Dataset) -> set[str]:
    """What is asked of the dataset that will have this level of access."""
    addresses = {address for address in questions(filling_of(dataset, Client())) if not PICTURE.search(address)}
    if access is Access.PUBLIC:  # only a key that is no longer one is refused there, and only this API knows keys
        addresses = {address for address in addresses if address.startswith("/api/explore/v2")}
    assert len(addresses) > (40 if access is Access.PUBLIC else 120)
    return addresses


ENOUGH = 12
"""Answers that tell a caller of a dataset, which show that the walk reads it where it may."""


@pytest.mark.slow
def test_no_value_count_title_or_facet_of_a_hidden_dataset_is_told_to_anybody(at_each_level):
    """The datasets are there at once: what names none of them is asked once, and read for the words of each."""
    group = Group.objects.create(name="Cellule de crise")
    addresses = set().union(*(_questions_at(access, dataset) for access, dataset in at_each_level.items()))
    for access, dataset in at_each_level.items():
        Dataset.objects.filter(pk=dataset.pk).update(access=access)
        dataset.allowed_groups.add(group)
    bump_revision()
    for name, (client, levels) in _callers(dataset, group).items():
        read = dict.fromkeys(at_each_level, 0)
        for question in sorted(addresses):
            if "key" in name and not KEYED.match(question):
                continue
            if levels == set(at_each_level) and min(read.values()) >= ENOUGH:
                break  # nothing is hidden from them
            answer = client.get(question)
            assert answer.status_code < 500 or answer.status_code == 503, (name, question)
            body = body_of(answer)
            for access, dataset in at_each_level.items():
                words_seen = [word for word in secret_of(dataset.dataset_id).told if word in body]
                read[access] += bool(words_seen)
                if access not in levels:
                    assert not words_seen, (name, access, question, words_seen)
                    if f"/datasets/{dataset.dataset_id}/" in question and "/api/explore/" in question:
                        assert answer.status_code in (401, 404, 410), (name, question)
        for access in levels:  # the walk does read it where it may: what is checked above is no empty page
            assert read[access] >= ENOUGH, (name, access, read)
