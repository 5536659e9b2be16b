"""Columns of text put together: elements that are absent where there is no value, and the escapes of XML."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

_FORBIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
"""Characters that no XML document may hold, not even escaped; the replacement character shows where they were."""


def assembled(*parts: pa.Array | str) -> pa.Array:
    """The parts of each row one after the other; a part that is null counts for nothing."""
    return pc.binary_join_element_wise(*parts, "", null_handling="replace", null_replacement="")


def around(before: pa.Array | str, text: pa.Array, after: pa.Array | str) -> pa.Array:
    """The text between two others, null where the text is null."""
    return pc.binary_join_element_wise(before, text, after, "")


def xml_column(array: pa.Array) -> pa.Array:
    """Texts as the content of an element or attribute; nulls stay null."""
    for sign, escape in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("\r", "&#13;")):
        array = pc.replace_substring(array, sign, escape)
    return pc.replace_substring_regex(array, _FORBIDDEN, "\ufffd")


def xml_text(text: str) -> str:
    """One text as the content of an element or attribute."""
    return str(xml_column(pa.array([text], pa.string()))[0].as_py())


def local_names(names: Sequence[str]) -> list[str]:
    """Names that XML and RDF take, each once: letters without accents, digits, ``_``, ``.`` and ``-``, a letter or ``_`` first.

    >>> local_names(["nom", "2024", "code postal", "code_postal"])
    ['nom', '_2024', 'code_postal', 'code_postal_2']
    """
    unique_names: list[str] = []
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.-]", "_", name) or "_"
        plain = plain if re.match(r"[A-Za-z_]", plain) else f"_{plain}"
        unique, number = plain, 2
        while unique in unique_names:
            unique, number = f"{plain}_{number}", number + 1
        unique_names.append(unique)
    return unique_names
