"""What is known of the quality of one version: plain facts, JSON-able, from which the score follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Checked:
    """A column whose values have a rule: its kind (``siret``…), how many values were looked at, how many break the rule."""

    kind: str
    values: int
    wrong: int
    examples: tuple[str, ...] = ()
    """At most five wrong values; none of the kinds that may name a person."""


@dataclass(frozen=True, slots=True)
class RowPlaces:
    """Where the rows lie: how many were looked at, how many lie outside; ``area`` names what they should lie in."""

    looked: int
    outside: int
    area: str = ""
    sampled: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """How the values of one column moved: ``psi`` is the population stability index, None where it says nothing."""

    psi: float | None
    new: int = 0
    gone: int = 0
    new_examples: tuple[str, ...] = ()
    gone_examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """What is not as in the version before: rows, columns, types, values. Retyped: name, old type, new type."""

    previous: str
    rows_before: int
    rows_after: int
    columns_before: int
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    retyped: tuple[tuple[str, str, str], ...] = ()
    moved: Mapping[str, Moved] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validation said: the schema and its version, rows looked at, rows with a fault, number of faults."""

    schema: str
    version: str
    rows: int
    faulty_rows: int
    faults: int


@dataclass(frozen=True, slots=True)
class Measures:
    """What the rows of a version say, measured once at publication.

    ``filled``: share of filled cells by column, 0 to 1. ``duplicates``: rows equal to an earlier one in every column.
    ``repeated``: for each column that identifies rows, the cells whose value an earlier row had. ``rejects``, ``nulled``:
    lines and cells that the import could not keep.
    """

    rows: int
    filled: Mapping[str, float] = field(default_factory=dict)
    duplicates: int = 0
    repeated: Mapping[str, int] = field(default_factory=dict)
    checked: Mapping[str, Checked] = field(default_factory=dict)
    rejects: int = 0
    nulled: int = 0
    places: RowPlaces | None = None
    drift: Drift | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Measures:
        """What ``to_dict`` gave; KeyError or TypeError for anything else."""
        drift = row.get("drift")
        if drift is not None:
            moved = {name: _tuples(Moved, said) for name, said in drift["moved"].items()}
            retyped = tuple((str(name), str(old), str(new)) for name, old, new in drift["retyped"])
            drift = _tuples(Drift, {**drift, "moved": moved, "retyped": retyped})
        places = row.get("places")
        checked = {name: _tuples(Checked, said) for name, said in row["checked"].items()}
        return cls(**{**row, "drift": drift, "checked": checked, "places": RowPlaces(**places) if places else None})


def _tuples[T](kind: type[T], row: Mapping[str, Any]) -> T:
    """An object whose lists, as JSON has them, are tuples again."""
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around the rows and changes with time: the card, the promised frequency, the source, the schema.

    ``age_days`` since the data last came, ``allowed_days`` before it is late (None: nothing was promised). ``source``: True
    when it last answered, False when it did not, None when there is none to ask. ``card``: for each thing the card should
    say, whether it does.
    """

    age_days: int | None = None
    allowed_days: int | None = None
    source: bool | None = None
    card: Mapping[str, bool] = field(default_factory=dict)
    verdict: Verdict | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, row: Mapping[str, Any]) -> Around:
        """What ``to_dict`` gave."""
        verdict = row.get("verdict")
        return cls(**{**row, "verdict": Verdict(**verdict) if verdict else None})
