"""A labelled set made for the measure: files with personal data planted in several forms, and files that only look alike.

Every person, number and account here is invented: names are drawn, keys computed. ``PLANTED`` maps a case to its text and the
kinds that must hold the publication back; ``ALIKE`` maps a case to a text in which nothing should.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Sequence

FIRST = [
    "Jean",
    "Marie",
    "Pierre",
    "Nathalie",
    "Karim",
    "Fatima",
    "Lucas",
    "Chloé",
    "Jean-Pierre",
    "Anne-Sophie",
    "Mohamed",
    "Inès",
    "Thierry",
    "Sylvie",
    "Hugo",
    "Léa",
    "Raphaël",
    "Jade",
    "Didier",
    "Monique",
]
LAST = [
    "DUPONT",
    "MARTIN",
    "LEFEBVRE",
    "MOREAU",
    "BENALI",
    "GARCIA",
    "ROUSSEAU",
    "LAMBERT",
    "FONTAINE",
    "CHEVALIER",
    "GAUTHIER",
    "PERRIN",
    "NGUYEN",
    "HAMEL",
    "JACQUET",
    "BARBIER",
    "PICARD",
    "RENARD",
    "COLIN",
    "MARCHAND",
]
STREETS = (
    "rue des Lilas",
    "avenue de la République",
    "impasse du Moulin",
    "chemin des Vignes",
    "boulevard Voltaire",
    "allée des Tilleuls",
)
TOWNS = (
    ("91000", "Évry-Courcouronnes"),
    ("91100", "Corbeil-Essonnes"),
    ("77127", "Lieusaint"),
    ("91250", "Saintry-sur-Seine"),
)


def nir(rng: random.Random, *, spaced: bool = False, key: bool = True) -> str:
    body = f"{rng.choice('12')}{rng.randint(30, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 95):02}{rng.randint(1, 990):03}{rng.randint(1, 999):03}"
    whole = body + (f"{97 - int(body) % 97:02}" if key else "")
    if not spaced:
        return whole
    return " ".join((whole[0], whole[1:3], whole[3:5], whole[5:7], whole[7:10], whole[10:13], whole[13:])).strip()


def iban(rng: random.Random, *, spaced: bool = True, bank: str = "20041") -> str:
    body = bank + "".join(rng.choice("0123456789") for _n in range(18))
    number = int("".join(str(int(c, 36)) for c in body + "FR00"))
    whole = f"FR{98 - number % 97:02}{body}"
    return " ".join(whole[i : i + 4] for i in range(0, len(whole), 4)) if spaced else whole


def mobile(rng: random.Random, style: str = "{} {} {} {} {}") -> str:
    return style.format("06" if rng.random() < 0.6 else "07", *(f"{rng.randint(0, 99):02}" for _n in range(4)))


def plate(rng: random.Random, separator: str = "-") -> str:
    letters = "ABCDEFGHJKLMNPQRSTVWXYZ"
    pick = lambda: "".join(rng.choice(letters) for _n in range(2))  # noqa: E731
    return separator.join((pick(), f"{rng.randint(1, 999):03}", pick().replace("SS", "ST")))


def address(rng: random.Random) -> str:
    code, town = rng.choice(TOWNS)
    return f"{rng.randint(1, 180)} {rng.choice(STREETS)}, {code} {town}"


def date(rng: random.Random, first: int = 1935, last: int = 2012) -> str:
    return f"{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/{rng.randint(first, last)}"


def box(first: str, last: str, domain: str = "gmail.com") -> str:
    plain = str.maketrans("éèëïâ", "eeeia")
    return f"{first.lower().translate(plain)}.{last.lower()}@{domain}"


def table(
    header: Sequence[str], row: Callable[[random.Random, int], Sequence[object]], rows: int = 40, seed: int = 1
) -> str:
    rng = random.Random(seed)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(header)
    for number in range(rows):
        writer.writerow(row(rng, number))
    return out.getvalue()


def _one(rng: random.Random) -> tuple[str, str]:
    return rng.choice(FIRST), rng.choice(LAST)


def _needle(rng: random.Random, number: int, needle: str, every: Sequence[str]) -> str:
    return needle if number == 23 else rng.choice(every)


WORKS = (
    "Travaux de voirie en cours",
    "Éclairage à remplacer",
    "Arbre à élaguer",
    "RAS",
    "Nettoyage effectué",
    "Banc cassé près de l’école",
)

PLANTED: dict[str, tuple[str, frozenset[str]]] = {
    "registre de cantine": (
        table(["Nom", "Prénom", "Date de naissance", "Adresse", "Téléphone", "Courriel"],
              lambda r, n: (*(p := _one(r))[::-1], date(r, 2010, 2019), address(r), mobile(r), box(*p))),
        frozenset({"name", "birth", "address", "phone", "email"}),
    ),
    "colonnes sans nom": (
        table(["c1", "c2", "c3", "c4"], lambda r, n: (*_one(r)[::-1], date(r, 1940, 2005), n)),
        frozenset({"name"}),
    ),
    "nom et prénom dans une colonne": (
        table(["id", "demandeur", "objet"], lambda r, n: (n, "{1} {0}".format(*_one(r)), "Demande de place en crèche")),
        frozenset({"name"}),
    ),
    "noms après civilité": (
        table(["ref", "titulaire"], lambda r, n: (n, r.choice(("M. ", "Mme ", "Madame ")) + "{} {}".format(*_one(r)).title())),
        frozenset({"name"}),
    ),
    "intitulés en anglais": (
        table(["first_name", "last_name", "score"], lambda r, n: (*_one(r), r.randint(1, 90))),
        frozenset({"name"}),
    ),
    "NIR avec clé": (table(["id", "code"], lambda r, n: (n, nir(r))), frozenset({"nir"})),
    "NIR espacé": (table(["id", "valeur"], lambda r, n: (n, nir(r, spaced=True))), frozenset({"nir"})),
    "NIR sans clé sous son intitulé": (table(["agent", "N° sécurité sociale"], lambda r, n: (n, nir(r, key=False))), frozenset({"nir"})),
    "un NIR dans un commentaire": (
        table(["id", "commentaire"], lambda r, n: (n, _needle(r, n, f"dossier {nir(r, spaced=True)} à revoir", WORKS))),
        frozenset({"nir"}),
    ),
    "IBAN": (table(["ref", "compte"], lambda r, n: (n, iban(r))), frozenset({"iban"})),
    "IBAN collé": (table(["ref", "x"], lambda r, n: (n, iban(r, spaced=False))), frozenset({"iban"})),
    "un IBAN dans un texte": (
        table(["id", "note"], lambda r, n: (n, _needle(r, n, f"virement à faire sur {iban(r)}", WORKS))), frozenset({"iban"}),
    ),
    "mobiles": (table(["id", "joignable au"], lambda r, n: (n, mobile(r))), frozenset({"phone"})),
    "mobiles internationaux": (
        table(["id", "tel"], lambda r, n: (n, mobile(r, "{}{}{}{}{}").replace("0", "+33 ", 1))), frozenset({"phone"}),
    ),
    "mobiles à points": (table(["id", "tel"], lambda r, n: (n, mobile(r, "{}.{}.{}.{}.{}"))), frozenset({"phone"})),
    "mobiles sans zéro": (
        table(["id", "Téléphone portable"], lambda r, n: (n, mobile(r, "{}{}{}{}{}")[1:])), frozenset({"phone"}),
    ),
    "un mobile dans un texte": (
        table(["id", "observations"], lambda r, n: (n, _needle(r, n, f"rappeler au {mobile(r)}", WORKS))), frozenset({"phone"}),
    ),
    "courriels de personnes": (table(["ref", "mail"], lambda r, n: (n, box(*_one(r)))), frozenset({"email"})),
    "courriels professionnels nominatifs": (
        table(["service", "contact"], lambda r, n: (f"Service {n}", box(*_one(r), domain="ville-exemple.fr"))), frozenset({"email"}),
    ),
    "courriels opaques chez un fournisseur": (
        table(["nom", "prenom", "mail"], lambda r, n: (*(p := _one(r))[::-1], f"{p[0][:2].lower()}{n}soleil@hotmail.fr")),
        frozenset({"name", "email"}),
    ),
    "un courriel parmi des génériques": (
        table(["commune", "courriel"], lambda r, n: (f"Commune {n}", _needle(r, n, "sylvie.moreau@orange.fr", ["mairie@exemple.fr", "contact@exemple.fr"]))),
        frozenset({"email"}),
    ),
    "plaques": (table(["date", "immatriculation"], lambda r, n: (date(r, 2020, 2024), plate(r))), frozenset({"plate"})),
    "plaques sous un autre intitulé": (table(["place", "v"], lambda r, n: (n, plate(r))), frozenset({"plate"})),
    "plaques anciennes": (
        table(["plaque"], lambda r, n: (f"{r.randint(100, 9999)} {r.choice(('AB', 'XYZ', 'KLM'))} 91",)), frozenset({"plate"}),
    ),
    "adresses IP": (
        table(["horodatage", "ip", "page"], lambda r, n: (f"2024-01-{n % 28 + 1:02}T10:00:00", ".".join(str(r.randint(2, 250)) for _i in range(4)), "/accueil")),
        frozenset({"ip"}),
    ),
    "adresses IP sans intitulé": (
        table(["t", "source"], lambda r, n: (n, f"{r.randint(78, 213)}.{r.randint(2, 250)}.{r.randint(2, 250)}.{r.randint(2, 250)}")), frozenset({"ip"}),
    ),
    "dates de naissance seules": (table(["matricule", "DDN"], lambda r, n: (n, date(r))), frozenset({"birth"})),
    "né(e) le": (table(["numero", "Né(e) le"], lambda r, n: (n, f"{r.randint(1940, 2010)}-0{r.randint(1, 9)}-1{r.randint(0, 9)}")), frozenset({"birth"})),
    "adresse du demandeur": (table(["dossier", "adresse du demandeur"], lambda r, n: (n, address(r))), frozenset({"address"})),
    "domicile": (table(["dossier", "Domicile", "motif"], lambda r, n: (n, address(r), "aide")), frozenset({"address"})),
    "traces de trajets": (
        table(["id_usager", "heure", "latitude", "longitude"], lambda r, n: (f"u{n % 7}", f"2024-01-01T0{n % 9}:00:00", 48.6 + r.random() / 20, 2.4 + r.random() / 20)),
        frozenset({"position"}),
    ),
    "positions de domiciles": (
        table(["nom", "prenom", "latitude", "longitude"], lambda r, n: (*_one(r)[::-1], 48.6 + r.random() / 20, 2.4 + r.random() / 20)),
        frozenset({"name", "position"}),
    ),
    "réclamations": (
        table(["date", "réclamation"], lambda r, n: (date(r, 2022, 2024), _needle(r, n, "Mme Lefebvre se plaint du bruit de son voisin M. Benali", WORKS))),
        frozenset({"text"}),
    ),
    "nom dans un commentaire sans civilité": (
        table(["date", "commentaire"], lambda r, n: (date(r, 2022, 2024), _needle(r, n, "Nathalie Rousseau est malade, dossier à suivre", WORKS))),
        frozenset({"text"}),
    ),
    "naissance et domicile dans un texte": (
        table(["ref", "texte"], lambda r, n: (n, _needle(r, n, "Personne née le 12/03/1981, demeurant 14 rue des Lilas à Lieusaint", WORKS))),
        frozenset({"birth", "address"}),
    ),
    "croisement âge, sexe, profession, commune": (
        table(["age", "sexe", "profession", "code postal", "revenu"],
              lambda r, n: (r.randint(18, 95), r.choice("FM"), r.choice(("Infirmière", "Maçon", "Enseignant", "Retraité")), r.choice(TOWNS)[0], r.randint(9000, 60000)), rows=120),
        frozenset({"group"}),
    ),
    "petits effectifs sensibles": (
        table(["commune", "nb_allocataires_rsa"], lambda r, n: (f"Commune {n}", r.randint(1, 40))), frozenset({"small"}),
    ),
    "subventions à des personnes": (
        table(["Nom du bénéficiaire", "montant"], lambda r, n: ("{1} {0}".format(*_one(r)) if n % 6 == 0 else f"Association sportive n° {n}", r.randint(100, 900))),
        frozenset({"name"}),
    ),
    "agents": (
        table(["matricule", "nom", "prenom", "grade", "salaire"], lambda r, n: (n, *_one(r)[::-1], "Adjoint technique", r.randint(1500, 4000))),
        frozenset({"name"}),
    ),
    "parents d’élèves": (
        table(["école", "nom_responsable", "tel_portable"], lambda r, n: ("École Jules Ferry", "{} {}".format(*_one(r)), mobile(r))),
        frozenset({"name", "phone"}),
    ),
    "sépultures récentes": (
        table(["emplacement", "nom du concessionnaire", "adresse du concessionnaire"], lambda r, n: (f"A{n}", "{1} {0}".format(*_one(r)), address(r))),
        frozenset({"name", "address"}),
    ),
    "noms en minuscules": (
        table(["agent", "service"], lambda r, n: ("{} {}".format(*_one(r)).lower(), "Voirie")), frozenset({"name"}),
    ),
    "prénoms et noms peu répandus": (
        table(["NOM", "PRENOM"], lambda r, n: (r.choice(("ABELOFF", "TCHOUKRIEL", "ZWOBADA", "IFRENE")), r.choice(("Oumkeltoum", "Jean", "Zbigniew", "Marie", "Qiu")))),
        frozenset({"name"}),
    ),
    "auteurs de plaintes": (
        table(["auteur de la plainte", "lieu"], lambda r, n: ("{} {}".format(*_one(r)), "Place du marché")), frozenset({"name"}),
    ),
    "liste d’attente": (
        table(["rang", "liste", "nom", "prénom"], lambda r, n: (n, "Crèche", *_one(r)[::-1])), frozenset({"name"}),
    ),
    "candidatures à un emploi": (
        table(["candidat", "poste"], lambda r, n: ("{1} {0}".format(*_one(r)), "Jardinier")), frozenset({"name"}),
    ),
    "décès récents": (
        table(["nom", "prénom", "date de décès"], lambda r, n: (*_one(r)[::-1], date(r, 2019, 2024))), frozenset({"name"}),
    ),
    "suivi par un conseiller": (
        table(["conseiller", "nom_beneficiaire", "prenom_beneficiaire"], lambda r, n: ("A. Petit", *_one(r)[::-1])), frozenset({"name"}),
    ),
    "trajets à vélo": (
        table(["id_abonne", "borne", "longitude", "latitude"], lambda r, n: (n % 5, f"B{n % 9}", 2.4 + r.random() / 20, 48.6 + r.random() / 20)),
        frozenset({"position"}),
    ),
    "élèves d’un établissement": (
        table(["etablissement", "nom", "prenom", "adresse"], lambda r, n: ("Collège A", *_one(r)[::-1], address(r))), frozenset({"name", "address"}),
    ),
    "téléphones de l’étranger": (
        table(["nom", "prenom", "telephone"], lambda r, n: (*_one(r)[::-1], f"+32 475 {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}")),
        frozenset({"name", "phone"}),
    ),
    "courriels écrits pour tromper les robots": (
        table(["service", "joindre"], lambda r, n: (f"Service {n}", box(*_one(r)).replace("@", r.choice((" [at] ", "(at)", " (arobase) "))))), frozenset({"email"}),
    ),
    "mobiles entre parenthèses": (table(["ref", "joindre"], lambda r, n: (n, mobile(r, "({}) {} {} {} {}"))), frozenset({"phone"})),
    "mobiles à tirets bas": (table(["ref", "tel"], lambda r, n: (n, mobile(r, "{}_{}_{}_{}_{}"))), frozenset({"phone"})),
    "mobiles devenus des nombres à virgule": (table(["nom", "tel"], lambda r, n: (f"Club {n}", mobile(r, "{}{}{}{}{}")[1:] + ".0")), frozenset({"phone"})),
    "mobiles dans du JSON": (
        table(["ref", "contact"], lambda r, n: (n, f'{{"role": "gardien", "tel": "{mobile(r, "{}{}{}{}{}")}"}}')), frozenset({"phone"}),
    ),
    "personne dans une page de la toile": (
        table(["ref", "texte"], lambda r, n: (n, _needle(r, n, "<p>Plainte de Mme&nbsp;Noémie&nbsp;Rolland, 06&nbsp;12&nbsp;34&nbsp;56&nbsp;78</p>", [f"<p>{w}</p>" for w in WORKS]))),
        frozenset({"text", "phone"}),
    ),
    "NIR annoncé, sans clé, dans un texte": (
        table(["ref", "motif"], lambda r, n: (n, _needle(r, n, f"Dossier transmis, n° sécu {nir(r, key=False)}", WORKS))), frozenset({"nir"}),
    ),
    "relevés d’identité bancaire": (table(["ref", "RIB"], lambda r, n: (n, "20041 01005 0500013M026 06")), frozenset({"iban"})),
    "plaque ancienne dans un texte": (
        table(["ref", "constat"], lambda r, n: (n, _needle(r, n, "véhicule immatriculé 1234 XY 91 sur le trottoir", WORKS))), frozenset({"plate"}),
    ),
    "plaque sans tirets dans un texte": (
        table(["ref", "constat"], lambda r, n: (n, _needle(r, n, "Voiture AB123CD devant le portail", WORKS))), frozenset({"plate"}),
    ),
    "journal d’un serveur": (
        table(["ligne"], lambda r, n: (f'82.64.{r.randint(1, 250)}.{r.randint(1, 250)} - - [01/Jan/2024:10:00:00 +0100] "GET / HTTP/1.1" 200',)), frozenset({"ip"}),
    ),
    "âge après le nom, dans un texte": (
        table(["ref", "avis"], lambda r, n: (n, _needle(r, n, "Très déçue. Ludivine Poulain, 34 ans", ("Bon service", "Trop long")))), frozenset({"text"}),
    ),
    "plusieurs personnes par cellule": (
        table(["atelier", "participants"], lambda r, n: (n, "; ".join("{} {}".format(*_one(r)) for _i in range(4)))), frozenset({"name"}),
    ),
    "positions d’abonnés": (
        table(["abonne", "lat", "lon"], lambda r, n: (f"A{n % 6}", 48.6 + r.random() / 50, 2.4 + r.random() / 50)), frozenset({"position"}),
    ),
    "âge, commune et handicap": (
        table(["age", "commune", "type de handicap"], lambda r, n: (r.randint(6, 90), r.choice(TOWNS)[1], r.choice(("moteur", "visuel")))), frozenset({"group"}),
    ),
}  # fmt: skip

_EPONYMS = (
    "Jean Jaurès",
    "Victor Hugo",
    "Jules Ferry",
    "Jean Moulin",
    "Louis Pasteur",
    "Marie Curie",
    "Jacques Prévert",
    "Paul Langevin",
    "Simone Veil",
    "Albert Camus",
)
_BODIES = (
    "SARL MARTIN BTP",
    "Boulangerie Dupont",
    "Garage Lambert",
    "Comité des fêtes",
    "Union sportive",
    "SCI Les Tilleuls",
    "Cabinet Moreau et Associés",
    "Ets Renard",
)


def _siret(rng: random.Random) -> str:
    body = "".join(rng.choice("0123456789") for _n in range(13))
    for last in "0123456789":
        digits = [int(c) for c in body + last][::-1]
        if sum(d if i % 2 == 0 else (2 * d - 9 if d > 4 else 2 * d) for i, d in enumerate(digits)) % 10 == 0:
            return body + last
    raise AssertionError


ALIKE: dict[str, str] = {
    "écoles": table(["nom", "adresse", "effectif"], lambda r, n: (r.choice(_EPONYMS), f"{n} rue {r.choice(_EPONYMS)}", r.randint(80, 300))),
    "groupes scolaires": table(["nom_etablissement", "commune"], lambda r, n: (f"École {r.choice(_EPONYMS)}", r.choice(TOWNS)[1])),
    "rues": table(["voie", "longueur_m"], lambda r, n: (f"{r.choice(('rue', 'avenue', 'place'))} {r.choice(_EPONYMS)}", r.randint(50, 900))),
    "rues en majuscules": table(["NOM_VOIE", "CODE"], lambda r, n: (f"RUE {r.choice(_EPONYMS)}".upper(), n)),
    "stations": table(["station", "lat", "lon", "capacite"], lambda r, n: (r.choice((*_EPONYMS, "Gare", "Mairie")), 48.6 + r.random() / 20, 2.4 + r.random() / 20, r.randint(5, 40))),
    "base d’adresses": table(["numero", "nom_voie", "code_postal", "commune", "lon", "lat"], lambda r, n: (n, r.choice(STREETS), *r.choice(TOWNS), 2.4 + r.random() / 20, 48.6 + r.random() / 20)),
    "mairies": table(["commune", "telephone", "courriel", "adresse"], lambda r, n: (f"Commune {n}", f"01 60 {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}", f"mairie@commune{n}.fr", f"{n} place de la Mairie")),
    "entreprises": table(["siret", "denomination", "adresse", "courriel"], lambda r, n: (_siret(r), r.choice(_BODIES), address(r), f"contact@societe{n}.fr")),
    "SIRET": table(["siret", "montant"], lambda r, n: (_siret(r), r.randint(1000, 90000))),
    "subventions à des associations": table(["nomBeneficiaire", "idBeneficiaire", "montant", "objet"], lambda r, n: (r.choice(("COMITE DES FETES", "AMICALE DES ANCIENS", "CLUB DE JUDO SAINT MARTIN", "UNION SPORTIVE")), _siret(r), r.randint(100, 9000), "Subvention de fonctionnement")),
    "marchés": table(["id", "objet", "titulaire", "siret_titulaire"], lambda r, n: (f"2024-{n:03}", "Réfection de la toiture de l’école Jean Moulin", r.choice(_BODIES), _siret(r))),
    "candidats": table(["Code commune", "Nuance", "Nom candidat", "Prénom candidat", "Voix"], lambda r, n: ("91228", "DVG", *_one(r)[::-1], r.randint(10, 900))),
    "élus": table(["Nom de l'élu", "Prénom de l'élu", "Libellé de la fonction", "Date de début du mandat"], lambda r, n: (*_one(r)[::-1], "Adjoint au maire", "18/05/2020")),
    "prénoms donnés": table(["annee", "sexe", "prenom", "nombre"], lambda r, n: (2020, r.choice("FM"), r.choice(FIRST), r.randint(3, 40))),
    "population par âge": table(["commune", "age", "sexe", "population"], lambda r, n: (r.choice(TOWNS)[1], n, r.choice("FM"), r.randint(20, 300))),
    "bibliothèque": table(["titre", "auteur", "isbn"], lambda r, n: ("Les Contemplations", "Hugo, Victor", f"978{r.randint(10**9, 10**10 - 1)}")),
    "films tournés": table(["titre_film", "realisateur", "lieu", "annee"], lambda r, n: (f"Film {n}", "{} {}".format(*_one(r)).title(), "Quai de Seine", 1990 + n % 30)),
    "statues": table(["oeuvre", "sculpteur", "date_naissance_artiste"], lambda r, n: ("Buste", "Auguste Rodin", "12/11/1840")),
    "versions de logiciels": table(["logiciel", "version"], lambda r, n: (f"outil{n}", f"{r.randint(1, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}.{r.randint(0, 9)}")),
    "références de pièces": table(["reference", "prix"], lambda r, n: (f"{r.choice('ABC')}{n}-{r.randint(100, 999)}-X", r.randint(1, 90))),
    "numéros de kit": table(["kit", "lot"], lambda r, n: (f"AB-{n + 1:03}-CD", f"L{n}")),
    "références de catalogue": table(["article", "prix"], lambda r, n: (f"{r.choice(('GX', 'LT', 'MB'))}-{r.randint(100, 999)}-{r.choice(('XL', 'ZN', 'RK'))}", n)),
    "délégués communautaires": table(["commune", "Délégué titulaire", "Délégué suppléant"], lambda r, n: (f"Commune {n}", "{} {}".format(*_one(r)), "{} {}".format(*_one(r)))),
    "numéros d’atelier dans un texte": table(["ref", "note"], lambda r, n: (n, f"Lampe réf. 1234 AB 91 remplacée, kit AB123CD, contrat 18405{n:08}")),
    "codes-barres": table(["ean", "produit"], lambda r, n: (f"{r.randint(10**12, 10**13 - 1)}", f"Produit {n}")),
    "identifiants de quinze chiffres": table(["id_capteur", "valeur"], lambda r, n: (f"8{r.randint(10**13, 10**14 - 1)}", r.randint(0, 90))),
    "identifiants de dix chiffres": table(["id_piece", "etat"], lambda r, n: (f"06{r.randint(10**7, 10**8 - 1)}", "bon")),
    "horodatages": table(["date_debut", "date_fin", "capteur"], lambda r, n: (f"2023-0{n % 9 + 1}-01T10:00:00", f"2023-0{n % 9 + 1}-02T10:00:00", n)),
    "travaux": table(["date", "observation"], lambda r, n: (date(r, 2022, 2024), r.choice(WORKS))),
    "arbres": table(["essence", "date_plantation", "classe_age", "lat", "lon"], lambda r, n: (r.choice(("Platane", "Tilleul", "Chêne")), date(r, 1950, 2020), r.choice(("jeune", "adulte", "mature")), 48.6 + r.random() / 20, 2.4 + r.random() / 20)),
    "équipements sportifs": table(["equipement", "gestionnaire", "telephone"], lambda r, n: (f"Gymnase {r.choice(_EPONYMS)}", "Commune", f"01 69 {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}")),
    "conseil municipal": table(["seance", "objet"], lambda r, n: (date(r, 2020, 2024), "Monsieur le Maire présente le budget ; Mme Lefebvre, adjointe aux finances, rapporte")),
    "naissances par commune": table(["commune", "naissances", "deces_domicilies"], lambda r, n: (f"Commune {n}", r.randint(12, 400), r.randint(15, 300))),
    "comptages": table(["compteur", "date", "passages"], lambda r, n: (f"Pont {n % 4}", f"2024-01-{n % 28 + 1:02}", r.randint(0, 900))),
    "horaires d’été": table(["lieu", "horaires"], lambda r, n: (f"Piscine {n}", "Lu-Ve 08:30-12:00, 14:00-17:30")),
    "numéros d’urgence": table(["service", "telephone"], lambda r, n: (f"Service {n}", r.choice(("0 800 123 456", "39 39", "08 20 12 34 56")))),
    "comptes du Trésor": table(["tresorerie", "iban"], lambda r, n: (f"Trésorerie {n}", iban(r, bank="30001"))),
    "lieux-dits": table(["lieu_dit", "commune"], lambda r, n: (r.choice(("Le Clos Martin", "La Fontaine Bernard", "Les Grands Prés", "Bois Robert")), r.choice(TOWNS)[1])),
    "communes": table(["code", "nom"], lambda r, n: (f"{91001 + n}", r.choice(("Bernard", "Saint-Martin", "Vincent", "Le Bernard", "Champagne", "Marolles")))),
    "logements par type": table(["iris", "type_de_menage", "nombre"], lambda r, n: (f"91228{n:04}", r.choice(("couple", "personne seule")), r.randint(20, 90))),
    "répertoire des élus": table(["Nom de l'élu", "Prénom de l'élu", "Code sexe", "Date de naissance", "Libellé du mandat"], lambda r, n: (*_one(r)[::-1], r.choice("FM"), date(r, 1945, 1995), "Conseiller municipal")),
    "permis par architecte": table(["numero_permis", "architecte", "surface"], lambda r, n: (f"PC{n}", "{} {}".format(*_one(r)), r.randint(20, 400))),
    "photographies": table(["titre", "crédits", "licence"], lambda r, n: (f"Vue {n}", "{} {}".format(*_one(r)), "CC BY")),
}  # fmt: skip
