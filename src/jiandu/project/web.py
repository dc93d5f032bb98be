"""What `serve` runs in each web worker: the application behind its front, tied to the process that started the worker."""

from typing import Any

from django.conf import settings

from jiandu.project.wsgi import application as inside
from jiandu.surfaces.console.front import Front
from jiandu.surfaces.console.lifeline import end_with_parent
from jiandu.surfaces.portal import hush, uploads

MIB = 2**20
STRANGER, SIGNED_IN = MIB, 256 * MIB  # a name and a password; a list of a hundred thousand rows


def most(scope: Any) -> int:
    """Bytes of body: at the portal by the ticket, elsewhere by whether somebody has signed in."""
    if hush.is_public(scope.path):
        return uploads.most_for(scope.query_string)
    return SIGNED_IN if "cookie" in scope.headers else STRANGER


end_with_parent()
application = Front(inside, folder=settings.DATA, most=most)
