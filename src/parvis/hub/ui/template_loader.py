"""Templates without the indentation of their sources, which is for who writes them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.template.base import Template, TextNode
from django.template.loaders import cached

import parvis

if TYPE_CHECKING:
    from collections.abc import Iterable

_OURS = f"{Path(parvis.__file__).parent}/"
_LITERAL = re.compile(r"(<(?:pre|textarea)\b|</(?:pre|textarea)>)", re.IGNORECASE)
_LINE_BREAK = re.compile(r"[ \t]*\n\s*")


class Loader(cached.Loader):
    """Django's, which compiles each template once; ours are unindented then.

    What the formatter indents in a loop is sent for each turn: a table of a chart weighed four times what it says.
    """

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        """The compiled template."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        name = str(template.origin.name)
        if is_new and name.startswith(_OURS) and name.endswith(".html"):
            unindent(template)
        return template


def unindent(template: Template) -> None:
    """Make each run of white space with a line break in it one line break; what is in ``<pre>`` and ``<textarea>`` stays."""
    # Its texts, not its source: sentences to translate are looked up by their source, spaces included.
    literal = False
    for node in _texts(template):
        pieces = _LITERAL.split(node.s)
        for rank, piece in enumerate(pieces):
            if rank % 2:
                literal = not piece.startswith("</")
            elif not literal:
                pieces[rank] = _LINE_BREAK.sub("\n", piece)
        node.s = "".join(pieces)


def _texts(template: Template) -> Iterable[TextNode]:
    return template.nodelist.get_nodes_by_type(TextNode)
