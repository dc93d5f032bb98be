"""Users who sign in. What a user may do is decided by `access` from grants; there is no superuser and no staff flag."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Finds users by their sign-in name. New ones are made by accounts.services.open_account."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=username)


class User(AbstractBaseUser):
    """A person's account. `name` is shown; `username` signs in."""

    access_kind = "account"

    username = models.CharField(_("登录名"), max_length=64, unique=True)
    name = models.CharField(_("姓名"), max_length=64)
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    password_changed_at = models.DateTimeField(_("本人更改密码时间"), null=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("用户")

    def __str__(self) -> str:
        return self.name

    @property
    def has_temporary_password(self) -> bool:
        """Somebody else chose it: the owner must."""
        return self.has_usable_password() and self.password_changed_at is None

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django asks; nothing is granted this way."""
        return False


class Failure(models.Model):
    """Failed sign-ins of one account or one source (a keyed hash, never the address), for the waiting throttle."""

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    wait_until = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}… ×{self.count}"
