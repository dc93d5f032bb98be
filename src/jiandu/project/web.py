"""What `serve` runs in each web worker: the application behind its front, tied to the process that started the worker."""

from typing import Any

from jiandu.surfaces.console.front import Front
from jiandu.surfaces.console.lifeline import end_with_parent

MIB = 2**20
PUBLIC_THREADS = 4
STRANGER, SIGNED_IN = MIB, 256 * MIB  # a name and a password; a list of a hundred thousand rows


def most(scope: Any) -> int:
    """Bytes of body: at the portal by the ticket, elsewhere by whether somebody has signed in."""
    from django.conf import settings  # noqa: PLC0415

    from jiandu.surfaces.portal import hush, uploads  # noqa: PLC0415 -- once the program is loaded

    if hush.is_public(scope.path):
        return uploads.most_for(scope.query_string)
    is_known = settings.SESSION_COOKIE_NAME in scope.headers.get("cookie", "")
    return SIGNED_IN if is_known else STRANGER


def loaded() -> Front:
    """The program, which takes seconds."""
    from django.conf import settings  # noqa: PLC0415

    from jiandu.project.wsgi import application  # noqa: PLC0415

    # At the portal a report's files are cleaned while its sender waits: the others are served meanwhile.
    threads = 1 if settings.SURFACES == "staff" else PUBLIC_THREADS
    return Front(application, folder=settings.DATA, most=most, threads=threads)


end_with_parent()  # first: who is killed while he loads leaves no worker behind
application = loaded()
