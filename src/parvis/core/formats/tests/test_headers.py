"""Which first rows are headers: what stands below them tells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parvis.core.formats.headers import HeaderChoice, choose_header

ROWS_ALONE = [
    "2000-01-01;Lisses\n2000-01-02;Évry\n9999-12-31;Ris",
    "Lisses;oui;non\nÉvry;non;non\nRis;oui;oui",
    "1;2;3\n4;5;6\n7;8;9",
    "190050001T-10,10,Place,45.25,1.47\n190050001T-12,12,Rue,45.26,1.48\n190050001T-14,14,Quai,45.27,1.49",
    "2020-01-01;12\n2020-01-02;13\n2020-01-03;14",
    "01/02/2020;Lisses;ouvert\n02/02/2020;Évry;fermé\n03/02/2020;Ris;ouvert",
    "91340;Lisses\n91228;Évry\n91521;Ris-Orangis",
    "2A004;Ajaccio\n2B033;Bastia\n2A041;Bonifacio\n2B049;Calvi",
    "FR-0001;Lisses;ouvert\nFR-0002;Évry;fermé\nFR-0003;Ris;ouvert\nFR-0004;Ris;ouvert",
    "a.b@mairie.fr;Lisses\nc.d@ville.fr;Évry\ne@f.fr;Ris",
    "Lisses;https://lisses.fr\nÉvry;https://evry.fr\nRis;https://ris.fr",
    "Lisses;48.5,2.4\nÉvry;48.6,2.4\nRis;48.6,2.5",
    "Lisses;POINT(2.4 48.5)\nÉvry;POINT(2.5 48.6)\nRis;POINT(2.6 48.7)",
    "Essonne;Lisses\nEssonne;Évry\nEssonne;Ris\nEssonne;Corbeil",
    "1;12.5;Lisses\n2;;Évry\n3;13.5;Ris\n4;1.2;Ris",
    "91001;n.d.;12\n91002;5;13\n91003;6;14\n91004;7;15",
    "Mairie;01 60 00 00 00\nÉcole;01 60 00 00 01\nGym;01 60 00 00 02",
    "08:00;09:00;Gare\n08:15;09:10;Centre\n08:30;09:30;Parc",
    "21910340000011;Mairie de Lisses;12 000,50\n21910228000013;Mairie d’Évry;3 500,00\n21910521000019;Mairie de Ris;100,00",
    "550e8400-e29b-41d4-a716-446655440000;Lisses\n123e4567-e89b-12d3-a456-426614174000;Évry\n9b2e4567-e89b-12d3-a456-426614174aaa;Ris",
    "12;Lisses\n13;Évry",
    "Lisses;oui;non\nÉvry;non;non\nRis;oui;oui\nCorbeil;oui;non",
    "Lisses;1 200 €\nÉvry;3 500 €\nRis;12 €",
    "1;MARIE;1900;02;4\n1;JEAN;1900;02;5\n2;LOUISE;1900;13;4",
    "DUPONT*JEAN/;1;19200101;75056;PARIS\nDURAND*MARIE/;2;19210203;91340;LISSES\nMARTIN*PAUL/;1;19300405;91228;EVRY",
    "01;AIN;Bourg-en-Bresse;84\n02;AISNE;Laon;32\n03;ALLIER;Moulins;84\n2A;CORSE-DU-SUD;Ajaccio;94",
    "2019;120\n2020;130\n2021;140\n2022;150",
    "Lisses;12,5 %\nÉvry;13 %\nRis;9,2 %",
    "Lisses;;12\nÉvry;x;13\nRis;;14\nCorbeil;;5",
    "-12.5;3\n14.2;-4\n3.3;5",
    "1.2e-05;3.4e2\n2.1e-04;1.1e3\n3e-3;2e2",
    "h,Adrien,Hadrien,,\n"
    + "f,Alicia,Alyssia,Alycia,\nh,Ahmed,Hamed,,\nf,Anna,Ana,Hanna,Hana\n" * 8
    + "h,Alan,Allan,,",
    "2020-01-01T10:00:00Z;12;A\n2020-01-01T11:00:00Z;13;A\n2020-01-01T12:00:00Z;14;B",
    "janvier;12\nfévrier;13\nmars;14",
    "a1b2c3d4e5;x\nb2c3d4e5f6;y\nc3d4e5f6a7;z",
    "Musée d’art;Paris;4\nMusée de l’eau;Lyon;12\nMusée du vin;Nice;3",
]
"""Tables without a header: their first row is like the others."""
UNDER_HEADERS = [
    "2019;2020;2021\n10;12;13\n3;4;5",
    "2019;2020;2021\n2000;1950;1980\n1999;1980;1990",
    "Commune;2022;2023\nÉvry;10;12\nRis;3;4",
    "Nom;Ville;Note\nDupont;Paris;inconnue\nDurand;Lyon;bonne\nMartin;Evry;moyenne",
    "Commune;1;2;3;4;5;6;7;8;9;10;11;12\nÉvry;10;12;1;1;1;1;1;1;1;1;1;1\nRis;3;4;2;2;2;2;2;2;2;2;2;2",
    "Commune;01;02;03;04;05;06;07;08;09;10;11;12\nÉvry;10;12;1;1;1;1;1;1;1;1;1;1\nRis;3;4;2;2;2;2;2;2;2;2;2;2",
    "Station;0;1;2;3\nÉvry;10;12;1;4\nRis;3;4;2;5",
    "Station;0h-1h;1h-2h;2h-3h\nÉvry;10;12;1\nRis;3;4;2",
    "Commune;0-14;15-29;30-44;45-59\nÉvry;10;12;1;4\nRis;3;4;2;5",
    "0-14;15-29;30-44;45-59\n10;12;1;4\n3;4;2;5",
    "  ;91340;91228;91521\n91340;0;12;8\n91228;12;0;5\n91521;8;5;0",
    "Commune;01/01/2020;01/02/2020;01/03/2020\nÉvry;10;12;1\nRis;3;4;2",
    ",nom,n\n0,Évry,12\n1,Ris,13\n2,Lisses,15",
    "0,1,2\n12.5,Évry,3\n4.2,Ris,5\n1.1,Lisses,8",
    "Association;Quartier\nAssociation;Nord\nClub;Sud\nAssociation;Est\nAssociation;Ouest",
    "code_insee;nom_commune\n91340;Lisses\n91228;Évry\n91521;Ris",
    "CODGEO;P19_POP;P13_POP\n91340;7000;6500\n91228;55000;52000\n91521;29000;28000",
    "Commune;T1 2020;T2 2020\nÉvry;10;12\nRis;3;4",
    "Code;Libellé\nFR-0001;Lisses\nFR-0002;Évry\nFR-0003;Ris",
    "courriel;ville\na.b@mairie.fr;Lisses\nc.d@ville.fr;Évry\ne@f.fr;Ris",
    "titre;auteur;editeur\nLe Rouge;Stendhal;Folio\nNana;Zola;Folio\nCandide;Voltaire;Poche",
    "Commune;%;n\nÉvry;10;12\nRis;3;4",
    "Commune;25 %;50 %;75 %\nÉvry;10;12;5\nRis;3;4;6",
    "Région;Département;Région\nIDF;Essonne;IDF\nIDF;Paris;IDF",
    ",x\n1,100 SALENGRO\n2,150\n3,104 VAILLANT",
    "population\n12\n13\n15",
    "nom;n\nÉvry;12",
    "nom;pop\nÉvry;n.d.\nRis;n.d.\nLisses;12\nCorbeil;15",
    "Bureau;MACRON;LE PEN\n1;120;80\n2;90;100",
    "Code;Voix;Voix;Voix\n1;120;80;3\n2;90;100;5",
    "Type;Nom\nType;A\nType;B\nAutre;C",
    "Commune;2019-2020;2020-2021\nÉvry;10;12\nRis;3;4",
    "Années;Valeur\n2019;10\n2020;12",
    "Ligne;1;2;3;4;5;6;7\nA;10;12;1;1;1;1;1\nB;3;4;2;2;2;2;2",
    "Zone;FR10;FRB0\nx;10;12\ny;3;4\nz;5;6",
    "Seuil;10;20;50;100\nÉvry;10;12;1;4\nRis;3;4;2;5",
    "a;b;c\nA;x;1\nB;y;2",
    "Objet;Montant 2020\nx;10\ny;20",
    "Nom;Ouvert;Gratuit\nA;oui;non\nB;oui;oui\nC;non;oui",
    "Nom,N,Avis\n" + "Gare,O,bon\nParc,N,moyen\nPort,O,nul\n" * 8 + "Pont,N,bon",
    "Commune,,,Avis\n" + "Lisses,12,Nord,bon\nRis,13,Sud,moyen\n" * 12 + "Bondoufle,15,Est,bon",
]
"""Tables whose first row names the columns: words, years, months, ages, thresholds, technical names."""
VALUES = {
    "ints": st.integers(3000, 10**6).map(str),
    "decimals": st.decimals(-1000, 1000, places=2).map(lambda number: str(number).replace(".", ",")),
    "days": st.dates().map(str),
    "codes": st.integers(0, 9999).map("FR-{:04d}".format),
    "mails": st.integers(0, 99).map("a{}@mairie.fr".format),
}
WORDS = st.text("bcdfghjklmnpqrstvwxyz éè", min_size=8, max_size=20).filter(str.strip)


def header_of(text: str) -> int | None:
    rows = [line.split(";" if ";" in text else ",") for line in text.split("\n")]
    return choose_header(rows, max(len(row) for row in rows)).header


@pytest.mark.parametrize("text", ROWS_ALONE)
def test_a_first_row_like_the_others_is_data(text: str) -> None:
    assert header_of(text) is None


@pytest.mark.parametrize("text", UNDER_HEADERS)
def test_a_first_row_that_names_columns_is_a_header(text: str) -> None:
    assert header_of(text) == 0


@pytest.mark.parametrize(
    "text",
    [
        "attr1;attr2\ntest1;test2\ntest2;test3",
        "équipement;gestionnaire\nStade;Évry\néquipement;gestionnaire\nPiscine;Ris\néquipement;gestionnaire\nSkate;Évry",
        "col1;col2;\nvalue11;value12;value13\nvalue21;value22;",
        "NUMCOM;NOM\nNUMCOM;NOM\n01001;Ain\nNUMCOM;NOM\n" + "\n".join(f"0{n};Ain" for n in range(1002, 1100)),
    ],
)
def test_names_that_are_written_as_codes_or_come_again_are_headers(text: str) -> None:
    assert header_of(text) == 0


@pytest.mark.parametrize(
    ("text", "second"),
    [
        ("Dép;Circ;Parti communiste;Divers\n;;COM;DIV\n01;1;4598;12\n01;2;12;0", 1),
        ("Ville;Surface;Prix;Part\n;m²;€;%\nÉvry;12;3,5;10\nRis;8;4;3", 1),
        ("reg;pop;men\nCode région;Nombre d’habitants;Nombre de ménages\n11;120;50\n11;130;60\n24;90;40", 1),
        ("Axe;Titre;Budget\nChamp texte;Champ texte (clé);Champ numérique\nSanté;Forum;1000\nSanté;Bus;300", 1),
        ("nom;date;ouvert\nstring;date;boolean\nGare;2024-01-02;oui\nPort;2024-02-03;non", 1),
        ("nom;date;type\nTexte libre;Date;Nombre\nTexte court;Date;Nombre\nNombre;Date;Texte", None),
        ("lieu;pop;men\nÎle de France;Lieu dit;La Ferté\n11;ici;Ris\n11;là;Évry\n24;x;Lisses", None),
        ("Ville;Surface;Prix;Part\n;NA;NA;\nÉvry;12;3,5;10\nRis;8;4;3", None),
        ("Ville;Surface;Prix;Part\n;s;ns;\nÉvry;12;3,5;10\nRis;8;4;3", None),
        ("Ville;Rue;Type;Part\n;Gare;Rue;\nÉvry;Parc;Quai;10\nRis;Port;Place;3", None),
        ("Ville;Surface;Prix;Part\n;petite;4;\nÉvry;12;3,5;10\nRis;8;4;3", None),
        ("Ville;Surface;Prix;Part\n;petite;cher;\nÉvry;12;3,5;10\nRis;grande;cher;3", None),
    ],
)
def test_abbreviations_and_units_under_labels_of_numbers_are_no_row(text: str, second: int | None) -> None:
    rows = [line.split(";") for line in text.split("\n")]
    assert choose_header(rows, len(rows[0])).second == second


def test_first_rows_as_short_as_others_are_no_titles() -> None:
    names = ["Adrien", "Hadrien", "Adryen", "Adrian", "Adriaan", "Adriano", "Adri", "Ad"]
    rows = [["h" if n % 2 else "f", *names[: 2 + n % 3], *[""] * (6 - n % 3)] for n in range(60)]
    assert choose_header(rows, 9).preamble == ()
    titled = [
        ["Effectifs", "2024", *[""] * 7],
        [f"Mois {n}" for n in range(9)],
        *[[str(n + rank) for n in range(9)] for rank in range(40)],
    ]
    assert choose_header(titled, 9).preamble == (0,)


def test_groups_over_a_row_that_names_all_columns_are_no_header() -> None:
    labels = [f"Champ {letter}" for letter in "abcdefghijkl"]
    rows = [
        ["Présentation", *[""] * 7, "Moyens", *[""] * 3],
        labels,
        *[["", f"Action {n}", *[""] * 10] for n in range(20)],
    ]
    assert choose_header(rows, 2).header == 1
    assert choose_header([labels, *rows[2:]], 2).header == 0


@pytest.mark.parametrize("line", ["21340172201787;Cantine;700", "Cantine;a@mairie.fr", "Cantine;https://mairie.fr"])
def test_one_line_of_what_is_no_name_is_data(line: str) -> None:
    assert header_of(line) is None


@given(st.data())
def test_no_table_loses_its_first_row_to_the_header(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=2))
    row = st.tuples(*(VALUES[kind] for kind in kinds), WORDS)
    rows = data.draw(st.lists(row, min_size=3, max_size=12))
    assert choose_header(rows, len(kinds) + 1).header is None


@given(st.data())
def test_no_header_of_words_over_values_is_taken_for_a_row(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(VALUES)), min_size=1, max_size=4))
    rows = data.draw(st.lists(st.tuples(*(VALUES[kind] for kind in kinds)), min_size=2, max_size=12))
    names = data.draw(st.tuples(*(WORDS for _ in kinds)))
    assert choose_header([names, *rows], len(kinds)).header == 0


def test_lines_of_comments_are_above_the_header_and_one_sign_alone_is_in_it() -> None:
    text = "# Dépenses, en M€, source : Insee\n#\n# unité, géo, code, note\ncode;nom;total\n01;Santé;12\n02;Culture;4"
    rows = [line.split(";") for line in text.split("\n")]
    assert choose_header(rows, 3) == HeaderChoice(3, (0, 1, 2))
    assert choose_header([["#id", "nom"], ["1", "Ris"], ["2", "Évry"]], 2).header == 0
    assert choose_header([["# relevés", ""], ["# id", "n"], *[[str(n), str(2 * n)] for n in range(9)]], 2).header == 1


def test_facts_are_parted_from_a_header_that_an_empty_line_follows() -> None:
    text = "30.01.2023;;;;;\n;;;;;\nPérimètre;;BG00;;;\nDate;;1900;;;\n;;;;;\n;Centre;Nom;Sigle;CP;Ville\n;;;;;\n"
    text += "\n".join(f";16GY99{n};Hors armée;HORS;75000;PARIS" for n in range(4))
    rows = [line.split(";") for line in text.split("\n")]
    assert choose_header(rows, 5).header == 5
