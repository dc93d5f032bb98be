"""Forms of keys: the unlock passphrase, and who is admitted to a key."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.net.vaults.passphrases import SHORTEST

LONGEST = 128


def secret(label: Any, *, is_new: bool = False) -> forms.CharField:
    """A passphrase: no browser offers to keep it with the sign-in password."""
    shy = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"})
    least = SHORTEST if is_new else None
    said = {"min_length": _("解锁口令至少%(limit_value)d个字符")}
    return forms.CharField(
        label=label, max_length=LONGEST, min_length=least, strip=False, widget=shy, error_messages=said
    )


class UnlockForm(forms.Form):
    """The passphrase."""

    passphrase = secret(_("解锁口令"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].widget.attrs["autofocus"] = True


class NewPassphraseForm(forms.Form):
    """A first one, or a new one for who forgot it."""

    passphrase = secret(_("解锁口令"), is_new=True)
    again = secret(_("再输一遍解锁口令"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].help_text = _(
            "至少14个字符，与登录密码不同。用一句只有自己知道的话的拼音或英文就很好。忘了没有人能找回，只能由同事重新授予密钥。"
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("passphrase") and said.get("again") and said["passphrase"] != said["again"]:
            self.add_error("again", _("两次输入的口令不一致"))
        return said


class ChangePassphraseForm(NewPassphraseForm):
    """Another one for who knows the present one."""

    present = secret(_("现用口令"))
    field_order = ("present", "passphrase", "again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passphrase"].label, self.fields["again"].label = _("新口令"), _("再输一遍新口令")


class _Holders(forms.ModelChoiceField[User]):
    """People by name, each with the fingerprint of his key where one is given."""

    said: dict[int, str] = {}

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name} · {self.said[obj.pk]}" if obj.pk in self.said else obj.name


class MemberForm(forms.Form):
    """Who is admitted, or leaves."""

    user = _Holders(label=_("人员"), queryset=None)

    def __init__(self, *args: Any, people: "QuerySet[User]", said: dict[int, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset, field.said = people, said or {}
        field.help_text = _("请与对方在“解锁”页看到的本人密钥指纹核对，一致才授予。") if said else ""
