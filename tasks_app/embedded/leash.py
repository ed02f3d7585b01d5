"""Run a command that cannot outlive the process that started it.

    python leash.py PARENT_PID COMMAND [ARGUMENT ...]

On Linux the kernel kills the command as soon as the thread that started it ends,
even by SIGKILL. Elsewhere there is no such promise: there the command outlives a
parent that was killed. This file is run as a script and imports nothing of ours, so
that it costs a start only milliseconds.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent_pid: int, command: list[str]) -> None:
    """Become `command`; does not return."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
        # The parent may have ended before the kernel was told.
        if os.getppid() != parent_pid:
            sys.exit("The parent has ended.")
    os.execvp(command[0], command)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
