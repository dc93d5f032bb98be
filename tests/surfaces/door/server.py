"""python -m tests.surfaces.door.server: an installation in JIANDU_DATA with a few accounts, on a free port, told on stdout.

zhang and he have a password, li an authenticator app as well (JBSWY3DPEHPK3PXP); four demo accounts.
"""

import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

SEED = "JBSWY3DPEHPK3PXP"
DEMO = (
    ("demo-leader", "王建国", "leader", "市纪委监委"),
    ("demo-head", "林志远", "office_head", "第一监督检查室"),
    ("demo-officer", "陈晓岚", "supervision_officer", "第一监督检查室"),
    ("demo-security", "郑海", "security_admin", ""),
)


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's name
        return


def fill() -> None:
    from allauth.mfa.totp.internal.auth import TOTP
    from django.core.management import call_command
    from tests.accounts.people import account
    from tests.world import START, SYSTEM, World, as_

    from jiandu.base.accounts.services import open_account
    from jiandu.base.core import guard
    from jiandu.net.access.services import NewGrant, grant_role

    with guard.unguarded("migrate"):
        call_command("migrate", verbosity=0)
    world = World()
    world.office("市纪委监委", "commission")
    world.office("第一监督检查室", "supervision", "市纪委监委")
    account("zhang", "张明")
    account("he", "何静")
    TOTP.activate(account("li", "李娜"), SEED)
    for username, name, role, office in DEMO:
        with as_(SYSTEM) as by:
            user = open_account(username=username, name=name, password=None, by=by)
            grant_role(new=NewGrant(user=user, role=role, since=START, office=world.offices.get(office)), by=by)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.surfaces.door.settings"
    import django

    django.setup()
    fill()
    from django.core.wsgi import get_wsgi_application

    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
