"""A filter of system calls by libseccomp, where the machine has it: no socket, no other process, no change of rights.

Landlock keeps a process from files and TCP; it says nothing of UDP, of Unix sockets, of signals before Linux 6.12, nor of the
owner and mode of files. A list of what is refused, not of what is allowed: the C libraries that read files (GDAL, DuckDB, Arrow,
Pillow, PDFium) call what they like of memory, clocks and threads, and differ by version of the C library.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
from typing import Final

_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000
_NOT_EQUAL, _MASKED_EQUAL = 1, 7
_CLONE_THREAD: Final = 0x10000

REFUSED: Final = (
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg",
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open", "pidfd_getfd", "pidfd_send_signal",
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "fchown", "lchown", "fchownat",
    "setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    "mount", "umount2", "move_mount", "open_tree", "fsopen", "pivot_root", "chroot", "unshare", "setns",
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "keyctl", "add_key", "request_key",
    "open_by_handle_at", "name_to_handle_at", "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "personality", "settimeofday",
    "clock_settime", "adjtimex", "clock_adjtime", "sethostname", "setdomainname", "ioperm", "iopl",
    "shmget", "shmat", "msgget", "semget", "mq_open", "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid",
)  # fmt: skip
"""Answered with EPERM; names that this machine's libseccomp does not know are passed over."""

OF_PROGRAMS: Final = frozenset({
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendmsg", "sendmmsg",
    "execve", "execveat", "fork", "vfork", "kill", "chmod", "fchmod", "fchmodat", "fchmodat2",
})  # fmt: skip
"""Of those, what a program of the machine does among its own processes and files."""


class _Comparison(ctypes.Structure):
    _fields_ = [("arg", ctypes.c_uint), ("op", ctypes.c_int), ("a", ctypes.c_uint64), ("b", ctypes.c_uint64)]


def filter_system_calls(*, programs: bool = False) -> bool:
    """Refuse this process and its threads the calls above from now on; False where libseccomp is absent or will not.

    ``programs``: it may run programs, which are refused the same; of sockets, they have those within the machine alone.
    """
    try:
        library = ctypes.CDLL("libseccomp.so.2")
    except OSError:
        return False
    library.seccomp_init.restype = ctypes.c_void_p
    library.seccomp_init.argtypes = [ctypes.c_uint32]
    for function in (library.seccomp_load, library.seccomp_release):
        function.argtypes = [ctypes.c_void_p]
    context = library.seccomp_init(_ALLOW)
    if not context:
        return False
    try:
        for name in REFUSED:
            if not programs or name not in OF_PROGRAMS:
                _refuse(library, context, name, errno.EPERM)
        if programs:
            _refuse(library, context, "socket", errno.EPERM, _Comparison(0, _NOT_EQUAL, socket.AF_UNIX, 0))
            return bool(library.seccomp_load(context) == 0)
        # A new thread is allowed, a new process is not; the flags of clone3 are in memory that no filter reads, and the C
        # library falls back to clone when it is told that clone3 does not exist.
        _refuse(library, context, "clone", errno.EPERM, _Comparison(0, _MASKED_EQUAL, _CLONE_THREAD, 0))
        _refuse(library, context, "clone3", errno.ENOSYS)
        # abort() raises its signal in its own process by tgkill.
        _refuse(library, context, "tgkill", errno.EPERM, _Comparison(0, _NOT_EQUAL, os.getpid(), 0))
        _refuse(library, context, "prlimit64", errno.EPERM, _Comparison(0, _NOT_EQUAL, 0, 0))
        return bool(library.seccomp_load(context) == 0)
    finally:
        library.seccomp_release(context)


def _refuse(library: ctypes.CDLL, context: int, name: str, number: int, *comparisons: _Comparison) -> None:
    call = library.seccomp_syscall_resolve_name(name.encode())
    if call < 0:
        return
    array = (_Comparison * max(len(comparisons), 1))(*comparisons)
    library.seccomp_rule_add_array(
        ctypes.c_void_p(context),
        ctypes.c_uint32(_ERRNO | number),
        ctypes.c_int(call),
        ctypes.c_uint(len(comparisons)),
        array,
    )
