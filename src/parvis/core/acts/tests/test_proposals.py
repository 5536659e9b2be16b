"""What rules read in acts: cases in ``cases/`` (a text, and what must be its best proposals), then sentences one by one."""

from __future__ import annotations

import json

import pytest

from parvis.core.acts.model import BODIES, FIELDS, KINDS, OUTCOMES
from parvis.core.acts.proposals import MOST_PER_FIELD, RULES, propose
from parvis.core.acts.tests.documents import HERE, TODAY, best, read

CASES = sorted(path.stem for path in (HERE / "cases").glob("*.txt"))


@pytest.mark.parametrize("name", CASES)
def test_the_case_is_read_as_it_is(name):
    case = json.loads((HERE / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    proposals = {}
    for proposal in propose(read(f"cases/{name}.txt"), case["file_name"], today=TODAY):
        proposals.setdefault(proposal.field, proposal)
    values = {field: proposals[field].value if field in proposals else None for field in case["expected"]}
    assert values == case["expected"]


@pytest.mark.parametrize("name", CASES)
def test_proposals_have_the_shapes_that_are_promised(name):
    proposals = propose(read(f"cases/{name}.txt"), today=TODAY)
    assert {proposal.rule for proposal in proposals} <= {rule.name for rule in RULES}
    for field in {proposal.field for proposal in proposals}:
        of_field = [proposal for proposal in proposals if proposal.field == field]
        assert field in FIELDS
        assert len(of_field) <= MOST_PER_FIELD
        assert [p.confidence for p in of_field] == sorted((p.confidence for p in of_field), reverse=True)
    closed = {"kind": KINDS, "body": BODIES, "outcome": OUTCOMES}
    assert all(proposal.value in closed[proposal.field] for proposal in proposals if proposal.field in closed)
    json.dumps([proposal.to_json() for proposal in proposals])


VOTES = [
    ("adopte à l'unanimité", {"unanimous": True, "outcome": "adopted"}),
    ("0 contre, 0 abstention, 11 pour", {"votes_for": 11, "votes_against": 0, "abstentions": 0}),
    ("14 votes pour", {"votes_for": 14}),
    ("13 votes pour 1 abstention", {"votes_for": 13, "abstentions": 1}),
    (
        "6 voix Contre, 0 Abstention, 5 pour",
        {"votes_for": 5, "votes_against": 6, "abstentions": 0, "outcome": "rejected"},
    ),
    ("par 15 voix pour et 2 abstentions (M. X, Mme Y)", {"votes_for": 15, "abstentions": 2}),
    ("Pour : 12 Contre : 3 Abstention : 0", {"votes_for": 12, "votes_against": 3, "abstentions": 0}),
    ("Pour 12 Contre 3 Abstention 0", {"votes_for": 12, "votes_against": 3, "abstentions": 0}),
    ("adopté à la majorité, par 12 voix contre 3", {"votes_for": 12, "votes_against": 3, "unanimous": False}),
    (
        "ONT VOTÉ POUR : 14 ONT VOTÉ CONTRE : / SE SONT ABSTENUS : /",
        {"votes_for": 14, "votes_against": 0, "abstentions": 0},
    ),
    (
        "par quinze voix pour, une voix contre et deux abstentions",
        {"votes_for": 15, "votes_against": 1, "abstentions": 2},
    ),
    ("à l'unanimité moins une abstention", {"unanimous": False, "abstentions": 1}),
    ("Votes pour : 9\nVotes contre : 0\nAbstentions : 2", {"votes_for": 9, "votes_against": 0, "abstentions": 2}),
    ("par 1 « abstention » et 11 voix :", {"votes_for": 11, "abstentions": 1}),
    ("Par 13 voix POUR – 1 ABSTENTION", {"votes_for": 13, "abstentions": 1}),
    ("par 34 voix pour et une voix contre :\n- approuve", {"votes_for": 34, "votes_against": 1}),
    (
        "Vote :\n- Contre : 2 (M. A et Mme B)\n- Abstention : 3\n- Pour : 12",
        {"votes_for": 12, "votes_against": 2, "abstentions": 3},
    ),
    ("est ajournée", {"outcome": "postponed"}),
    ("à l'unanimité :\n- PREND ACTE du rapport", {"unanimous": True, "outcome": "noted"}),
    ("prend acte du rapport", {"outcome": "noted"}),
    ("REJETTE la proposition", {"outcome": "rejected"}),
]


@pytest.mark.parametrize(("sentence", "expected"), VOTES)
def test_a_vote_is_read_in_the_way_it_is_written(sentence, expected):
    proposals = best(
        f"EXTRAIT DU REGISTRE DES DÉLIBÉRATIONS\nLe conseil municipal, après en avoir délibéré, {sentence}.\n"
    )
    assert {field: proposals[field].value for field in expected if field in proposals} == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "pour un montant de 3 000 euros",
        "12 logements pour 3 ans",
        "un emprunt de 15 pour cent",
        "l'article 2 contre le bruit",
        "un avis favorable",
        "le recrutement d'une personne pour le ménage",
        "pour une durée d'un an, contre une redevance",
    ],
)
def test_what_is_no_vote_is_not_read_as_one(sentence):
    proposals = best(f"DÉLIBÉRATION DU CONSEIL MUNICIPAL\nAprès en avoir délibéré, décide {sentence}.\n")
    assert not {"votes_for", "votes_against", "abstentions"} & set(proposals)


