"""``parvis deliberations``: the seals of published acts, checked here or from outside."""

from __future__ import annotations

import importlib
import json
import tempfile
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from parvis.config.cli.progress import Bar, spaced
from parvis.core.errors import NotFound
from parvis.core.fetching import Address
from parvis.core.seals import ChainState, Entry, Sealed, Standing, checked_stream, digest_of, is_continuation
from parvis.core.seals.outside import Checked, check_address, check_file, fetch_chain


def run(args: Namespace) -> int:
    """Check what was asked; the errors of ``core.seals`` say what is broken."""
    target, former = args.target or "", Path(args.chain) if args.chain else None
    for path in filter(None, (former, None if _is_address(target) or not target else Path(target))):
        if not path.is_file():
            raise NotFound(name=str(path))
    if _is_address(target):
        _tell(_from_outside(target, former), target, args)
    elif target and former:
        _tell(check_file(Path(target), former), target, args)
    else:
        _check_here(Path(target) if target else None, former, args)
    return 0


def _is_address(target: str) -> bool:
    return target.startswith(("http://", "https://"))


def _anywhere(_address: Address, _port: int) -> bool:
    """Who types an address at the command line may reach it by other means: a portal of the inner network can be checked too."""
    return True


def _from_outside(address: str, former: Path | None) -> Checked:
    with tempfile.TemporaryDirectory(prefix="parvis-verify-") as name:
        folder = Path(name)
        chain = fetch_chain(address, folder, allowed=_anywhere)
        if former is not None:
            with _opened(former) as earlier, _opened(chain) as later:
                is_continuation(earlier, later)
        return check_address(address, chain, folder, allowed=_anywhere)


def _check_here(file: Path | None, former: Path | None, args: Namespace) -> None:
    """The chain of this instance, then one file, or all that it serves."""
    importlib.import_module("parvis.config.cli.instance").open_instance(may_create=False)
    verification = importlib.import_module("parvis.hub.seals.verification")  # its models need Django to be set up
    if former is not None:
        with _opened(former) as earlier:
            state = is_continuation(earlier, verification.checked_rows())
    else:
        state = _end_of(verification.checked_rows())
    if file is not None:
        with file.open("rb") as stream:
            digest = digest_of(file.name, stream)
        _tell(verification.check_digest(digest, state), str(file), args)
        return
    bar = Bar("Fichiers")
    files = verification.check_files(bar)
    bar.close()
    _tell(Checked(state, (), files), "", args)


@contextmanager
def _opened(chain: Path) -> Iterator[Iterator[Sealed]]:
    with chain.open("rb") as stream:
        yield checked_stream(stream)


def _end_of(chain: Iterator[Sealed]) -> ChainState:
    state = ChainState()
    for sealed in chain:
        state = sealed.state
    return state


def _tell(checked: Checked, target: str, args: Namespace) -> None:
    if args.json:
        acts = [_standing_facts(standing) for standing in checked.standings]
        facts = {"entries": checked.state.entries, "digest": checked.state.digest, "files": checked.files, "acts": acts}
        print(json.dumps(facts, ensure_ascii=False))
        return
    for standing in checked.standings:
        print("\n".join(_lines(standing)))
    print(f"Chaîne intacte : {spaced(checked.state.entries)} lignes, dernière empreinte {checked.state.digest}.")
    if not target or _is_address(target):
        print(f"Fichiers relus et inchangés : {spaced(checked.files)}.")


def _lines(standing: Standing) -> Iterator[str]:
    entry = standing.entry
    yield f"Ligne {entry.sequence}, {entry.moment} : {entry.subject}"
    yield f"  publié par {entry.author.name}, {entry.author.quality}" if entry.author.name else "  sans auteur"
    if standing.withdrawn:
        yield f"  retiré depuis, à la ligne {standing.withdrawn.sequence} ({standing.withdrawn.moment})"
    if standing.replaced:
        yield f"  ses fichiers ont été remplacés, à la ligne {standing.replaced.sequence} ({standing.replaced.moment})"
    if standing.corrected:
        yield f"  corrigé par {standing.corrected.subject}, à la ligne {standing.corrected.sequence}"


def _standing_facts(standing: Standing) -> dict[str, Any]:
    later = {name: getattr(standing, name) for name in ("withdrawn", "replaced", "corrected")}
    return {
        **asdict(standing.entry),
        **{name: entry.sequence if isinstance(entry, Entry) else None for name, entry in later.items()},
    }
