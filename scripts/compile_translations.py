"""Compile every translation catalogue (.po) of the package into the form Django reads (.mo).

French is the language of the code; yet in French nought is singular, which Django knows only of sentences it finds: the
plurals of every English catalogue are written as French ones, as they stand in the code. The one French catalogue holds
sentences of Wagtail that we say otherwise. What a language has in all its catalogues is also written as one ``parvis.mo``, which
the core reads without Django (``parvis.core.translation``).
"""

from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "parvis"


def main(package: Path = PACKAGE) -> None:
    """Write a .mo beside each .po, the French one, and all that a language has as one."""
    locale = package / "locale"
    french_file = locale / "fr" / "LC_MESSAGES" / "django.mo"
    french = Catalog(locale="fr")
    wholes: dict[str, Catalog] = {}
    for source in sorted(package.rglob("LC_MESSAGES/*.po")):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parents[1].name)
        is_common_french = source.with_suffix(".mo") == french_file
        if not is_common_french:
            for message in [message for message in catalogue if message.id and not _is_whole(message)]:
                catalogue.delete(message.id, message.context)
            _write(source.with_suffix(".mo"), catalogue)
            whole = wholes.setdefault(source.parents[1].name, Catalog(locale=source.parents[1].name))
            for message in catalogue:
                if message.id and _is_whole(message) and message.id not in whole:
                    whole[message.id] = message
        for message in catalogue:
            if message.id and (is_common_french or message.pluralizable):
                french.add(message.id, message.string if is_common_french else message.id)
    _write(french_file, french)
    for language, whole in wholes.items():
        _write(locale / language / "LC_MESSAGES" / "parvis.mo", whole)


def _is_whole(message: Message) -> bool:
    """Whether it is translated, in every number: what is not stays French rather than empty."""
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        write_mo(stream, catalogue)


if __name__ == "__main__":
    main()
