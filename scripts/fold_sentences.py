"""Fold sentences that make lines of templates too long, where the formatter of templates can't: a tag of Django is one line.

``python scripts/fold_sentences.py [FOLDER OR FILE...]``, then ``djangofmt``, as ``make format`` does. A long ``translate`` becomes a
``blocktranslate trimmed``, whose message is the same, so that catalogues stay as they are; sentences break at plain spaces alone,
since ``trimmed`` would take away a no-break space beside the end of a line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST_LINE = 140
TRANSLATE = re.compile(
    r"""\{% translate (?P<quote>["'])(?P<text>(?:(?!(?P=quote))[^\\]|\\.)*)(?P=quote)(?: as (?P<name>\w+))? %\}"""
)
BLOCK = re.compile(r"\{% blocktranslate(?P<options>(?: [^%]*?)?) %\}(?P<body>.*?)\{% endblocktranslate %\}", re.DOTALL)
PLURAL = re.compile(r"\{% plural %\}")
BREAK = re.compile(r"(?<!\s) (?!\s)(?![^{]*\}\})")
"""A plain space, alone, and outside a variable."""


def main(names: list[str]) -> int:
    """Rewrite templates in place."""
    for name in names or ["src"]:
        root = ROOT / name
        for path in [root] if root.is_file() else sorted(root.rglob("templates/**/*.html")):
            text = path.read_text(encoding="utf-8")
            folded = fold(text)
            if folded != text:
                path.write_text(folded, encoding="utf-8")
    return 0


def fold(template: str) -> str:
    """The template, each sentence on lines of its own where it can't stay on the line it is on."""
    while (sentence := next(_long_sentences(template), None)) is not None:
        start, end, options, body = sentence
        template = template[:start] + _block(template, start, options, body) + template[end:]
    return template


def _long_sentences(template: str) -> Iterator[tuple[int, int, str, str]]:
    """Where to cut, and the options and body of the block to put there, from the end of the template."""
    for match in TRANSLATE.finditer(template):
        if _is_too_long(template, match.start(), match.end()):
            text = re.sub(r"\\(.)", r"\1", match["text"])
            yield match.start(), match.end(), f" asvar {match['name']}" if match["name"] else "", text
    for match in BLOCK.finditer(template):
        options, body = match["options"], match["body"]
        is_trimmed = "trimmed" in options.split()
        if not is_trimmed and any(part != " ".join(part.split("\n")).strip() for part in PLURAL.split(body)):
            continue  # its white space is part of its message
        is_laid = re.match(r"\s*\n", body) is not None
        if ("\n" in body or _is_too_long(template, match.start(), match.end())) and not is_laid:
            yield match.start(), match.end(), options.replace(" trimmed", ""), body


def _is_too_long(template: str, start: int, end: int) -> bool:
    """Whether a line that holds a part of these characters is longer than the bound."""
    first = template.rfind("\n", 0, start) + 1
    last = template.find("\n", end)
    return any(len(line) > LONGEST_LINE for line in template[first : None if last < 0 else last].split("\n"))


def _block(template: str, start: int, options: str, body: str) -> str:
    line = template[template.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    parts = [_wrapped(part, f"{indent}  ") for part in PLURAL.split(body)]
    return (
        f"{{% blocktranslate trimmed{options} %}}\n"
        + f"\n{indent}{{% plural %}}\n".join(parts)
        + f"\n{indent}{{% endblocktranslate %}}"
    )


def _wrapped(text: str, indent: str) -> str:
    lines = [""]
    for word in BREAK.split(re.sub(r"\s*\n\s*", " ", text.strip())):
        if lines[-1] and len(indent) + len(lines[-1]) + 1 + len(word) > LONGEST_LINE:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return "\n".join(indent + line for line in lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
