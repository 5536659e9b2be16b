"""The vocabularies of DCAT-AP and what our words are called in them (DCAT-AP 3.0.1, EU authority tables)."""

from __future__ import annotations

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "locn": "http://www.w3.org/ns/locn#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
THEME_TABLE = f"{AUTHORITY}data-theme"
AVAILABLE = f"{AUTHORITY}planned-availability/AVAILABLE"
GEOJSON = f"{MEDIA_TYPES}application/vnd.geo+json"

LANGUAGES = {
    "ar": "ARA",
    "ca": "CAT",
    "de": "DEU",
    "en": "ENG",
    "es": "SPA",
    "eu": "EUS",
    "fr": "FRA",
    "it": "ITA",
    "nl": "NLD",
    "pt": "POR",
    "sv": "SWE",
}
"""Language of the API → code of the EU table."""

PUBLISHER_TYPES = {
    "commune": "LocalAuthority",
    "epci": "LocalAuthority",
    "departement": "RegionalAuthority",
    "region": "RegionalAuthority",
    "etat": "NationalAuthority",
    "entreprise": "Company",
    "delegataire": "Company",
    "association": "NonGovernmentalOrganisation",
}
"""Nature of an organisation → code under ``http://purl.org/adms/publishertype/``."""
