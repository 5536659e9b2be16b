"""Compile every translation catalogue (.po) of the package into the form Django reads (.mo)."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES = Path(__file__).resolve().parents[1] / "src"


def main() -> None:
    """Write a .mo beside each .po."""
    for source in SOURCES.rglob("*.po"):
        with source.open("rb") as stream:
            catalogue = read_po(stream, locale=source.parents[1].name)
        with source.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, catalogue)


if __name__ == "__main__":
    main()
