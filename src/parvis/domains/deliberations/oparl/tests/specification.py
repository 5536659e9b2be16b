"""What OParl 1.1 asks of each object, written from its text (https://oparl.org/spezifikation/, chapters 2 and 3): names of properties,
what each holds, which must be there, which leads back to the object that another is a part of."""

from __future__ import annotations

import re
from datetime import datetime

NAMESPACE = "https://schema.oparl.org/1.1/"
COMMON = {
    "id": "url",
    "type": "url",
    "license": "text",
    "keyword": "[text]",
    "created": "moment",
    "modified": "moment",
    "web": "url",
    "deleted": "bool",
}
# « text », « url », « int », « bool », « day », « moment », « geojson »; « >T » the address of a T, « =T » a T within it,
# « list T » the address of a list of T; in brackets, several.
PROPERTIES = {
    "System": {
        "oparlVersion": "url",
        "otherOparlVersions": "[>System]",
        "body": "list Body",
        "name": "text",
        "contactEmail": "text",
        "contactName": "text",
        "website": "url",
        "vendor": "url",
        "product": "url",
    },
    "Body": {
        "system": ">System",
        "shortName": "text",
        "name": "text",
        "website": "url",
        "licenseValidSince": "moment",
        "oparlSince": "moment",
        "ags": "text",
        "rgs": "text",
        "equivalent": "[url]",
        "contactEmail": "text",
        "contactName": "text",
        "organization": "list Organization",
        "person": "list Person",
        "meeting": "list Meeting",
        "paper": "list Paper",
        "legislativeTerm": "[=LegislativeTerm]",
        "agendaItem": "list AgendaItem",
        "consultation": "list Consultation",
        "file": "list File",
        "locationList": "list Location",
        "legislativeTermList": "list LegislativeTerm",
        "membership": "list Membership",
        "classification": "text",
        "location": "=Location",
        "mainOrganization": ">Organization",
    },
    "LegislativeTerm": {"body": ">Body", "name": "text", "startDate": "day", "endDate": "day"},
    "Organization": {
        "body": ">Body",
        "name": "text",
        "membership": "[>Membership]",
        "meeting": "list Meeting",
        "consultation": "list Consultation",
        "shortName": "text",
        "post": "[text]",
        "subOrganizationOf": ">Organization",
        "organizationType": "text",
        "classification": "text",
        "startDate": "day",
        "endDate": "day",
        "website": "url",
        "location": "=Location",
        "externalBody": ">Body",
        "memberCount": "int",
        "votingMemberCount": "int",
    },
    "Person": {
        "body": ">Body",
        "name": "text",
        "familyName": "text",
        "givenName": "text",
        "formOfAddress": "text",
        "affix": "text",
        "title": "[text]",
        "gender": "text",
        "phone": "[text]",
        "email": "[text]",
        "location": ">Location",
        "locationObject": "=Location",
        "status": "[text]",
        "membership": "[=Membership]",
        "image": "=File",
        "life": "text",
        "lifeSource": "text",
    },
    "Membership": {
        "person": ">Person",
        "organization": ">Organization",
        "role": "text",
        "votingRight": "bool",
        "startDate": "day",
        "endDate": "day",
        "onBehalfOf": ">Organization",
    },
    "Meeting": {
        "name": "text",
        "meetingState": "text",
        "cancelled": "bool",
        "start": "moment",
        "end": "moment",
        "location": "=Location",
        "organization": "[>Organization]",
        "participant": "[>Person]",
        "invitation": "=File",
        "resultsProtocol": "=File",
        "verbatimProtocol": "=File",
        "auxiliaryFile": "[=File]",
        "agendaItem": "[=AgendaItem]",
    },
    "AgendaItem": {
        "meeting": ">Meeting",
        "number": "text",
        "order": "int",
        "name": "text",
        "public": "bool",
        "consultation": ">Consultation",
        "result": "text",
        "resolutionText": "text",
        "resolutionFile": "=File",
        "auxiliaryFile": "[=File]",
        "start": "moment",
        "end": "moment",
    },
    "Paper": {
        "body": ">Body",
        "name": "text",
        "reference": "text",
        "date": "day",
        "paperType": "text",
        "relatedPaper": "[>Paper]",
        "superordinatedPaper": "[>Paper]",
        "subordinatedPaper": "[>Paper]",
        "mainFile": "=File",
        "auxiliaryFile": "[=File]",
        "location": "[=Location]",
        "originatorPerson": "[>Person]",
        "underDirectionOf": "[>Organization]",
        "originatorOrganization": "[>Organization]",
        "consultation": "[=Consultation]",
    },
    "Consultation": {
        "paper": ">Paper",
        "agendaItem": ">AgendaItem",
        "meeting": ">Meeting",
        "organization": "[>Organization]",
        "authoritative": "bool",
        "role": "text",
    },
    "File": {
        "name": "text",
        "fileName": "text",
        "mimeType": "text",
        "date": "day",
        "size": "int",
        "sha1Checksum": "text",
        "sha512Checksum": "text",
        "text": "text",
        "accessUrl": "url",
        "downloadUrl": "url",
        "externalServiceUrl": "url",
        "masterFile": ">File",
        "derivativeFile": "[>File]",
        "fileLicense": "url",
        "meeting": "[>Meeting]",
        "agendaItem": "[>AgendaItem]",
        "person": ">Person",
        "paper": "[>Paper]",
    },
    "Location": {
        "description": "text",
        "geojson": "geojson",
        "streetAddress": "text",
        "room": "text",
        "postalCode": "text",
        "subLocality": "text",
        "locality": "text",
        "bodies": "[>Body]",
        "organizations": "[>Organization]",
        "persons": "[>Person]",
        "meetings": "[>Meeting]",
        "papers": "[>Paper]",
    },
}
REQUIRED = {
    "System": ("oparlVersion", "body"),
    "Body": (
        *("name", "organization", "person", "meeting", "paper", "legislativeTerm", "agendaItem", "consultation"),
        *("file", "membership", "locationList", "legislativeTermList"),
    ),
    "AgendaItem": ("order",),
    "File": ("accessUrl",),
}
BACK = {
    ("LegislativeTerm", "Body"): "body",
    ("Membership", "Person"): "person",
    ("AgendaItem", "Meeting"): "meeting",
    ("Consultation", "Paper"): "paper",
}
"""The property that a part does not have within what it is a part of."""
_URL = re.compile(r"https?://[^\s\"<>]+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_PLAIN = {
    "text": lambda value: isinstance(value, str) and value,
    "url": lambda value: isinstance(value, str) and _URL.fullmatch(value),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "day": lambda value: isinstance(value, str) and _DAY.fullmatch(value) and datetime.fromisoformat(value),
    "moment": lambda value: isinstance(value, str) and _MOMENT.fullmatch(value) and datetime.fromisoformat(value),
    "geojson": lambda value: value["type"] == "Feature" and value["geometry"]["coordinates"] and "properties" in value,
}


