"""A fourth labelled set, by kind of producer: files as French producers publish them, and what must not be published.

``ORDINARY`` maps a kind to files that anybody may read, ``EXPOSED`` to files that hold persons with the kinds that must hold them
back. Persons, numbers and accounts are invented, as in ``planted``.
"""

from __future__ import annotations

import json
from random import Random

from parvis.core.privacy.tests.planted import (
    FIRST,
    LAST,
    STREETS,
    TOWNS,
    address,
    box,
    date,
    iban,
    mobile,
    nir,
    plate,
    table,
)

IRIS = tuple(f"91228{n:04}" for n in range(101, 113))
AGES = ("0-14", "15-29", "30-44", "45-59", "60-74", "75 et plus")
WORKS = (
    "Travaux de voirie",
    "Éclairage à remplacer",
    "Arbre à élaguer",
    "RAS",
    "Banc cassé près de l’école",
    "Dépôt sauvage",
)


def _one(rng: Random) -> tuple[str, str]:
    return rng.choice(FIRST), rng.choice(LAST)


def _siren(rng: Random) -> str:
    body = "".join(rng.choice("123456789") for _n in range(8))
    return body + _luhn(body)


def siret(rng: Random) -> str:
    body = _siren(rng) + f"{rng.randint(1, 99):04}"
    return body + _luhn(body)


def _luhn(body: str) -> str:
    total = 0
    for rank, digit in enumerate(reversed(body)):
        figure = int(digit) * (2 if rank % 2 == 0 else 1)
        total += figure - 9 if figure > 9 else figure
    return str(-total % 10)


def _line(rng: Random, style: str = "{} {} {} {} {}") -> str:
    return style.format("01", *(f"{rng.randint(0, 99):02}" for _n in range(4)))


def _at(number: int, needle: str, others: tuple[str, ...] = WORKS) -> str:
    return needle if number == 19 else others[number % len(others)]


