"""Phone numbers, by libphonenumber: valid in France or, with its prefix, abroad; or a French short number."""

from __future__ import annotations

FRANCE = "FR"


def is_phone_number(text: str) -> bool:
    """Whether ``text`` is a number that can be called from France."""
    import phonenumbers  # noqa: PLC0415 heavy, and only some schemas ask for it
    from phonenumbers import shortnumberinfo  # noqa: PLC0415

    try:
        number = phonenumbers.parse(text, FRANCE)
    except phonenumbers.NumberParseException:
        return False
    if phonenumbers.is_valid_number(number):
        return True
    return bool(shortnumberinfo.is_valid_short_number_for_region(number, FRANCE))