def check(value: dict, expected: str, within: str = "") -> list[tuple[str, str]]:
    """Refuse what the specification does not allow; the addresses that the object names, with what each must lead to."""
    assert value["type"] == NAMESPACE + expected, value
    properties = COMMON | PROPERTIES[expected]
    for name in ("id", "type", "created", "modified"):
        assert name in value, (expected, name)
    assert datetime.fromisoformat(value["created"]) <= datetime.fromisoformat(value["modified"]), value
    if value.get("deleted"):
        assert not within, "a part that was deleted"
        assert set(value) == {"id", "type", "created", "modified", "deleted"}
        return []
    missing = [name for name in REQUIRED.get(expected, ()) if name not in value]
    assert missing == [], (expected, missing)
    back = BACK.get((expected, within))
    assert back is None or back not in value, (expected, back)
    links = [(value["id"], f">{expected}")]
    for name, content in value.items():
        if ":" not in name:
            assert name in properties, f"{expected} has no {name}"
            links += _check_property(content, properties[name], expected, name)
    return links


def _check_property(content: object, kind: str, owner: str, name: str) -> list[tuple[str, str]]:
    place = f"{owner}.{name}: {content!r}"
    if kind.startswith("["):
        assert isinstance(content, list), place
        assert content or name in REQUIRED.get(owner, ()), f"{place} is empty"
        return [link for item in content for link in _check_property(item, kind[1:-1], owner, name)]
    if kind.startswith("="):
        assert isinstance(content, dict), place
        return check(content, kind[1:], owner)
    if kind[0] == ">" or kind.startswith("list "):
        assert isinstance(content, str), place
        assert _URL.fullmatch(content), place
        return [(content, kind)]
    assert _PLAIN[kind](content), place
    return []
