"""Serves the gallery on loopback and prints its port; the parent process ends it."""

import os
import socketserver
import sys
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.core.handlers.wsgi import WSGIHandler


class Quiet(WSGIRequestHandler):
    """No access log."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the parent's name
        pass


class Threaded(socketserver.ThreadingMixIn, WSGIServer):
    """A slow download must not hold up the page's other files."""

    daemon_threads = True


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.ui.gallery.settings"
    django.setup(set_prefix=False)
    with make_server(
        "127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0, WSGIHandler(), Threaded, Quiet
    ) as server:
        print(server.server_port, flush=True)
        server.serve_forever()
