"""A third labelled set: exports as a town hall makes them, written before looking at what the rules made of them.

Persons, numbers and accounts are invented, as in ``planted``, from which the drawing of values comes.
"""

from __future__ import annotations

from random import Random

from parvis.core.privacy.tests.planted import FIRST, LAST, STREETS, address, date, iban, mobile, nir, plate, table


def _one(rng: Random) -> tuple[str, str]:
    return rng.choice(FIRST), rng.choice(LAST)


def _at(number: int, needle: str, others: tuple[str, ...]) -> str:
    """The needle in one row of the forty, and what is said every day in the others."""
    return needle if number == 17 else others[number % len(others)]


_DAILY = ("RAS", "Ronde effectuée, rien à signaler", "Rappel du règlement", "Stationnement gênant, verbalisé")

PLANTED: dict[str, tuple[str, frozenset[str]]] = {
    "factures de cantine par famille": (
        table(["Famille", "Enfants", "Nb repas", "Solde dû"], lambda r, n: (f"FAM. {r.choice(LAST)}", f"{r.choice(FIRST)} et {r.choice(FIRST)}", r.randint(4, 40), f"{r.randint(10, 90)},50")),
        frozenset({"name"}),
    ),
    "table décennale des naissances": (
        table(["N° acte", "Nom enfant", "Prénoms", "Date", "Père", "Mère"], lambda r, n: (n, r.choice(LAST), f"{r.choice(FIRST)}, {r.choice(FIRST)}", date(r, 2010, 2020), "{1} {0}".format(*_one(r)), "{1} {0}".format(*_one(r)))),
        frozenset({"name"}),
    ),
    "défunts d’un cimetière": (
        table(["Carré", "Rang", "N°", "Échéance", "Inhumés"], lambda r, n: ("A", n // 6, n, 2030 + n, "{1} {0} (1934-2019), ".format(*_one(r)) + "{1} {0} (1940-2021)".format(*_one(r)))),
        frozenset({"name"}),
    ),
    "déposants de permis": (
        table(["N° dossier", "Déposant", "Adresse du terrain", "Travaux"], lambda r, n: (f"DP 091 228 24 {n:05}", "M. et Mme {1} {0}".format(*_one(r)), f"{n + 1} {r.choice(STREETS)}", "Clôture")),
        frozenset({"name"}),
    ),
    "extrait de la liste électorale": (
        table(["BV", "N° ordre", "Nom de naissance", "Nom d'usage", "Prénoms", "Né(e) le", "à"], lambda r, n: (1, n, r.choice(LAST), r.choice(("", r.choice(LAST))), f"{r.choice(FIRST)} {r.choice(FIRST)}", date(r, 1935, 2005), "Évry")),
        frozenset({"name", "birth"}),
    ),
    "prêts d’une bibliothèque": (
        table(["Code-barres", "Emprunté par", "Titre", "Retour prévu"], lambda r, n: (f"3009{n:06}", "{1}, {0}".format(*_one(r)), r.choice(("Germinal", "Les Misérables", "Tintin au Tibet")), date(r, 2024, 2025))),
        frozenset({"name"}),
    ),
    "licenciés d’un club": (
        table(["Licence", "Licencié(e)", "Catégorie", "Cotisation"], lambda r, n: (f"L{n:05}", "{1} {0}".format(*_one(r)), r.choice(("U11", "U13", "Senior")), 120)),
        frozenset({"name"}),
    ),
    "assesseurs d’un scrutin": (
        table(["Bureau", "Assesseur 1", "Assesseur 2", "Joignable"], lambda r, n: (f"BV {n}", "{} {}".format(*_one(r)), "{} {}".format(*_one(r)), mobile(r, "{}{}{}{}{}"))),
        frozenset({"name", "phone"}),
    ),
    "main courante de la police municipale": (
        table(["Date", "Heure", "Faits"], lambda r, n: (date(r, 2024, 2025), "22h10", _at(n, "Conduit au poste le nommé BENALI Karim né le 04/07/1990", _DAILY))),
        frozenset({"birth", "text"}),
    ),
    "observations d’un CCAS": (
        table(["Dossier", "QF", "Observations"], lambda r, n: (n, r.randint(200, 900), _at(n, "Vu avec Mme H. ce jour, victime de violences conjugales", ("Dossier complet", "Pièce manquante", "Relance")))),
        frozenset({"text"}),
    ),
    "abonnés de l’eau": (
        table(["Abonné", "Point de livraison", "Conso m3", "Adresse desservie", "Prélèvement"], lambda r, n: ("{1} {0}".format(*_one(r)), n, r.randint(30, 200), address(r), iban(r).replace(" ", "."))),
        frozenset({"name", "address", "iban"}),
    ),
    "autorisations de taxis": (
        table(["N° ADS", "Exploitant", "Véhicule", "Immat."], lambda r, n: (n, "{1} {0}".format(*_one(r)), "Mercedes Classe E", plate(r, " "))),
        frozenset({"name", "plate"}),
    ),
    "véhicules en fourrière": (
        table(["Enlevé le", "Marque", "N° minéralogique", "Lieu"], lambda r, n: (date(r, 2024, 2025), "Renault", plate(r).lower(), r.choice(STREETS))),
        frozenset({"plate"}),
    ),
    "réservations de salles": (
        table(["Salle", "Date", "Réservé par", "Motif", "Tél."], lambda r, n: ("Salle des fêtes", date(r, 2024, 2025), "{} {}".format(*_one(r)).title(), r.choice(("Mariage", "Baptême", "Réunion")), mobile(r, "{}.{}.{}.{}.{}"))),
        frozenset({"name", "phone"}),
    ),
    "réponses à un questionnaire en ligne": (
        table(["Horodateur", "Adresse e-mail", "Votre avis sur le marché"], lambda r, n: (f"{date(r, 2024, 2025)} 10:22:31", f"{r.choice(FIRST)[0].lower()}.{r.choice(LAST).lower()}{r.randint(50, 99)}@laposte.net", r.choice(("Bien", "Trop cher")))),
        frozenset({"email"}),
    ),
    "absences du personnel": (
        table(["Agent", "Motif", "Du", "Au"], lambda r, n: (f"{r.choice(LAST)} {r.choice(FIRST)[0]}.", r.choice(("Congé maladie", "Accident de service", "Maternité")), date(r, 2024, 2025), date(r, 2024, 2025))),
        frozenset({"name"}),
    ),
    "fiches sanitaires du centre de loisirs": (
        table(["N°", "Groupe", "À prévenir"], lambda r, n: (n, r.choice(("Petits", "Grands")), f"{r.choice(('Mamie', 'Maman', 'Papa', 'Nounou'))} {mobile(r, '{}/{}/{}/{}/{}')}")),
        frozenset({"phone"}),
    ),
    "enfants, classe et allergies": (
        table(["ENFANT", "CLASSE", "PAI"], lambda r, n: ("{1} {0}".format(*_one(r)).upper(), r.choice(("CP", "CE1", "CM2")), r.choice(("arachide", "asthme", "")))),
        frozenset({"name"}),
    ),
    "pensionnés nés en Corse": (
        table(["Dossier", "Immatriculation SS"], lambda r, n: (n, f"1 {r.randint(30, 60)} 0{r.randint(1, 9)} 2A {r.randint(100, 300)} {r.randint(100, 300)}")),
        frozenset({"nir"}),
    ),
    "inscrits au portage de repas": (
        table(["Tournée", "Bénéficiaire", "Étage", "Digicode", "N° SS"], lambda r, n: (n % 4, "Mme {1} {0}".format(*_one(r)), r.randint(0, 6), f"A{r.randint(1000, 9999)}", nir(r))),
        frozenset({"name", "nir"}),
    ),
}  # fmt: skip

ALIKE: dict[str, str] = {
    "menus de cantine": table(["Date", "Entrée", "Plat", "Fromage", "Dessert"], lambda r, n: (date(r, 2024, 2025), r.choice(("Salade piémontaise", "Carottes râpées", "Betteraves Mimosa")), r.choice(("Poulet Basquaise", "Hachis Parmentier", "Sauté Marengo")), r.choice(("Saint-Nectaire", "Saint Paulin", "Babybel")), r.choice(("Pêche Melba", "Tarte Tatin", "Poire Belle Hélène")))),
    "état civil, par an": table(["Année", "Naissances", "Mariages", "Décès", "PACS"], lambda r, n: (1980 + n, r.randint(20, 90), r.randint(12, 30), r.randint(20, 60), r.randint(12, 30))),
    "tarifs des concessions": table(["Cimetière", "Carré", "Emplacements libres", "15 ans", "30 ans"], lambda r, n: (r.choice(("Saint-Pierre", "Le Vieux Cimetière", "Les Martins")), r.choice("ABC"), r.randint(0, 9), 210, 420)),
    "permis de sociétés": table(["Numéro", "Demandeur", "Adresse terrain", "Surface"], lambda r, n: (f"PC 091 228 24 {n:05}", r.choice(("SCI DU MOULIN", "MAISONS PIERRE", "SAS NEXITY", "COMMUNE D'ÉVRY", "BATI MARTIN", "I3F")), f"{n} {r.choice(STREETS)}", r.randint(20, 300))),
    "lieux de vote": table(["Bureau", "Lieu", "Adresse", "Inscrits", "Votants"], lambda r, n: (n, r.choice(("École Jean Jaurès", "Gymnase Marcel Cerdan", "Salle Georges Brassens")), f"{n + 1} {r.choice(STREETS)}", r.randint(600, 1200), r.randint(200, 600))),
    "catalogue d’une bibliothèque": table(["Titre", "Auteur", "Éditeur", "Cote", "Prêts"], lambda r, n: (f"Roman {n}", r.choice(("Nothomb, Amélie", "Musso, Guillaume", "Vargas, Fred")), r.choice(("Albin Michel", "Robert Laffont", "Gallimard Jeunesse")), r.choice(("R NOT", "R MUS", "RP VAR")), r.randint(0, 90))),
    "créneaux des gymnases": table(["Club", "Discipline", "Lieu", "Créneau"], lambda r, n: (r.choice(("Judo Club Saint-Martin", "AS Bernard Palissy", "Les Amis de Raymond")), r.choice(("Judo", "Tennis", "Yoga")), r.choice(("Gymnase Alain Mimoun", "Stade Michel Hidalgo")), "Ma 18h-20h")),
    "arrêts d’une ligne": table(["Ligne", "Arrêt", "Terminus"], lambda r, n: (r.choice(("401", "402")), r.choice(("Pierre Mendès France", "Jean Moulin", "Paul Éluard", "Mairie")), "Gare")),
    "rosiers d’un parc": table(["Massif", "Variété", "Pieds"], lambda r, n: (n, r.choice(("Pierre de Ronsard", "Madame Meilland", "Claude Monet", "Dame de Cœur", "Jacques Cartier", "Mme Alfred Carrière")), r.randint(3, 30))),
    "saison culturelle": table(["Date", "Spectacle", "Compagnie", "Lieu"], lambda r, n: (date(r, 2024, 2025), r.choice(("Le Malade imaginaire", "Monsieur de Pourceaugnac", "Roméo et Juliette")), r.choice(("Cie Les Tournesols", "Théâtre du Martin-Pêcheur")), "Salle Jacques Brel")),
    "commerçants du marché": table(["Emplacement", "Enseigne", "Produits"], lambda r, n: (n, r.choice(("La Ferme Dubois", "Chez Marcel", "Fromagerie Perrin", "Aux délices de Fatima")), r.choice(("Légumes", "Fromages", "Épices")))),
    "pharmacies de garde": table(["Pharmacie", "Adresse", "Téléphone", "Jour"], lambda r, n: (r.choice(("Pharmacie Lambert", "Pharmacie du Marché", "Pharmacie Nguyen")), f"{n} {r.choice(STREETS)}", f"01 64 {r.randint(10, 99)} {r.randint(10, 99)} {r.randint(10, 99)}", date(r, 2024, 2025))),
    "délibérations": table(["COLL_NOM", "DELIB_ID", "DELIB_OBJET", "VOTE_POUR"], lambda r, n: ("Évry", f"2024-{n}", r.choice(("Dénomination de la rue Gisèle Halimi", "Convention avec l’association Les Amis de Jean Ferrat", "Acquisition de la parcelle AB 123", "Groupe scolaire Simone Veil : extension")), 33)),
    "véhicules de la commune": table(["Parc", "Modèle", "Énergie", "Km"], lambda r, n: (n, r.choice(("Renault Zoé", "Renault Mégane", "Citroën Berlingo", "Peugeot Expert")), "Électrique", r.randint(1000, 90000))),
    "tempêtes": table(["Nom", "Date", "Rafale max"], lambda r, n: (r.choice(("Ciarán", "Domingos", "Alex", "Louis", "Mathis", "Caetano", "Justine", "Barbara")), date(r, 2020, 2024), r.randint(90, 170))),
    "animaux du refuge": table(["Nom", "Espèce", "Race", "Sexe", "Âge", "Entrée le"], lambda r, n: (r.choice(("Oscar", "Félix", "Lola", "Rex", "Ulysse", "Maya", "Simba")), r.choice(("Chien", "Chat")), "Croisé", r.choice("FM"), r.randint(1, 15), date(r, 2023, 2025))),
    "parcelles": table(["Section", "Parcelle", "Contenance"], lambda r, n: (r.choice(("AB", "AC", "ZD")), f"{r.choice(('AB', 'AC', 'ZD'))} {r.randint(1, 400):03}", r.randint(100, 3000))),
    "crèches": table(["Crèche", "Gestionnaire", "Places", "Courriel"], lambda r, n: (r.choice(("Maison de l’enfance Françoise Dolto", "Pomme d’Api", "Les Petits Lucas")), "Babilou", r.randint(12, 60), r.choice(("creche.dolto@ville-exemple.fr", "pommedapi@ville-exemple.fr")))),
    "comptes d’une régie": table(["Nature", "Libellé", "Montant"], lambda r, n: (r.choice(("6411", "6218", "70632")), r.choice(("Personnel titulaire", "Autre personnel extérieur", "Redevances à caractère de loisirs")), r.randint(100, 90000))),
    "horodateurs": table(["N° de série", "Zone", "Rue", "Mise en service"], lambda r, n: (f"PK-{r.randint(100, 999)}-{r.choice(('FR', 'EU'))}", r.choice(("Orange", "Verte")), r.choice(STREETS), date(r, 1998, 2024))),
}  # fmt: skip
