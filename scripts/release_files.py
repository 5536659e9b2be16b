"""What goes with a wheel: the lock of what it runs on, and its bill of materials (SBOM, CycloneDX).

``python scripts/release_files.py dist`` writes ``dist/requirements.lock`` (the lines of the lock that the wheel needs, with
their hashes, without the tools of developers) and ``dist/parvis-VERSION.cdx.json`` (those, and the JavaScript libraries that
are built into the wheel).
"""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata, requires
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;]+)")
SHA256 = re.compile(r"sha256:([0-9a-f]{64})")


def locked(text: str) -> dict[str, str]:
    """The entries of a lock by the name of their package: version, condition, hashes, as written."""
    entries: dict[str, str] = {}
    name = ""
    for line in text.splitlines(keepends=True):
        begun = LINE.match(line)
        name = canonicalize_name(begun["name"]) if begun else name
        entries[name] = entries.get(name, "") + line
    return entries


def needed(declared: list[str], names: set[str]) -> set[str]:
    """Which of ``names`` the declared requirements lead to, on any system, through what is installed here."""
    needed_names: set[str] = set()
    waiting = [Requirement(text) for text in declared]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if name not in names or (name, extras) in seen:
            continue
        seen.add((name, extras))
        needed_names.add(name)
        waiting += _required_by(name, extras)
    return needed_names


def _required_by(name: str, extras: frozenset[str]) -> Iterator[Requirement]:
    try:
        rows = [Requirement(text) for text in requires(name) or []]
    except PackageNotFoundError:  # for another system than this one: it is in the lock, and what it needs is too
        return
    for row in rows:
        by_extra = row.marker is not None and "extra" in str(row.marker)
        if not by_extra or any(row.marker.evaluate({"extra": extra}) for extra in extras):
            yield row


def production_lock() -> str:
    """The lines of ``requirements.lock`` that a wheel needs."""
    entries = locked((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    declared = _project()["dependencies"]
    return "".join(entries[name] for name in sorted(needed(declared, set(entries))))


def bill(lock: str, packages: dict[str, Any]) -> str:
    """The bill of materials, in JSON: Python libraries of ``lock``, JavaScript ones of a ``package-lock.json``."""
    version = _project()["version"]
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, f"parvis {version} {lock}"))
    bom.metadata.component = Component(
        name="parvis",
        version=version,
        type=ComponentType.APPLICATION,
        bom_ref="parvis",
        purl=PackageURL("pypi", name="parvis", version=version),
        licenses=[DisjunctiveLicense(id="EUPL-1.2")],
    )
    parts = [*_python(lock), *_javascript(packages)]
    for part in parts:
        bom.components.add(part)
    bom.register_dependency(bom.metadata.component, parts)
    return make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=2)


def _python(lock: str) -> Iterator[Component]:
    for name, entry in locked(lock).items():
        version = LINE.match(entry)["version"]
        purl = PackageURL("pypi", name=name, version=version)
        hashes = [HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in SHA256.findall(entry)]
        # One release has a hash for each of its files: a component may have one of each algorithm only.
        yield Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=str(purl),
            purl=purl,
            hashes=hashes if len(hashes) == 1 else [],
            licenses=_licences(name),
        )


def _licences(name: str) -> list[DisjunctiveLicense]:
    try:
        expression = metadata(name).get("License-Expression") or metadata(name).get("License") or ""
    except PackageNotFoundError:
        expression = ""
    return (
        [DisjunctiveLicense(name=expression)] if expression and "\n" not in expression and len(expression) < 100 else []
    )


def _javascript(packages: dict[str, Any]) -> Iterator[Component]:
    for path, row in packages.items():
        if not path or row.get("dev") or row.get("extraneous"):
            continue
        group, _slash, name = path.rpartition("node_modules/")[2].rpartition("/")
        purl = PackageURL("npm", namespace=group or None, name=name, version=row["version"])
        digest = base64.b64decode(row.get("integrity", "").removeprefix("sha512-")).hex()
        yield Component(
            name=name,
            group=group or None,
            version=row["version"],
            type=ComponentType.LIBRARY,
            bom_ref=str(purl),
            purl=purl,
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=digest)] if digest else [],
            licenses=[DisjunctiveLicense(name=row["license"])] if isinstance(row.get("license"), str) else [],
        )


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def main() -> None:
    """Write both beside the wheel."""
    folder = Path(sys.argv[1])
    lock = production_lock()
    (folder / "requirements.lock").write_text(lock, encoding="utf-8")
    packages = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    name = f"parvis-{_project()['version']}.cdx.json"
    (folder / name).write_text(bill(lock, packages) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
