"""What the page for secretaries says can be done, by the screens that it names."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from parvis.domains.deliberations.factories import make_act, make_assembly, make_session
from parvis.domains.deliberations.models import Act, Official, Session
from parvis.domains.deliberations.tests.papers import act_pdf, bundle_pdf, run_queued
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def commune(home):
    organisation = make_organisation("Grigny", siren="219102860")
    make_assembly(organisation)
    Official.objects.create(organisation=organisation, given_name="Camille", family_name="Durand", quality="Maire")
    return organisation


@pytest.fixture
def secretary(commune):
    client = Client()
    client.force_login(make_member(commune, Role.STEWARD))
    return client


def sent(form):
    """What a browser would send of a form as it stands."""
    values = {}
    for name in form.fields:
        value = form[name].value()
        if value not in (None, False):
            values[name] = value
    return values


def depose(secretary, commune, name, **words):
    pdf = SimpleUploadedFile(name, act_pdf(**words), "application/pdf")
    page = secretary.post(reverse("acts:deposit"), {"organisation": commune.pk, "files": [pdf]})
    assert "1 fichier reçu" in page.content.decode()
    run_queued()
    return Act.objects.latest("pk")


def relire(secretary, act, **changes):
    address = reverse("acts:confirm", args=[act.pk])
    form = secretary.get(address).context["form"]
    answer = secretary.post(address, {**sent(form), **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    run_queued()
    act.refresh_from_db()
    return act


def test_from_a_file_to_a_published_sitting_its_certificate_a_correction_and_a_withdrawal(secretary, commune):
    reason = "Madame Zoé Martineau, domiciliée 3 rue des Lilas, demande une aide"
    act = relire(secretary, depose(secretary, commune, "DEL-014.pdf", reason=reason), more_hidden="3 rue des Lilas")
    session = Session.objects.get()
    assert (act.session, act.number) == (session, "2026_014")
    page = secretary.post(reverse("acts:session", args=[session.pk]), follow=True)
    assert "1 acte mis en ligne." in page.content.decode()
    act.refresh_from_db()
    reader = Client()
    shown = reader.get(act.get_absolute_url()).content.decode()
    assert "Lilas" not in shown
    assert "Martineau" not in shown
    assert act.title in reader.get(Session.objects.get().get_absolute_url()).content.decode()
    paper = reader.get(reverse("act-certificate", args=[act.slug]))
    assert paper.content.startswith(b"%PDF")

    correction = depose(secretary, commune, "DEL-014-rectificatif.pdf", title="réfection du toit de l’école")
    correction = relire(secretary, correction, corrects=act.slug)
    secretary.post(reverse("acts:publish", args=[correction.pk]))
    correction.refresh_from_db()
    assert (correction.live, correction.slug) == (True, f"{act.slug}-2")
    assert "Cet acte est corrigé par" in reader.get(act.get_absolute_url()).content.decode()

    secretary.post(reverse("acts:withdraw", args=[act.pk]), {"motif": "privacy"})
    gone = reader.get(act.get_absolute_url())
    assert gone.status_code == 410
    assert act.title not in gone.content.decode()


def test_a_surname_that_is_still_read_alone_is_told_before_the_act_goes_online(secretary, commune):
    reason = "Zoé Martineau demande une aide, et que la famille Martineau la mérite"
    act = relire(secretary, depose(secretary, commune, "a.pdf", reason=reason), hidden=[], more_hidden="Zoé Martineau")
    page = secretary.get(reverse("acts:confirm", args=[act.pk])).content.decode()
    assert "se lisent encore seuls" in page
    assert "« martineau » (p. 1)" in page.lower()
    act = relire(secretary, act, more_hidden="Zoé Martineau\nMartineau")
    assert "se lisent encore seuls" not in secretary.get(reverse("acts:confirm", args=[act.pk])).content.decode()


def test_a_place_that_is_hidden_is_no_place_of_the_act(secretary, commune):
    act = depose(secretary, commune, "a.pdf", reason="une personne domiciliée 3 rue des Lilas demande une aide")
    assert act.places == ["3 rue des Lilas"]
    assert relire(secretary, act, more_hidden="3 RUE  DES LILAS").places == []


def test_a_place_of_a_longer_passage_that_is_hidden_is_no_place_of_the_act(secretary, commune):
    act = depose(secretary, commune, "a.pdf", reason="Madame Martineau, 3 rue des Lilas, demande une aide")
    assert relire(secretary, act, more_hidden="Madame Martineau, 3 rue des Lilas").places == []


def test_an_act_corrects_none_of_another_organisation_nor_a_draft(secretary, commune):
    act = depose(secretary, commune, "a.pdf")
    draft = depose(secretary, commune, "b.pdf", number="2026_015")
    form = secretary.get(reverse("acts:confirm", args=[act.pk])).context["form"]
    refused = secretary.post(reverse("acts:confirm", args=[act.pk]), {**sent(form), "corrects": draft.number})
    assert refused.status_code == 422
    act.refresh_from_db()
    assert act.corrects is None


MINUTES = """Procès-verbal du conseil municipal
Séance du 15 janvier 2026
Ordre du jour :
1. Budget primitif
2. Convention avec la fondation pour l’accueil des chats
Questions diverses
Le quorum est atteint.
1. Budget primitif
Vote : 15 voix pour
"""


def sitting_with_minutes(commune, **extra):
    session = make_session(make_assembly(commune, "Bureau"), online=False)
    make_act(
        commune, "Procès-verbal du 15 janvier", [MINUTES], kind=Act.Kind.MINUTES, session=session, online=False, **extra
    )
    return session


def test_the_agenda_that_minutes_print_becomes_that_of_the_sitting_once_somebody_asks_for_it(secretary, commune):
    session = sitting_with_minutes(commune)
    page = secretary.get(reverse("acts:session", args=[session.pk])).content.decode()
    assert "Convention avec la fondation pour l’accueil des chats" in page
    answer = secretary.post(reverse("acts:agenda", args=[session.pk]), follow=True)
    assert "3 points repris" in answer.content.decode()
    session = Session.objects.get(pk=session.pk)
    assert list(session.items.values_list("number", "title")) == [
        ("1", "Budget primitif"),
        ("2", "Convention avec la fondation pour l’accueil des chats"),
        ("", "Questions diverses"),
    ]
    # What somebody wrote since is not written over.
    secretary.post(reverse("acts:agenda", args=[session.pk]))
    assert session.items.count() == 3
    assert (
        "Reprendre cet ordre du jour" not in secretary.get(reverse("acts:session", args=[session.pk])).content.decode()
    )


def test_a_file_of_two_acts_is_cut_from_its_screen(secretary, commune):
    lot = SimpleUploadedFile("lot.pdf", bundle_pdf("2026_001", "2026_002"), "application/pdf")
    secretary.post(reverse("acts:deposit"), {"organisation": commune.pk, "files": [lot]})
    run_queued()
    whole = Act.objects.get()
    assert "n° 2026_002, page 2" in secretary.get(reverse("acts:confirm", args=[whole.pk])).content.decode()
    answer = secretary.post(reverse("acts:cut", args=[whole.pk]), follow=True)
    assert "Le découpage en 2 actes est en cours" in answer.content.decode()
    run_queued()
    page = secretary.get(reverse("acts:waiting")).content.decode()
    assert "2026_001" in page
    assert "2026_002" in page


def test_the_agenda_of_a_sitting_is_taken_over_by_its_own_organisation_alone(commune):
    session = sitting_with_minutes(commune)
    stranger = Client()
    stranger.force_login(make_member(make_organisation("Lieusaint"), Role.ADMINISTRATOR))
    stranger.post(reverse("acts:agenda", args=[session.pk]))
    assert not session.items.exists()
