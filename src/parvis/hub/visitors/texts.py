"""What visitors write, before anybody else reads it: kept short, cleaned of control characters, searched for persons."""

from __future__ import annotations

from dataclasses import dataclass

from parvis.core.privacy.model import Confidence
from parvis.core.privacy.texts import Mention, mentions
from parvis.core.text import seen_text

LONGEST_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text and the mentions of persons in it, in order."""

    text: str
    mentions: tuple[Mention, ...]

    @property
    def is_held(self) -> bool:
        """Whether somebody has to read it before it is public: a mention is more than possible."""
        return any(mention.confidence is not Confidence.POSSIBLE for mention in self.mentions)

    @property
    def masked(self) -> str:
        """The text as it may be shown to anybody: what is more than possible is replaced by blocks."""
        text = self.text
        for mention in reversed(self.mentions):
            if mention.confidence is not Confidence.POSSIBLE:
                text = f"{text[: mention.start]}█████{text[mention.end :]}"
        return text


def searched(text: str) -> SearchedText:
    """A text of a visitor looked at: at most ``LONGEST_TEXT`` characters, lines kept, what is not seen removed."""
    clean = "\n".join(seen_text(line) for line in text.replace("\r\n", "\n").split("\n")).strip()[:LONGEST_TEXT]
    return SearchedText(clean, tuple(mentions(clean)))
