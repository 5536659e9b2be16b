"""SQL written by strangers, answered in child processes under the limits of the operating system."""

from parvis.core.sandbox.answers import Answer, AnswerColumn, Limits
from parvis.core.sandbox.pool import Sandbox, Table
from parvis.core.statements.errors import (
    SandboxBusy,
    SandboxFailed,
    SqlError,
    SqlTimeout,
    SqlTooLarge,
    UnknownTable,
)
from parvis.core.statements.tables import TableName

__all__ = [
    "Answer",
    "AnswerColumn",
    "Limits",
    "Sandbox",
    "SandboxBusy",
    "SandboxFailed",
    "SqlError",
    "SqlTimeout",
    "SqlTooLarge",
    "Table",
    "TableName",
    "UnknownTable",
]