def test_unanimity_is_that_of_those_present_and_represented():
    proposals = best(
        "DÉLIBÉRATION DU CONSEIL MUNICIPAL\nPrésents : 12\nPouvoirs : 3\nAprès en avoir délibéré, à l'unanimité, décide.\n"
    )
    assert [proposals[field].value for field in ("voters", "votes_for", "votes_against", "abstentions")] == [
        15,
        15,
        0,
        0,
    ]


def test_the_date_of_the_text_wins_over_that_of_the_name():
    text = "COMPTE RENDU DU CONSEIL MUNICIPAL\nSéance du 28 octobre 2022\n"
    assert best(text, "cr_2021-10-28.pdf")["date"].value == "2022-10-28"
    alone = best("sans date", "cr_20211028.pdf")["date"]
    assert (alone.value, alone.confidence <= 0.5, alone.passage) == ("2021-10-28", True, None)


def test_the_date_of_minutes_that_are_approved_is_not_that_of_the_sitting():
    text = "Conseil municipal du 15/10/2024\nLe procès-verbal de la séance du 28 août 2024 est approuvé.\n"
    assert best(text)["date"].value == "2024-10-15"


def test_the_date_of_what_an_order_cites_is_not_its_own():
    text = (
        "ARRÊTÉ N° DDT-2023-0014\nportant autorisation de battues\n"
        "Vu l'avis favorable du président de la fédération, en date du\n02 février 2023 ;\nARRÊTE\nArticle 1 : elles sont permises.\n"
    )
    assert best(text, "ART_20230223.pdf")["date"].value == "2023-02-23"
    assert best(f"{text}Fait à Nîmes, le 21 février 2023", "ART_20230223.pdf")["date"].value == "2023-02-21"


def test_an_identifier_with_a_wrong_key_is_less_sure():
    right = best("ID : 094-219400413-20180704-12-DE")["transmission"].confidence
    wrong = best("ID : 094-219400414-20180704-12-DE")["transmission"].confidence
    assert (right >= 0.95, wrong <= 0.6) == (True, True)


def test_letters_that_recognition_takes_for_figures_are_put_right():
    proposals = best("Reçu en préfecture le O6/0l/2024\nID : 095-2l9501426-20240105-032024-DE")
    assert proposals["received_on"].value == "2024-01-06"
    assert proposals["siren"].value == "219501426"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1 234,56 €", 1234.56),
        ("620.000€", 620_000),
        ("404 315.94 €", 404_315.94),
        ("5 000 euros", 5000),
        ("2,5 millions d'euros", 2_500_000),
        ("12 k€", 12_000),
    ],
)
def test_an_amount_is_read_in_the_way_it_is_written(written, value):
    assert [row["value"] for row in best(f"une somme de {written} est versée")["amounts"].value] == [value]


@pytest.mark.parametrize(
    ("sentence", "pair"),
    [
        ("M. Pierre OLLIER (pouvoir à Mme Anne DELMAS)", ["Pierre OLLIER", "Anne DELMAS"]),
        ("Pierre OLLIER a donné procuration à Anne DELMAS", ["Pierre OLLIER", "Anne DELMAS"]),
        ("pouvoir de Pierre OLLIER à Anne DELMAS", ["Pierre OLLIER", "Anne DELMAS"]),
        ("Pierre OLLIER, représenté par Anne DELMAS", ["Pierre OLLIER", "Anne DELMAS"]),
        ("Pouvoirs :\n- Monsieur Pierre OLLIER à Madame Anne DELMAS\n", ["Pierre OLLIER", "Anne DELMAS"]),
        ("Absents : M. Ollier, procuration à M. Delmas", ["M. Ollier", "M. Delmas"]),
    ],
)
def test_a_proxy_is_read_in_the_way_it_is_written(sentence, pair):
    assert best(f"Conseil municipal du 3 mars 2024\n{sentence}\n")["proxy_names"].value == [pair]


