"""How sources call licences, themes, frequencies, languages and formats, as data: their words and addresses to our slugs.

Rows after what data.gouv.fr, Opendatasoft, CKAN, SPDX, INSPIRE, ISO 19115 and the authority tables of the European Union write.
A word that no row has gives an empty slug, and stands for itself on the card.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from urllib.parse import urlsplit

from parvis.core.metadata import OTHER_LICENCE, THEMES, frequency_slug, term_slug
from parvis.core.text import fold, slugify

LICENCE_WORDS: Mapping[str, str] = {
    # by identifier (data.gouv.fr, CKAN, SPDX), by name as portals write it, by address without scheme
    "lov2": "lov2",
    "fr-lo": "lov2",
    "lo": "lov2",
    "lo-ol": "lov2",
    "lo-ol-v1": "lov2",
    "etalab-2.0": "lov2",
    "etalab-1.0": "lov2",
    "licence-ouverte-2-0": "lov2",
    "Licence Ouverte": "lov2",
    "Licence Ouverte 2.0": "lov2",
    "Licence Ouverte 1.0": "lov2",
    "Licence Ouverte v1.0": "lov2",
    "Licence Ouverte v2.0": "lov2",
    "Licence Ouverte v2.0 (Etalab)": "lov2",
    "Licence Ouverte (Etalab)": "lov2",
    "Licence Ouverte (Etalab) 2.0": "lov2",
    "Licence Ouverte / Open Licence": "lov2",
    "Licence Ouverte / Open Licence version 2.0": "lov2",
    "Open Licence": "lov2",
    "Open Licence 2.0": "lov2",
    "Etalab": "lov2",
    "Etalab 2.0": "lov2",
    "Licence Etalab": "lov2",
    "www.etalab.gouv.fr/licence-ouverte-open-licence": "lov2",
    "www.etalab.gouv.fr/wp-content/uploads/2017/04/ETALAB-Licence-Ouverte-v2.0.pdf": "lov2",
    "www.etalab.gouv.fr/wp-content/uploads/2014/05/Licence_Ouverte.pdf": "lov2",
    "www.etalab.gouv.fr/wp-content/uploads/2014/05/Open_Licence.pdf": "lov2",
    "www.etalab.gouv.fr/pages/licence-ouverte-open-licence-5899923.html": "lov2",
    "github.com/etalab/licence-ouverte/blob/master/LO.md": "lov2",
    "github.com/etalab/licence-ouverte/blob/master/open-licence.md": "lov2",
    "raw.githubusercontent.com/DISIC/politique-de-contribution-open-source/master/LICENSE": "lov2",
    "spdx.org/licenses/etalab-2.0": "lov2",
    "spdx.org/licenses/etalab-2.0.html": "lov2",
    "alliance.numerique.gouv.fr/licence-ouverte-open-licence": "lov2",
    "www.data.gouv.fr/licences/licence-ouverte": "lov2",
    "wiki.data.gouv.fr/images/9/9d/Licence_Ouverte.pdf": "lov2",
    "ddata.over-blog.com/xxxyyy/4/37/99/26/licence/Licence-Ouverte-Open-Licence.pdf": "lov2",
    "odc-odbl": "odbl",
    "odbl": "odbl",
    "ODbL-1.0": "odbl",
    "ODbL 1.0": "odbl",
    "Open Database License": "odbl",
    "Open Database License 1.0": "odbl",
    "Open Database License (ODbL)": "odbl",
    "Open Database License (ODbL) v1.0": "odbl",
    "Open Data Commons Open Database License (ODbL)": "odbl",
    "Open Data Commons Open Database License": "odbl",
    "Licence ODbL": "odbl",
    "Licence Open Database License (ODbL)": "odbl",
    "opendatacommons.org/licenses/odbl": "odbl",
    "opendatacommons.org/licenses/odbl/1-0": "odbl",
    "opendatacommons.org/licenses/odbl/1.0": "odbl",
    "opendatacommons.org/licenses/odbl/summary": "odbl",
    "www.opendefinition.org/licenses/odc-odbl": "odbl",
    "spdx.org/licenses/ODbL-1.0": "odbl",
    "vvlibri.org/fr/licence/odbl/10/fr": "odbl",
    "www.vvlibri.org/fr/licence/odbl/10/fr/legalcode": "odbl",
    "cc-by": "cc-by-4.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC BY 4.0": "cc-by-4.0",
    "CC_BY_4_0": "cc-by-4.0",
    "cc-by-4-0": "cc-by-4.0",
    "Creative Commons Attribution": "cc-by-4.0",
    "Creative Commons Attribution 4.0": "cc-by-4.0",
    "Creative Commons Attribution 4.0 International": "cc-by-4.0",
    "creativecommons.org/licenses/by/4.0": "cc-by-4.0",
    "creativecommons.org/licenses/by/4.0/deed.fr": "cc-by-4.0",
    "creativecommons.org/licenses/by/4.0/legalcode": "cc-by-4.0",
    "www.opendefinition.org/licenses/cc-by": "cc-by-4.0",
    "spdx.org/licenses/CC-BY-4.0": "cc-by-4.0",
    "cc-zero": "cc0-1.0",
    "cc0": "cc0-1.0",
    "CC0-1.0": "cc0-1.0",
    "CC0 1.0": "cc0-1.0",
    "Creative Commons CCZero": "cc0-1.0",
    "Creative Commons Zero": "cc0-1.0",
    "CC0 1.0 Universal": "cc0-1.0",
    "creativecommons.org/publicdomain/zero/1.0": "cc0-1.0",
    "creativecommons.org/publicdomain/zero/1.0/deed.fr": "cc0-1.0",
    "www.opendefinition.org/licenses/cc-zero": "cc0-1.0",
    "spdx.org/licenses/CC0-1.0": "cc0-1.0",
    "mit": "mit",
    "MIT License": "mit",
    "mit-license": "mit",
    "opensource.org/licenses/MIT": "mit",
    "opensource.org/license/mit": "mit",
    "spdx.org/licenses/MIT": "mit",
    "unlicense": "unlicense",
    "The Unlicense": "unlicense",
    "unlicense.org": "unlicense",
    "other": OTHER_LICENCE,
    "other-open": OTHER_LICENCE,
    "other-at": OTHER_LICENCE,
    "other-pd": OTHER_LICENCE,
    "other-nc": OTHER_LICENCE,
    "other-closed": OTHER_LICENCE,
    "notspecified": "",
    "License Not Specified": "",
    "Licence non spécifiée": "",
}
"""What stands for no licence at all has an empty slug. A version other than ours of a Creative Commons licence is none of these rows."""

_LICENCE_AUTHORITY = "publications.europa.eu/resource/authority/licence/"

_IN_WORDS = (
    (re.compile(r"licences? ouverte|open licen[cs]e\b(?! for)|\betalab\b"), "lov2"),
    (re.compile(r"\bodbl\b|open database licen[cs]e"), "odbl"),
    (re.compile(r"\bcc[- ]?(0|zero)\b"), "cc0-1.0"),
    (re.compile(r"\bcc[- ]by[- ]4\.0\b(?![- ](nc|nd|sa))"), "cc-by-4.0"),
)
"""Licences in the midst of a sentence, as constraints of ISO 19139 write them; folded."""
_LONGEST_WORDS = 1_000

THEME_WORDS: Mapping[str, str] = {
    # topic categories of ISO 19115
    "farming": "agriculture",
    "biota": "environnement",
    "boundaries": "territoire",
    "climatologyMeteorologyAtmosphere": "environnement",
    "economy": "economie",
    "elevation": "territoire",
    "environment": "environnement",
    "geoscientificInformation": "environnement",
    "health": "sante",
    "imageryBaseMapsEarthCover": "territoire",
    "inlandWaters": "environnement",
    "location": "territoire",
    "oceans": "environnement",
    "planningCadastre": "territoire",
    "society": "population",
    "structure": "territoire",
    "transportation": "transports",
    "utilitiesCommunication": "energie",
    # themes of INSPIRE, by code
    "ad": "territoire",
    "au": "territoire",
    "cp": "territoire",
    "gn": "territoire",
    "gg": "territoire",
    "rs": "territoire",
    "tn": "transports",
    "hy": "environnement",
    "ps": "environnement",
    "el": "territoire",
    "ge": "environnement",
    "lc": "territoire",
    "oi": "territoire",
    "ac": "environnement",
    "af": "agriculture",
    "br": "environnement",
    "bu": "territoire",
    "ef": "environnement",
    "er": "energie",
    "hb": "environnement",
    "hh": "sante",
    "lu": "territoire",
    "mf": "environnement",
    "mr": "environnement",
    "am": "environnement",
    "nz": "environnement",
    "of": "environnement",
    "pd": "population",
    "pf": "economie",
    "sd": "environnement",
    "so": "environnement",
    "sr": "environnement",
    "su": "territoire",
    "us": "administration",
    # and by name, in French and in English
    "Adresses": "territoire",
    "Addresses": "territoire",
    "Unités administratives": "territoire",
    "Administrative units": "territoire",
    "Parcelles cadastrales": "territoire",
    "Cadastral parcels": "territoire",
    "Dénominations géographiques": "territoire",
    "Geographical names": "territoire",
    "Réseaux de transport": "transports",
    "Transport networks": "transports",
    "Hydrographie": "environnement",
    "Hydrography": "environnement",
    "Sites protégés": "environnement",
    "Protected sites": "environnement",
    "Altitude": "territoire",
    "Elevation": "territoire",
    "Géologie": "environnement",
    "Geology": "environnement",
    "Occupation des terres": "territoire",
    "Land cover": "territoire",
    "Ortho-imagerie": "territoire",
    "Orthoimagery": "territoire",
    "Bâtiments": "territoire",
    "Buildings": "territoire",
    "Usage des sols": "territoire",
    "Land use": "territoire",
    "Santé et sécurité des personnes": "sante",
    "Human health and safety": "sante",
    "Services d'utilité publique et services publics": "administration",
    "Utility and governmental services": "administration",
    "Installations de suivi environnemental": "environnement",
    "Lieux de production et sites industriels": "economie",
    "Production and industrial facilities": "economie",
    "Installations agricoles et aquacoles": "agriculture",
    "Répartition de la population — démographie": "population",
    "Répartition de la population - démographie": "population",
    "Population distribution — demography": "population",
    "Population distribution - demography": "population",
    "Zones à risque naturel": "environnement",
    "Natural risk zones": "environnement",
    "Conditions atmosphériques": "environnement",
    "Habitats et biotopes": "environnement",
    "Habitats and biotopes": "environnement",
    "Répartition des espèces": "environnement",
    "Species distribution": "environnement",
    "Régions biogéographiques": "environnement",
    "Sources d'énergie": "energie",
    "Energy resources": "energie",
    "Ressources minérales": "environnement",
    "Unités statistiques": "territoire",
    "Statistical units": "territoire",
    "Sols": "environnement",
    "Soil": "environnement",
    # what French portals write
    "Administration, Gouvernement, Finances publiques, Citoyenneté": "administration",
    "Citoyenneté": "administration",
    "Vie citoyenne": "administration",
    "Démocratie": "administration",
    "Institutions": "administration",
    "Finances": "economie",
    "Finances publiques": "economie",
    "Budget": "economie",
    "Economie": "economie",
    "Économie, Business, PME, Développement économique, Emploi": "economie",
    "Emploi": "economie",
    "Commerces": "economie",
    "Tourisme": "economie",
    "Culture": "education",
    "Culture, Patrimoine": "education",
    "Culture, Patrimoine et tourisme": "education",
    "Éducation, Formation, Recherche, Enseignement": "education",
    "Education": "education",
    "Enfance": "education",
    "Sport": "education",
    "Sports, Loisirs": "education",
    "Environnement": "environnement",
    "Climat": "environnement",
    "Déchets": "environnement",
    "Espaces verts": "environnement",
    "Eau": "environnement",
    "Énergie": "energie",
    "Hébergement, industrie hôtelière": "economie",
    "Justice, Sécurité, Police, Criminalité": "justice",
    "Sécurité": "justice",
    "Logement": "territoire",
    "Habitat": "territoire",
    "Urbanisme": "territoire",
    "Aménagement": "territoire",
    "Aménagement du territoire, Urbanisme, Bâtiments, Equipements, Logement": "territoire",
    "Aménagement du territoire": "territoire",
    "Cadastre": "territoire",
    "Équipements": "territoire",
    "Territoire": "territoire",
    "Population": "population",
    "Démographie": "population",
    "Services, Social": "population",
    "Social": "population",
    "Solidarité": "population",
    "Société": "population",
    "Santé": "sante",
    "Transports, Déplacements": "transports",
    "Transport": "transports",
    "Transports": "transports",
    "Mobilité": "transports",
    "Mobilités": "transports",
    "Déplacements": "transports",
    "Voirie": "transports",
    "Stationnement": "transports",
    "Numérique": "technologie",
    "Sciences et techniques": "technologie",
}

FREQUENCY_WORDS: Mapping[str, str] = {
    # udata, former identifiers included
    "continuous": "continuous",
    "realtime": "continuous",
    "oneMinute": "continuous",
    "fiveMinutes": "continuous",
    "tenMinutes": "continuous",
    "fifteenMinutes": "continuous",
    "thirtyMinutes": "continuous",
    "hourly": "continuous",
    "fourTimesADay": "daily",
    "threeTimesADay": "daily",
    "twiceADay": "daily",
    "semidaily": "daily",
    "daily": "daily",
    "fiveTimesAWeek": "daily",
    "fourTimesAWeek": "weekly",
    "threeTimesAWeek": "weekly",
    "twiceAWeek": "weekly",
    "semiweekly": "weekly",
    "weekly": "weekly",
    "biweekly": "weekly",
    "fortnightly": "monthly",
    "threeTimesAMonth": "monthly",
    "twiceAMonth": "monthly",
    "semimonthly": "monthly",
    "monthly": "monthly",
    "bimonthly": "quarterly",
    "quarterly": "quarterly",
    "threeTimesAYear": "quarterly",
    "semiannual": "biannual",
    "biannual": "biannual",
    "biannually": "biannual",
    "annual": "annual",
    "annually": "annual",
    "yearly": "annual",
    "biennial": "irregular",
    "biennially": "irregular",
    "triennial": "irregular",
    "quadrennial": "irregular",
    "quinquennial": "irregular",
    "decennial": "irregular",
    "punctual": "irregular",
    "irregular": "irregular",
    "asNeeded": "irregular",
    "never": "never",
    "notPlanned": "never",
    "other": "unknown",
    "unknown": "unknown",
    # ISO 19115
    "continual": "continuous",
    # authority table of the European Union
    "CONT": "continuous",
    "UPDATE_CONT": "continuous",
    "1MIN": "continuous",
    "5MIN": "continuous",
    "10MIN": "continuous",
    "15MIN": "continuous",
    "30MIN": "continuous",
    "BIHOURLY": "continuous",
    "TRIHOURLY": "continuous",
    "12HRS": "daily",
    "DAILY_2": "daily",
    "DAILY_3": "daily",
    "WEEKLY_5": "daily",
    "WEEKLY_2": "weekly",
    "WEEKLY_3": "weekly",
    "MONTHLY_2": "monthly",
    "MONTHLY_3": "monthly",
    "ANNUAL_2": "biannual",
    "ANNUAL_3": "quarterly",
    "AS_NEEDED": "irregular",
    "IRREG": "irregular",
    "BIDECENNIAL": "irregular",
    "TRIDECENNIAL": "irregular",
    "NOT_PLANNED": "never",
    "OTHER": "unknown",
    # data.json: ISO 8601 repeating durations
    "R/PT1S": "continuous",
    "R/PT1M": "continuous",
    "R/PT1H": "continuous",
    "R/P1D": "daily",
    "R/P3.5D": "weekly",
    "R/P0.33W": "weekly",
    "R/P1W": "weekly",
    "R/P7D": "weekly",
    "R/P2W": "monthly",
    "R/P0.5M": "monthly",
    "R/P0.33M": "monthly",
    "R/P1M": "monthly",
    "R/P2M": "quarterly",
    "R/P3M": "quarterly",
    "R/P4M": "quarterly",
    "R/P6M": "biannual",
    "R/P1Y": "annual",
    "R/P2Y": "irregular",
    "R/P3Y": "irregular",
    "R/P4Y": "irregular",
    "R/P5Y": "irregular",
    "R/P10Y": "irregular",
    # in words
    "temps réel": "continuous",
    "en continu": "continuous",
    "toutes les heures": "continuous",
    "quotidien": "daily",
    "quotidienne": "daily",
    "journalière": "daily",
    "tous les jours": "daily",
    "hebdomadaire": "weekly",
    "bimensuelle": "monthly",
    "mensuel": "monthly",
    "mensuelle": "monthly",
    "bimestrielle": "quarterly",
    "trimestriel": "quarterly",
    "trimestrielle": "quarterly",
    "semestriel": "biannual",
    "semestrielle": "biannual",
    "annuel": "annual",
    "annuelle": "annual",
    "ponctuel": "irregular",
    "ponctuelle": "irregular",
    "à la demande": "irregular",
    "en fonction des besoins": "irregular",
    "si besoin": "irregular",
    "irrégulière": "irregular",
    "pas de mise à jour": "never",
    "aucune": "never",
}
"""The rhythm that a reader may count on: between two of ours, the slower one."""

LANGUAGE_WORDS: Mapping[str, str] = {
    "fra": "fr",
    "fre": "fr",
    "eng": "en",
    "deu": "de",
    "ger": "de",
    "spa": "es",
    "ita": "it",
    "nld": "nl",
    "dut": "nl",
    "por": "pt",
    "bre": "br",
    "eus": "eu",
    "baq": "eu",
    "cos": "co",
    "oci": "oc",
    "cat": "ca",
    "français": "fr",
    "french": "fr",
    "anglais": "en",
    "english": "en",
}

FORMAT_WORDS: Mapping[str, str] = {
    "csv": "csv",
    "tsv": "csv",
    "txt": "csv",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "application/csv": "csv",
    "application/vnd.ms-excel.csv": "csv",
    "xls": "xls",
    "application/vnd.ms-excel": "xls",
    "excel": "xlsx",
    "xlsx": "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "ods": "ods",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "json": "json",
    "jsonl": "json",
    "ndjson": "json",
    "application/json": "json",
    "application/x-ndjson": "json",
    "application/jsonl": "json",
    "geojson": "geojson",
    "geo+json": "geojson",
    "application/geo+json": "geojson",
    "application/vnd.geo+json": "geojson",
    "parquet": "parquet",
    "geoparquet": "parquet",
    "application/vnd.apache.parquet": "parquet",
    "application/parquet": "parquet",
    "shp": "shapefile",
    "shape": "shapefile",
    "shapefile": "shapefile",
    "shapefile (zip)": "shapefile",
    "esri shapefile": "shapefile",
    "x-shapefile": "shapefile",
    "application/x-shapefile": "shapefile",
    "gpkg": "geopackage",
    "geopackage": "geopackage",
    "application/geopackage+sqlite3": "geopackage",
    "fgb": "flatgeobuf",
    "flatgeobuf": "flatgeobuf",
    "kml": "kml",
    "application/vnd.google-earth.kml+xml": "kml",
    "gpx": "gpx",
    "application/gpx+xml": "gpx",
    "mif": "mapinfo-mif",
    "mif/mid": "mapinfo-mif",
    "tab": "mapinfo-tab",
    "dbf": "dbf",
    "xml": "xml",
    "text/xml": "xml",
    "application/xml": "xml",
}
"""Slugs are the names of the readers of files; formats that none reads have no slug."""

SERVICE_WORDS: Mapping[str, str] = {
    "wfs": "wfs",
    "ogc:wfs": "wfs",
    "wfs_srvc": "wfs",
    "opengis.net/def/servicetype/ogc/wfs": "wfs",
    "ogc api - features": "ogc_features",
    "ogc api features": "ogc_features",
    "ogcapi-features": "ogc_features",
    "ogc:api features": "ogc_features",
    "ogc:oapif": "ogc_features",
    "esri:rest": "arcgis",
    "arcgis:rest": "arcgis",
    "arcgis geoservice": "arcgis",
    "esri rest": "arcgis",
    "arcgis geoservices rest api": "arcgis",
    "gbfs": "gbfs",
    "gtfs": "gtfs",
}
"""How catalogues call the services and feeds whose rows a dialect reads."""


def licence_slug(*words: str) -> str:
    """The slug of the first of ``words`` (address, identifier, name or sentence) that names a licence of the list; empty when none does."""
    rows = _rows("licence")
    for word in words:
        bare = _bare(word)
        if not bare:
            continue
        last = bare.removeprefix(_LICENCE_AUTHORITY).replace("_", "-")
        for name in (bare, last, last.replace("etalab-2-0", "etalab-2.0")):
            if rows.get(name):
                return rows[name]
    for word in words:
        folded = fold(word[:_LONGEST_WORDS])
        for pattern, slug in _IN_WORDS:
            if pattern.search(folded):
                return slug
    return ""


def theme_slug(word: str) -> str:
    """The theme of ours that a word, a code or an address of an authority table means; empty when there is none."""
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word
    return term_slug(THEMES, word) or _rows("theme").get(fold(last.strip()), "")


def frequency_of(word: str) -> str:
    """The frequency of ours that a word, a code or an address means; empty when there is none."""
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word.strip()
    last = last.removeprefix("freq:")
    return _rows("frequency").get(fold(last), "") or frequency_slug(last)


def language_of(word: str) -> str:
    """Two letters for a language, its code of three letters, name or address; empty when there is none."""
    last = re.split(r"[/#]", word.rstrip("/"))[-1] if "://" in word else word.strip()
    folded = fold(last).split("-")[0].split("_")[0]
    return LANGUAGE_WORDS.get(folded, folded if re.fullmatch(r"[a-z]{2}", folded) else "")


def format_of(*words: str) -> str:
    """The slug of the first of ``words`` (media type, extension, name, address of an authority table) that names a format we read."""
    for word in words:
        for name in _format_names(word):
            if name in FORMAT_WORDS:
                return FORMAT_WORDS[name]
    return ""


def service_of(*words: str) -> str:
    """The dialect that reads the rows of the service that the first of ``words`` names; empty when none does."""
    for word in words:
        folded = _bare(word)
        plain = re.sub(r"[-_ :]\d+(\.\d+)*.*$", "", folded)
        for name in (folded, plain):
            if name in SERVICE_WORDS:
                return SERVICE_WORDS[name]
    return ""


def _format_names(word: str) -> tuple[str, ...]:
    folded = fold(word.strip())
    if "://" in folded:
        last = re.split(r"[/#]", folded.rstrip("/"))[-1]
        pair = "/".join(
            folded.rstrip("/").split("/")[-2:]
        )  # an address of IANA ends in the two words of the media type
        return last, pair
    bare = folded.split(";")[0].strip()
    return bare, bare.lstrip(".")


@cache
def _rows(kind: str) -> Mapping[str, str]:
    words = {"licence": LICENCE_WORDS, "theme": THEME_WORDS, "frequency": FREQUENCY_WORDS}[kind]
    key = _bare if kind == "licence" else fold
    return {key(word): slug for word, slug in words.items()}


def _bare(word: str) -> str:
    """A word folded; an address without scheme, ``www.``, query and last slash."""
    folded = fold(word.strip())
    if "://" in folded:
        try:
            parts = urlsplit(folded)
        except ValueError:
            return ""
        folded = parts.netloc + parts.path
    return folded.removeprefix("www.").rstrip("/")


def plain_theme(word: str) -> str:
    """A theme as the card takes it: our slug, or the word itself when it is no address."""
    return theme_slug(word) or ("" if "://" in word or not slugify(word) else word)
