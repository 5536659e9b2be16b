"""One value at a time: good and bad examples of each kind."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.privacy.headers import ROLES, about, roles_of
from parvis.core.privacy.names import is_eponym, names_a_person
from parvis.core.privacy.texts import mentions, search_text
from parvis.core.privacy.values import (
    PHONE,
    Whose,
    emails_in,
    is_bare_nir,
    is_iban,
    is_ip,
    is_person_nir,
    is_phone,
    is_plate,
    is_postal_address,
    is_times,
    mask,
    mask_email,
    phones_in,
    whose_email,
    whose_iban,
    whose_phone,
)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_each_header_gives_its_role_and_others_do_not(role) -> None:
    assert all(role.name in roles_of(header) for header in role.good)
    assert not any(role.name in roles_of(header) for header in role.bad)


@pytest.mark.parametrize(
    ("test", "good", "bad"),
    [
        (is_person_nir, ["1 84 12 76 451 089 46", "255081416802538", "1.84.12.76.451.089.46", "1841276451089/46"], ["184127645108947", "21560046100010", "1.84127645108946", "184 127 645 108 946", "x"]),
        (is_times, ["07 30 12 00 13 30", "0730120013", "07.30.12.00.15", "08 00 12 00 14 00 24 00"], ["06 12 34 56 78", "06 30 05 00 10", "0600000000", "07 30", "x"]),
        (is_bare_nir, ["1841276451089"], ["1841376451089", "5901234123457", "18412764510"]),
        (is_iban, ["FR76 3000 6000 0112 3456 7890 189", "DE89370400440532013000"], ["FR7630006000011234567890188", "ABC"]),
        (is_phone, ["06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "612345678", "01.60.91.00.00"], ["3939", "12", "0012345678"]),
        (is_plate, ["AB-123-CD", "ab 123 cd", "AB123CD"], ["AB-12-CD", "ABC-123-D", "IO-123-UU"]),
        (is_ip, ["192.168.1.12", "2001:db8::1"], ["1.2.3", "256.1.1.1", "0.0.0.0", "127.0.0.1"]),
        (is_postal_address, ["12 bis rue des Lilas", "4, av. Foch 91000 Évry"], ["Mairie", "rue des Lilas", "12"]),
        (names_a_person, ["Jean DUPONT", "DUPONT Jean", "Mme Le Gall", "Marie-Claire Lefebvre", "FAM. DUPONT", "M. et Mme Durand Luc"], ["Monsieur le Maire", "École Jean Moulin", "SARL MARTIN", "Rue Jean Dupont", "Évry", "M RENOVATION", "Famille rurale"]),
        (is_eponym, ["Jean Jaurès", "JEAN-MOULIN", "Antoine de Saint-Exupéry"], ["Jean Dupont", ""]),
    ],
)  # fmt: skip
def test_each_kind_of_value_is_told_from_its_look_alikes(test, good: list[str], bad: list[str]) -> None:
    assert [value for value in good if not test(value)] == []
    assert [value for value in bad if test(value)] == []


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("jean.dupont@gmail.com", Whose.PERSON),
        ("j.dupont@ville.fr", Whose.PERSON),
        ("jdupont@ville.fr", Whose.PERSON),
        ("dupont.marie@laposte.net", Whose.PERSON),
        ("contact@ville.fr", Whose.BODY),
        ("mairie.lieusaint@wanadoo.fr", Whose.BODY),
        ("etat-civil@ville.fr", Whose.BODY),
        ("saint-chamond@agglo.fr", Whose.BODY),
        ("asso.jeanne@gmail.com", Whose.BODY),
        ("garage-martin@garage-martin.fr", Whose.BODY),
        ("xk42@gmail.com", Whose.UNSURE),
    ],
)
def test_a_box_says_whose_it_is(address: str, whose: Whose) -> None:
    assert whose_email(address) is whose


def test_mobiles_are_of_persons_and_the_accounts_of_the_treasury_of_bodies() -> None:
    assert whose_phone("+33 (0)6 12 34 56 78") is Whose.PERSON
    assert whose_phone("01 60 91 00 00") is Whose.UNSURE
    assert whose_phone("0 800 123 456") is Whose.BODY
    assert whose_iban("FR76 3000 1000 0112 3456 7890 189") is Whose.BODY


def test_a_table_of_votes_is_about_officials() -> None:
    assert "officials" in about(["Nuance candidat", "Nom candidat", "Voix"])
    assert about(["nom", "prénom", "âge"]) == frozenset()


def blocking(text: str) -> set[str]:
    return {finding.kind for finding in search_text(text).blocking}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Mme Lefebvre se plaint du bruit de son voisin", {"text"}),
        ("Pour s’inscrire : sylvie.moreau@orange.fr ou 06 12 34 56 78", {"email", "phone"}),
        ("Dossier 1 84 12 76 451 089 46", {"nir"}),
        ("Le véhicule immatriculé AB-123-CD est en fourrière", {"plate"}),
        ("Autorisation de voirie à M. BENALI Karim, 12 rue des Lilas", {"text"}),
        ("Rue de Jessaint (de Stephenson à M. Dormoy)", set()),
        ("Accueils des écoles élémentaires M. Pagnol et E. Pérochon, salle 2", set()),
        ("La métropole, née le 1er janvier 2015, réunit 30 communes", set()),
        ("Usagère de l’association, née le 3 mai 1958", {"birth"}),
        ("Ouvert de 07 30 12 00 à 14 00", set()),
        ("Née le 3 mai 1981, demeurant 14 rue des Lilas", {"birth", "address"}),
        ("Connexion depuis l’adresse IP 91.12.45.67", {"ip"}),
        ("Monsieur le Maire ouvre la séance ; Mme Moreau, adjointe, rapporte", set()),
        ("Concert de Jean Dupont, pianiste, à la salle Victor Hugo", set()),
        ("École Jean Moulin, 12 rue Jules Ferry, tél. 01 60 91 00 00, contact@ville.fr", set()),
        ("Version 1.2.3.4 du 12/05/2024, réf. AB-123-CD", set()),
    ],
)
def test_mentions_in_a_text_are_found_and_officials_and_places_are_not(text: str, kinds: set[str]) -> None:
    assert blocking(text) == kinds


@given(st.text(max_size=300))
def test_any_text_is_searched_and_places_of_mentions_lie_inside_it(text: str) -> None:
    spotted = mentions(text)
    assert all(0 <= one.start < one.end <= len(text) and one.words == text[one.start : one.end] for one in spotted)
    assert all(a.end <= b.start for a, b in pairwise(spotted))


@given(st.text(alphabet="0123456789 .-/:h+()x", max_size=200), st.booleans())
def test_telephones_of_any_text_are_told_from_times_and_none_is_made_up(text: str, schedule: bool) -> None:
    numbers = [match[0] for match in phones_in(text, schedule=schedule)]
    assert set(numbers) <= {match[0] for match in PHONE.finditer(text)}
    assert not any(is_times(number, schedule=schedule) and number == text for number in numbers)


def test_a_run_of_times_is_no_telephone_and_two_telephones_are_two() -> None:
    assert phones_in("07 30 12 00 13 30 17 30") == []
    assert phones_in("06 43 12 51 18 59", schedule=True) == []
    assert [match[0] for match in phones_in("06 12 34 56 78 07 98 76 54 32")] == ["06 12 34 56 78", "07 98 76 54 32"]


@given(st.text(max_size=100))
def test_a_mask_keeps_no_digit_and_no_two_letters_in_a_row(text: str) -> None:
    shown = mask(text)
    assert not any(c.isdigit() for c in shown)
    assert not any(a.isalpha() and b.isalpha() for a, b in pairwise(shown))


def test_a_masked_box_keeps_one_letter_and_the_last_part_of_its_domain() -> None:
    assert mask_email("jean.dupont@petite-ville.fr") == "j•••@•••.fr"


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("<jean.dupont@orange.fr>", ["jean.dupont@orange.fr"]),
        ("d'jean.dupont@orange.fr,marie@free.fr", ["d'jean.dupont@orange.fr", "marie@free.fr"]),
        ("écrire à…marie[at]free.fr", ["marie[at]free.fr"]),
        ("x" * 5_000 + " marie@free.fr", ["marie@free.fr"]),
        ("-" * 5_000 + "marie@free.fr" + "-" * 5_000, ["marie@free.fr"]),
        ("x" * 5_000 + ".marie@free.fr", ["marie@free.fr"]),
        ("x" * 70 + "@free.fr", []),
    ],
)
def test_addresses_are_found_wherever_they_begin_but_in_the_midst_of_a_word(text, addresses):
    assert [found[0] for found in emails_in(text)] == addresses
