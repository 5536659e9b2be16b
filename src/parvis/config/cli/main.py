"""Entry of the ``parvis`` command: parse, open the instance, run, turn an error into an exit status."""

from __future__ import annotations

import errno
import importlib
import json
import os
import sys
import traceback
from argparse import Namespace
from collections.abc import Sequence
from typing import ClassVar

from parvis.config.cli.arguments import BY_NAME, Command, build_parser
from parvis.core.errors import Cancelled, DataError, Forbidden, NotFound, OperationError, ParvisError, RequestError
from parvis.core.translation import gettext_noop
from parvis.core.unused import leave_pandas_out

DONE, WRONG, COULD_NOT = 0, 1, 2
WRONG_KINDS = (DataError, RequestError, NotFound, Forbidden, Cancelled)


class MachineFailure(OperationError):
    """The system refused something: no room, no right, no such folder."""

    code: ClassVar[str] = "system"
    sentence: ClassVar[str] = gettext_noop("Le système a refusé : {reason}.")
    advice: ClassVar[str] = gettext_noop("Vérifiez la place du disque et les droits sur le dossier de l’instance.")


class Fault(OperationError):
    """A fault of Parvis itself."""

    code: ClassVar[str] = "fault"
    sentence: ClassVar[str] = gettext_noop("Parvis a rencontré une erreur imprévue ({kind}).")
    advice: ClassVar[str] = gettext_noop("La trace ci-dessus aidera à la corriger.")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 the data or the request is wrong, 2 it could not run."""
    args = build_parser().parse_args(arguments)
    leave_pandas_out()
    try:
        return run(BY_NAME[args.command], args)
    except ParvisError as error:
        return report(error, as_json=getattr(args, "json", False))
    except KeyboardInterrupt:
        return report(Cancelled(), as_json=getattr(args, "json", False))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        return DONE
    except OSError as error:
        reason = error.strerror or str(error)
        where = f" ({error.filename})" if error.filename and error.errno != errno.ENOSPC else ""
        return report(MachineFailure(reason=reason + where), as_json=getattr(args, "json", False))
    except Exception as fault:  # noqa: BLE001 the last door: the exit status says it could not run, the trace says why
        if not isinstance(fault, _expected_database_faults()):
            traceback.print_exc()
        return report(Fault(kind=f"{type(fault).__name__} : {fault}"), as_json=getattr(args, "json", False))


def _expected_database_faults() -> tuple[type[Exception], ...]:
    database = sys.modules.get("django.db.utils")
    return (database.OperationalError,) if database else ()


def run(command: Command, args: Namespace) -> int:
    """Open the instance as the command needs it and run its module; on another portal, no instance is opened."""
    if args.portal:
        return int(importlib.import_module("parvis.config.cli.remote").run(args) or DONE)
    if getattr(args, "act", None) in command.bare:
        return int(importlib.import_module(f"parvis.config.cli.{command.bare_module}").run(args) or DONE)
    if command.reads:  # its fork server loads what reading needs while this process loads the rest
        importlib.import_module("parvis.core.children").warm()
    if command.instance != "none":
        instance = importlib.import_module("parvis.config.cli.instance")
        instance.open_instance(may_create=command.instance == "may-create")
    # Imported only now: its top imports models, which need Django to be set up.
    module = importlib.import_module(f"parvis.config.cli.{command.module}")
    return int(module.run(args) or DONE)


def error_facts(error: ParvisError) -> dict[str, str]:
    """An error as ``--json`` prints it."""
    return {"code": error.code, "message": error.message("fr"), "hint": _hint(error)}


def _hint(error: ParvisError) -> str:
    """What to do about it, with the options of the commands (``commands``) that no other door has."""
    return f"{error.hint('fr')} {error.details.get('commands', '')}".strip()


def report(error: ParvisError, *, as_json: bool) -> int:
    """Print an error for a person (on the error stream) or a script, and give the exit status."""
    if as_json:
        print(json.dumps({"error": error_facts(error)}, ensure_ascii=False))
    else:
        print(f"Erreur : {error.message('fr')}", file=sys.stderr)
        if _hint(error):
            print(f"  → {_hint(error)}", file=sys.stderr)
        print(f"  ({error.code})", file=sys.stderr)
    return WRONG if isinstance(error, WRONG_KINDS) else COULD_NOT


if __name__ == "__main__":
    sys.exit(main())