def _crossed(rng: Random, number: int) -> tuple[str, str, str]:
    """A place, a sex, an age: each combination once."""
    return IRIS[number // 12 % 12], "HF"[number // 6 % 2], AGES[number % 6]


def _counts(rng: Random, size: int, least: int, most: int) -> list[int]:
    return [rng.randint(least, most) for _n in range(size)]


ORDINARY: dict[str, dict[str, str]] = {
    "horaires": {
        "heures sans signe": table(["Lieu", "Lundi", "Mardi"], lambda r, n: (f"Mairie annexe {n}", "07 30 12 00 13 30 17 30", "08 00 12 00 14 00 18 00")),
        "heures à points": table(["bureau", "ouverture"], lambda r, n: (f"Bureau {n}", r.choice(("07.30.12.00.15", "06.45.13.30.17", "07.00.12.30.14")))),
        "heures collées": table(["Équipement", "Horaires"], lambda r, n: (f"Gymnase {n}", r.choice(("0730120013", "0630123014", "0700190000")))),
        "heures d’une tournée": table(["arret", "heures_passage"], lambda r, n: (f"Arrêt {n}", " ".join(f"{h:02} {r.choice((0, 10, 25, 40)):02}" for h in range(6, 18)))),
        "heures séparées par des barres": table(["Déchèterie", "Été", "Hiver"], lambda r, n: (f"Déchèterie {n}", "07/30/12/00/13", "08/30/12/00/14")),
        "horaires de piscine": table(["Jour", "Créneaux", "Public"], lambda r, n: (r.choice(("Lundi", "Mardi")), "07h30-12h00 / 13h30-19h45", "Tout public")),
        "OSM opening_hours": table(["name", "opening_hours", "phone"], lambda r, n: (f"Poste {n}", "Mo-Fr 07:30-12:00,13:30-17:30; Sa 09:00-12:00", _line(r, "+33 1 {1} {2} {3} {4}"))),
        "heures de bus en nombres": table(["ligne", "depart"], lambda r, n: (n % 9, f"0{r.randint(6, 9)}{r.choice((0, 15, 30, 45)):02}00")),
        "ouverture dans un texte": table(["Titre", "Description"], lambda r, n: (f"Visite {n}", "Ouvert tous les jours de 07 30 12 00 à 14 00, fermé le 01 05 et le 25 12.")),
        "heures de marée": table(["date", "heure_pm", "coef"], lambda r, n: (date(r, 2024, 2025), f"0{r.randint(6, 7)} {r.randint(10, 59)} 12 {r.randint(10, 59)} 18 {r.randint(10, 59)}", r.randint(40, 110))),
        "horaires et téléphone d’une mairie": table(["Nom", "Téléphone", "Horaires"], lambda r, n: (f"Mairie {n}", _line(r), "07 30 12 00 13 30")),
    },
    "trains": {
        "numéros de trains à dix chiffres": table(["date", "numéro de train", "retard"], lambda r, n: (date(r, 2023, 2024), f"07{r.randint(10_000_000, 99_999_999)}", r.randint(0, 30))),
        "trains et mobile": table(["train", "type_materiel_mobile"], lambda r, n: (f"06{r.randint(10_000_000, 99_999_999)}", r.choice(("Z2N", "Z50000")))),
        "codes UIC": table(["code_uic", "libelle"], lambda r, n: (f"00876{r.randint(10_000, 99_999)}", f"Gare {n}")),
        "courses d’un réseau": table(["trip_id", "route_id", "headsign"], lambda r, n: (f"06{r.randint(10_000_000, 99_999_999)}", f"L{n % 7}", "Gare")),
        "circulations par groupes de chiffres": table(["circulation", "origine"], lambda r, n: (f"06 {r.randint(10, 99)} {r.randint(10, 99)} {n // 10:02} {n % 10:02}", "Juvisy")),
        "identifiants de courses internationales": table(["n° mission", "jours"], lambda r, n: (f"0033 6 {r.randint(10, 99)} 00 {n:02} 00", "LMMJV")),
        "arrêts d’Île-de-France": table(["ArRId", "ArRName", "ZdAId"], lambda r, n: (r.randint(20_000, 60_000), r.choice(("Pierre Mendès France", "Louis Aragon", "Gabriel Péri")), r.randint(40_000, 70_000))),
        "régularité": table(["mois", "ligne", "nb_trains_prevus", "nb_trains_supprimes"], lambda r, n: (f"2023-{n % 12 + 1:02}", "D", r.randint(500, 900), r.randint(0, 9))),
    },
    "compteurs": {
        "points de livraison": table(["PDL", "commune", "conso"], lambda r, n: (f"{r.randint(10**13, 10**14 - 1)}", "Évry", r.randint(1000, 90_000))),
        "consommations à quinze chiffres": table(["site", "consommation_wh"], lambda r, n: (f"Site {n}", f"{r.choice('12')}{r.randint(10, 99)}0{r.randint(1, 9)}{r.randint(10, 90)}{r.randint(10**7, 10**8 - 1)}")),
        "consommations à virgule": table(["iris", "conso_totale"], lambda r, n: (IRIS[n % 12], f"{r.choice('12')}.{r.randint(10, 99)}0{r.randint(1, 9)}{r.randint(10, 90)}{r.randint(10**7, 10**8 - 1)}")),
        "une consommation dont la clé tombe juste": table(["adresse", "conso (kWh)"], lambda r, n: (f"{n} {r.choice(STREETS)}", nir(r) if n == 19 else r.randint(1000, 90_000))),
        "consommations à treize chiffres et des agents": table(["nom", "prenom", "fonction", "consommation"], lambda r, n: (*_one(r)[::-1], "Maire", nir(r, key=False))),
        "index par milliers": table(["compteur", "index"], lambda r, n: (f"C{n}", f"{r.randint(100, 299)} {r.randint(100, 999)} {r.randint(100, 999)} {r.randint(100, 999)} {r.randint(100, 999)}")),
        "bâtiments publics": table(["Bâtiment", "N° compteur", "kWh 2022", "kWh 2023"], lambda r, n: (r.choice(("École Jean Jaurès", "Mairie", "Gymnase Alain Mimoun")), f"0{r.randint(10**8, 10**9 - 1)}", r.randint(1000, 90_000), r.randint(1000, 90_000))),
        "courbe de charge": table(["horodate", "puissance_w"], lambda r, n: (f"2024-01-{n % 28 + 1:02}T{n % 24:02}:00:00", r.randint(100, 9000))),
        "eau par secteur": table(["secteur", "numero_compteur", "m3"], lambda r, n: (f"S{n}", f"06{r.randint(10**7, 10**8 - 1)}", r.randint(10, 900))),
        "codes de produits": table(["EAN", "produit"], lambda r, n: (f"{r.choice('12')}{r.randint(10, 99)}0{r.randint(1, 9)}{r.randint(10, 90)}{r.randint(10**5, 10**6 - 1)}", f"Produit {n}")),
    },
    "budgets": {
        "compte administratif": table(["NATURE", "LIBELLE", "FONCTION", "MONTANT"], lambda r, n: (r.choice(("6411", "70632", "2031")), r.choice(("Personnel titulaire", "Frais d’études", "Redevances")), r.choice(("01", "020", "211")), f"{r.randint(100, 90_000)},{r.randint(10, 99)}")),
        "budget SCDL": table(["BGT_NATDEC", "BGT_ANNEE", "BGT_SIRET", "BGT_NOM", "BGT_NATURE", "BGT_MTREAL"], lambda r, n: ("Compte administratif", 2023, "21910228000017", "COMMUNE D’EVRY", "6411", r.randint(1000, 90_000))),
        "effectifs pourvus": table(["Grade", "Catégorie", "Effectif budgétaire", "Effectif pourvu"], lambda r, n: (r.choice(("Attaché", "Rédacteur", "Adjoint technique")), "ABC"[n % 3], r.randint(1, 20), r.randint(1, 20))),
        "subventions à des associations": table(["Nom du bénéficiaire", "Objet", "Montant"], lambda r, n: (r.choice(("Les Amis de Jean Ferrat", "Judo Club Saint-Martin", "Amicale Pierre Dupont", "Association Marie Curie")), "Fonctionnement", r.randint(100, 9000))),
        "subventions SCDL": table(["nomAttribuant", "idAttribuant", "nomBeneficiaire", "idBeneficiaire", "montant"], lambda r, n: ("Ville d’Évry", "21910228000017", r.choice(("THIERRY MARTIN", "COMITE DES FETES", "EURL LAMBERT", "MONIQUE PERRIN")), siret(r), r.randint(100, 9000))),
        "hautes rémunérations": table(["collectivite", "annee", "somme_10_remunerations", "nb_femmes", "nb_hommes"], lambda r, n: ("Évry", 2000 + n % 24, r.randint(500_000, 900_000), r.randint(1, 6), r.randint(1, 6))),
    },
    "marchés publics": {
        "DECP plates": table(["id", "acheteur_id", "acheteur_nom", "objet", "titulaire_id", "titulaire_denominationSociale", "montant"], lambda r, n: (f"2024{n:05}", siret(r), r.choice(("COMMUNE DE SAINT MARTIN", "SYNDICAT JEAN MOULIN", "MARIE DE LA ROCHE", "CC Pierre Lambert")), "Travaux", siret(r), r.choice(("DUPONT THIERRY", "EIFFAGE", "SARL MARTIN", "SYLVIE GARCIA")), r.randint(1000, 900_000))),
        "DECP de Bercy": table(["id", "acheteur.id", "acheteur.nom", "titulaires.0.id", "titulaires.0.typeIdentifiant", "titulaires.0.denominationSociale"], lambda r, n: (n, siret(r), f"Mairie {n}", siret(r), "SIRET", r.choice(("MONSIEUR DIDIER PERRIN", "M. HUGO LAMBERT", "COLAS FRANCE")))),
        "profil d’acheteur": table(["Acheteur", "Référence", "Objet", "Date limite"], lambda r, n: (r.choice(("Thierry Lefebvre Habitat", "Ville de Saint-Martin", "Marie Curie (lycée)", "Office Jean Moulin")), f"24M{n:03}", "Fourniture de denrées", date(r, 2024, 2025))),
        "marchés mal rangés": table(["MARCHE_ID", "ACHETEURS_ID", "ACHETEURS_NOM", "MARCHE_OBJET", "MONTANT"], lambda r, n: (n, siret(r) if n % 3 else "", r.choice(("DAVID JULIEN", "MOREAU MICHEL", "TROMONT", "CITEOS", "COEXIA")), "Lot 4 : menuiseries", r.randint(1000, 90_000))),
        "marchés d’une métropole": table(["num_marche", "nature", "attributaire", "siret_attributaire", "montant_ht"], lambda r, n: (n, "Travaux", r.choice(("KARIM BENALI", "GUINTOLI", "RAZEL BEC")), siret(r), r.randint(1000, 90_000))),
        "concessions": table(["autorite_concedante", "siret_autorite", "concessionnaire", "siret_concessionnaire"], lambda r, n: ("Ville d’Évry", siret(r), r.choice(("JCDECAUX FRANCE", "SUEZ EAU", "VEOLIA")), siret(r))),
    },
    "élus": {
        "répertoire national des élus": table(["Code du département", "Libellé de la commune", "Nom de l'élu", "Prénom de l'élu", "Code sexe", "Date de naissance", "Libellé de la catégorie socio-professionnelle", "Date de début du mandat"], lambda r, n: ("91", "Évry", *_one(r)[::-1], r.choice("FM"), date(r, 1940, 2000), "Ancien cadre", "18/05/2020")),
        "conseil municipal": table(["Civilité", "Nom", "Prénom", "Fonction"], lambda r, n: (r.choice(("M.", "Mme")), *_one(r)[::-1], r.choice(("Maire", "1er adjoint", "2e adjointe au maire", "Conseiller municipal", "Conseillère municipale déléguée")))),
        "élus et suppléants": table(["COMMUNE", "ELU", "FONCTION", "DELEGATION"], lambda r, n: (f"Commune {n}", "{1} {0}".format(*_one(r)), r.choice(("MAIRE", "1ER ADJOINT", "ADJOINT", "CONSEILLER MUNICIPAL")), "Voirie")),
        "élus et courriels de la mairie": table(["nom", "prenom", "qualite", "email"], lambda r, n: (*(p := _one(r))[::-1], r.choice(("Conseiller communautaire", "Vice-présidente", "Président")), box(*p, domain="agglo-exemple.fr"))),
        "députés": table(["id", "nom", "prenom", "sexe", "date_naissance", "lieu_naissance", "num_deptmt", "groupe_sigle", "parti_ratt_financier", "emails"], lambda r, n: (n, *(p := _one(r))[::-1], "H", date(r, 1945, 1990), "Lyon", "69", "SOC", "PS", box(*p, domain="assemblee-nationale.fr"))),
        "sénateurs": table(["Matricule", "Qualité", "Nom usuel", "Prénom usuel", "État", "Date naissance", "Groupe politique", "Courrier électronique"], lambda r, n: (f"{n:05}A", r.choice(("M.", "Mme")), *(p := _one(r))[::-1], "ACTIF", date(r, 1945, 1990), "LR", box(*p, domain="senat.fr"))),
        "maires d’un département": table(["Commune", "Maire", "Téléphone mairie", "Courriel mairie"], lambda r, n: (f"Commune {n}", "{} {}".format(*_one(r)), _line(r), f"mairie.c{n}@orange.fr")),
        "membres d’une commission": table(["Commission", "Rôle", "Membre"], lambda r, n: ("Finances", r.choice(("Président", "Vice-président", "Conseiller municipal")), "{1} {0}".format(*_one(r)))),
        "parrainages": table(["Civilité", "Nom", "Prénom", "Mandat", "Circonscription", "Candidat", "Date de publication"], lambda r, n: ("M.", *_one(r)[::-1], "Maire", f"Commune {n}", "ASSELINEAU François", "01/03/2022")),
        "délégués communautaires": table(["EPCI", "Commune", "Délégué titulaire", "Délégué suppléant"], lambda r, n: ("Grand Paris Sud", f"Commune {n}", "{1} {0}".format(*_one(r)), "{1} {0}".format(*_one(r)))),
        "présences au conseil": table(["Date séance", "Élu", "Présence", "Pouvoir à"], lambda r, n: (date(r, 2023, 2024), "{} {}".format(*_one(r)), r.choice(("Présent", "Excusé")), "")),
        "bureau d’un syndicat": table(["NOM Prénom", "Titre"], lambda r, n: ("{1} {0}".format(*_one(r)), r.choice(("Président du syndicat", "1er Vice-Président", "Délégué titulaire", "Délégué suppléant")))),
    },
    "élections": {
        "résultats par bureau": table(["Code BV", "Inscrits", "Votants", "Nuance", "Nom", "Prénom", "Voix"], lambda r, n: (n, 900, 500, "DVG", *_one(r)[::-1], r.randint(1, 200))),
        "candidatures": table(["N°Panneau", "Libellé de liste", "Nom candidat", "Prénom candidat", "Nationalité", "Sexe candidat"], lambda r, n: (n, "Ensemble", *_one(r)[::-1], "F", r.choice("FM"))),
        "candidats d’un parti": table(["id", "code_dept", "nom_dept", "num_circ", "nom"], lambda r, n: (f"{n:05}", "01", "Ain", n % 5 + 1, "{} {}".format(*_one(r)))),
        "candidats et étiquettes": table(["name", "party", "image"], lambda r, n: ("{} {}".format(*_one(r)).title(), "Les Républicains", f"https://exemple.fr/{n}.jpg")),
        "petits bureaux": table(["commune", "bureau", "blancs", "nuls", "voix"], lambda r, n: (f"Commune {n}", 1, r.randint(0, 4), r.randint(0, 4), r.randint(1, 30))),
        "lieux de vote": table(["id_brut_miom", "libelle", "num_voie", "voie", "nb_bv_lieu"], lambda r, n: (f"91228_{n}", "École Jean Moulin", n, r.choice(STREETS), 1)),
    },
    "associations et entreprises": {
        "RNA": table(["id", "siret", "titre", "objet", "adrs_libvoie", "adrs_codepostal", "dir_civilite", "siteweb"], lambda r, n: (f"W913{n:06}", "", r.choice(("LES AMIS DE PIERRE", "COMITE MARIE LAMBERT", "JUDO CLUB")), "promouvoir le sport", "DES LILAS", "91000", "PM", "")),
        "SIRENE": table(["siren", "nic", "siret", "denominationUniteLegale", "enseigne1Etablissement", "libelleVoieEtablissement", "dateCreationEtablissement"], lambda r, n: ((s := siret(r))[:9], s[9:], s, r.choice(("MARTIN ET FILS", "SCI LAMBERT", "PHARMACIE NGUYEN")), "", "DES LILAS", f"19{r.randint(50, 99)}-01-01")),
        "associations de la ville": table(["Association", "Président", "Téléphone", "Site"], lambda r, n: (r.choice(("Club de lecture", "Harmonie")), "", _line(r), "http://exemple.fr")),
        "fonds de commerce": table(["Enseigne", "Activité", "Adresse"], lambda r, n: (r.choice(("Chez Fatima", "Boucherie Perrin", "Coiffure Sylvie", "Pizza Karim")), "Restauration", f"{n} {r.choice(STREETS)}")),
        "association reconnue d’utilité publique": table(["Nom de l'association", "Date de reconnaissance d'utilité publique", "Adresse siège social", "Activité principale"], lambda r, n: (f"Fondation {n}", date(r, 1900, 2010), address(r), "Culture")),
        "annonces du BODACC": table(["registre", "tribunal", "commercant", "familleavis_lib"], lambda r, n: (_siren(r), "Évry", r.choice(("SARL LAMBERT", "MARTIN HOLDING", "SAS DU MOULIN")), "Radiations")),
    },
    "agenda": {
        "manifestations": table(["Titre", "Date", "Lieu", "Description"], lambda r, n: (r.choice(("Concert de Jean Dupont", "Exposition Marie Lambert", "Les Jeudis de Pierre")), date(r, 2024, 2025), "Salle Georges Brassens", "Concert de l’artiste Hugo Perrin, guitare, suivi d’une visite")),
        "réservation au standard": table(["Événement", "Réservations"], lambda r, n: (f"Spectacle {n}", f"Réservation au {_line(r)} ou contact@exemple.fr")),
        "métropole née en 2015": table(["partenaire", "description"], lambda r, n: (f"Partenaire {n}", _at(n, "La métropole, née le 1er janvier 2015, réunit 30 communes", ("Une association du territoire", "Un syndicat mixte")))),
        "fête nationale": table(["date", "fête", "saint"], lambda r, n: (date(r, 2024, 2024), "", r.choice(("Sainte Sylvie", "Saint Thierry", "Saint Lucas")))),
    },
    "transports et voirie": {
        "arrêts GTFS": table(["stop_id", "stop_name", "stop_lat", "stop_lon"], lambda r, n: (f"IDFM:{n}", r.choice(("Jean Jaurès", "Pierre Curie", "Marie Bonnet", "Louise Michel")), 48.6 + n / 999, 2.4 + n / 999)),
        "stations de vélos": table(["id", "nom", "capacite", "lat", "lon"], lambda r, n: (n, r.choice(("Place Jean Dupont", "Gare", "Louis Martin")), 20, 48.6, 2.4)),
        "bornes de recharge": table(["nom_amenageur", "contact_operateur", "telephone_operateur", "nom_station", "puissance_nominale"], lambda r, n: ("SDE 91", "contact@exemple.fr", "0800 123 456", f"Station {n}", 22)),
        "parkings": table(["Parking", "Places", "PMR", "Tarif"], lambda r, n: (r.choice(("Pierre Semard", "Gambetta", "Jean Moulin")), r.randint(50, 500), r.randint(1, 10), "2,50")),
        "comptages": table(["id_compteur", "date", "nb_velos", "nb_pietons"], lambda r, n: (n % 5, date(r, 2024, 2024), r.randint(1, 400), r.randint(1, 400))),
        "accidents": table(["date", "commune", "lat", "long", "nb_tues", "nb_blesses_hospitalises"], lambda r, n: (date(r, 2022, 2023), "Évry", 48.6 + n / 999, 2.4 + n / 999, r.randint(0, 1), r.randint(0, 3))),
        "noms de rues": table(["Code Rivoli", "Libellé voie", "Origine du nom"], lambda r, n: (f"{n:04}", r.choice(("RUE THIERRY LAMBERT", "ALLEE MARIE MOREAU", "RUE DU DOCTEUR PERRIN")), "Médecin de la ville")),
        "plan de nommage": table(["voie", "type"], lambda r, n: (r.choice(("Jean Rousseau", "Sylvie Fontaine", "Docteur Hamel", "Louis Barbier", "Les Lilas")), "rue")),
    },
    "écoles et culture": {
        "écoles à noms de personnes": table(["Nom de l'école", "Adresse", "Effectif", "Directeur"], lambda r, n: (r.choice(("Thierry Lambert", "Marie Garcia", "Pierre et Marie Curie", "Jean Perrin")), f"{n} {r.choice(STREETS)}", r.randint(40, 300), "")),
        "annuaire de l’éducation": table(["Identifiant_de_l_etablissement", "Nom_etablissement", "Adresse_1", "Telephone", "Mail"], lambda r, n: (f"091{n:04}A", r.choice(("Collège Jean Dupont", "Lycée Robert Doisneau")), f"{n} {r.choice(STREETS)}", _line(r, "{}{}{}{}{}"), f"ce.091{n:04}a@ac-versailles.fr")),
        "effectifs d’école par niveau": table(["ecole", "niveau", "nb_eleves"], lambda r, n: (f"École {n // 5}", ("CP", "CE1", "CE2", "CM1", "CM2")[n % 5], r.randint(2, 28))),
        "prêts par auteur": table(["Titre", "Auteur", "Type de document", "Nombre de prêts"], lambda r, n: (f"Titre {n}", r.choice(("Lambert, Sylvie", "Musso, Guillaume", "Martin, Thierry", "Perrin, Hugo")), "Livre", r.randint(1, 90))),
        "fonds photographique": table(["Cote", "Légende", "Photographe"], lambda r, n: (f"2Fi{n}", "Rue du marché vers 1900", r.choice(("Louis Martin", "Pierre Petit")))),
        "œuvres d’art dans la ville": table(["Œuvre", "Artiste", "Année", "Lieu"], lambda r, n: (f"Sans titre {n}", "{} {}".format(*_one(r)), 1970 + n, "Place du marché")),
        "monuments": table(["REF", "DENO", "TICO", "AUTR"], lambda r, n: (f"PA009{n}", "église", "Église Saint-Pierre", "MARTIN Pierre (architecte)")),
        "films tournés": table(["Titre", "Réalisateur", "Adresse du tournage"], lambda r, n: (f"Film {n}", "{} {}".format(*_one(r)), f"{n} {r.choice(STREETS)}")),
        "tournages et décors": table(["Année de tournage", "Type", "Titre", "Réalisateur", "Producteur"], lambda r, n: (2020, "Long métrage", f"Film {n}", "{} {}".format(*_one(r)), "Gaumont")),
        "menus de cantine": table(["date", "plat", "bio"], lambda r, n: (date(r, 2024, 2024), r.choice(("Poulet basquaise", "Hachis")), "oui")),
    },
    "cadre de vie": {
        "arbres": table(["id", "genre", "espece", "hauteur", "date_plantation"], lambda r, n: (n, "Acer", "platanoides", r.randint(2, 20), date(r, 1930, 2020))),
        "marchés alimentaires": table(["Marché", "Jours", "Horaires", "Gestionnaire"], lambda r, n: (r.choice(("Marché Jean Jaurès", "Marché du Centre")), "Ma, Ve, Di", "07 30 13 00", "Dadoun Père et Fils")),
        "signalements": table(["n°", "date", "type", "commentaire"], lambda r, n: (n, date(r, 2024, 2024), "Voirie", r.choice(WORKS))),
        "toilettes publiques": table(["id", "adresse", "horaire", "pmr"], lambda r, n: (n, f"{n} {r.choice(STREETS)}", "06 00 22 00", "oui")),
        "défibrillateurs": table(["c_nom", "c_adr_voie", "c_tel1", "c_expt_rais", "c_expt_tel1"], lambda r, n: (f"Mairie {n}", r.choice(STREETS), _line(r, "+33 1 {1} {2} {3} {4}"), "Commune", _line(r))),
        "jardins familiaux": table(["jardin", "parcelles", "adresse"], lambda r, n: (r.choice(("Jardin Marie Lambert", "Les Tilleuls")), r.randint(3, 20), f"{n} {r.choice(STREETS)}")),
        "qualité de l’eau": table(["commune", "date_prelevement", "parametre", "resultat"], lambda r, n: (f"Commune {n}", date(r, 2023, 2024), "Nitrates", f"{r.randint(1, 40)},2")),
        "parcelles cadastrales": table(["idu", "section", "numero", "contenance"], lambda r, n: (f"91228000AB{n:04}", "AB", n, r.randint(100, 2000))),
        "base adresse locale": table(["cle_interop", "uid_adresse", "voie_nom", "numero", "commune_nom", "x", "y"], lambda r, n: (f"91228_0100_{n:05}", "", r.choice(("Rue Thierry Lambert", "Rue des Lilas")), n, "Évry", 650_000 + n, 6_830_000 + n)),
        "points d’intérêt": table(["Nom_du_POI", "Catégories", "Code_postal"], lambda r, n: ("Maître Jacques Lambert" if n == 7 else f"Gîte {n}", "Hébergement", "91000"), rows=80),
        "sièges": table(["company", "headquarters_address"], lambda r, n: (f"Bank {n}", _at(n, "12 Mme Claire Renard street", ("1 Main street", "5 High road")))),
        "places réservées": table(["commune", "rue", "nb_places_handicap", "nb_places"], lambda r, n: ("Évry", f"{n} {r.choice(STREETS)}", r.randint(1, 4), r.randint(5, 60))),
        "zones d’aide": table(["code_commune", "zone_apl", "zone_abc"], lambda r, n: (f"91{n:03}", n % 3 + 1, "A")),
        "numéros d’urgence": table(["Service", "Numéro"], lambda r, n: (r.choice(("SAMU", "Pompiers", "Pharmacie de garde")), r.choice(("15", "18", "3237", "0 800 123 456")))),
    },
    "statistiques de population": {
        "recensement à l’IRIS": table(["IRIS", "COM", "P20_POP", "P20_POPH", "P20_POPF", "P20_POP0014"], lambda r, n: (f"91228{n:04}", "91228", f"{r.random() * 3000:.9f}", f"{r.random() * 1500:.9f}", f"{r.random() * 1500:.9f}", f"{r.random() * 4:.9f}")),
        "population par sexe et âge, grands effectifs": table(["iris", "sexe", "age", "effectif"], lambda r, n: (*_crossed(r, n), r.randint(30, 400)), rows=144),
        "prénoms déclarés": table(["annee", "sexe", "prenom", "nombre"], lambda r, n: (2020, r.choice("FM"), r.choice(FIRST), r.randint(5, 40))),
        "naissances et décès par commune": table(["CODGEO", "LIBGEO", "NAISD22", "DECESD22"], lambda r, n: (f"91{n:03}", f"Commune {n}", r.randint(0, 60), r.randint(0, 60))),
        "hospitalisations par département": table(["dep", "sexe", "jour", "hosp", "rea", "dc"], lambda r, n: (f"{n + 1:02}", n % 3, "2021-01-01", r.randint(1, 400), r.randint(1, 40), r.randint(1, 40))),
        "licences sportives": table(["code_commune", "federation", "l_2019", "nombre de clubs"], lambda r, n: (f"91{n:03}", r.choice(("FF de judo", "FF de tennis")), r.randint(1, 90), r.randint(1, 4))),
        "équipements par commune": table(["codgeo", "nb_pharmacies", "nb_medecins", "nb_ecoles"], lambda r, n: (f"91{n:03}", r.randint(0, 4), r.randint(0, 4), r.randint(0, 4))),
        "revenus à l’IRIS": table(["IRIS", "DISP_MED20", "DISP_TP6020"], lambda r, n: (IRIS[n % 12], r.randint(14_000, 40_000), f"{r.randint(5, 40)},0")),
        "logements à l’IRIS": table(["iris", "nb_logements", "nb_logements_vacants", "nb_hlm"], lambda r, n: (IRIS[n % 12], r.randint(300, 900), r.randint(1, 40), r.randint(1, 300))),
        "demandeurs d’emploi par région": table(["region", "trimestre", "categorie", "nb_demandeurs_emploi"], lambda r, n: (r.choice(("Île-de-France", "Bretagne")), f"2023T{n % 4 + 1}", "A", r.randint(1000, 90_000))),
        "effectifs masqués par le producteur": table(["iris", "sexe", "age", "nb_handicap"], lambda r, n: (*_crossed(r, n), "s" if n % 5 == 0 else r.randint(11, 90)), rows=144),
        "index de l’égalité": table(["raison_sociale", "siren", "tranche_effectifs", "note"], lambda r, n: (f"Société {n}", _siren(r), "50 à 250", r.randint(60, 100))),
        "dénombrement en parts": table(["iris", "sexe", "part_handicap"], lambda r, n: (IRIS[n % 12], r.choice("HF"), f"{r.randint(1, 9)},{r.randint(1, 9)}")),
    },
    "écrits après les règles": {
        "rues et personnalités": table(["voie", "prénom", "nom", "date de naissance", "profession"], lambda r, n: ((p := (FIRST[n % 20], LAST[(n * 7) % 20])) and f"rue {p[0]} {p[1].title()}", p[0], p[1], date(r, 1700, 1930), "Poète")),
        "écoles et personnalités": table(["nom_etablissement", "patronyme", "sexe_patronyme"], lambda r, n: (f"École {FIRST[n % 20]} {LAST[(n * 3) % 20].title()}", f"{FIRST[n % 20]} {LAST[(n * 3) % 20]}", "F")),
        "communes et courriels": table(["Commune", "Téléphone", "Courriel"], lambda r, n: ((c := ("Lambersart", "Saint-Maurice", "Bellegarde", "Villemoirieu")[n % 4]), _line(r), f"{c.lower().replace('-', '.')}@wanadoo.fr")),
        "HATVP": table(["civilite", "prenom", "nom", "classement", "type_mandat", "qualite", "type_document", "departement", "date_publication"], lambda r, n: ("M.", *_one(r), n, "commune", "Maire", "di", "91", date(r, 2020, 2024))),
        "RNE conseillers": table(["Code du département", "Nom de l'élu", "Prénom de l'élu", "Code sexe", "Date de naissance", "Lieu de naissance", "Code nationalité", "Libellé de la fonction"], lambda r, n: ("91", *_one(r)[::-1], "M", date(r, 1940, 1990), "Paris", "FR", "Maire")),
        "Melodi": table(["GEO", "GEO_OBJECT", "SEX", "AGE", "TIME_PERIOD", "OBS_VALUE"], lambda r, n: (f"91{n // 4:03}", "COM", "MF"[n % 2], ("Y15T24", "Y_GE65")[n // 2 % 2], 2021, f"{r.random() * 900:.4f}"), rows=80),
        "décès par âge": table(["sexe", "age", "commune", "deces"], lambda r, n: ("HF"[n % 2], AGES[n // 2 % 6], f"Commune {n // 12}", r.randint(11, 300)), rows=96),
        "élèves par école et sexe": table(["uai", "ecole", "nb_filles", "nb_garcons"], lambda r, n: (f"091{n:04}A", f"École {n}", r.randint(2, 90), r.randint(2, 90))),
        "DEFM arrondis": table(["codgeo", "libelle", "sexe", "nb_demandeurs_emploi"], lambda r, n: (f"91{n // 2:03}", f"Commune {n // 2}", "HF"[n % 2], 5 * r.randint(1, 60)), rows=80),
        "tournées de collecte": table(["secteur", "jour", "passage"], lambda r, n: (f"S{n}", "Lundi", "06h00-12h30")),
        "horaires train": table(["train", "gare", "arrivee", "depart"], lambda r, n: (r.randint(800000, 899999), "Juvisy", "07:12", "07:13")),
        "fréquentation gares": table(["Nom de la gare", "Code UIC", "Code postal", "Total Voyageurs 2022"], lambda r, n: (r.choice(("Pierrelaye", "Saint-Denis", "Marie-Galante")), f"87{r.randint(10**5, 10**6 - 1)}", "91000", r.randint(1000, 10**6))),
        "conso gaz maille": table(["operateur", "annee", "code_iris", "nb_sites", "conso", "nombre_maille_secretisees"], lambda r, n: ("GRDF", 2022, IRIS[n % 12], r.randint(11, 300), f"{r.random() * 10**4:.9f}", r.randint(0, 4))),
        "permis sitadel": table(["REG_CODE", "NUM_DAU", "DENOM_DEM", "SIREN_DEM", "SIRET_DEM", "LOCALITE_DEM", "ADR_LIBVOIE_TER", "NB_LGT_TOT_CREES"], lambda r, n: ("11", f"0912282400{n:03}", ("SCI DES LILAS", "NEXITY", "COMMUNE D'EVRY")[n % 3], _siren(r), "", "EVRY", STREETS[n % 6], r.randint(1, 40))),
        "DVF": table(["id_mutation", "date_mutation", "valeur_fonciere", "adresse_numero", "adresse_nom_voie", "code_commune", "surface_reelle_bati", "longitude", "latitude"], lambda r, n: (f"2023-{n}", date(r, 2023, 2023), r.randint(10**5, 10**6), n, "RUE DES LILAS", "91228", r.randint(20, 200), 2.4 + n / 999, 48.6 + n / 999)),
        "arbres remarquables": table(["nom", "essence", "circonference", "adresse"], lambda r, n: (r.choice(("Le chêne de Marie", "Arbre Pierre")), "Chêne", r.randint(100, 600), f"{n} {STREETS[n % 6]}")),
        "festivals": table(["Nom du festival", "Commune principale", "Mail", "Site internet", "Discipline"], lambda r, n: (("Les Nuits de Marie", "Jazz à Lambert", "Festival Pierre")[n % 3], "Évry", "contact@festival.fr", "http://x.fr", "Musique")),
        "loyers": table(["id_zone", "INSEE_C", "loypredm2", "nbobs_com"], lambda r, n: (n, f"91{n:03}", f"{r.randint(8, 20)},5", r.randint(0, 9))),
        "vaccination par commune": table(["commune_residence", "classe_age", "date", "taux_cumu_1_inj"], lambda r, n: (f"91{n // 4:03}", ("00-19", "20-39", "40-54", "55-64")[n % 4], "2021-09-12", f"0,{r.randint(100, 999)}"), rows=80),
        "base permanente des équipements": table(["AN", "DEPCOM", "DCIRIS", "TYPEQU", "NB_EQUIP"], lambda r, n: (2022, "91228", IRIS[n % 12], "D201", r.randint(1, 4))),
        "bureaux de poste": table(["Identifiant", "Libellé_du_site", "Adresse", "Horaires lundi", "Numéro_de_téléphone"], lambda r, n: (f"{n:05}A", f"EVRY {n}", f"{n} {STREETS[n % 6]}", "09:00-12:00 14:00-18:00", "3631")),
        "index par tranche": table(["Agence", "N° lot", "Index début", "Index fin"], lambda r, n: (n, f"07{r.randint(10**7, 10**8 - 1)}", r.randint(10**6, 10**7), r.randint(10**7, 10**8))),
        "conseillers numériques": table(["Structure", "SIRET", "Type", "Effectif", "Commune"], lambda r, n: (f"CCAS {n}", siret(r), "Public", r.randint(1, 4), f"Commune {n}")),
        "rapport social": table(["Année", "Catégorie", "Sexe", "Effectif"], lambda r, n: (2018 + n // 6, "ABC"[n % 3], "HF"[n // 3 % 2], r.randint(1, 60)), rows=36),
        "bilan des prénoms": table(["prenom", "sexe", "annee", "nombre"], lambda r, n: (FIRST[n % 20], "F", 2019, r.randint(1, 30))),
    },
}  # fmt: skip
"""By kind: files in which nothing is to be held back."""

EXPOSED: dict[str, dict[str, tuple[str, frozenset[str]]]] = {
    "noms": {
        "inscrits": (table(["NOM", "PRENOM", "ACTIVITE"], lambda r, n: (*_one(r)[::-1], "Judo")), frozenset({"name"})),
        "noms et adresses": (table(["nom", "adresse", "cp"], lambda r, n: ("{1} {0}".format(*_one(r)), address(r), "91000")), frozenset({"name", "address"})),
        "adresse en plusieurs colonnes": (table(["Nom", "Prénom", "N°", "Voie", "Commune"], lambda r, n: (*_one(r)[::-1], n, r.choice(STREETS), r.choice(TOWNS)[1])), frozenset({"name"})),
        "virgule entre nom et prénom": (table(["ref", "Abonné"], lambda r, n: (n, "{1}, {0}".format(*_one(r)))), frozenset({"name"})),
        "initiale": (table(["agent", "jours d’absence", "motif"], lambda r, n: (f"{r.choice(LAST)} {r.choice(FIRST)[0]}.", r.randint(1, 9), "Maladie")), frozenset({"name"})),
        "deux conjoints": (table(["dossier", "Conjoint 1", "Conjoint 2"], lambda r, n: (n, "{1} {0}".format(*_one(r)), "{1} {0}".format(*_one(r)))), frozenset({"name"})),
        "noms sous un intitulé vide de sens": (table(["a", "b"], lambda r, n: (n, "{} {}".format(*_one(r)).title())), frozenset({"name"})),
        "noms en capitales": (table(["num", "occupant", "loyer"], lambda r, n: (n, "{1} {0}".format(*_one(r)).upper(), r.randint(200, 900))), frozenset({"name"})),
        "subventions et particuliers sans SIRET": (
            table(["nomAttribuant", "idAttribuant", "nomBeneficiaire", "idBeneficiaire", "montant"], lambda r, n: ("Ville d’Évry", "21910228000017", "{1} {0}".format(*_one(r)) if n % 3 else "COMITE DES FETES", "" if n % 3 else siret(r), r.randint(100, 900))),
            frozenset({"name"}),
        ),
        "agents de la mairie": (table(["Nom", "Prénom", "Fonction", "Salaire"], lambda r, n: (*_one(r)[::-1], r.choice(("Agent d’entretien", "Directeur des services", "Secrétaire", "Jardinier")), r.randint(1500, 4000))), frozenset({"name"})),
        "demandeurs et signature du maire": (table(["Dossier", "Demandeur", "Décision du maire"], lambda r, n: (n, "{1} {0}".format(*_one(r)), date(r, 2023, 2024))), frozenset({"name"})),
        "emprunteurs et livres": (table(["Emprunteur", "Titre", "Auteur"], lambda r, n: ("{1} {0}".format(*_one(r)), f"Titre {n}", "Amélie Nothomb")), frozenset({"name"})),
        "permis et maire": (table(["commune", "maire", "petitionnaire", "adresse_petitionnaire"], lambda r, n: ("Évry", "{} {}".format(*_one(r)), "{1} {0}".format(*_one(r)), address(r))), frozenset({"name", "address"})),
        "adjoints techniques": (table(["nom", "prénom", "fonction", "note"], lambda r, n: (*_one(r)[::-1], r.choice(("Adjoint technique", "Adjoint administratif", "Rédacteur")), r.randint(1, 20))), frozenset({"name"})),
        "présidents d’associations": (table(["association", "nom", "prénom", "rôle"], lambda r, n: (f"Club {n}", *_one(r)[::-1], r.choice(("Président", "Trésorier", "Secrétaire")))), frozenset({"name"})),
        "personnes en tutelle": (table(["Protégé", "Mesure", "Depuis"], lambda r, n: ("{1} {0}".format(*_one(r)), "Curatelle", date(r, 2010, 2024))), frozenset({"name"})),
        "propriétaires de parcelles": (table(["parcelle", "proprietaire", "adresse_proprietaire"], lambda r, n: (f"AB {n}", "{1} {0}".format(*_one(r)), address(r))), frozenset({"name", "address"})),
        "demandeurs de logement": (table(["N° unique", "Demandeur", "Composition familiale", "Revenu"], lambda r, n: (n, "M. {1} {0}".format(*_one(r)), r.randint(1, 6), r.randint(900, 2900))), frozenset({"name"})),
    },
    "prénoms de mineurs": {
        "prénom et âge": (table(["Prénom", "Âge", "Groupe"], lambda r, n: (r.choice(FIRST), r.randint(3, 11), "Petits")), frozenset({"name"})),
        "enfants et allergies": (table(["prenom_enfant", "classe", "allergie"], lambda r, n: (r.choice(FIRST), "CP", r.choice(("arachide", "aucune")))), frozenset({"name"})),
        "prénom, naissance, école": (table(["Prénom de l’enfant", "Né(e) le", "École"], lambda r, n: (r.choice(FIRST), date(r, 2014, 2020), "Jean Moulin")), frozenset({"name", "birth"})),
        "responsables d’enfants": (table(["Enfant", "Responsable légal", "Portable"], lambda r, n: ("{} {}".format(*_one(r)), "{} {}".format(*_one(r)), mobile(r))), frozenset({"name", "phone"})),
        "prénom et téléphone des parents": (table(["Prénom", "Tél. parents"], lambda r, n: (r.choice(FIRST), mobile(r, "{}.{}.{}.{}.{}"))), frozenset({"name", "phone"})),
    },
    "téléphones": {
        "à espaces": (table(["Club", "Contact"], lambda r, n: (f"Club {n}", mobile(r))), frozenset({"phone"})),
        "collés, sous un intitulé neutre": (table(["quartier", "joindre"], lambda r, n: (f"Q{n}", mobile(r, "{}{}{}{}{}"))), frozenset({"phone"})),
        "à tirets": (table(["a", "b"], lambda r, n: (n, mobile(r, "{}-{}-{}-{}-{}"))), frozenset({"phone"})),
        "deux par cellule": (table(["ref", "numéros"], lambda r, n: (n, f"{mobile(r)} / {mobile(r)}")), frozenset({"phone"})),
        "deux par cellule, une espace": (table(["ref", "tél"], lambda r, n: (n, f"{mobile(r)} {mobile(r)}")), frozenset({"phone"})),
        "+33": (table(["ref", "portable"], lambda r, n: (n, "+33 6 12 {:02} {:02} {:02}".format(*(r.randint(0, 99) for _i in range(3))))), frozenset({"phone"})),
        "n° de portable": (table(["N° dossier", "N° portable"], lambda r, n: (n, mobile(r, "{}{}{}{}{}"))), frozenset({"phone"})),
        "num_tel": (table(["num_dossier", "num_tel"], lambda r, n: (n, mobile(r, "{}{}{}{}{}"))), frozenset({"phone"})),
        "fixes d’abonnés": (table(["nom", "prénom", "fixe"], lambda r, n: (*_one(r)[::-1], _line(r))), frozenset({"name", "phone"})),
        "mobile dans les horaires": (table(["Lieu", "Horaires"], lambda r, n: (f"Local {n}", f"Sur rendez-vous au {mobile(r)}" if n % 2 else "9h-12h")), frozenset({"phone"})),
        "mobile d’élus": (table(["Nom", "Prénom", "Fonction", "Portable"], lambda r, n: (*_one(r)[::-1], "Conseiller municipal", mobile(r))), frozenset({"phone"})),
        "mobile sous un numéro de dossier": (table(["nom", "prenom", "numero"], lambda r, n: (*_one(r)[::-1], mobile(r, "{}{}{}{}{}"))), frozenset({"name", "phone"})),
        "mobile à heure près": (table(["ref", "tel"], lambda r, n: (n, f"06 {r.randint(0, 11) * 5:02} 12 00 {r.randint(13, 23)}")), frozenset({"phone"})),
        "un seul, dans des remarques": (table(["id", "remarque"], lambda r, n: (n, _at(n, f"joindre le gardien au {mobile(r)}"))), frozenset({"phone"})),
        "nombre entier": (table(["usager", "tel"], lambda r, n: (n, mobile(r, "{}{}{}{}{}")[1:])), frozenset({"phone"})),
    },
    "courriels": {
        "personnels": (table(["ref", "mail"], lambda r, n: (n, box(*_one(r), domain=r.choice(("orange.fr", "gmail.com", "free.fr"))))), frozenset({"email"})),
        "dans un commentaire": (table(["date", "commentaire"], lambda r, n: (date(r, 2024, 2024), _at(n, "me répondre à sylvie.perrin@wanadoo.fr"))), frozenset({"email"})),
        "avec un nom affiché": (table(["ref", "expéditeur"], lambda r, n: (n, "{} {} <{}>".format(*(p := _one(r)), box(*p)))), frozenset({"email"})),
        "initiale et nom": (table(["ref", "courriel"], lambda r, n: (n, f"{r.choice(FIRST)[0].lower()}{r.choice(LAST).lower()}@sfr.fr".replace("é", "e"))), frozenset({"email"})),
        "boîtes personnelles d’élus": (table(["nom", "prénom", "fonction", "mail"], lambda r, n: (*(p := _one(r))[::-1], "Conseiller municipal", box(*p))), frozenset({"email"})),
        "en majuscules": (table(["ref", "MEL"], lambda r, n: (n, box(*_one(r)).upper())), frozenset({"email"})),
        "dans une adresse du web": (table(["ref", "lien"], lambda r, n: (n, f"mailto:{box(*_one(r))}")), frozenset({"email"})),
        "séparés par des virgules": (table(["ref", "diffusion"], lambda r, n: (n, f"{box(*_one(r))}, {box(*_one(r))}")), frozenset({"email"})),
    },
    "NIR": {
        "collé": (table(["dossier", "numero"], lambda r, n: (n, nir(r))), frozenset({"nir"})),
        "espacé": (table(["dossier", "ident"], lambda r, n: (n, nir(r, spaced=True))), frozenset({"nir"})),
        "clé à part": (table(["dossier", "nir", "cle"], lambda r, n: (n, (w := nir(r))[:13], w[13:])), frozenset({"nir"})),
        "clé après une barre": (table(["dossier", "assuré"], lambda r, n: (n, f"{(w := nir(r))[:13]}/{w[13:]}")), frozenset({"nir"})),
        "à points": (table(["dossier", "n° ss"], lambda r, n: (n, nir(r, spaced=True).replace(" ", "."))), frozenset({"nir"})),
        "un dans un texte": (table(["id", "motif"], lambda r, n: (n, _at(n, f"assuré {nir(r, spaced=True)} à rappeler"))), frozenset({"nir"})),
        "à côté de noms, sans clé": (table(["nom", "prenom", "num"], lambda r, n: (*_one(r)[::-1], nir(r, key=False))), frozenset({"name", "nir"})),
        "quelques-uns parmi des vides": (table(["agent", "n° sécu"], lambda r, n: (n, nir(r) if n % 7 == 0 else "")), frozenset({"nir"})),
    },
    "comptes": {
        "IBAN espacé": (table(["tiers", "iban"], lambda r, n: (n, iban(r))), frozenset({"iban"})),
        "IBAN collé, sans intitulé": (table(["tiers", "x"], lambda r, n: (n, iban(r, spaced=False))), frozenset({"iban"})),
        "IBAN en minuscules": (table(["tiers", "compte"], lambda r, n: (n, iban(r).lower())), frozenset({"iban"})),
        "IBAN dans une note": (table(["id", "note"], lambda r, n: (n, _at(n, f"rembourser sur {iban(r)} avant lundi"))), frozenset({"iban"})),
    },
    "plaques": {
        "immatriculation": (table(["date", "immat"], lambda r, n: (date(r, 2024, 2024), plate(r))), frozenset({"plate"})),
        "verbalisations": (table(["heure", "véhicule", "motif"], lambda r, n: ("12:10", plate(r, ""), "Stationnement gênant")), frozenset({"plate"})),
        "constat": (table(["id", "constat"], lambda r, n: (n, _at(n, f"véhicule {plate(r)} en double file"))), frozenset({"plate"})),
        "sans intitulé": (table(["n", "z"], lambda r, n: (n, plate(r, " "))), frozenset({"plate"})),
    },
    "naissances": {
        "DDN": (table(["id", "ddn"], lambda r, n: (n, date(r))), frozenset({"birth"})),
        "ISO": (table(["matricule", "date_naissance"], lambda r, n: (n, f"{r.randint(1940, 2015)}-0{r.randint(1, 9)}-{r.randint(10, 28)}")), frozenset({"birth"})),
        "collée": (table(["id", "datenaissance"], lambda r, n: (n, f"{r.randint(1940, 2015)}0{r.randint(1, 9)}{r.randint(10, 28)}")), frozenset({"birth"})),
        "en toutes lettres": (table(["dossier", "Né le"], lambda r, n: (n, f"{r.randint(1, 28)} mars {r.randint(1940, 2010)}")), frozenset({"birth"})),
        "naissance dans un texte": (table(["id", "note"], lambda r, n: (n, _at(n, "enfant né le 04/05/2016, non scolarisé"))), frozenset({"birth"})),
        "bénéficiaire née en": (table(["id", "suivi"], lambda r, n: (n, _at(n, "usagère née le 12 mars 1958, vit seule"))), frozenset({"birth"})),
    },
    "santé et vie privée": {
        "patients": (table(["patient", "pathologie"], lambda r, n: ("{} {}".format(*_one(r)), "diabète")), frozenset({"name"})),
        "aides sociales par personne": (table(["âge", "sexe", "situation familiale", "code postal", "aide accordée", "motif aide"], lambda r, n: (r.randint(18, 95), r.choice("FM"), r.choice(("seul", "couple")), r.choice(TOWNS)[0], r.randint(50, 900), "dette de loyer"), rows=120), frozenset({"group"})),
        "nom dans un compte rendu": (table(["date", "compte rendu"], lambda r, n: (date(r, 2024, 2024), _at(n, "Visite chez Mme Moreau, hospitalisée depuis lundi"))), frozenset({"text"})),
        "plainte d’un voisin": (table(["date", "signalement"], lambda r, n: (date(r, 2024, 2024), _at(n, "Monsieur Thierry Lambert frappe son chien, voisin excédé"))), frozenset({"text"})),
        "adresse dans une note": (table(["id", "observation"], lambda r, n: (n, _at(n, "famille demeurant 12 rue des Lilas, à relancer"))), frozenset({"address"})),
        "nom d’usager dans du JSON": (table(["id", "donnees"], lambda r, n: (n, json.dumps({"usager": {"nom": (p := _one(r))[1], "mail": box(*p)}}))), frozenset({"email"})),
        "domiciles localisés": (table(["id", "adresse_usager", "lat", "lon"], lambda r, n: (n, address(r), 48.6 + r.random() / 9, 2.4 + r.random() / 9)), frozenset({"address"})),
        "traces d’abonnés": (table(["id_abonne", "date", "lat", "lon"], lambda r, n: (n % 6, date(r, 2024, 2024), 48.6 + r.random() / 9, 2.4 + r.random() / 9)), frozenset({"position"})),
    },
    "petits effectifs": {
        "IRIS × sexe × âge × handicap": (table(["iris", "sexe", "age", "handicap", "effectif"], lambda r, n: (*_crossed(r, n), ("oui", "non")[n // 144], r.randint(1, 60)), rows=288), frozenset({"small"})),
        "codes de l’Insee": (table(["CODE_IRIS", "SEXE", "TRAGE", "HANDI", "NB"], lambda r, n: (IRIS[n // 12 % 12], n // 6 % 2 + 1, n % 6, n // 144, r.randint(0, 40)), rows=288), frozenset({"small"})),
        "en largeur": (table(["code_iris", "nb_hommes_0_19_handicap", "nb_hommes_20_59_handicap", "nb_femmes_0_19_handicap", "nb_femmes_20_59_handicap"], lambda r, n: (f"91228{n:04}", *_counts(r, 4, 0, 20))), frozenset({"small"})),
        "allocataires du RSA par quartier": (table(["quartier", "nb_allocataires_rsa", "dont_femmes"], lambda r, n: (f"Quartier {n}", r.randint(1, 30), r.randint(1, 12))), frozenset({"small"})),
        "nationalité et sexe par carreau": (table(["idcar_200m", "nationalite", "sexe", "population"], lambda r, n: (f"CRS3035RES200mN{2_800_000 + n // 4}E{3_700_000}", ("Française", "Étrangère")[n % 2], "HF"[n // 2 % 2], r.randint(1, 40)), rows=80), frozenset({"small"})),
        "diplôme par IRIS": (table(["IRIS", "Sexe", "Diplôme", "Nombre de personnes"], lambda r, n: (IRIS[n // 8 % 12], "HF"[n % 2], ("Aucun", "CAP", "Bac", "Supérieur")[n // 2 % 4], r.randint(1, 90)), rows=96), frozenset({"small"})),
        "bénéficiaires de l’APA par commune": (table(["code_commune", "commune", "gir", "beneficiaires_apa"], lambda r, n: (f"91{n // 4:03}", f"Commune {n // 4}", f"GIR {n % 4 + 1}", r.randint(1, 30)), rows=80), frozenset({"small"})),
        "élèves en situation de handicap": (table(["UAI", "école", "sexe", "eleves_handicap"], lambda r, n: (f"091{n:04}A", f"École {n}", "FG"[n % 2], r.randint(0, 8))), frozenset({"small"})),
        "chômage par IRIS, sexe et âge": (table(["iris", "sexe", "tranche_age", "nb_demandeurs_emploi"], lambda r, n: (*_crossed(r, n), r.randint(1, 40)), rows=144), frozenset({"small"})),
        "effectifs en nombres à virgule nulle": (table(["iris", "sexe", "age", "handicap", "effectif"], lambda r, n: (*_crossed(r, n), ("oui", "non")[n // 144], f"{r.randint(1, 60)}.0"), rows=288), frozenset({"small"})),
        "victimes par quartier": (table(["quartier", "annee", "nb_victimes_violences"], lambda r, n: (f"Quartier {n % 10}", 2020 + n // 10, r.randint(1, 30))), frozenset({"small"})),
        "population par sexe et âge d’un IRIS": (table(["IRIS", "sexe", "âge", "population"], lambda r, n: (*_crossed(r, n), r.randint(1, 60)), rows=144), frozenset({"small"})),
        "masqués en partie": (table(["iris", "sexe", "age", "handicap", "effectif"], lambda r, n: (*_crossed(r, n), ("oui", "non")[n // 144], "s" if n % 9 == 0 else r.randint(2, 60)), rows=288), frozenset({"small"})),
    },
    "écrits après les règles": {
        "IRIS en nombres": (table(["COM", "IRIS", "SEXE", "AGE", "HANDICAP", "NB_PERS"], lambda r, n: ("91228", IRIS[n // 12 % 12], n // 6 % 2 + 1, n % 6 * 15, n // 144, r.randint(0, 50)), rows=288), frozenset({"small"})),
        "une commune": (table(["commune", "sexe", "age", "handicap", "effectif"], lambda r, n: ("Évry", "HF"[n % 2], AGES[n // 2 % 6], ("oui", "non")[n // 12 % 2], r.randint(1, 50)), rows=24), frozenset({"small"})),
        "GEO iris": (table(["GEO", "SEX", "AGE", "DISABILITY", "handicap", "OBS_VALUE"], lambda r, n: (IRIS[n // 12 % 12], "MF"[n // 6 % 2], AGES[n % 6], n // 144, n // 144, r.randint(1, 50)), rows=288), frozenset({"small"})),
        "CAF communes": (table(["NUMCOM", "NOMCOM", "code_commune", "RSA", "AAH", "PPA"], lambda r, n: (n, f"Commune {n}", f"91{n:03}", *_counts(r, 3, 0, 60))), frozenset({"small"})),
        "MDPH": (table(["Commune", "Nombre de bénéficiaires AAH", "Nombre de bénéficiaires PCH"], lambda r, n: (f"Commune {n}", *_counts(r, 2, 1, 60))), frozenset({"small"})),
        "étrangers par quartier": (table(["Quartier", "Nationalité", "Nombre d'habitants"], lambda r, n: (f"Q{n // 4}", ("FR", "PT", "DZ", "MA")[n % 4], r.randint(1, 80)), rows=80), frozenset({"small"})),
        "effectif, sexe et diplôme par quartier": (table(["QUARTIER", "SEXE", "DIPLOME", "EFFECTIF"], lambda r, n: (f"Q{n // 8}", "HF"[n % 2], n // 2 % 4, r.randint(1, 80)), rows=96), frozenset({"small"})),
        "familles monoparentales rsa": (table(["iris", "nb_familles", "nb_familles_rsa"], lambda r, n: (f"91228{n:04}", r.randint(20, 300), r.randint(1, 30))), frozenset({"small"})),
        "conseil des enfants": (table(["Nom", "Prénom", "École", "Fonction"], lambda r, n: (*_one(r)[::-1], "Jean Moulin", "Conseiller municipal enfant")), frozenset({"name"})),
        "gérants": (table(["Enseigne", "Gérant", "Adresse"], lambda r, n: ((p := _one(r)) and f"Boulangerie {p[1].title()}", "{1} {0}".format(*p), f"{n} {STREETS[n % 6]}")), frozenset({"name"})),
        "bénévoles": (table(["nom", "prenom", "mail"], lambda r, n: (*(p := _one(r))[::-1], box(*p))), frozenset({"name", "email"})),
        "courriel dans l’agenda": (table(["titre", "description"], lambda r, n: (f"T{n}", _at(n, "Inscriptions : sylvie.moreau@orange.fr", ("Concert", "Marché")))), frozenset({"email"})),
        "arrêtés nominatifs": (table(["numéro", "objet"], lambda r, n: (n, _at(n, "Autorisation de voirie à M. BENALI Karim, 12 rue des Lilas", ("Circulation rue des Lilas", "Fête des voisins")))), frozenset({"text"})),
        "inscriptions": (table(["Horodateur", "Nom Prénom de l'enfant", "Date de naissance", "Tél urgence", "Allergies"], lambda r, n: (date(r, 2024, 2024), "{} {}".format(*_one(r)), date(r, 2014, 2020), mobile(r), "aucune")), frozenset({"name", "birth", "phone"})),
        "matricules NIR sans intitulé": (table(["a", "b", "c"], lambda r, n: (n, nir(r), n)), frozenset({"nir"})),
        "déclarants": (table(["n", "declarant", "parcelle", "surface"], lambda r, n: (n, "{1} {0}".format(*_one(r)), f"AB {n}", r.randint(10, 900))), frozenset({"name"})),
        "tel entier et horaires": (table(["Nom", "Prénom", "Tel", "Horaires"], lambda r, n: (*_one(r)[::-1], mobile(r, "{}{}{}{}{}"), "07 30 12 00")), frozenset({"name", "phone"})),
        "élus, téléphone et adresse personnelle": (table(["Nom", "Prénom", "Mandat", "Adresse personnelle", "Tél personnel"], lambda r, n: (*_one(r)[::-1], "Conseiller municipal", address(r), mobile(r))), frozenset({"address", "phone"})),
        "colocataires en minuscule": (table(["locataire", "loyer"], lambda r, n: ("{} {}".format(*_one(r)).lower(), 500)), frozenset({"name"})),
        "n° de permis et conducteur": (table(["conducteur", "plaque", "infraction"], lambda r, n: ("{1} {0}".format(*_one(r)), plate(r), "vitesse")), frozenset({"plate", "name"})),
    },
}  # fmt: skip
"""By kind: files that hold persons, and the kinds of findings that must hold them back."""
