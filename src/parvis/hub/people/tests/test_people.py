"""Organisations, people, roles."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from parvis.hub.accounts.factories import make_member
from parvis.hub.accounts.models import Organisation, Person
from parvis.hub.accounts.rules import Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.accounts.services import CONTRIBUTORS, add_person, remove_role, set_role
from parvis.hub.audit.models import Entry
from parvis.hub.backoffice.tests.town import client_of
from parvis.hub.territories.models import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outbox(settings):
    """Mails stay in memory."""
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
    mail.outbox = []


def invitation(town, **changes):
    return {
        "email": "Nouvelle@Evry.example",
        "first_name": "Awa",
        "last_name": "Diallo",
        "organisation": town.organisation.slug,
        "role": "contributor",
        **changes,
    }


def test_an_invited_person_chooses_a_password_and_enters(town):
    page = client_of(town.administrator).post(reverse("persons_admin:add"), invitation(town)).content.decode()
    person = Person.objects.get(email="nouvelle@evry.example")
    assert not person.has_usable_password()
    link = re.search(r"http://[^/]+(/compte/password/reset/key/\S+)", mail.outbox[0].body)[1]
    assert "reset/key" not in page, "nobody but the person sees the link"
    assert mail.outbox[0].to == ["nouvelle@evry.example"]
    visitor = Client()
    form = visitor.get(visitor.get(link)["Location"])
    assert form.status_code == 200
    weak = visitor.post(form.wsgi_request.path, {"password1": "123456", "password2": "123456"})
    assert "mot de passe" in weak.content.decode()
    done = visitor.post(
        form.wsgi_request.path, {"password1": "le parvis est pavé 91", "password2": "le parvis est pavé 91"}
    )
    assert done.status_code == 302
    person.refresh_from_db()
    assert person.check_password("le parvis est pavé 91")
    visitor.force_login(person)
    assert visitor.get("/admin/").status_code == 200
    assert "n’est plus valable" in Client().get(link, follow=True).content.decode()


def test_an_administrator_invites_only_for_their_own_organisation(town):
    response = client_of(town.administrator).post(
        reverse("persons_admin:add"), invitation(town, organisation=town.other_organisation.slug)
    )
    assert response.status_code == 422
    assert not Person.objects.filter(email="nouvelle@evry.example").exists()
    assert client_of(town.steward).post(reverse("persons_admin:add"), invitation(town)).status_code == 403


def test_the_same_address_is_not_invited_twice(town):
    response = client_of(town.administrator).post(
        reverse("persons_admin:add"), invitation(town, email="STEWARD@evry.example")
    )
    assert response.status_code == 422
    assert "existe déjà" in response.content.decode()


def test_roles_are_given_and_taken_by_administrators(town):
    url = reverse("organisations_admin:members", args=[town.organisation.slug])
    assert client_of(town.steward).get(url).status_code == 403
    client = client_of(town.administrator)
    assert client.post(url, {"email": town.reader.email, "role": "contributor"}).status_code == 302
    assert town.reader.memberships.get().role == "contributor"
    assert client_of(Person.objects.get(pk=town.reader.pk)).get("/admin/").status_code == 200
    assert client.post(url, {"email": town.reader.email, "retirer": "1"}).status_code == 302
    assert town.reader.memberships.count() == 0
    assert client_of(Person.objects.get(pk=town.reader.pk)).get("/admin/").status_code == 302
    assert Entry.objects.filter(action__in=["role.set", "role.remove"]).count() == 2


def test_a_stranger_gives_no_role_in_an_organisation_of_others(town):
    url = reverse("organisations_admin:members", args=[town.organisation.slug])
    assert client_of(town.other).post(url, {"email": town.other.email, "role": "administrator"}).status_code == 403
    assert not town.other.memberships.filter(organisation=town.organisation).exists()


def test_the_last_administrator_stays(town):
    url = reverse("organisations_admin:members", args=[town.organisation.slug])
    client_of(town.administrator).post(url, {"email": town.administrator.email, "retirer": "1"})
    assert town.administrator.memberships.get().role == "administrator"


def test_an_administrator_does_not_take_over_an_account_of_others(town):
    shared = make_member(town.organisation, Role.READER, email="partage@exemple.fr", password=None)
    shared.memberships.create(organisation=town.other_organisation, role=Role.ADMINISTRATOR)
    url = reverse("persons_admin:edit", args=[shared.pk])
    assert client_of(town.administrator).post(url, {"lien": "1"}).status_code == 403
    assert mail.outbox == []
    boss = reverse("persons_admin:edit", args=[town.superuser.pk])
    assert client_of(town.administrator).post(boss, {"lien": "1"}).status_code == 404
    own = reverse("persons_admin:edit", args=[town.contributor.pk])
    assert client_of(town.administrator).post(own, {"lien": "1"}).status_code == 302
    assert mail.outbox[0].to == [town.contributor.email]
    assert len(mail.outbox) == 1


def test_only_who_has_every_right_closes_an_account(town):
    url = reverse("persons_admin:edit", args=[town.contributor.pk])
    assert client_of(town.administrator).post(url, {"fermer": "1"}).status_code == 403
    assert client_of(town.superuser).post(url, {"fermer": "1"}).status_code == 302
    town.contributor.refresh_from_db()
    assert not town.contributor.is_active


def test_an_organisation_is_written_by_its_administrators(town):
    Territory.objects.create(kind="commune", code="91228", name="Évry-Courcouronnes", folded="evry-courcouronnes")
    url = reverse("organisations_admin:edit", args=[town.organisation.slug])
    values = {"name": "Ville d’Évry", "kind": "commune", "siren": "219102282", "territory": "91228"}
    assert client_of(town.steward).post(url, values).status_code == 403
    client = client_of(town.administrator)
    assert client.post(url, {**values, "siren": "12"}).status_code == 422
    assert client.post(url, {**values, "territory": "99999"}).status_code == 422
    assert client.post(url, values).status_code == 302
    town.organisation.refresh_from_db()
    assert (town.organisation.name, town.organisation.territory.code) == ("Ville d’Évry", "91228")


def test_only_who_has_every_right_creates_an_organisation(town):
    url = reverse("organisations_admin:add")
    values = {"name": "Régie de l’eau", "kind": "delegataire"}
    assert client_of(town.administrator).post(url, values).status_code == 403
    assert client_of(town.superuser).post(url, values).status_code == 302
    assert Organisation.objects.get(name="Régie de l’eau").slug == "regie-de-l-eau"
    assert client_of(town.superuser).post(url, values).status_code == 422


def test_entry_to_the_back_office_follows_roles(town):
    actor_like = actor_of(town.superuser)
    person = add_person(actor_like, town.organisation, "suivi@evry.example", Role.READER)
    assert not person.groups.filter(name=CONTRIBUTORS).exists()
    set_role(actor_like, person, town.organisation, Role.STEWARD)
    assert person.groups.filter(name=CONTRIBUTORS).exists()
    remove_role(actor_like, person, town.organisation)
    assert not person.groups.filter(name=CONTRIBUTORS).exists()


def test_the_logo_of_an_organisation_is_chosen_among_the_images_and_shown_publicly(town, settings, tmp_path):
    settings.PARVIS = settings.PARVIS | {"PARVIS_STORAGE_URL": f"file://{tmp_path}"}
    logo = Image.objects.create(title="Logo", file=get_test_image_file())
    url = reverse("organisations_admin:edit", args=[town.organisation.slug])
    public = town.organisation.get_absolute_url()
    values = {"name": town.organisation.name, "kind": "commune", "logo": logo.pk}
    assert "/images/" not in Client().get(public).content.decode()
    client = client_of(town.superuser)
    assert "image-chooser-modal.js" in client.get(url).content.decode()
    assert client.post(url, {**values, "logo": "999999"}).status_code == 422
    assert client.post(url, values).status_code == 302
    town.organisation.refresh_from_db()
    assert town.organisation.logo == logo
    assert f'src="{logo.get_rendition("max-240x120").url}"' in Client().get(public).content.decode()
    # Who may not choose images changes the rest and leaves the logo as it is.
    assert client_of(town.administrator).post(url, {**values, "logo": ""}).status_code == 302
    town.organisation.refresh_from_db()
    assert town.organisation.logo == logo
    assert client.post(url, {**values, "logo": ""}).status_code == 302
    town.organisation.refresh_from_db()
    assert town.organisation.logo is None