def test_a_matter_that_is_printed_is_taken_to_level_2():
    assert best("DÉLIBÉRATION DU CONSEIL MUNICIPAL\nMatière : 7.5.1 Subventions\n")["matter"].value == "7.5"


def test_an_amount_that_a_point_touches_is_read_whole():
    (proposal,) = [
        row for row in propose(read("cases/order_named_by_its_heading.txt"), today=TODAY) if row.field == "amounts"
    ]
    assert [row["value"] for row in proposal.value] == [15_000.0, 1_500.0]


def test_an_order_says_its_number_of_several_parts_its_day_above_the_signature_and_who_signed():
    text = (
        "ARRÊTÉ N° DDTM-SEF-2023-0014\nportant restriction des usages de l’eau\n"
        "Vu l'arrêté n° DDTM-SEF-2022-0151 du 28 septembre 2022 ;\nARRÊTE\nArticle 1 : l’arrosage est interdit.\n"
        "Nîmes, le 7 juillet 2023\nLa préfète,\nSigné\nMarie-Anne LECLERC\n"
    )
    read = best(text)
    assert (read["number"].value, read["date"].value) == ("DDTM-SEF-2023-0014", "2023-07-07")
    assert (read["author"].value, read["author_quality"].value) == ("Marie-Anne LECLERC", "Préfète")


def test_minutes_are_dated_by_the_day_alone_at_their_top_and_never_entitled_by_their_agenda():
    text = "C-R du Conseil municipal\nVendredi 29 janvier 2021, 18:30.\nPrésents : Anne, Yves, Jacques\nOrdre du jour :\n1. Budget\n2. Bois\nAdopté à l’unanimité.\n"
    read = best(text, "CR_reunion.pdf")
    assert (read["date"].value, read["title"].value) == ("2021-01-29", "C-R du Conseil municipal")


def test_the_object_of_an_order_is_its_own_and_not_that_of_one_it_cites():
    text = (
        "ARRÊTÉ N° 30-2022-06-03-00003\ninstaurant des mesures de restriction des usages de l’eau\n"
        "VU l’arrêté n° 2019-12 portant règlement du barrage ;\nARRÊTE\nArticle 1 : l’arrosage est interdit.\n"
    )
    assert best(text)["title"].value == "Instaurant des mesures de restriction des usages de l’eau"
    cited = text.replace("instaurant des mesures de restriction des usages de l’eau\n", "")
    assert "title" not in best(cited)


REPORTED = """Extrait du registre des délibérations du Conseil
n° 2014 / 166
Absents ayant voté par procuration :
Stéphanie JANNIN, Bernard TRAVIER.
Absents :
Association de l'Opéra et de l'Orchestre National
Désignation du représentant de la Ville

Madame Nancy CANAUD rapporte :
L'association a pour objet
la promotion de l'opéra. Il est proposé de désigner ce représentant.
Le Conseil adopte.
Pour extrait conforme,
Monsieur le Maire,
Philippe SAUREL
Publiée le : 25/04/2014
"""


def test_the_heading_above_who_reports_is_the_object_and_a_name_below_a_quality_signs():
    read = best(REPORTED)
    assert read["title"].value == (
        "Association de l'Opéra et de l'Orchestre National Désignation du représentant de la Ville"
    )
    assert read["rapporteur"].value == "Nancy CANAUD"
    assert (read["author"].value, read["author_quality"].value) == ("Philippe SAUREL", "Maire")


def test_who_is_absent_stays_out_of_the_object():
    for absent in ("Absents : Paul MARTIN", "Absents :\nPatrick VIGNAL"):
        text = REPORTED.replace("Absents :\nAssociation", f"{absent}\nAssociation")
        assert best(text)["title"].value.startswith("Association de l'Opéra"), absent


def test_whom_the_object_names_is_not_among_the_absent():
    text = REPORTED.replace(
        "Absents :\nAssociation de l'Opéra", "Absents :\nPatrick VIGNAL\nPropriété de M. Jean PETIT"
    )
    assert best(text)["absent_names"].value == ["Patrick VIGNAL"]


def test_the_receipt_below_a_quality_is_no_signature():
    text = REPORTED.replace("Philippe SAUREL\nPubliée", "Accusé de réception\nPubliée")
    assert "author" not in best(text)


def test_a_place_ends_with_its_sentence_and_a_passage_to_something_is_no_place():
    text = "Travaux rue J.A Chauret. M. CARRETERO et Mme DUTEIL posent une question sur le passage à la M57. Rue de la Gare."
    assert best(text)["places"].value == ["rue J.A Chauret", "Rue de la Gare"]
