"""Reads files in processes of little memory, each its own, as an import (``import``) or a check (``strict``) does.

    python reading_process.py

Each line of the standard input, ``how`` and the path in JSON, is answered by one, the status of the process and what it said. As
in ``parvis.core.children``, readers are loaded once and processes are forks: 110 files would else cost a minute of imports.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from parvis.core.children import preload
from parvis.core.errors import ParvisError
from parvis.core.formats.file_reader import read
from parvis.core.schemas.model import Field, TableSchema
from parvis.core.staging import open_workspace
from parvis.core.validation.validator import validate

MEMORY = 3 * 1024**3
SECONDS = 300
"""After which a process is killed."""


def answer(how: str, path: Path) -> str:
    """The code of the refusal, or ``read``."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            if how == "strict":
                schema = TableSchema("essai", "1", "", "", (Field("1", "any"),))
                kind = (
                    "xls"
                    if path.read_bytes().startswith(b"\xd0")
                    else "ods"
                    if b"opendocument" in path.read_bytes()
                    else "xlsx"
                )
                validate(path, schema, Path(folder), strict=True, name=f"f.{kind}")
            else:
                with open_workspace(Path(folder)) as workspace:
                    read(path, workspace, name="f")
        except ParvisError as refusal:
            return refusal.code
    return "read"


def answer_in_a_process(how: str, path: Path) -> tuple[int, str]:
    """The status of the process that read the file, and what it said."""
    with tempfile.TemporaryFile("w+") as output:
        process = os.fork()
        if process == 0:
            status = 1
            with contextlib.suppress(BaseException):
                try:
                    signal.alarm(SECONDS)
                    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
                    print(answer(how, path), file=output, flush=True)
                    status = 0
                except BaseException:
                    print(traceback.format_exc(), file=output, flush=True)
            os._exit(status)
        _process, status = os.waitpid(process, 0)
        output.seek(0)
        return os.waitstatus_to_exitcode(status), output.read()


def main() -> None:
    """Load what reads, then answer until the end of the input."""
    for name in (*preload.AT_ONCE, *preload.WHEN_IDLE, preload.PREPARATION):
        preload.load(name)
    for line in sys.stdin:
        how, path = json.loads(line)
        print(json.dumps(answer_in_a_process(how, Path(path))), flush=True)


if __name__ == "__main__":
    main()
