"""« Graphiques » in the back office: composed, saved, published, by whom it may be."""

from __future__ import annotations

import pytest

from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.rules import Access, Status
from parvis.hub.charts.factories import make_chart, make_stands
from parvis.hub.charts.models import Chart
from parvis.hub.records.rules import Status as RecordStatus

ADD = "/admin/graphiques/-/nouveau/"
FORM = {
    "jeu": "arceaux",
    "type": "bars",
    "groupe": "commune",
    "calcul": "sum",
    "mesure": "places",
    "titre": "Des places partout",
}


def test_a_chart_is_composed_step_by_step_and_nothing_is_kept_before_it_is_asked(town):
    make_stands(organisation=town.organisation)
    client = client_of(town.contributor)
    assert "Arceaux à vélos" in client.get(ADD).content.decode()
    seen = client.post(ADD, {"jeu": "arceaux"}).content.decode()
    assert 'name="groupe"' in seen and "data-chart-sentence" in seen
    shown = client.post(ADD, FORM).content.decode()
    assert "vient en tête" in shown and not Chart.objects.exists()


def test_the_organisation_of_the_data_is_proposed_and_no_other(town):
    make_stands(organisation=town.organisation)
    client = client_of(town.superuser)
    proposed = client.post(ADD, FORM).content.decode()
    assert f'<option value="{town.organisation.slug}" selected>' in proposed
    chosen = client.post(ADD, {**FORM, "organisation": town.other_organisation.slug}).content.decode()
    assert f'<option value="{town.other_organisation.slug}" selected>' in chosen
    assert f'<option value="{town.organisation.slug}" selected>' not in chosen


def test_a_chart_is_saved_then_published_and_stands_in_the_list(town):
    make_stands(organisation=town.organisation)
    client = client_of(town.steward)
    saved = client.post(ADD, {**FORM, "acte": "enregistrer", "organisation": town.organisation.slug}, follow=True)
    chart = Chart.objects.get()
    assert saved.redirect_chain == [(f"/admin/graphiques/{chart.slug}/", 302)]
    assert (chart.title, chart.status) == ("Des places partout", "draft")
    assert chart.described.sources[0].grouping == "commune"
    client.post(f"/admin/graphiques/{chart.slug}/", {"acte": "publier"})
    chart.refresh_from_db()
    assert chart.status == RecordStatus.PUBLISHED
    assert "Des places partout" in client.get("/admin/graphiques/").content.decode()
    asking = client.get(f"/admin/graphiques/{chart.slug}/").content.decode()
    assert f'href="/admin/graphiques/delete/{chart.pk}/"' in asking
    client.post(f"/admin/graphiques/delete/{chart.pk}/")
    assert not Chart.objects.exists()


def test_several_datasets_stand_on_one_chart(town):
    make_stands(organisation=town.organisation)
    make_stands(organisation=town.organisation, dataset_id="arceaux-d-avant", title="Arceaux d’avant")
    form = {**FORM, "type": "lines", "groupe": "pose_le", "pas": "year", "nom": "Maintenant"}
    form |= {"s2-jeu": "arceaux-d-avant", "s2-groupe": "pose_le", "s2-pas": "year", "s2-calcul": "sum"}
    form |= {"s2-mesure": "places", "s2-nom": "Avant", "s2-condition": "places > 3", "acte": "enregistrer"}
    client_of(town.contributor).post(ADD, {**form, "organisation": town.organisation.slug})
    chart = Chart.objects.get()
    assert chart.datasets == ["arceaux", "arceaux-d-avant"]
    assert [source.label for source in chart.described.sources] == ["Maintenant", "Avant"]
    assert chart.described.sources[1].where == ("places > 3",)


def test_a_saved_chart_is_opened_as_it_was_and_changed(town):
    make_stands(organisation=town.organisation)
    client = client_of(town.contributor)
    form = {**FORM, "colonne": "modele", "op": "egal", "valeur": "Box", "organisation": town.organisation.slug}
    client.post(ADD, {**form, "acte": "enregistrer"})
    address = f"/admin/graphiques/{Chart.objects.get().slug}/"
    opened = client.get(address).content.decode()
    assert '<option value="commune" selected' in opened and 'value="Box"' in opened
    client.post(address, {**FORM, "titre": "Autre titre", "revision": "1", "acte": "enregistrer"})
    chart = Chart.objects.get()
    assert (chart.title, chart.revision, chart.described.sources[0].where) == ("Autre titre", 2, ())


def test_who_saves_second_is_told_and_overwrites_nothing(town):
    chart = make_chart(make_stands(organisation=town.organisation))
    client = client_of(town.contributor)
    address = f"/admin/graphiques/{chart.slug}/"
    client.post(address, {**FORM, "titre": "Le premier", "revision": "1", "acte": "enregistrer"})
    second = client.post(address, {**FORM, "titre": "Le second", "revision": "1", "acte": "enregistrer"})
    assert second.status_code == 422
    assert "Quelqu’un d’autre a enregistré" in second.content.decode()
    assert Chart.objects.get().get_latest_revision_as_object().title == "Le premier"


def test_a_chart_without_a_title_is_explained(town):
    make_stands(organisation=town.organisation)
    form = {**FORM, "titre": "", "acte": "enregistrer", "organisation": town.organisation.slug}
    answer = client_of(town.contributor).post(ADD, form)
    assert answer.status_code == 422 and "a un titre" in answer.content.decode()


@pytest.mark.parametrize("person", ["reader", "other", "anonymous"])
def test_strangers_neither_see_nor_change_the_charts_of_others(town, person):
    chart = make_chart(make_stands(organisation=town.organisation), status=RecordStatus.DRAFT)
    client = client_of(getattr(town, person))
    for method in (client.get, client.post):
        assert method(f"/admin/graphiques/{chart.slug}/").status_code in (302, 403, 404)
    assert "Des places partout" not in client.get("/admin/graphiques/").content.decode()
    form = {**FORM, "acte": "enregistrer", "organisation": town.organisation.slug}
    client.post(ADD, form)
    client.post(f"/admin/graphiques/delete/{chart.pk}/")
    assert Chart.objects.get() == chart


def test_a_contributor_does_not_publish(town):
    chart = make_chart(make_stands(organisation=town.organisation), status=RecordStatus.DRAFT)
    answer = client_of(town.contributor).post(f"/admin/graphiques/{chart.slug}/", {"acte": "publier"})
    assert answer.status_code == 403
    chart.refresh_from_db()
    assert chart.status == RecordStatus.DRAFT


def test_the_data_of_others_cannot_be_drawn_through_the_maker(town):
    make_stands(organisation=town.other_organisation, access=Access.RESTRICTED)
    answer = client_of(town.steward).post(ADD, {"jeu": "arceaux"})
    assert answer.status_code == 404 and "Grigny" not in answer.content.decode()


def test_an_editor_draws_a_dataset_that_is_not_published_yet(town):
    make_stands(organisation=town.organisation, status=Status.DRAFT)
    assert "data-chart-sentence" in client_of(town.contributor).post(ADD, {"jeu": "arceaux"}).content.decode()
