"""A page from its first word to its publication: begun from the home, submitted by who writes, approved by who publishes."""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.models import Page, Workflow
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from parvis.hub.accounts.factories import make_person
from parvis.hub.accounts.rules import OPERATOR
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.pages.models import PagesFolder, ThemePage
from parvis.hub.sites.services import main_site
from parvis.hub.teams.rules import Duty
from parvis.hub.teams.services import join, team_of

pytestmark = pytest.mark.django_db


def a_form(**more):
    facts = dict.fromkeys(("introduction", "theme", "picture", "picture_alt", "seo_title", "search_description"), "")
    body = streamfield([("text", rich_text("<p>Deux cents arceaux.</p>"))])
    return nested_form_data(
        {"title": "Le vélo", "slug": "velo", "body": body, "comments": inline_formset([]), **facts, **more}
    )


@pytest.fixture
def team(db):
    """Who writes and who publishes the main site, and somebody of another team."""
    people = {duty: make_person(f"{duty}@ville.example", None) for duty in Duty}
    for duty, person in people.items():
        join(OPERATOR, person, main_site(), duty)
    return people


@pytest.mark.filterwarnings("ignore:get_connection")  # Wagtail 8.0 still sends its mails so
def test_a_page_goes_from_the_home_to_its_readers_through_who_publishes(team, client):
    writer, publisher = client_of(team[Duty.WRITE]), client_of(team[Duty.PUBLISH])
    begin = reverse("pages_blank", args=[main_site().pk])
    assert begin in writer.get(reverse("wagtailadmin_home")).content.decode()
    assert not PagesFolder.objects.exists()
    form = writer.post(begin)["Location"]
    assert writer.get(form).status_code == 200
    writer.post(form, a_form(**{"action-submit": "1"}))
    page = ThemePage.objects.get()
    assert not page.live
    assert client.get("/pages/velo/").status_code == 404
    assert [one.to for one in mail.outbox] == [["publish@ville.example"]]
    assert "Le vélo" in publisher.get(reverse("wagtailadmin_home")).content.decode()
    state = page.current_workflow_task_state
    confirm = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    assert writer.post(confirm, {}).status_code in (302, 403)
    assert client.get("/pages/velo/").status_code == 404
    publisher.post(confirm, {})
    assert "Deux cents arceaux." in client.get("/pages/velo/").content.decode()


def test_who_writes_no_page_is_offered_none(client):
    client.force_login(make_person("autre@ville.example"))
    begin = reverse("pages_blank", args=[main_site().pk])
    assert client.post(begin).status_code in (302, 404)
    assert not PagesFolder.objects.exists()


def test_a_site_that_goes_takes_its_review_away(db):
    team = team_of(main_site())
    name = main_site().root_page.get_workflow().name
    team.delete()
    assert not Workflow.objects.filter(name=name).exists()


def test_what_wagtail_makes_by_itself_bears_french_names(db):
    assert not Page.objects.filter(title__startswith="Welcome").exists()
    assert not Workflow.objects.filter(name__icontains="moderators").exists()
