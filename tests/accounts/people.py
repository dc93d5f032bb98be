"""An account whose owner chose its password, and what tests of sign-in say about it."""

from tests.world import SYSTEM, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import change_own_password, open_account
from jiandu.base.core.guard import Viewer

PASSWORD = "蓝天白云和一匹快马2022"
NOON = "2022-09-30T12:00:00+08:00"


def viewer(user: User) -> Viewer:
    return Viewer(key=f"user:{user.pk}", name=user.name, user_id=user.pk)


def account(username: str = "zhangming", name: str = "张明") -> User:
    with as_(SYSTEM) as by:
        user = open_account(username=username, name=name, password=None, by=by)
    with as_(viewer(user)) as by:
        return change_own_password(user=user, password=PASSWORD, by=by)
