"""The pages of a dataset: card, fields, access, attachments, history; the list and changes in bulk."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from parvis.core.columns import ColumnType
from parvis.core.ingest import ingest
from parvis.core.profiling import Override
from parvis.core.versions.misfits import MisfitPolicy
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Attachment, Dataset
from parvis.hub.catalogue.rules import Status, may_see
from parvis.hub.catalogue.services import update_card
from parvis.hub.datastore.factories import versions_folder
from parvis.hub.pages.factories import site_of_tests
from parvis.hub.teams.services import team_of
from parvis.hub.territories.models import Territory
from parvis.web.backoffice.datasets.forms import html_to_paragraphs, paragraphs_to_html
from parvis.web.backoffice.datasets.history import field_label, shown_value

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset(town) -> Dataset:
    return make_dataset(town.organisation, dataset_id="arceaux")


def card_data(dataset, **changes):
    """The card as the form sends it."""
    return {
        "title": dataset.title,
        "organisation": dataset.organisation.slug,
        "description": html_to_paragraphs(dataset.description),
        "licence": dataset.licence,
        "frequency": dataset.frequency,
        "language": "fr",
        "based_on": dataset.revisions.first().pk,
        **changes,
    }


def test_the_card_is_changed_and_the_change_is_kept(town, dataset):
    Territory.objects.create(kind="commune", code="91228", name="Évry-Courcouronnes", folded="evry-courcouronnes")
    url = reverse("backoffice:dataset", args=["arceaux"])
    client = client_of(town.contributor)
    sent = card_data(
        dataset,
        title="Arceaux 2026",
        keywords="vélo, Vélo ; stationnement,, vélo",
        themes=["transports"],
        territories=["commune:91228"],
        temporal_start="2026-01-01",
        description="Un.\n\nDeux & <trois.",
    )
    assert client.post(url, sent).status_code == 302
    dataset.refresh_from_db()
    assert dataset.title == "Arceaux 2026"
    assert dataset.keywords == ["vélo", "Vélo", "stationnement"]
    assert dataset.description == "<p>Un.</p><p>Deux &amp; &lt;trois.</p>"
    assert [t.code for t in dataset.territories.all()] == ["91228"]
    assert "2026-01-01" in client.get(url).content.decode()
    assert Entry.objects.filter(action="dataset.update", actor=str(town.contributor)).exists()


@pytest.mark.parametrize("text", ["Un.\n\nDeux\nlignes.", "5 < 6 & 7", "", "« Guillemets » et l’apostrophe"])
def test_plain_text_comes_back_as_it_was_typed(text):
    assert html_to_paragraphs(paragraphs_to_html(text)) == text


def test_rich_html_stays_html():
    html = "<p>Un</p><ul><li>deux</li></ul>"
    assert html_to_paragraphs(html) == html
    assert paragraphs_to_html(html) == html


def test_two_people_do_not_overwrite_each_other(town, dataset):
    url = reverse("backoffice:dataset", args=["arceaux"])
    late_data, early_data = card_data(dataset, title="Le mien"), card_data(dataset, title="Le leur")
    assert client_of(town.steward).post(url, early_data).status_code == 302
    refused = client_of(town.contributor).post(url, late_data)
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Le mien" in page
    assert str(town.steward) in page
    dataset.refresh_from_db()
    assert dataset.title == "Le leur"


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(town, dataset):
    url = reverse("backoffice:dataset", args=["arceaux"])
    wrong = card_data(
        dataset, title="", contact_email="pas une adresse", temporal_start="2026-02-01", temporal_end="2026-01-01"
    )
    response = client_of(town.contributor).post(url, wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert "donnees@ville.fr" in page
    assert "finit avant" in page
    assert "pas une adresse" in page


def test_hostile_html_never_reaches_the_page(town, dataset):
    url = reverse("backoffice:dataset", args=["arceaux"])
    hostile = '<p onclick="x()">Bon</p><script>alert(1)</script><a href="javascript:x()">lien</a>'
    client_of(town.contributor).post(url, card_data(dataset, description=hostile))
    dataset.refresh_from_db()
    assert "script" not in dataset.description
    assert "onclick" not in dataset.description


def test_access_asks_for_a_group_and_a_steward(town, dataset):
    url = reverse("backoffice:dataset_access", args=["arceaux"])
    group = Group.objects.create(name="Élus du bureau")
    steward = client_of(town.steward)
    assert steward.post(url, {"access": "restricted"}).status_code == 422
    assert client_of(town.contributor).post(url, {"access": "restricted", "groups": [group.pk]}).status_code == 403
    assert steward.post(url, {"access": "restricted", "groups": [group.pk]}).status_code == 302
    dataset.refresh_from_db()
    assert dataset.access == "restricted"
    assert list(dataset.allowed_groups.all()) == [group]
    team_of(site_of_tests())
    offered = steward.get(url).content.decode()
    assert "Rédaction du site" in offered and "Moderators" not in offered
    assert Entry.objects.filter(action="dataset.access").exists()


def test_an_internal_dataset_is_opened_to_all_organisations_in_one_choice(town, dataset):
    url = reverse("backoffice:dataset_access", args=["arceaux"])
    steward, reader = client_of(town.steward), actor_of(make_member(make_organisation("Lieusaint"), Role.READER))
    steward.post(url, {"access": "internal"})
    dataset.refresh_from_db()
    assert not may_see(reader, dataset.guarded)
    steward.post(url, {"access": "internal", "all_organisations": "on"})
    dataset.refresh_from_db()
    assert may_see(reader, dataset.guarded)
    assert "checked" in steward.get(url).content.decode().partition('name="all_organisations"')[2].partition(">")[0]
    steward.post(url, {"access": "internal"})
    dataset.refresh_from_db()
    assert not dataset.all_organisations


def test_a_high_value_dataset_is_proposed_chosen_and_warned_of_its_licence(town, dataset):
    client, url = client_of(town.contributor), reverse("backoffice:dataset", args=["arceaux"])
    update_card(OPERATOR, dataset, {"keywords": ["pistes cyclables"], "licence": "odbl"})
    page = client.get(url).content.decode()
    assert page.count("(proposé d’après la fiche)") == 1
    assert "Mobilité (proposé d’après la fiche)" in page
    assert "l’ODbL ne convient pas" not in page
    answer = client.post(url, card_data(dataset, licence="odbl", hvd=["mobilite"]), follow=True).content.decode()
    dataset.refresh_from_db()
    assert dataset.hvd == ["mobilite"]
    assert answer.count("l’ODbL ne convient pas") == 2  # once told, and for as long as it is so
    answer = client.post(url, card_data(dataset, licence="lov2", hvd=["mobilite"]), follow=True).content.decode()
    assert "l’ODbL ne convient pas" not in answer
    assert client.post(url, card_data(dataset, hvd=["tout"])).status_code == 422


def test_a_contributor_does_not_open_a_published_dataset_through_its_card(town, dataset):
    Dataset.objects.filter(pk=dataset.pk).update(access="internal")
    client_of(town.contributor).post(
        reverse("backoffice:dataset", args=["arceaux"]), card_data(dataset, access="public")
    )
    dataset.refresh_from_db()
    assert dataset.access == "internal"


def test_a_document_is_attached_read_and_taken_away(town, dataset):
    client = client_of(town.contributor)
    url = reverse("backoffice:dataset_attachments", args=["arceaux"])
    notice = SimpleUploadedFile("Notice d’été.pdf", b"%PDF-1.7 notice")
    assert client.post(url, {"title": "Notice", "file": notice}).status_code == 302
    attachment = Attachment.every.get(dataset=dataset)
    assert attachment.held  # what cannot be read waits for a decision
    got = client.get(reverse("backoffice:dataset_attachment", args=["arceaux", attachment.slug]))
    assert b"".join(got.streaming_content) == b"%PDF-1.7 notice"
    assert got["Content-Disposition"].startswith("attachment")
    assert got["X-Content-Type-Options"] == "nosniff"
    remove = reverse("backoffice:dataset_attachment_remove", args=["arceaux", attachment.slug])
    assert client.post(remove).status_code == 302
    assert Attachment.every.count() == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>x</script>"),
        ("faux.pdf", b"<html>"),
        ("vide.pdf", b""),
        ("image.svg", b"<svg/>"),
        ("programme.exe", b"MZ"),
    ],
)
def test_a_document_that_may_harm_is_refused(town, dataset, name, content):
    url = reverse("backoffice:dataset_attachments", args=["arceaux"])
    response = client_of(town.contributor).post(url, {"file": SimpleUploadedFile(name, content)})
    assert response.status_code == 422
    assert Attachment.every.count() == 0


def test_history_shows_who_changed_what_and_brings_it_back(town, dataset):
    client = client_of(town.contributor)
    first = dataset.revisions.first()
    client.post(reverse("backoffice:dataset", args=["arceaux"]), card_data(dataset, title="Autre titre"))
    page = client.get(reverse("backoffice:dataset_history", args=["arceaux"])).content.decode()
    assert "<del>Arceaux à vélos</del>" in page
    assert "<ins>Autre titre</ins>" in page
    assert str(town.contributor) in page
    steps = [{"name": "prepare.rename", "parameters": {"names": {"NOM": "nom"}}}]
    assert (field_label("steps"), shown_value("steps", steps)) == (
        "Étapes de préparation",
        "1. Colonnes renommées : « NOM » → « nom »",
    )
    restore = reverse("backoffice:dataset_restore_revision", args=["arceaux", first.pk])
    assert "Arceaux à vélos" in client.get(restore).content.decode()
    assert client.post(restore).status_code == 302
    dataset.refresh_from_db()
    assert dataset.title == "Arceaux à vélos"


def test_the_datasets_made_of_another_are_named_on_its_card_and_before_it_is_deleted(town, dataset, monkeypatch):
    monkeypatch.setattr("parvis.web.backoffice.datasets.children.children_of", lambda _dataset: iter([(dataset, "")]))
    client = client_of(town.steward)
    confirm = client.get(reverse("backoffice:dataset_state", args=["arceaux", "supprimer"])).content.decode()
    assert "ne pourront plus être refaits" in confirm
    assert "Jeux faits avec celui-ci" in client.get(reverse("backoffice:dataset", args=["arceaux"])).content.decode()


def test_a_renamed_dataset_is_found_under_its_former_address(town, dataset):
    client = client_of(town.steward)
    url = reverse("backoffice:dataset_rename", args=["arceaux"])
    assert client.post(url, {"dataset_id": "Pas Bon"}).status_code == 422
    assert client.post(url, {"dataset_id": "arceaux-velos"}).status_code == 302
    assert client.get(reverse("backoffice:dataset", args=["arceaux"])).status_code == 200
    assert client_of(town.contributor).post(url, {"dataset_id": "autre"}).status_code == 403


def test_the_list_filters_sorts_and_searches(town):
    make_dataset(town.organisation, title="Bancs publics", themes=["territoire"], keywords=["mobilier été"])
    late = make_dataset(town.organisation, title="Comptages", frequency="daily")
    Dataset.objects.filter(pk=late.pk).update(data_modified=timezone.now() - timezone.timedelta(days=30))
    make_dataset(town.organisation, title="Brouillon", status=Status.DRAFT)
    make_dataset(town.organisation, title="Jeté", status=Status.DELETED)
    make_dataset(town.other_organisation, title="Ailleurs")
    client = client_of(town.steward)

    def titles(**query):
        response = client.get(reverse("backoffice:datasets"), query)
        assert response.status_code == 200
        return [found.title for found in response.context["object_list"]]

    assert titles() == ["Bancs publics", "Brouillon", "Comptages"]
    assert titles(ordering="-title") == ["Comptages", "Brouillon", "Bancs publics"]
    assert titles(status="draft") == ["Brouillon"]
    assert titles(status="deleted") == ["Jeté"]
    assert titles(theme="territoire") == ["Bancs publics"]
    assert titles(attention="late") == ["Comptages"]
    assert titles(q="mobilier") == ["Bancs publics"]
    assert titles(q="été") == ["Bancs publics"]
    assert titles(q="rien du tout") == []
    assert "Bancs publics" in titles(attention="incomplete")


def test_the_list_orders_titles_as_french_does(town):
    for title in ("Zones", "École", "eau potable", "Écluses", "Œuvres", "Ombrières"):
        make_dataset(town.organisation, title=title)
    client = client_of(town.steward)
    rising = ["eau potable", "Écluses", "École", "Œuvres", "Ombrières", "Zones"]
    for query, expected in (({}, rising), ({"ordering": "-title"}, rising[::-1])):
        response = client.get(reverse("backoffice:datasets"), query)
        assert [found.title for found in response.context["object_list"]] == expected


def test_many_cards_change_at_once_after_a_preview(town):
    first = make_dataset(town.organisation, title="Un", themes=["energie"], keywords=["a"])
    second = make_dataset(town.organisation, title="Deux", keywords=["b", "vieux"])
    foreign = make_dataset(town.other_organisation, title="Ailleurs")
    client = client_of(town.contributor)
    url = reverse("backoffice:datasets_bulk")
    page = client.get(url, {"id": [first.pk, second.pk, foreign.pk]}).content.decode()
    assert "2 jeux choisis" in page
    bulk_edit = {
        "id": [first.pk, second.pk, foreign.pk],
        "licence": "odbl",
        "themes_add": ["transports"],
        "keywords_add": "vélo",
        "keywords_remove": "vieux",
    }
    preview = client.post(url, {**bulk_edit, "apercu": "1"}).content.decode()
    assert "<del>b, vieux</del>" in preview
    assert "<ins>b, vélo</ins>" in preview
    first.refresh_from_db()
    assert first.licence == "lov2"
    assert client.post(url, {**bulk_edit, "appliquer": "1"}).status_code == 302
    for edited in (first, second, foreign):
        edited.refresh_from_db()
    assert (first.licence, first.themes, first.keywords) == ("odbl", ["energie", "transports"], ["a", "vélo"])
    assert (second.licence, second.themes, second.keywords) == ("odbl", ["transports"], ["b", "vélo"])
    assert foreign.licence == "lov2"
    assert Entry.objects.filter(action="dataset.update").count() == 2


def test_nothing_chosen_leads_back_to_the_list(town):
    assert client_of(town.contributor).get(reverse("backoffice:datasets_bulk")).status_code == 302


def test_the_journal_tells_each_person_of_their_own(town, dataset):
    make_dataset(town.other_organisation, dataset_id="ailleurs")
    page = client_of(town.contributor).get(reverse("backoffice:journal")).content.decode()
    assert "arceaux" in page
    assert "ailleurs" not in page
    assert "ailleurs" in client_of(town.superuser).get(reverse("backoffice:journal")).content.decode()


def test_the_journal_tells_what_was_noted_in_sentences_and_leaves_to_programs_what_is_theirs(town, dataset):
    noted = {
        "superuser": True,
        "organisation": None,
        "changed": ["forward", "layout", "something-technical"],
        "choices": ["overrides", "policy"],
        "rows": 61,
        "definition": {"parts": {"valeur": {"select": "count(*)"}}},
    }
    Entry.objects.create(actor="commande", action="person.add", target_kind="person", target="a@b.fr", details=noted)
    page = unescape(client_of(town.superuser).get(reverse("backoffice:journal")).content.decode())
    words = " ".join(page.split())
    sentence = words[words.index("a invité « a@b.fr »") :].partition("</td>")[0]
    assert (
        "(contenus mis en avant, disposition · types et libellés des colonnes, traitement des valeurs inattendues · "
        in sentence
    )
    assert "61 lignes · avec tous les droits)" in sentence
    for raw in ("True", "None", "overrides", "superuser", "something-technical", "count(*)", "{&#x27;"):
        assert raw not in sentence


def test_the_journal_of_a_dataset_says_what_was_done_to_it(town, dataset):
    page = client_of(town.steward).get(reverse("backoffice:dataset_history", args=["arceaux"])).content.decode()
    assert "a créé le jeu de données" in page[page.index("Le journal") :]


def test_every_screen_of_a_dataset_has_a_title_of_its_own(town, dataset):
    client = client_of(town.steward)
    names = "dataset dataset_fields dataset_access dataset_attachments dataset_schema dataset_personal dataset_versions"
    addresses = [
        reverse(f"backoffice:{name}", args=["arceaux"]) for name in f"{names} dataset_history dataset_rename".split()
    ]
    addresses += [reverse("backoffice:dataset_state", args=["arceaux", act]) for act in ("retirer", "supprimer")]
    titles = [re.search("<title>(.*?)</title>", client.get(url).content.decode(), re.DOTALL)[1] for url in addresses]
    assert len(set(titles)) == len(addresses)


def test_what_an_import_put_aside_is_listed_with_its_reason_and_downloaded(town, work, tmp_path):
    source = tmp_path / "arbres.csv"
    source.write_text("nom;hauteur\nchêne;12\norme;haut\nérable;8;trop;encore\nhêtre;9\n", encoding="utf-8")
    dataset = make_dataset(town.organisation, dataset_id="arbres")
    folder = tmp_path / "made"
    overrides = {"hauteur": Override(type=ColumnType.INT)}
    manifest = ingest(
        source, name=source.name, destination=folder, work=tmp_path, overrides=overrides, policy=MisfitPolicy.NULL
    )
    version = dataset.current
    target = versions_folder(dataset.uid) / version.name
    target.parent.mkdir(parents=True, exist_ok=True)
    (folder / manifest.version).rename(target)
    version.rejects, version.nulled = manifest.rejects, 1
    version.save()
    client = client_of(town.contributor)
    page = reverse("backoffice:dataset_put_aside", args=["arbres", version.name])
    assert page in client.get(reverse("backoffice:dataset_versions", args=["arbres"])).content.decode()
    html = client.get(page).content.decode()
    assert "plus de cellules que l’en-tête" in html
    assert "érable;8;trop;encore" in html
    assert "<code>haut</code>" in html
    answer = client.get(reverse("backoffice:dataset_put_aside_file", args=["arbres", version.name, "videes"]))
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[1] == "3;hauteur;haut"
    unknown = reverse("backoffice:dataset_put_aside_file", args=["arbres", version.name, "manifest"])
    assert client.get(unknown).status_code == 404
    assert client_of(town.other).get(page).status_code in (403, 404)
