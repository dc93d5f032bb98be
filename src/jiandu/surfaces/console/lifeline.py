"""Processes that end with the one that started them: an orphan would go on serving old code on the same port."""

import ctypes
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2), Linux: the kernel sends this signal when the parent is gone


def end_with_parent() -> None:
    """From now on the parent's death is this process's too (every act is a transaction, so nothing is left half done).

    Elsewhere than on Linux nothing is arranged.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
