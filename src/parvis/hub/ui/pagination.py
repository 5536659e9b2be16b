"""Pages of long lists: which page, how many, which numbers to show."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a page stands among the others."""

    number: int
    count: int

    @property
    def previous(self) -> int | None:
        """The page before, None on the first."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The page after, None on the last."""
        return self.number + 1 if self.number < self.count else None

    @property
    def around(self) -> list[int | None]:
        """The numbers to show: first, last, and two on each side; None where some are left out."""
        numbers = {1, self.count, *range(self.number - 2, self.number + 3)}
        shown: list[int | None] = []
        for number in sorted(n for n in numbers if 1 <= n <= self.count):
            if shown and shown[-1] is not None and number > shown[-1] + 1:
                shown.append(None)
            shown.append(number)
        return shown


def pages_of(total: int, size: int, number: int) -> Pages:
    """The pages that ``total`` things make."""
    return Pages(number, max(1, -(-total // size)))


def whole_number(request: HttpRequest, name: str, default: int, *, most: int = 1_000_000) -> int:
    """A whole number above zero from the address; ``default`` when it is missing or nonsense."""
    text = request.GET.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    return min(int(text), most) or default
