"""What headers say: the role of a column, and what the table is about. Rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from parvis.core.text import slugify

_B, _E = r"(?:^|_)", r"(?:_|$|\d)"


@dataclass(frozen=True, slots=True)
class Role:
    """A role a header gives to its column; ``pattern`` is searched in the slug of the header (words joined by ``_``)."""

    name: str
    pattern: str
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()


_PEOPLE = (
    r"demandeurs?|usagers?|habitants?|administres?|eleves?|enfants?|patients?|proprietaires?|locataires?|occupants?|agents?"
    r"|salaries?|adherents?|inscrits?|abonnes?|candidats?|contribuables?|redevables?|plaignants?|requerants?|allocataires?"
    r"|assures?|victimes?|defunts?|parents?|peres?|meres?|tuteurs?|conjoints?|representants?|responsables?|interlocuteurs?"
    r"|referents?|signataires?|contacts?|gerants?|dirigeants?|presidents?|tresoriers?|secretaires?|clients?|donateurs?"
    r"|participants?|benevoles?|licencies?|stagiaires?|etudiants?|personnes?(?!_morales?)|individus?|riverains?|temoins?|agresseurs?|medecins?"
    r"|petitionnaires?|concessionnaires?|assistante?s?_maternelles?|declarants?|emprunteurs?|lecteurs?"
    r"|chefs?_de_projets?|techniciens?|redacteurs?|instructeurs?|charges?_de_mission"
    r"|deposants?|inhumes?|familles?|foyers?|assesseurs?|pensionnaires?|beneficiaires?_du_portage|emprunte_par|reserve_par"
)
_PRIVATE = (
    r"demandeurs?|usagers?|administres?|eleves?|enfants?|patients?|proprietaires?|locataires?|occupants?|adherents?|abonnes?"
    r"|contribuables?|redevables?|plaignants?|requerants?|allocataires?|assures?|victimes?|defunts?|parents?|peres?|meres?|tuteurs?"
    r"|conjoints?|petitionnaires?|emprunteurs?|lecteurs?|deposants?|inhumes?|(?<!nom_de_)(?<!nom_)familles?|foyers?|pensionnaires?|riverains?|temoins?"
    r"|declarants?|emprunte_par|reserve_par"
)
"""Those who are never named for an office or for a work, whatever the table is about."""
ROLES: tuple[Role, ...] = (
    Role("first_name", rf"{_B}(?:prenoms?|first_?names?|given_?names?|forenames?){_E}", ("Prénom", "prenom_enfant", "first_name"), ("nom",)),
    Role(
        "last_name",
        rf"{_B}nom_?(?:de_)?(?:famille|usage|naissance|marital|patronymique|jeune_fille){_E}|{_B}(?:patronymes?|last_?names?|surnames?|family_?names?){_E}"
        rf"|^noms?$|^noms?_(?:{_PEOPLE})(?:_\d+)?$",
        ("Nom", "NOM DE FAMILLE", "nom_usager"), ("nom_commune", "prénom"),
    ),
    Role(
        "person",
        rf"{_B}(?:nom_(?:et_)?prenoms?|prenoms?_(?:et_)?noms?|nom_complet|full_?name|identite|etat_civil){_E}|^(?:nom_)?(?:du_|de_l_|de_la_|des_)?(?:{_PEOPLE})(?:_nom)?$"
        rf"|{_B}nom_(?:du_|de_l_|de_la_|des_)?(?:{_PEOPLE}){_E}",
        ("Nom et prénom", "demandeur", "Nom du responsable"), ("nom_station", "adresse", "nom_personne_morale"),
    ),
    Role("private_person", rf"{_B}(?:{_PRIVATE}){_E}", ("demandeur", "Nom du conjoint"), ("maire", "auteur")),
    Role("mixed", rf"{_B}(?:beneficiaires?|attributaires?|titulaires?|fournisseurs?|organisateurs?|exploitants?|mandataires?){_E}|benef|attrib_nom", ("nomBeneficiaire", "titulaire"), ("acheteur_nom",)),
    Role("buyer", rf"acheteur|attribuant|adjudicateur|autorite_concedante|{_B}(?:coll|collectivites?|donneur_d_ordres?|maitrise_d_ouvrage){_E}", ("ACHETEURS_NOM", "nomAttribuant"), ("attributaire", "titulaire")),
    Role("civility", rf"{_B}(?:civilite|civ|titre_civ){_E}", ("Civilité",), ("titre",)),
    Role("sex", rf"{_B}(?:sexe|genre|sex|gender){_E}", ("Sexe",), ()),
    Role("staff", rf"{_B}(?:contacts?|chefs?_de_projets?|interlocuteurs?|instructeurs?|redacteurs?|techniciens?|agents?|charges?_de_mission|gestionnaires?){_E}", ("Chef de projet", "contact"), ("élu référent", "chef_lieu")),
    Role("candidate", rf"{_B}candidate?s?{_E}", ("candidat", "Nom du candidat"), ("candidature",)),
    Role("birth", rf"(?<!con)naissance(?!s)|{_B}(?:ne_e?_?le|nee?_le|ddn|dob|birth_?(?:date|day)?|date_naiss?|datnais|dtnais|naiss?){_E}|birthdate", ("Date de naissance", "Né(e) le", "DDN", "datenaissance"), ("date", "Date de reconnaissance")),
    Role("age", rf"{_B}(?:ages?|tranches?_(?:d_?)?ages?|classes?_(?:d_?)?ages?|tr_?age|cl_?age|agepyr|aged?|agerev\w*){_E}", ("Âge", "tranche d’âge", "TRAGE", "AGEPYR10"), ("agence", "usage")),
    Role("address", rf"{_B}(?:adresses?|adr|address|domiciles?|residence|rue|voie|adresse_postale|street){_E}", ("Adresse", "adresse_domicile"), ()),
    Role("home", rf"domicile|{_B}(?:adresse|position|coordonnees|geoloc\w*)_(?:personnelle|perso|privee|(?:du_|de_l_|de_la_|des_)?(?:{_PEOPLE})){_E}", ("adresse du demandeur", "Domicile"), ("adresse_mairie",)),
    Role("phone", rf"{_B}(?:tel|tels|telephones?|phone|portables?|gsm|mobile|tel_.*|n_?tel){_E}|telephone", ("Téléphone", "tel_fixe"), ("hotel",)),
    Role("own_phone", rf"{_B}(?:portables?|gsm|mobile|tel(?:ephone)?_(?:perso\w*|domicile|portable|mobile|prive|pere|mere|{_PEOPLE})){_E}", ("Téléphone portable",), ("telephone",)),
    Role("place_phone", rf"{_B}(?:tel|telephones?|phone|mobile|portable)_(?:du_|de_la_|de_l_|des_|d_)?(?:lieux?|etablissements?|structures?|mairies?|accueil|standard|sites?|centres?|public|services?|secretariat|boutique|magasin|commerce|ecole|office)|{_B}(?:accueil|standard|mairie|etablissement|structure|lieu)_(?:tel|telephone|phone){_E}", ("Téléphone du lieu", "tel_mairie"), ("Téléphone", "tel_usager")),
    Role("email", rf"{_B}(?:e_?mails?|mails?|courriels?|mel){_E}", ("Courriel",), ("maille",)),
    Role("nir", rf"{_B}(?:nir|n_?secu\w*|num_?(?:ero)?_?(?:de_)?secu\w*|nss|ssn|numero_insee|immatriculation_ss){_E}|securite_sociale", ("N° de sécurité sociale", "NIR"), ("securite",)),
    Role("identifier", r"^(?:id|ref|reference|code|identifiant|cle|uuid|gid|fid|osm_id)(?:_|$)|_(?:id|ref|code)$", ("id_piece", "code"), ("contact",)),
    Role(
        "code",
        rf"{_B}(?:n|no|nr|num|numeros?|code|id|ids|identifiants?|ref|references?|cle)_(?!(?:du_|de_la_|de_l_|des_|de_|d_)?(?:tel|port|gsm|mobile|fixe|appel|nat|secu|ss|insee|immat|iban|carte_vitale))[a-z]|{_B}(?:trains?|courses?|trips?|trip_id|missions?|circulations?|rames?|uic|compteurs?|pdl|prm|pce|ean|gtin|isbn|siret|siren|serie|lots?){_E}",
        ("numéro de train", "N° compteur", "trip_id"), ("N° de portable", "num_tel", "numéro", "téléphone"),
    ),
    Role("vehicle_run", rf"{_B}(?:trains?|courses?|trips?|missions?|circulations?|rames?|uic|sillons?){_E}", ("numéro de train",), ("entrain",)),
    Role("schedule", rf"horaires?|{_B}(?:heures?|ouvertures?|fermetures?|creneaux?|passages?|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|opening_hours|hours|maree|depart|arrivee){_E}", ("Horaires", "Lundi", "heures_passage"), ("meilleur",)),
    Role("measure", rf"consommation|{_B}conso{_E}|{_B}(?:[kmgt]?wh(?:_pcs)?|energie|index|volumes?|m3|puissance|debits?|montants?|prix|euros?|surfaces?|quantites?|production|releves?|ean|gtin|isbn|pdl|prm|pce|compteurs?){_E}", ("Consommation (kWh)", "conso_totale"), ("code", "console")),
    Role("iban", rf"{_B}(?:iban|rib|bic_iban|compte_bancaire|coordonnees_bancaires){_E}", ("IBAN",), ("tribune",)),
    Role("plate", rf"immatricul|{_B}(?:plaques?|vehicules?|voitures?|licence_plate|license_plate|immat){_E}", ("Plaque", "immat"), ("place",)),
    Role("ip", rf"{_B}(?:ip|ip_?v?[46]|adresse_ip|ip_?address|ip_?client|remote_addr|client_ip){_E}", ("adresse_ip",), ("type",)),
    Role("tracked", rf"{_B}(?:id|identifiant|numero|num|n|code|cle|hash|uid)_(?:du_|de_l_|de_la_|d_)?(?:usagers?|users?|abonnes?|clients?|cartes?|badges?|device|appareils?|terminal|patients?|eleves?|agents?|individus?|personnes?|adherents?|salaries?)|^(?:abonnes?|usagers?|clients?|conducteurs?|users?)$|{_B}(?:user_?id|device_?id|imei|imsi|mac_address|adresse_mac|msisdn|matricule_(?:agent|salarie)|id_?usager|subscriber){_E}", ("id_usager", "user_id", "IMEI"), ("id_station",)),
    Role("place", rf"{_B}(?:communes?|villes?|code_?postal|cp|postcode|insee|codgeo|depcom|quartiers?|iris|cp_ville|localite|departement){_E}|code_commune|postal", ("Code postal", "commune"), ("prix",)),
    Role("fine_place", rf"{_B}(?:\w*iris|carreaux?|idcar\w*|idinspire|id_carr\w*|ilots?|quartiers?|qpv|qp|code_qp|hameaux?|sections?|batiments?|immeubles?|ecoles?|colleges?|lycees?|etablissements?|uai|classes?(?!_(?:d_|de_)?(?:ages?|effectifs?|tailles?|revenus?))|secteurs?|rues?|adresses?){_E}", ("CODE_IRIS", "idcar_200m", "Quartier"), ("commune", "département")),
    Role("town", rf"{_B}(?:communes?|villes?|code_?insee|insee|codgeo|libgeo|depcom|com|codcom|libcom|lib_?com|cp|code_?postal|geo|code_?geo){_E}|^(?:codes?_|noms?_|lib\w*_|nom_du_)?territoires?(?:_|$)", ("code_commune", "CODGEO", "GEO"), ("département", "comité")),
    Role("origin", rf"nationalite|immigr|etranger|{_B}(?:immi|inat\w*|pays_(?:de_)?naissance){_E}", ("Nationalité", "IMMI"), ("nation",)),
    Role("period", rf"{_B}(?:annees?|an|year|millesime|mois|trimestres?|semestres?|periodes?|dates?|exercice){_E}", ("Année",), ("janvier",)),
    Role("job", rf"{_B}(?:professions?|metiers?|csp|pcs|dipl\w*|emploi|emploi_occupe|categorie_socio\w*|occupation|poste|grade|diplomes?|niveau_etudes?){_E}", ("Profession",), ("professionnel_de_sante",)),
    Role("family", rf"{_B}(?:situation_(?:familiale|de_famille|matrimoniale)|statut_marital|nb_?enfants|nombre_d?_?enfants|quotient_familial|qf|enfants_a_charge|nationalite|pays_naissance|lieu_naissance|composition_familiale|type_de_?_?menage){_E}", ("Situation familiale", "Quotient familial"), ("famille",)),
    Role("sensitive", rf"handicap|religio|diagnost|patholog|maladie|{_B}(?:handi|rsa|aah|apl|revenus?|salaire|dettes?|impayes?|allergies?|regime_alimentaire|sante|vaccin|syndicat_appartenance|infraction|condamnation|motif_(?:aide|absence|arret)|orientation_sexuelle|gir){_E}", ("Handicap", "diagnostic"), ("total",)),
    Role("rate", rf"{_B}(?:taux|tx|parts?|pct|pourcent\w*|moyennes?|moy|montants?|sommes?){_E}", ("taux", "Montant versé"), ("partie",)),
    Role("count", rf"{_B}(?:nb|nbre|nombres?|effectifs?|total|totaux|count|population|voix|occurr?ences?|nombre_occurences|frequence|rang|quantite|taux|part|pourcentage|pct|moyenne|nbre?_.*|nb_.*|ensemble|valeurs?|observ\w*_value|obs_value|inscrits|votants|exprimes){_E}", ("Nombre", "effectif", "nb_inscrits"), ("nom",)),
    Role("contractor", rf"{_B}(?:titulaires?|attributaires?|cocontractants?|co_contractants?|fournisseurs?|prestataires?){_E}", ("Nom de l’attributaire", "Fournisseur(s) retenu(s)"), ("attribution", "attribuant")),
    Role("official", rf"{_B}(?:mandats?|elus?|elues?|nuances?|fonctions?_elective|voix|(?:conseillere?|deleguee?)s?_(?:municipa\w+|departementa\w+|regiona\w+|communautaires?)|deleguee?s?_(?:titulaire|suppleante?)s?|maires?|deputee?s?|senateurs?|panneau|groupe_politique|groupe_parlementaire|groupe_sigle|nuance_\w+|parti_politique|parti_ratt\w*|legislature|code_sexe_elu|canton_election){_E}", ("Nuance candidat 1", "Libellé du mandat"), ("liste d’attente", "conseiller", "candidat")),
    Role("contest", rf"{_B}(?:circo?|circonscriptions?|nom_circo\w*|partis?|party|investiture){_E}", ("Circonscription", "num_circ", "party"), ("partie", "particularité", "circuit")),
    Role("figure", rf"museofile|merimee|palissy|joconde|{_B}(?:sculpteurs?|peintres?|realisat\w+|compositeurs?|personnages?|dedicataire|illustrateurs?|scenaristes?|oeuvres?|films?|livres?|albums?|isbn|biographie|groupe_musical|nomoff|dompal|domaines?_thematiques?){_E}", ("œuvre", "ISBN", "identifiant_museofile"), ("date de décès", "auteur")),
    Role("author", rf"{_B}(?:auteurs?|autrices?|artistes?|createurs?){_E}", ("auteur",), ("auto",)),
    Role("maker", rf"{_B}(?:architectes?|interpretes?|editeurs?|photographes?|credits?|dirigee?_par){_E}", ("Architecte",), ("auteur",)),
    Role("title", rf"{_B}(?:titres?(?:_oeuvre)?|title){_E}", ("Titre",), ("sous",)),
    Role("body", rf"siret|siren|raison_sociale|denomination|{_B}(?:finess|uai|rna|enseigne|etablissements?|entreprises?|societes?|associations?|organismes?|organisations?|structures?|acheteur|operateur|operator|amenageur|type_(?:equipement|etablissement|structure|lieu)|forme_juridique|amenity|opening_hours|business_hours|horaires?|personnes?_morales?|mairies?|commerces?|services?_publics?|equipements?|nom_du_lieu|lieu|capacite){_E}", ("SIRET", "raison sociale"), ("nom",)),
    Role("named_thing", rf"(?:^|_)(?:nom|name)_(?:du_|de_la_|de_l_|des_|d_|de_|of_)(?!(?:{_PEOPLE})(?:_|$)|famille|usage|naissance|jeune_fille|naiss|elue?|signataire|benef|titulaire)", ("nom_du_poi", "Nom de l’hébergement"), ("nom de famille", "Nom du demandeur")),
    Role("named_place", rf"{_B}(?:voies?|(?:nom|lib|typ)_?voi\w*|rues?|ecoles?|colleges?|lycees?|libelle_voie|odonymes?|batiments?|salles?|stations?|arrets?|gares?|lieux?|lieu_dit|communes?|villes?|titres?|oeuvres?|parcs?|jardins?|squares?|stades?|gymnases?|equipements?|etablissements?|sites?|title|headquarters|lignes?|quartiers?|monuments?|stop_name|route|toponymes?|localisation|emplacement|adresse|structure|enseigne|denomination|raison_sociale|organisme|association|commerce|libelle|designation|intitule|espece|genre|variete|departement|region|canton|epci|arrondissement|pays|marque|modele|theme|categorie|type|nature|objet){_E}|(?:nom|name)_(?:du_|de_la_|de_l_)?(?:voie|rue|ecole|etab|ets|equip|lieu|com|commune|station|arret|salle|parc|site|ligne)", ("nom_station", "Libellé de la voie", "nom_commune"), ("nom", "usager")),
    Role("thing", rf"arbre|espece|essence|vehicule_type|plantation|horodateur|lampadaire|mobilier|troncon|parcelle|{_B}(?:id_station|borne|puissance|diametre|hauteur|surface){_E}", ("date_plantation",), ("nom",)),
    Role("free_text", rf"{_B}(?:observations?|commentaires?|remarques?|notes?|motifs?|descriptions?|objets?|texte|message|details?|precisions?|infos?|informations?|contenu|resume|compte_rendu|historique|avis|reponses?|demande|signalement|reclamation){_E}", ("Commentaire", "observations"), ("date",)),
    Role("private_text", rf"{_B}(?:observations?|commentaires?|remarques?|notes?|motifs?|message|compte_rendu|demande|signalement|reclamation|plainte|suivi|dossier|historique){_E}", ("Commentaire",), ("description",)),
)  # fmt: skip
"""Every role, in no order: a header may have several."""

_DBASE = re.compile(r",[CNDLFM](?:,\d{1,3}){0,2}$")
"""What a program adds to the names of a dBASE table when it writes them as text: « NOMVOI,C,80 »."""
_COMPILED = tuple((role.name, re.compile(role.pattern)) for role in ROLES)


@lru_cache(maxsize=4096)
def roles_of(header: str) -> frozenset[str]:
    """The roles that a header gives (``nomBeneficiaire`` is cut at its capitals first)."""
    cut = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])", " ", _DBASE.sub("", header[:200]))
    slug = slugify(cut, "_")
    return frozenset(name for name, pattern in _COMPILED if pattern.search(slug))


def about(headers: Iterable[str]) -> frozenset[str]:
    """What a table seems to be about: ``officials``, ``figures``, ``bodies``, ``counts``; several at once, or none."""
    every = [roles_of(header) for header in headers]
    words = {
        "officials": "official",
        "figures": "figure",
        "bodies": "body",
        "counts": "count",
        "tracks": "tracked",
        "things": "thing",
    }
    subjects = {name for name, role in words.items() if any(role in roles for roles in every)}
    signed = any(roles & {"author", "maker"} for roles in every) and any("title" in roles for roles in every)
    return frozenset(subjects | {"figures"} if signed else subjects)
