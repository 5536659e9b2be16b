"""Minutes of a sitting are read item by item."""

from __future__ import annotations

from parvis.core.acts.agendas import agenda_points
from parvis.core.acts.flat_text import FlatText
from parvis.core.acts.minutes import decisions_of
from parvis.core.acts.tests.documents import pages_of, read


def _votes(name: str) -> list[tuple]:
    fields = ("votes_for", "votes_against", "abstentions", "outcome")
    return [
        (item.number, item.title, *(item.value(field) for field in fields))
        for item in decisions_of(read(f"minutes/{name}.txt"))
    ]


def test_the_minutes_of_january_hold_six_decisions():
    assert _votes("couthenans_20220121") == [
        ("1", "Pacte Financier et Fiscal de Solidarité (PFFS) 2021-2027", 14, None, None, "adopted"),
        (
            "2",
            "Rapport de la Commission Locale d’Évaluation des Charges Transférées (CLECT) 2016-2020",
            14,
            None,
            None,
            "adopted",
        ),
        ("3", "Convention CAUE", 13, None, 1, "adopted"),
        ("4", "Rapport du syndicat des eaux", 14, None, None, "adopted"),
        ("5", "Aide à entreprise", 11, None, 3, "adopted"),
        ("6", "Travaux forestiers", 11, 2, 1, "adopted"),
    ]


def test_the_minutes_of_june_hold_eight_decisions_one_of_which_goes_over_a_page():
    rows = _votes("couthenans_20220624")
    assert [row[0] for row in rows] == list("12345678")
    assert [row[2] for row in rows] == [13, 13, 11, 13, 13, 13, 13, 12]
    assert [row[4] for row in rows] == [None, None, 2, None, None, None, None, 1]


def test_a_vote_is_read_in_three_ways_and_the_agenda_is_no_decision():
    assert _votes("three_ways") == [
        ("2", "Taxe d'aménagement", 11, 0, 0, "adopted"),
        ("3", "Motion sur les finances", 11, 0, 0, "adopted"),
        ("4", "Réglementation des questions diverses", 5, 6, 0, "rejected"),
        ("5", "Convention avec le syndicat", None, None, None, "postponed"),
    ]


def test_headings_in_capitals_are_read_and_the_approval_of_minutes_is_no_decision():
    assert _votes("capitals") == [
        ("", "COMPTE ADMINISTRATIF 2009", 8, 0, 0, "adopted"),
        ("", "AVIS SUR LE PROGRAMME DE L'HABITAT", 1, 5, 2, "rejected"),
        ("", "VENTE DU TRACTEUR", None, None, None, "postponed"),
    ]


def test_a_vote_does_not_go_on_past_the_next_heading():
    pages = pages_of(
        "Procès-verbal\n1/ Voirie :\n10 votes pour. 2 Abstentions\n2/ Bois\nPour 2 parcelles.\n2 abstentions 9 votes pour\n3/ Eau potable\n12 votes pour\n"
    )
    rows = [(item.title, item.value("votes_for"), item.value("abstentions")) for item in decisions_of(pages)]
    assert rows == [("Voirie", 10, 2), ("Bois", 9, 2), ("Eau potable", 12, None)]


def test_an_item_ends_where_the_next_begins():
    pages = pages_of("Procès-verbal\n1. Premier point\n12 voix pour\n2. Second point\n13 voix pour\n")
    first, second = decisions_of(pages)
    assert first.until == (1, second.passage.start)


def test_items_without_numbers_are_those_of_the_agenda_however_they_are_recognised():
    rows = [
        (item.title, item.value("votes_for"), item.value("abstentions"))
        for item in decisions_of(read("cases/minutes_with_a_margin.txt"))
    ]
    assert rows == [
        ("Convention d'adhesion au service Médecine prévertive", 10, 0),
        ("Conditions de facturation eau et assainissement 2024", 10, 0),
        ("Demande de retrait de la commune voisine de la Communauté de communes du Pays des Sources", 7, 3),
    ]


def test_an_agenda_is_read_point_by_point():
    points = agenda_points(FlatText.of(read("cases/minutes_with_a_margin.txt")))
    assert [point.title for point in points] == [
        "Approbation du procès-verbal du 22 septembre 2023",
        "Convention d'adhésion au service Médecine préventive",
        "Conditions de facturation eau et assainissement 2024",
        "Demande de retrait de la commune voisine de la Communauté de communes du Pays des Sources",
        "Questions diverses",
    ]


def test_points_of_an_agenda_keep_their_numbers_and_lose_their_bullets():
    text = "Convocation\nORDRE DU JOUR :\n1. Budget primitif\n2 - Voirie communale\n\uf0b7 Tarifs de la cantine\nMonsieur le Maire ouvre la séance.\n"
    points = agenda_points(FlatText.of(pages_of(text)))
    assert [(point.number, point.title) for point in points] == [
        ("1", "Budget primitif"),
        ("2", "Voirie communale"),
        ("", "Tarifs de la cantine"),
    ]


def test_what_is_said_below_a_numbered_point_is_no_point():
    text = (
        "Ordre du jour\n1/ Voirie :\nL’état demande de mesurer la voirie.\n12 votes pour.\n2/ Bois :\n3 votes contre\n"
    )
    assert agenda_points(FlatText.of(pages_of(text))) == []


def test_a_text_without_agenda_has_no_points():
    assert agenda_points(FlatText.of(pages_of("Il rappelle l’ordre du jour de la séance et passe au vote.\n"))) == []
