"""Cards in other languages: who writes them, how they are shown, remembered, restored, and never saved by mistake."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from parvis.core.card_translations import State, parts_of
from parvis.core.errors import Forbidden
from parvis.hub.accounts.factories import make_member, make_organisation
from parvis.hub.accounts.rules import ANONYMOUS, OPERATOR, Role
from parvis.hub.accounts.selectors import actor_of
from parvis.hub.catalogue import languages, services
from parvis.hub.catalogue.factories import make_dataset
from parvis.hub.catalogue.models import Dataset
from parvis.hub.catalogue.templatetags.card_words import foreign_name, lang_of
from parvis.hub.catalogue.translating import translate_card, update_card_in_languages

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset(make_organisation(), dataset_id="arceaux", title="Arceaux à vélos")
    card = {
        "description": "<p>Un.</p>",
        "keywords": ["vélo"],
        "fields": {"nom": {"label": "Nom"}, "code": {"label": "Code"}},
    }
    return services.update_card(OPERATOR, dataset, card)


def english(dataset: Dataset, **texts: str) -> Dataset:
    return translate_card(OPERATOR, dataset, "en", {"title": "Bicycle stands", **texts})


def test_a_card_is_shown_in_the_language_of_the_page_and_marked_where_it_is_not(dataset):
    english(dataset)
    with override("en"):
        shown = languages.here(dataset)
        assert (shown.title, shown.description) == ("Bicycle stands", "<p>Un.</p>")
        assert (lang_of(shown, "title"), lang_of(shown, "description")) == ("", 'lang="fr"')
        assert (foreign_name(shown), foreign_name(dataset)) == ("", "french")
    with override("fr"):
        assert languages.here(dataset) is dataset
        assert lang_of(dataset, "title") == foreign_name(dataset) == ""


def test_writing_that_turns_is_marked(dataset):
    translate_card(OPERATOR, dataset, "ar", {"title": "دراجات"})
    shown = languages.in_language(dataset, "ar")
    with override("fr"):
        assert lang_of(shown, "title") == 'lang="ar" dir="rtl"'


def test_what_is_shown_in_another_language_is_never_saved(dataset):
    english(dataset)
    shown = languages.in_language(dataset, "en")
    with pytest.raises(RuntimeError):
        shown.save()
    assert shown.current is dataset.current
    assert dataset.title == "Arceaux à vélos"


def test_a_source_that_changes_makes_its_translation_old(dataset):
    english(dataset, **{"fields.nom.label": "Name"})
    services.update_card(OPERATOR, dataset, {"title": "Arceaux à vélos, 2026"})
    parts = {part.path: part.state for part in parts_of(languages.sources_of(dataset), dataset.translations["en"])}
    assert parts["title"] is State.STALE
    assert parts["fields.nom.label"] is State.DONE
    (progress,) = languages.progress_of(dataset, ["en"])
    assert (progress.done, progress.stale, progress.total, progress.is_whole) == (1, 1, 5, False)


def test_two_people_translate_one_card_without_losing_anything(dataset):
    mine, theirs_too = (Dataset.objects.get(pk=dataset.pk) for _n in range(2))
    translate_card(OPERATOR, mine, "en", {"title": "Bicycle stands"}, seen={"title": _nothing()})
    translate_card(OPERATOR, theirs_too, "en", {"keywords": "bicycle"}, seen={"keywords": _nothing()})
    with pytest.raises(services.CardChanged):
        translate_card(OPERATOR, dataset, "en", {"title": "Bike racks"}, seen={"title": _nothing()})
    dataset.refresh_from_db()
    assert (dataset.translations["en"]["title"], dataset.translations["en"]["keywords"]) == (
        "Bicycle stands",
        ["bicycle"],
    )


def _nothing() -> str:
    return languages.digest("")


def test_who_may_not_edit_translates_nothing(dataset):
    stranger = actor_of(make_member(make_organisation("Autre"), Role.STEWARD))
    for actor in (ANONYMOUS, stranger):
        with pytest.raises(Forbidden):
            translate_card(actor, dataset, "en", {"title": "x"})
        with pytest.raises(Forbidden):
            update_card_in_languages(actor, dataset, {"translations": {"en": {"title": "x"}}})
    dataset.refresh_from_db()
    assert dataset.translations == {}


def test_html_of_a_translation_is_cleaned_like_that_of_the_card(dataset):
    english(dataset, description='<p onclick="x">One<script>alert(1)</script></p>')
    assert dataset.translations["en"]["description"] == "<p>One</p>"


def test_the_card_is_not_translated_into_its_own_language(dataset):
    update_card_in_languages(OPERATOR, dataset, {"translations": {"fr": {"title": "Autre"}, "en": {"title": "Stands"}}})
    assert list(dataset.translations) == ["en"]


def test_going_back_brings_the_translations_back(dataset):
    english(dataset)
    revision = dataset.revisions.first()
    assert revision.changed == ["translations"]
    translate_card(OPERATOR, dataset, "en", {"title": "Racks"})
    services.restore_card(OPERATOR, dataset, revision)
    assert dataset.translations["en"]["title"] == "Bicycle stands"


def test_a_suggestion_comes_from_cards_that_one_may_see_alone(dataset):
    english(dataset, **{"fields.nom.label": "Name"})
    closed = make_dataset(make_organisation("Autre"), dataset_id="secret", title="Secret")
    services.update_card(OPERATOR, closed, {"fields": {"c": {"label": "Commune"}}})
    translate_card(OPERATOR, closed, "en", {"fields.c.label": "Municipality"})
    services.unpublish(OPERATOR, closed)
    member = actor_of(make_member(dataset.organisation, Role.STEWARD))
    assert languages.remembered(member, "en", ["Nom", "Commune"]) == {"Nom": "Name"}
    assert languages.remembered(OPERATOR, "en", ["Nom", "Commune"]) == {"Nom": "Name", "Commune": "Municipality"}
    assert languages.remembered(OPERATOR, "de", ["Nom"]) == {}


def test_an_instance_adds_languages_of_cards(dataset, settings):
    settings.PARVIS = {**settings.PARVIS, "PARVIS_CARD_LANGUAGES": ("de", "br")}
    assert languages.card_languages() == ("fr", "en", "de", "br")
    assert languages.languages_to_translate(dataset) == ["en", "de", "br"]
    assert [languages.card_language_for(code) for code in ("de-AT", "es", "en")] == ["de", "fr", "en"]
