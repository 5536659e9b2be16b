"""The values of a JSON array one by one: a catalogue of fifty thousand datasets is never held as one tree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from parvis.core.sources.errors import UnreadableAnswer
from parvis.core.translation import Sentence

_CHUNK = 1 << 20
_LARGEST_VALUE = 32 << 20
_DECODER = json.JSONDecoder()


def array_values(path: Path) -> Iterator[Any]:
    """Each value of the array that the file holds; UnreadableAnswer for anything else, and where it is cut."""
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        buffer = stream.read(_CHUNK).lstrip()
        if not buffer.startswith("["):
            raise UnreadableAnswer(file=path.name, reason=Sentence("une liste JSON est attendue"))
        buffer = buffer[1:]
        while True:
            buffer = buffer.lstrip(" \t\r\n,")
            if buffer.startswith("]"):
                return
            try:
                value, end = _DECODER.raw_decode(buffer)
                # A number at the end of a chunk may go on in the next.
                if end == len(buffer):
                    raise ValueError
            except (ValueError, RecursionError) as error:
                more = stream.read(max(_CHUNK, len(buffer)))
                if not more or len(buffer) > _LARGEST_VALUE:
                    reason = Sentence("ce n’est pas du JSON complet")
                    raise UnreadableAnswer(file=path.name, reason=reason) from error
                buffer += more
                continue
            yield value
            buffer = buffer[end:]
