"""HTML as tests compare it: how templates are laid out is no part of what they say."""

from __future__ import annotations

import re

_VOID = "img|input"
_INLINE = "a|abbr|b|button|code|del|em|i|ins|label|mark|q|select|small|span|strong|sub|sup|svg|textarea|time"
_SPACE = re.compile(r"[ \t\n\r\f]+")
_END_OF_TAG = re.compile(r"(<[A-Za-z/!][^<>]*?) (/?>)")
_BLOCK = re.compile(rf" ?(</?(?!(?:{_INLINE}|{_VOID})\b)[A-Za-z!][^<>]*>) ?")
_INSIDE = re.compile(rf"(<(?:{_INLINE})\b[^<>]*>) | (?=</)")


def tight(html: str) -> str:
    """The HTML with single spaces, and none where a reader sees none: beside blocks, at the edges of elements."""
    return _INSIDE.sub(r"\1", _BLOCK.sub(r"\1", _END_OF_TAG.sub(r"\1\2", _SPACE.sub(" ", html))))
