"""Thumbnails: drawn in the background, shown on cards, as closed as what they show, gone with it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.urls import reverse

from parvis.core.engine.factories import make_version as make_folder
from parvis.core.pictures import measure
from parvis.core.versions.manifest import read_manifest, write_manifest
from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.atlas.factories import make_map as make_saved_map
from parvis.hub.atlas.factories import make_towns, make_trees
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.rules import Access
from parvis.hub.catalogue.services import set_access
from parvis.hub.charts.factories import COLUMNS, make_chart, make_stands
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.jobs.models import Job
from parvis.hub.jobs.worker import drain
from parvis.hub.records.services import withdraw
from parvis.hub.store import store, thumbnails_name
from parvis.hub.thumbnails import kinds
from parvis.hub.thumbnails.drawing import of_dataset
from parvis.hub.thumbnails.models import Thumbnail
from parvis.hub.thumbnails.rules import ABOUT, DRAWING, MOST_BYTES, NOTHING
from parvis.hub.thumbnails.services import ask_for_missing, version_published
from parvis.hub.ui.tests.markup import tight

pytestmark = pytest.mark.django_db


def drawn(dataset: Dataset) -> Dataset:
    version_published(dataset)
    drain()
    dataset.refresh_from_db()
    return Dataset.objects.select_related("current").get(pk=dataset.pk)


def address_of(dataset: Dataset, theme: str = "light") -> str:
    stem, _dot, ending = dataset.current.thumbnail.partition(".")
    return reverse("dataset-thumbnail", args=[dataset.dataset_id, f"{stem}-{theme}.{ending}"])


def test_a_card_has_a_pictogram_until_the_background_has_drawn_its_chart(client):
    dataset = make_stands(themes=["transports"])
    version_published(dataset)
    before = tight(client.get("/explore/").content.decode())
    assert 'class="thumbnail empty"' in before and "/vignette/" not in before
    assert Job.objects.filter(kind=kinds.DATASET).count() == 1
    drain()
    dataset = Dataset.objects.select_related("current").get(pk=dataset.pk)
    after = tight(client.get("/explore/").content.decode())
    picture = re.search(r'<picture class="thumbnail">.*?</picture>', after)[0]
    assert f'src="{address_of(dataset)}"' in picture
    assert 'loading="lazy"' in picture and 'alt=""' in picture and 'width="320" height="200"' in picture
    for theme in ("light", "dark"):
        answer = client.get(address_of(dataset, theme))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert 0 < len(answer.content) <= MOST_BYTES


def test_a_dataset_of_places_is_shown_by_its_map(client):
    make_towns()
    dataset = drawn(make_trees())
    body = client.get(address_of(dataset)).content
    header = measure(body)
    assert b"<svg" in body[:100] or (header.kind, header.width, header.height) == ("webp", 640, 400)
    assert b"<text" not in body
    assert len(body) <= MOST_BYTES


@pytest.mark.parametrize(("width", "is_chart"), [(0.0004, True), (0.01, False)])
def test_measures_of_one_place_are_shown_by_their_chart_rather_than_by_a_dot(width, is_chart):
    dataset = make_trees()
    folder = versions_folder(dataset.uid) / dataset.current.name
    write_manifest(folder, replace(read_manifest(folder), bbox=(2.44, 48.62, 2.44 + width, 48.62)))
    drawn_dataset = of_dataset(dataset)
    assert drawn_dataset is not None
    assert bool(drawn_dataset.about.chart) == is_chart


@pytest.mark.parametrize("access", [Access.INTERNAL, Access.RESTRICTED])
def test_the_picture_of_a_closed_dataset_is_as_closed_as_its_rows(client, access):
    dataset = drawn(make_stands())
    address = address_of(dataset)
    assert client.get(address).status_code == 200
    set_access(OPERATOR, dataset, access, [], [])
    assert client.get(address).status_code == 404
    client.force_login(make_member(dataset.organisation, Role.ADMINISTRATOR))
    assert client.get(address).status_code == 200


def test_data_on_request_shows_no_picture_of_its_rows(client):
    dataset = drawn(make_stands())
    set_access(OPERATOR, dataset, Access.RESTRICTED, [], [], announced=True)
    assert client.get(address_of(dataset)).status_code == 403
    html = client.get("/explore/").content.decode()
    assert "Données sur demande" in html and "/vignette/" not in html


def test_a_new_version_takes_the_files_of_the_one_before_with_it():
    dataset = drawn(make_stands())
    first = thumbnails_name(dataset.uid, dataset.current.name)
    assert {ABOUT, *(f"{dataset.current.thumbnail[:-4]}-{theme}.svg" for theme in ("light", "dark"))} < set(
        store().children(first)
    )
    other = dataset.versions.create(name="20990101T000000-bbbb", rows=0, columns=5, bytes=1, original="a", format="csv")
    make_folder(versions_folder(dataset.uid) / other.name, COLUMNS, [])
    dataset.current = other
    dataset.save()
    assert drawn(dataset).current.thumbnail == NOTHING
    assert store().children(first) == []


def test_saved_drawings_have_theirs_which_leave_when_they_are_withdrawn(client):
    make_towns()
    chart, saved_map = make_chart(make_stands()), make_saved_map(make_trees())
    drain()
    names = {row.kind: row.name for row in Thumbnail.objects.all()}
    assert set(names) == {"chart", "map"} and NOTHING not in names.values()
    html = client.get("/graphiques/").content.decode()
    address = re.search(r'src="(/vignettes/chart/[^"]+)"', html)[1]
    assert client.get(address).status_code == 200
    assert client.get(address.replace(f"/{chart.pk}/", f"/{chart.pk + 1000}/")).status_code == 404
    withdraw(OPERATOR, chart)
    drain()
    assert client.get(address).status_code == 404
    assert Thumbnail.objects.get().object_id == saved_map.pk


def test_the_thumbnail_of_a_drawing_is_not_shown_to_who_may_not_read_its_data(client):
    dataset = make_stands()
    make_chart(dataset)
    drain()
    address = re.search(r'src="(/vignettes/chart/[^"]+)"', client.get("/graphiques/").content.decode())[1]
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    assert client.get(address).status_code == 404


def test_what_lacks_one_is_asked_for_once_and_what_cannot_have_one_is_not_asked_again():
    dataset = drawn(make_stands())
    assert ask_for_missing() == 0
    Dataset.objects.get(pk=dataset.pk).versions.update(thumbnail="0-0123456789abcdef.svg")
    assert (ask_for_missing(), ask_for_missing()) == (1, 0)
    drain()
    dataset.current.refresh_from_db()
    assert dataset.current.thumbnail.startswith(f"{DRAWING}-")
    dataset.versions.update(thumbnail=NOTHING)
    assert ask_for_missing() == 0


@pytest.mark.parametrize(
    "file", ["x-light.svg", "2-0123456789abcdef-light.svg", "2-0123456789abcdef-blue.svg", "..-light.svg"]
)
def test_no_other_name_leads_to_a_file(client, file):
    drawn(make_stands())
    assert client.get(reverse("dataset-thumbnail", args=["arceaux", file])).status_code == 404


def test_the_charts_proposed_of_a_dataset_have_theirs_once_they_are_drawn(client):
    dataset = make_stands()
    address = f"{dataset.get_absolute_url()}analyze/"
    before = client.get(address).content.decode()
    assert "À regarder d’abord" in before and "/vignette/" not in before
    dataset = drawn(dataset)
    after = client.get(address).content.decode()
    proposed = after.partition('class="suggestions"')[2].partition("</nav>")[0]
    pictures = re.findall(r'src="([^"]+/vignette/[^"]+)"', proposed)
    assert len(pictures) == proposed.count("<li>") > 1
    assert proposed.count('loading="lazy"') == len(pictures)
    for picture in pictures:
        answer = client.get(picture)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
        assert len(answer.content) < 8_000
    set_access(OPERATOR, dataset, Access.INTERNAL, [], [])
    assert client.get(pictures[0]).status_code == 404
