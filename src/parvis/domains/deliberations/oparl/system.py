"""Where everything begins: the System of this portal, which leads to every Body."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from parvis.core.metadata import LICENCE_BY_SLUG
from parvis.domains.deliberations.oparl.tables import OparlObject
from parvis.domains.deliberations.oparl.words import PATH, VERSION, moment, present, system_address
from parvis.hub.addresses import absolute_url
from parvis.hub.sites.selectors import face_of

LICENCE = LICENCE_BY_SLUG["lov2"]


def system_object(request: HttpRequest) -> dict[str, Any]:
    """The System, dated by when what it says last changed."""
    facts = present(
        oparlVersion=VERSION,
        license=LICENCE.url,
        body=absolute_url(f"{PATH}/body"),
        name=face_of(request).name,
        website=absolute_url("/"),
        web=absolute_url("/"),
    )
    row = _row(hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest())
    dates = {"created": moment(row.created), "modified": moment(row.modified)}
    return {"id": system_address(), "type": f"{VERSION}System", **dates, **facts}


def _row(digest: str) -> OparlObject:
    now = timezone.now().replace(microsecond=0)
    first = {"root": "system", "root_key": 1, "created": now, "modified": now, "digest": digest}
    row, is_new = OparlObject.objects.get_or_create(type="System", key="system", defaults=first)
    if not is_new and row.digest != digest:
        row.digest, row.modified = digest, now
        row.save(update_fields=["digest", "modified"])
    return row
