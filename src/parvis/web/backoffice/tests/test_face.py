"""The face of the site, in Wagtail's settings."""

from __future__ import annotations

import pytest
from django.urls import reverse
from wagtail.models import Site

from parvis.hub.sites.models import SiteFace
from parvis.hub.territories.models import Territory

from .conftest import client_of

pytestmark = pytest.mark.django_db


def face_url() -> str:
    site = Site.objects.get()
    return reverse("wagtailsettings:edit", args=["parvis_sites", "siteface", site.pk])


def values(**changes):
    colours = {"accent": "#0b5a60", "accent_strong": "#084247", "stone": "#f6f3ed", "ink": "#1d2433"}
    return {"name": "Grand Paris Sud", "tagline": "Nos données", **colours, "logo": "", "contact_email": "", **changes}


def test_the_face_is_changed_with_a_territory_by_its_code(town):
    Territory.objects.create(kind="epci", code="200059228", name="Grand Paris Sud", folded="grand paris sud")
    client = client_of(town.superuser)
    assert client.post(face_url(), values(territory="200059228")).status_code == 302
    face = SiteFace.objects.get()
    assert (face.name, face.territory.code) == ("Grand Paris Sud", "200059228")
    assert 'value="epci:200059228"' in client.get(face_url()).content.decode()


def test_colours_that_cannot_be_read_are_refused_with_the_nearest_that_can(town):
    page = client_of(town.superuser).post(face_url(), values(accent="#ffd700")).content.decode()
    assert "il en faut 4,5" in page
    assert not SiteFace.objects.filter(accent="#ffd700").exists()


@pytest.mark.parametrize("who", ["contributor", "administrator", "anonymous"])
def test_only_who_runs_the_instance_changes_the_face(town, who):
    assert client_of(getattr(town, who)).post(face_url(), values(name="Autre")).status_code in (302, 403)
    assert not SiteFace.objects.filter(name="Autre").exists()
