"""The card of a dataset or of a service, as other catalogues read it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

_SCHEMAS = (("ISO 19139", "http://www.isotc211.org/2005/gmd"), ("DCAT", "http://www.w3.org/ns/dcat#"))


def card_forms(identifier: object) -> list[tuple[str, str]]:
    """Label and address of each form of the card of that identifier, by CSW and by OGC API."""
    query = {"service": "CSW", "version": "2.0.2", "request": "GetRecordById", "elementSetName": "full"}
    by_csw = [
        (label, f"{reverse('csw')}?{urlencode({**query, 'outputSchema': schema, 'id': str(identifier)})}")
        for label, schema in _SCHEMAS
    ]
    return [*by_csw, ("OGC API – Records", reverse("ogc_record", args=[str(identifier)]))]
