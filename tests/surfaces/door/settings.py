"""The project's settings with the door's test rooms behind the door: for the server that the browser visits."""

from jiandu.project.settings import *  # noqa: F403 -- all of them
from jiandu.project.settings import MIDDLEWARE as GIVEN

FIRST = "jiandu.surfaces.door.middleware.HeadersMiddleware"
ROOT_URLCONF = "tests.surfaces.door.urls"
MIDDLEWARE = [FIRST, *(name for name in GIVEN if name != FIRST)]
CSRF_FAILURE_VIEW = "jiandu.surfaces.door.answers.untrusted"
