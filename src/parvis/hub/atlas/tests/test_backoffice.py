"""« Cartes » in the back office: composed, saved, published, by whom it may be."""

from __future__ import annotations

import pytest

from parvis.hub.atlas.factories import make_map, make_towns, make_trees
from parvis.hub.atlas.models import Map
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.records.rules import Status as RecordStatus

ADD = "/admin/cartes/-/nouvelle/"
FORM = {"jeu": "arbres", "genre": "choropleth", "codes": "insee", "calcul": "count", "titre": "Des arbres partout"}


@pytest.fixture(autouse=True)
def _towns(db):
    make_towns()


def test_a_map_is_composed_step_by_step_saved_published_and_deleted(town):
    make_trees(organisation=town.organisation)
    client = client_of(town.steward)
    assert "Arbres" in client.get(ADD).content.decode()
    shown = client.post(ADD, FORM).content.decode()
    assert "data-atlas" in shown and 'value="choropleth" selected' in shown and not Map.objects.exists()
    saved = client.post(ADD, {**FORM, "acte": "enregistrer", "organisation": town.organisation.slug}, follow=True)
    saved_map = Map.objects.get()
    assert saved.redirect_chain == [(f"/admin/cartes/{saved_map.slug}/", 302)]
    assert (saved_map.title, saved_map.status, saved_map.described.layers[0].territory) == (
        "Des arbres partout",
        "draft",
        "insee",
    )
    client.post(f"/admin/cartes/{saved_map.slug}/", {"acte": "publier"})
    saved_map.refresh_from_db()
    assert saved_map.status == RecordStatus.PUBLISHED
    assert "Des arbres partout" in client.get("/admin/cartes/").content.decode()
    asking = client.get(f"/admin/cartes/{saved_map.slug}/").content.decode()
    assert f'href="/admin/cartes/delete/{saved_map.pk}/"' in asking
    client.post(f"/admin/cartes/delete/{saved_map.pk}/")
    assert not Map.objects.exists()


def test_a_saved_map_is_opened_as_it_was_whole(town):
    dataset = make_trees(organisation=town.organisation)
    layer = {
        "where": ('`espece` = "Platane"',),
        "colour": "hauteur",
        "classes": "chosen",
        "bounds": (5.0, 10.5),
        "popup": "{nom}\n{hauteur}",
        "unit": "m",
        "version": dataset.current.name,
    }
    other = {"kind": "clusters", "where": ("annee > 2021 or annee < 2000", "hauteur > 1"), "hidden": True}
    saved_map = make_map(dataset, layer, other, start=(2.45, 48.6, 11.0))
    client = client_of(town.contributor)
    address = f"/admin/cartes/{saved_map.slug}/"
    opened = client.get(address)
    form = _fields(opened)
    client.post(address, {**form, "acte": "enregistrer"})
    again = Map.objects.get().get_latest_revision_as_object()
    first, second = again.described.layers
    assert again.revision == 2
    assert first == saved_map.described.layers[0]
    assert (second.hidden, second.where) == (True, ("annee > 2021 or annee < 2000", "hauteur > 1"))
    assert again.described.start == (2.45, 48.6, 11.0)


def _fields(answer):
    """The form as a browser would send it back."""
    context = answer.context
    sent = {"jeu": context["layers"][0].dataset, "revision": context["revision"], "titre": context["record"].title}
    for part in context["layers"]:
        sent |= {select.name: next((o.value for o in select.options if o.is_chosen), "") for select in part.selects}
        layer = part.layer
        written = {"bornes": part.bounds, "unite": layer.unit, "version": layer.version, "bulle": layer.popup}
        written |= {"condition": part.condition, "nom": layer.label, "cachee": "oui" if layer.hidden else ""}
        if part.rank:
            written["jeu"] = part.dataset
        sent |= {part.prefix + name: value for name, value in written.items()}
    return {**sent, "depart": context["start"]}


def test_who_saves_second_is_told_and_overwrites_nothing(town):
    saved_map = make_map(make_trees(organisation=town.organisation))
    client = client_of(town.contributor)
    address = f"/admin/cartes/{saved_map.slug}/"
    client.post(address, {**FORM, "titre": "Le premier", "revision": "1", "acte": "enregistrer"})
    second = client.post(address, {**FORM, "titre": "Le second", "revision": "1", "acte": "enregistrer"})
    assert second.status_code == 422
    assert (
        "Quelqu’un d’autre a enregistré" in second.content.decode() and 'value="Le second"' in second.content.decode()
    )
    assert Map.objects.get().get_latest_revision_as_object().title == "Le premier"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"titre": ""}, "a un titre"),
        ({"classes": "chosen", "bornes": "dix"}, "Bornes des classes » : dix"),
        ({"depart": "ici"}, "2,43 ; 48,63 ; 12"),
    ],
)
def test_what_will_not_do_is_explained_and_nothing_is_kept(town, wrong, message):
    make_trees(organisation=town.organisation)
    form = {**FORM, **wrong, "acte": "enregistrer", "organisation": town.organisation.slug}
    answer = client_of(town.contributor).post(ADD, form)
    assert answer.status_code == 422 and message in answer.content.decode()
    for value in filter(None, wrong.values()):
        assert f'value="{value}"' in answer.content.decode()
    assert not Map.objects.exists()


@pytest.mark.parametrize("person", ["reader", "other", "anonymous"])
def test_strangers_neither_see_nor_change_the_maps_of_others(town, person):
    saved_map = make_map(make_trees(organisation=town.organisation), status=RecordStatus.DRAFT)
    client = client_of(getattr(town, person))
    for method in (client.get, client.post):
        assert method(f"/admin/cartes/{saved_map.slug}/").status_code in (302, 403, 404)
    assert "Des arbres partout" not in client.get("/admin/cartes/").content.decode()
    client.post(ADD, {**FORM, "acte": "enregistrer", "organisation": town.organisation.slug})
    client.post(f"/admin/cartes/delete/{saved_map.pk}/")
    assert Map.objects.get() == saved_map


def test_a_contributor_does_not_publish(town):
    saved_map = make_map(make_trees(organisation=town.organisation), status=RecordStatus.DRAFT)
    answer = client_of(town.contributor).post(f"/admin/cartes/{saved_map.slug}/", {"acte": "publier"})
    saved_map.refresh_from_db()
    assert (answer.status_code, saved_map.status) == (403, RecordStatus.DRAFT)


def test_the_data_of_others_cannot_be_drawn_through_the_maker(town):
    make_trees(organisation=town.other_organisation, access=Access.RESTRICTED)
    answer = client_of(town.steward).post(ADD, {"jeu": "arbres"})
    assert answer.status_code == 404 and "Grigny" not in answer.content.decode()


def test_an_editor_draws_a_dataset_that_is_not_published_yet(town):
    make_trees(organisation=town.organisation, status=Status.DRAFT)
    assert "data-atlas" in client_of(town.contributor).post(ADD, {"jeu": "arbres"}).content.decode()
