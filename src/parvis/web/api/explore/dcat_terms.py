"""The vocabularies of DCAT-AP and what our words are called in them (DCAT-AP 3.0.1, EU authority tables)."""

from __future__ import annotations

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcterms": "http://purl.org/dc/terms/",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "locn": "http://www.w3.org/ns/locn#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "geodcatap": "http://data.europa.eu/930/",
    "gsp": "http://www.opengis.net/ont/geosparql#",
}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
THEME_TABLE = f"{AUTHORITY}data-theme"
FRENCH = f"{AUTHORITY}language/FRA"
FRANCE = f"{AUTHORITY}country/FRA"
AVAILABLE = f"{AUTHORITY}planned-availability/AVAILABLE"
LICENCE_TYPE = "http://purl.org/adms/licencetype"
PUBLISHER_TYPE = "http://purl.org/adms/publishertype"
GEOJSON = f"{MEDIA_TYPES}application/vnd.geo+json"
WKT = "gsp:wktLiteral"
SHA256 = "https://spdx.org/rdf/terms#checksumAlgorithm_sha256"
"""As the shapes of Europe want it. Under ``http``, udata takes the sum that they want in hexadecimal for bytes, and refuses the dataset."""
OGC_API_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
HIGH_VALUE_TABLE = "http://data.europa.eu/bna/asd487ae75"

LANGUAGES = {
    "ar": "ARA",
    "br": "BRE",
    "ca": "CAT",
    "co": "COS",
    "de": "DEU",
    "en": "ENG",
    "es": "SPA",
    "eu": "EUS",
    "fr": "FRA",
    "it": "ITA",
    "nl": "NLD",
    "oc": "OCI",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "sv": "SWE",
}
"""Language → code of the EU table."""

PUBLISHER_TYPES = {
    "commune": ("LocalAuthority", "Autorité locale"),
    "epci": ("LocalAuthority", "Autorité locale"),
    "departement": ("RegionalAuthority", "Autorité régionale"),
    "region": ("RegionalAuthority", "Autorité régionale"),
    "etat": ("NationalAuthority", "Autorité nationale"),
    "entreprise": ("Company", "Entreprise"),
    "delegataire": ("Company", "Entreprise"),
    "association": ("NonGovernmentalOrganisation", "Organisation non gouvernementale"),
}
"""Nature of an organisation → code under ``PUBLISHER_TYPE``, and its label."""

LICENCE_TYPES = {
    "lov2": ("Attribution", "Attribution"),
    "odbl": ("ViralEffect-ShareAlike", "Partage à l’identique"),
    "cc-by-4.0": ("Attribution", "Attribution"),
    "cc0-1.0": ("PublicDomain", "Domaine public"),
    "mit": ("Attribution", "Attribution"),
    "unlicense": ("PublicDomain", "Domaine public"),
}
"""Slug of a licence → code under ``LICENCE_TYPE``, and its label."""

_OWN_SCHEMES = {LICENCE_TYPE: f"{LICENCE_TYPE}/1.0", PUBLISHER_TYPE: f"{PUBLISHER_TYPE}/1.0"}


def scheme_of(address: str) -> str:
    """The list that a term is of.

    >>> scheme_of("http://publications.europa.eu/resource/authority/frequency/ANNUAL")
    'http://publications.europa.eu/resource/authority/frequency'
    >>> scheme_of("http://purl.org/adms/licencetype/Attribution")
    'http://purl.org/adms/licencetype/1.0'
    """
    scheme = address.rpartition("/")[0]
    return _OWN_SCHEMES.get(scheme, scheme)
