"""What the log may say of the portal: nothing of a request that was answered, and of a fault its place in the code alone.

Loaded with the logging settings, before any app: it imports nothing of ours.
"""

import logging
import traceback

PREFIX = "/portal/"


def is_public(path: str) -> bool:
    """Whether a request belongs to the portal: each of a process that serves nothing else."""
    from django.conf import settings  # noqa: PLC0415 -- the settings are still being read when this module is loaded

    return settings.SURFACES == "public" or path.startswith(PREFIX)


class Hushed(logging.Filter):
    """A refused or missing page of the portal is not logged: the line would say when somebody was there."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is None or not is_public(getattr(request, "path", "")):
            return True
        if record.levelno < logging.ERROR:
            return False
        kind, _, trace = record.exc_info if record.exc_info else (None, None, None)
        record.msg, record.args, record.exc_info = "portal", (), None
        # Neither the message of the exception, which may quote what was written, nor the address.
        record.exc_text = "".join(traceback.format_tb(trace)) + (kind.__name__ if kind else "")
        return True
