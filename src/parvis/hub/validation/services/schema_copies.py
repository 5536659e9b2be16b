"""Keeping a copy of schemas that are not bundled."""

from __future__ import annotations

import json
from pathlib import Path

from parvis.core.schemas.references import Origin, SchemaRef
from parvis.core.schemas.retrieval import is_address
from parvis.hub.validation.models import KeptSchema
from parvis.hub.validation.rules import digest_of
from parvis.hub.validation.selectors import bundled_ref, require_sound
from parvis.hub.validation.strangers import load_schema_of_stranger, read_schema_of_stranger


def ref_from(reference: str, *, files: bool = False) -> SchemaRef:
    """The schema that a person or a program names: a bundled name (``owner/name`` or ``owner/name@version``) or an address.

    ``files``: a path of this machine will do too, for commands. What is not bundled is fetched and kept. Raises
    UnknownSchema, UnreadableSchema, BadSchema, or what ``core.fetching.fetch`` raises.
    """
    reference = reference.strip()
    if is_address(reference):
        return _keep_loaded(reference, Origin.ADDRESS)
    if files and (reference.endswith(".json") or Path(reference).is_file()):
        return _keep_loaded(reference, Origin.FILE)
    return bundled_ref(reference)


def keep_schema(content: bytes, name: str) -> SchemaRef:
    """Keep a schema that came as a file; UnreadableSchema or BadSchema when no file can be checked with it."""
    schema = require_sound(read_schema_of_stranger(content, name))
    return _copy(content.decode("utf-8-sig"), name, "", Origin.FILE, schema.version)


def _keep_loaded(reference: str, origin: Origin) -> SchemaRef:
    schema = require_sound(load_schema_of_stranger(reference))
    name = reference if origin is Origin.ADDRESS else Path(reference).name
    content = json.dumps(schema.raw, ensure_ascii=False)
    return _copy(
        content, name, reference if origin is Origin.ADDRESS else "", origin, str(schema.raw.get("version") or "")
    )


def _copy(content: str, name: str, address: str, origin: Origin, version: str) -> SchemaRef:
    digest = digest_of(content.encode())
    KeptSchema.objects.get_or_create(digest=digest, defaults={"name": name, "address": address, "content": content})
    return SchemaRef(origin, name, version, digest)
