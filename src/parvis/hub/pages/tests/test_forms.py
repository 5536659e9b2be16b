"""The form of a page: two people at once, who may write HTML, faults told at their place."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission, Revision
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from parvis.hub.accounts.factories import make_member, make_organisation, make_person
from parvis.hub.accounts.rules import Role
from parvis.hub.catalogue.rules import Access
from parvis.hub.charts.factories import COLUMNS, make_chart, make_stands
from parvis.hub.pages.factories import block, make_theme_page
from parvis.hub.pages.models import ThemePage

pytestmark = pytest.mark.django_db


def form_of(body, **changes) -> dict:
    facts = {
        "title": "Le vélo",
        "slug": "velo",
        "introduction": "",
        "theme": "",
        "picture": "",
        "picture_alt": "",
        "seo_title": "",
        "search_description": "",
        "body": streamfield(body),
        "comments": inline_formset([]),
        **changes,
    }
    return nested_form_data(facts)


@pytest.fixture
def agent(client):
    """Somebody who may write the pages, without every right."""
    person = make_member(make_organisation(), Role.CONTRIBUTOR)
    group = Group.objects.create(name="Rédaction")
    group.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    person.groups.add(group)
    return person, group


def let_write(group: Group, page: ThemePage) -> None:
    for name in ("add_page", "change_page", "publish_page"):
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=name)
        GroupPagePermission.objects.create(group=group, page=page.get_parent(), permission=permission)


def revision_in(html: str) -> str:
    return re.search(r'name="loaded_revision_id" value="(\d+)"', html)[1]


def test_who_saves_second_is_told_loses_nothing_and_may_then_save(client):
    page = make_theme_page(block("text", "<p>Un</p>"))
    first, second = (make_person(is_superuser=True, first_name=name) for name in ("Ana", "Bo"))
    address = f"/admin/pages/{page.pk}/edit/"
    client.force_login(first)
    opened_by_first = revision_in(client.get(address).content.decode())
    client.force_login(second)
    opened_by_second = revision_in(client.get(address).content.decode())
    assert (
        client.post(
            address, form_of([("text", rich_text("<p>De Bo</p>"))], loaded_revision_id=opened_by_second)
        ).status_code
        == 302
    )

    client.force_login(first)
    mine = form_of([("text", rich_text("<p>De Ana</p>"))], loaded_revision_id=opened_by_first)
    refused = client.post(address, mine)
    html = refused.content.decode()
    assert refused.status_code == 200
    assert "Bo a enregistré cette page" in html
    assert "De Ana" in html
    page.refresh_from_db()
    assert "De Bo" in page.get_latest_revision_as_object().body[0].value.source

    again = client.post(address, {**mine, "loaded_revision_id": revision_in(html)})
    assert again.status_code == 302
    bodies = [revision.as_object().body[0].value.source for revision in page.revisions.order_by("-pk")[:2]]
    assert ["De Ana" in bodies[0], "De Bo" in bodies[1]] == [True, True]


def opened(client, address) -> dict:
    """What a form knows of the revision that it was opened on."""
    html = client.get(address).content.decode()
    return {name: re.search(rf'name="{name}" value="([^"]+)"', html)[1] for name in ("loaded_revision_id", "loaded_revision_created_at")}  # fmt: skip


def test_what_is_saved_while_one_writes_stops_nobody_but_the_others(client):
    page = make_theme_page(block("text", "<p>Un</p>"))
    ana, bo = (make_person(is_superuser=True, first_name=name) for name in ("Ana", "Bo"))
    address = f"/admin/pages/{page.pk}/edit/"

    def save(seen, words, **more):
        headers = {"Accept": "application/json"} if "by_itself" in more else {}
        more.pop("by_itself", None)
        return client.post(address, form_of([("text", rich_text(words))], **seen, **more), headers=headers)

    client.force_login(ana)
    seen = opened(client, address)
    saved = save(seen, "<p>De Ana</p>", by_itself=True).json()
    client.force_login(bo)
    seen_by_bo = opened(client, address)
    client.force_login(ana)
    again = save(seen, "<p>De Ana encore</p>", by_itself=True, overwrite_revision_id=saved["revision_id"]).json()
    assert (again["success"], again["revision_id"]) == (True, saved["revision_id"])
    client.force_login(bo)
    assert "Ana a enregistré cette page" in save(seen_by_bo, "<p>De Bo</p>").content.decode()
    client.force_login(ana)
    assert save(seen, "<p>De Ana, publié</p>", **{"action-publish": "1"}).status_code == 302


def test_moments_are_asked_by_the_browsers_own_field_and_kept_as_they_were_chosen(client):
    page = make_theme_page(block("text", "<p>Un</p>"))
    client.force_login(make_person(is_superuser=True))
    address = f"/admin/pages/{page.pk}/edit/"
    assert re.search(r'<input type="datetime-local" name="go_live_at"', client.get(address).content.decode())
    posted = form_of(
        [("text", rich_text("<p>Un</p>"))], go_live_at="2031-03-04T09:30", expire_at="", **{"action-publish": "1"}
    )
    assert client.post(address, posted).status_code == 302
    waiting = Revision.objects.get(approved_go_live_at__isnull=False)
    assert timezone.localtime(waiting.approved_go_live_at).isoformat() == "2031-03-04T09:30:00+01:00"
    assert 'value="2031-03-04T09:30"' in client.get(address).content.decode()


def test_free_html_is_refused_from_who_has_not_every_right_and_kept_where_it_was(client, agent):
    person, group = agent
    page = make_theme_page(block("html", "<p>De l’administrateur</p>"), block("text", "<p>Un</p>"))
    let_write(group, page)
    client.force_login(person)
    address = f"/admin/pages/{page.pk}/edit/"
    loaded = revision_in(client.get(address).content.decode())
    unchanged = form_of(
        [("html", "<p>De l’administrateur</p>"), ("text", rich_text("<p>Deux</p>"))], loaded_revision_id=loaded
    )
    assert client.post(address, unchanged).status_code == 302
    changed = form_of([("html", "<p>De l’agent</p>")])
    refused = client.post(address, changed)
    assert refused.status_code == 200
    assert "ne peut être ajouté ou changé que par un administrateur" in refused.content.decode()


def test_a_fault_is_told_in_its_field_and_the_page_can_wait_as_it_is(client, agent):
    make_stands()
    person, group = agent
    page = make_theme_page(block("text", "<p>Un</p>"))
    let_write(group, page)
    client.force_login(person)
    value = dict.fromkeys(("figure", "calculation", "where", "expression", "unit", "decimals", "note", "label"), "")
    wrong = form_of([("figure", {**value, "dataset": "arceaux", "measure": "placs"})])
    html = client.post(f"/admin/pages/{page.pk}/edit/", {**wrong, "action-publish": "1"}).content.decode()
    assert "Voulez-vous dire « places » ?" in html.replace("\\u00ab", "«").replace("\\u00bb", "»").replace(
        "\\u00a0", " "
    )


def test_a_form_offers_only_the_datasets_that_the_person_may_read(client, agent):
    make_stands(title="Ouvert à tous", dataset_id="ouvert")
    guarded = make_stands(title="Gardé ailleurs", dataset_id="garde", access=Access.INTERNAL)
    person, group = agent
    page = make_theme_page(block("text", "<p>Un</p>"))
    let_write(group, page)
    client.force_login(person)
    html = client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert "Ouvert à tous" in html.replace("\\u00e0", "à")
    assert "Gardé ailleurs" not in html.replace("\\u00e9", "é")
    assert client.get("/admin/contenus/colonnes/?jeu=garde").json() == {"columns": []}
    others = f"/admin/contenus/colonnes/?role=elsewhere&jeu=ouvert&graphique={make_chart(guarded).slug}&carte=rien"
    assert [one["label"] for one in client.get(others).json()["columns"]] == [column.label for column in COLUMNS]
    names = [one["name"] for one in client.get("/admin/contenus/colonnes/?jeu=ouvert&role=measure").json()["columns"]]
    assert names == ["places", "prix"]
    only_guarded = f"/admin/contenus/colonnes/?role=elsewhere&graphique={make_chart(guarded, title='Deux').slug}"
    assert client.get(only_guarded).json() == {"columns": []}


def test_columns_are_told_to_nobody_who_is_not_signed_in(client):
    make_stands()
    assert client.get("/admin/contenus/colonnes/?jeu=arceaux").status_code == 302
