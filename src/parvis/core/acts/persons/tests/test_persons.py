"""Whom an act names: set aside when they sit or sign, proposed when it is about their own affairs, then everywhere."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from parvis.core.acts.model import Page
from parvis.core.acts.persons import PersonMention, mentions_in


def proposed(text: str, matter: str = "8.2", officials: tuple[str, ...] = ()) -> list[str]:
    """The words that are proposed to be hidden in one page."""
    return [mention.passage.text for mention in mentions_in([Page(1, text)], officials, (), matter) if mention.proposed]


@pytest.mark.parametrize(
    "written",
    [
        "M. DUPONT",
        "Monsieur Jean Dupont",
        "M. DUPONT Jean",
        "Jean DUPONT",
        "M. J. DUPONT",
        "Mr Dupont Jean",
        "M. Jean DÙPONT",
    ],
)
@pytest.mark.parametrize("listed", ["Jean DUPONT", "DUPONT Jean", "M. Jean Dupont", "DUPONT J."])
def test_a_member_is_set_aside_however_the_name_is_written(written: str, listed: str) -> None:
    """Order, capitals, accents, initials and civility change nothing."""
    assert proposed(f"Sur demande d’aide sociale, {written} prend la parole.", officials=(listed,)) == []


def test_somebody_of_the_same_family_name_is_no_member() -> None:
    """Another first name is another person."""
    text = "Une aide sociale de 300 euros est versée à Mme Lucie DUPONT pour son loyer."
    assert proposed(text, officials=("Jean DUPONT",)) == ["Mme Lucie DUPONT"]


def test_those_listed_as_present_are_members_even_when_nobody_said_so() -> None:
    """Lists of councils often have family names alone."""
    text = (
        "Présents : Mmes et Ms Barbillon - Hallu - Trouillet – Avot\nAbsents excusés : M. Valck\nOrdre du jour\n"
        "Sur demande de secours, M. Trouillet et Mme Hallu rapportent le dossier de Mme Paulette MERCIER."
    )
    assert proposed(text) == ["Mme Paulette MERCIER"]


def test_whom_the_object_names_below_those_absent_is_no_member() -> None:
    """The object stands between who is absent and « Monsieur le Maire rapporte : », and names who sells."""
    text = (
        "Présents : Fabien ABERT, Guy BARRAL.\nAbsents :\nPatrick VIGNAL\nSecteur de Bionne\n"
        "Acquisition de la propriété de M. Joseph PETIT\nMonsieur le Maire rapporte :\n"
        "Monsieur Joseph PETIT, propriétaire de deux parcelles, accepte de les vendre. M. VIGNAL demande le prix."
    )
    assert "Monsieur Joseph PETIT" in proposed(text, "3.1")
    assert "M. VIGNAL" not in proposed(text, "3.1")


def test_streets_and_schools_are_nobody() -> None:
    """Whoever they are called after."""
    text = "Travaux rue Louis Pasteur, à l’école Jean Moulin et place du Général Leclerc ; dossier de la salle Marcel Dubois."
    assert proposed(text) == []


@pytest.mark.parametrize(
    "title", ["Maître Paul GIRARD, notaire", "M. Paul GIRARD, président du club", "le trésorier, M. Paul GIRARD,"]
)
def test_whoever_is_named_for_a_trade_or_an_office_stays(title: str) -> None:
    """It is written next to the name."""
    assert proposed(f"Le dossier est suivi par {title} et le conseil.", "7.5") == []


def test_lists_without_civility_are_read_where_the_matter_is_about_persons() -> None:
    """A table of aids."""
    text = "Bénéficiaires :\nMARTIN Sophie 120 €\nLAURENT KEVIN 80 €\nNadia Benali 95 €\n"
    assert proposed(text) == ["MARTIN Sophie", "LAURENT KEVIN", "Nadia Benali"]
    assert proposed(text.replace("Bénéficiaires", "Noms"), "5.2") == []


def test_other_matters_propose_what_is_private_alone() -> None:
    """A sale of land names the buyers; a remark in a meeting names who made it."""
    assert proposed("La parcelle est vendue à M. Yves MOREL, domicilié à Vesoul.", "3.2") == ["M. Yves MOREL"]
    assert proposed("M. Yves MOREL remercie les organisateurs de la fête.", "8.9") == []


def test_a_name_proposed_once_is_proposed_on_every_page() -> None:
    """The family name alone too, in any case; a street of that name not."""
    pages = [
        Page(1, "Dossier d’aide sociale de Mme Paulette MERCIER."),
        Page(2, "Mercier remercie le conseil. PAULETTE MERCIER signe. Elle habite rue Mercier."),
    ]
    passages = [mention.passage for mention in mentions_in(pages, (), (), "8.2") if mention.proposed]
    assert [(mention.page, mention.text) for mention in passages] == [
        (1, "Mme Paulette MERCIER"),
        (2, "Mercier"),
        (2, "PAULETTE MERCIER"),
    ]


def test_what_leads_to_somebody_is_proposed() -> None:
    """Home, birth, telephone, box, account, social security number, plate; the number of the town hall is not."""
    text = (
        "Mairie de Couthenans, tél. 03 84 00 00 00, mairie@couthenans.fr\n"
        "Mme Paulette MERCIER, 12 bis rue des Lilas 70400 Héricourt, née le 3 mars 1956, tél. 06 12 34 56 78,\n"
        "paulette.mercier@gmail.com, IBAN FR76 3000 6000 0112 3456 7890 189, véhicule AB-123-CD"
    )
    kinds = {
        mention.kind: mention.passage.text
        for mention in mentions_in([Page(1, text)], (), (), "8.2")
        if mention.proposed
    }
    assert kinds["address"].startswith("12 bis rue des Lilas 70400 Héricourt")
    assert kinds["birth"].endswith("3 mars 1956")
    assert (kinds["phone"], kinds["email"], kinds["plate"]) == (
        "06 12 34 56 78",
        "paulette.mercier@gmail.com",
        "AB-123-CD",
    )
    assert kinds["iban"].startswith("FR76")
    assert "03 84 00 00 00" not in kinds.values()


def test_what_is_not_proposed_is_told_with_its_reason() -> None:
    """A person decides."""
    (mention,) = mentions_in([Page(1, "M. Yves MOREL remercie.")], ("MOREL Yves",), (), "8.2")
    assert (mention.proposed, mention.reason.message) == (False, "Une personne élue, ou qui signe l’acte.")


_PIECES = some.sampled_from(
    ["M. ", "Mme ", "Jean ", "DUPONT", "Dupont ", "rue ", "né le 3/4/1990 ", "06 12 34 56 78", "\n", ", ", "Présents : ", "é", "\u0301", "FR76", "-", "12 "]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.one_of(_PIECES, some.text(max_size=8)), max_size=40), some.lists(some.text(max_size=20), max_size=3)
)
def test_any_text_gives_passages_of_its_own_that_do_not_overlap(parts: list[str], officials: list[str]) -> None:
    """And never an error."""
    pages = [Page(1, "".join(parts)), Page(2, "".join(reversed(parts)))]
    mentioned: list[PersonMention] = mentions_in(pages, officials, (), "6.1")
    for mention, other in pairwise(mentioned):
        assert mention.passage.page < other.passage.page or mention.passage.end <= other.passage.start
    for mention in mentioned:
        assert pages[mention.passage.page - 1].text[mention.passage.start : mention.passage.end] == mention.passage.text
