"""Functions of OData as the engine computes them: those of the query language, and some that only this service names."""

from __future__ import annotations

from collections.abc import Mapping

from parvis.core.odsql.functions import Function, Takes
from parvis.core.odsql.valuetypes import ValueType

_S, _N, _B, _T = ValueType.TEXT, ValueType.NUMBER, ValueType.BOOLEAN, Takes


def _own(name: str, *takes: Takes, gives: ValueType) -> Function:
    return Function(name, takes, gives, "")


LATITUDE = _own("latitude", _T.POINT, gives=_N)
LONGITUDE = _own("longitude", _T.POINT, gives=_N)
JOINED = _own("joined", _T.TEXT_FIELDS, _T.TEXT, gives=_S)
"""The values of a multivalued field as one text; null when there are none."""
PRESENT = _own("present", _T.ANY, gives=_B)
"""Whether there is a value: never null."""
WHOLE_QUOTIENT = _own("whole quotient", _T.NUMBER, _T.NUMBER, gives=_N)
REMAINDER = _own("remainder", _T.NUMBER, _T.NUMBER, gives=_N)

FUNCTIONS: Mapping[str, tuple[Function, ...]] = {
    "contains": (_own("contains", _T.TEXT, _T.TEXT, gives=_B),),
    "startswith": (_own("starts with", _T.TEXT, _T.TEXT, gives=_B),),
    "endswith": (_own("ends with", _T.TEXT, _T.TEXT, gives=_B),),
    "length": (_own("length", _T.TEXT, gives=_N),),
    "indexof": (_own("index of", _T.TEXT, _T.TEXT, gives=_N),),
    "substring": (
        _own("substring", _T.TEXT, _T.NUMBER, gives=_S),
        _own("substring", _T.TEXT, _T.NUMBER, _T.NUMBER, gives=_S),
    ),
    "tolower": (_own("lower", _T.TEXT, gives=_S),),
    "toupper": (_own("upper", _T.TEXT, gives=_S),),
    "trim": (_own("trim", _T.TEXT, gives=_S),),
    "concat": (_own("concat", _T.TEXT, _T.TEXT, gives=_S),),
    **{name: (_own(name, _T.MOMENT, gives=_N),) for name in ("year", "month", "day", "hour", "minute", "second")},
    "date": (_own("date of", _T.MOMENT, gives=ValueType.DATE),),
    "round": (_own("round half away", _T.NUMBER, gives=_N),),
    "floor": (_own("floor", _T.NUMBER, gives=_N),),
    "ceiling": (_own("ceil", _T.NUMBER, gives=_N),),
}
"""By their names in OData, the forms of each."""


INSTANTS = frozenset({"now", "mindatetime", "maxdatetime"})
"""Functions without arguments: constants of the calendar, or of the moment of asking."""
ALL = tuple(sorted({*FUNCTIONS, *INSTANTS}))
"""What ``$metadata`` announces: Power Query hands over no other function."""
