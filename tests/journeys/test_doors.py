"""Every door of the house, found from its addresses: what one may not see does not exist there."""

from __future__ import annotations

import itertools
import re

import pytest
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from parvis.core.columns import Column, ColumnType
from parvis.core.engine.factories import make_version as make_folder
from parvis.core.explore import EXPORT_FORMATS
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset, Version
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.catalogue.services import bump_revision
from parvis.hub.datastore.folders import versions_folder

pytestmark = pytest.mark.django_db

TITLE = "Registre des secrets de Polichinelle"
HIDDEN = [
    (status, access)
    for status, access in itertools.product(Status, Access)
    if (status, access) != (Status.PUBLISHED, Access.PUBLIC)
]
LISTS = (
    "/",
    "/explore/",
    "/explore/?q=polichinelle",
    "/feed.xml",
    "/sitemap.xml",
    "/organisations/",
    "/organisations/mairie-secrete/",
    "/organisations/mairie-secrete/feed.xml",
    "/api/explore/v2.1/catalog/datasets",
    "/api/explore/v2.1/catalog/facets",
    "/api/explore/v2.1/catalog/exports/csv",
    "/api/explore/v2.1/catalog/exports/json",
)


def _addresses(patterns, prefix: str = "") -> list[str]:
    """Every address template of the house that names a dataset."""
    found = []
    for entry in patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _addresses(entry.url_patterns, here)
        elif isinstance(entry, URLPattern) and "dataset_id" in here:
            found.append(here)
    return found


def _filled(template: str, dataset: Dataset) -> str:
    values = {
        "dataset_id": dataset.dataset_id,
        "version": dataset.current.name,
        "format": "json",
        "name": "rejects",
        "slug": "notice",
        "tab": "table",
    }
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<str:\1>", template)
    plain = plain.replace("^", "").replace("$", "").replace("\\Z", "").replace("/?", "/")
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values.get(found.group(1), "0"), plain)


@pytest.fixture
def secret() -> Dataset:
    organisation = make_organisation("Mairie secrète", slug="mairie-secrete")
    dataset = make_dataset(organisation, title=TITLE, dataset_id="polichinelle")
    columns = [Column("nom", "Nom", ColumnType.TEXT), Column("lieu", "Lieu", ColumnType.GEO_POINT)]
    folder = versions_folder(dataset.uid) / dataset.current.name
    source = make_folder(folder, columns, [("Puits", "POINT(2.4 48.6)")])
    original = folder / source.manifest.original.file
    original.parent.mkdir()
    original.write_text("nom,lieu\n")
    Version.objects.filter(pk=dataset.current.pk).update(has_geometry=True)
    return dataset


def _doors(dataset: Dataset) -> list[str]:
    return sorted({_filled(template, dataset) for template in _addresses(get_resolver().url_patterns)} | _api(dataset))


def _api(dataset: Dataset) -> set[str]:
    """The API routes below one address of its own."""
    base = f"/api/explore/v2.1/catalog/datasets/{dataset.dataset_id}"
    below = ("", "/records", "/facets", "/exports", "/attachments", *(f"/exports/{row.name}" for row in EXPORT_FORMATS))
    return {base + end for end in below}


def test_the_walk_finds_the_doors(secret):
    doors = " ".join(_doors(secret))
    for word in ("information", "table", "map", "export", "records", "exports/json", ".mvt", "layer.json", "original"):
        assert word in doors, word
    assert len(_doors(secret)) > 15


def test_the_same_doors_open_on_what_is_public(client, secret):
    opened = [door for door in _doors(secret) if client.get(door).status_code in (200, 204)]
    assert len(opened) >= 15
    for page in LISTS[:8]:
        if page != "/organisations/":
            assert (
                "Polichinelle" in client.get(page).content.decode()
                or "polichinelle" in client.get(page).content.decode()
            ), page


@pytest.mark.parametrize(("status", "access"), HIDDEN, ids=lambda value: str(value))
def test_what_one_may_not_see_does_not_exist_at_any_door(client, secret, status, access):
    Dataset.objects.filter(pk=secret.pk).update(status=status, access=access)
    bump_revision()
    stranger = make_member(make_organisation(), Role.ADMINISTRATOR)
    for visitor in (None, stranger):
        if visitor is not None:
            client.force_login(visitor)
        for door in _doors(secret):
            answer = client.get(door)
            told = answer.status_code, TITLE.encode() in (b"" if answer.streaming else answer.content)
            if door.startswith("/admin/"):
                assert told in {(302, False), (404, False), (403, False), (405, False)}, (door, visitor)
            else:
                assert told in {(404, False), (405, False)}, (door, visitor)
        for page in LISTS:
            answer = client.get(page)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            assert answer.status_code == 200, page
            assert TITLE.encode() not in body, (page, visitor)
