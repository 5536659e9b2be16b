"""More addresses than one sitemap may hold: files of the protocol, in which each is once."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.db import connection

from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset

pytestmark = pytest.mark.django_db

MANY = 50_001
NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def copied(dataset: Dataset, count: int) -> None:
    """As many other datasets as ``count``, which say what this one says under names of their own."""
    named = {"dataset_id": "'jeu-' || n", "permanent_id": "'jeu-' || n", "uid": "'u' || n"}
    columns = [field.column for field in Dataset._meta.local_concrete_fields if not field.primary_key]
    values = ", ".join(named.get(name, f'"{name}"') for name in columns)
    quoted = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
            f" INSERT INTO catalogue_dataset ({quoted}) SELECT {values} FROM catalogue_dataset, numbers WHERE id = %s",
            [count, dataset.pk],
        )


def test_fifty_thousand_and_one_datasets_are_all_told_in_files_that_the_protocol_takes(client):
    copied(make_dataset(dataset_id="premier"), MANY - 1)
    answer = client.get("/sitemap.xml")
    index = ElementTree.fromstring(answer.content)
    assert index.tag == f"{{{NAMES['map']}}}sitemapindex"
    parts = [place.text for place in index.iterfind("map:sitemap/map:loc", NAMES)]
    assert len(parts) == len(set(parts)) < 50_000
    host = urlsplit(parts[0]).netloc
    paths: list[str] = []
    for part in parts:
        answer = client.get(urlsplit(part).path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/xml")
        assert len(answer.content) < 50_000_000
        urls = ElementTree.fromstring(answer.content).findall("map:url", NAMES)
        assert 0 < len(urls) <= 50_000
        for url in urls:
            address = urlsplit(url.findtext("map:loc", "", NAMES))
            assert (address.scheme, address.netloc) == (urlsplit(parts[0]).scheme, host)
            if moment := url.findtext("map:lastmod", "", NAMES):
                datetime.fromisoformat(moment)
            paths.append(address.path)
    assert len(paths) == len(set(paths))
    datasets = {
        match[1] for match in map(re.compile("/explore/dataset/([^/]+)/information/").fullmatch, paths) if match
    }
    assert datasets == {"premier", *(f"jeu-{n}" for n in range(1, MANY))}
