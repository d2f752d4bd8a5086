"""Ties a process's life to its parent's, so that a killed supervisor leaves nothing behind.

Run as a script in front of a command (it imports next to nothing, so that it costs milliseconds):

    python -I -S tether.py PARENT_PID SIGNAL UID:GID|- COMMAND [ARGUMENT…]

Linux does it in the kernel: PR_SET_PDEATHSIG (prctl(2)) outlives the exec that follows, but a
change of credentials clears it, so privileges are dropped first. It fires when the *thread* that
forked ends, so the supervisor starts its children from its main thread only. Elsewhere this process
stays between the two and polls.
"""

import ctypes  # not later: the user that we become may not reach Python's library
import os
import signal
import sys
import threading
import time
from typing import NoReturn

POLL_S = 0.25


def die_with_parent(parent: int, signum: int = signal.SIGKILL) -> None:
    """Have the kernel send `signum` to this process when its parent ends.

    `parent` is the pid that the caller believes its parent to have: where that process is gone
    already, the signal is sent at once. Without PR_SET_PDEATHSIG a daemon thread polls instead.
    """
    if sys.platform == "linux":
        _set_death_signal(signum)
        if os.getppid() != parent:
            os.kill(os.getpid(), signum)
    else:
        threading.Thread(target=_poll, args=(parent, signum), daemon=True).start()


def drop_privileges(uid: int, gid: int) -> None:
    """Become the given user for good; only root can."""
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)


def _set_death_signal(signum: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    pr_set_pdeathsig = 1
    if libc.prctl(pr_set_pdeathsig, signum, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")


def _poll(parent: int, signum: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_S)
    os.kill(os.getpid(), signum)


def _stay_between(parent: int, signum: int, command: list[str]) -> NoReturn:
    """Run the command as a child, hand signals on, end it when the parent is gone."""
    child = os.fork()
    if child == 0:
        os.execvp(command[0], command)  # noqa: S606
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, lambda got, _frame: os.kill(child, got))
    orphaned = False
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            _end_like(status)
        if not orphaned and os.getppid() != parent:
            orphaned = True
            os.kill(child, signum)
        time.sleep(POLL_S)


def _end_like(status: int) -> NoReturn:
    if os.WIFSIGNALED(status):
        signum = os.WTERMSIG(status)
        if signum != signal.SIGKILL:
            signal.signal(signum, signal.SIG_DFL)
        os.kill(os.getpid(), signum)
    os._exit(os.WEXITSTATUS(status))


def main(arguments: list[str]) -> NoReturn:
    """Parse the positional arguments above and become the command."""
    parent, signum, user = int(arguments[0]), int(arguments[1]), arguments[2]
    command = arguments[3:]
    if user != "-":
        uid, gid = user.split(":")
        drop_privileges(int(uid), int(gid))
    if sys.platform != "linux" or os.environ.get("AGENTMESH_POLL_PARENT"):
        _stay_between(parent, signum, command)
    die_with_parent(parent, signum)
    os.execvp(command[0], command)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
