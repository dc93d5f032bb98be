"""What a password must be: long, not a common one, and nothing of its owner or the owner's unit in it.

Length and the common list are Django's validators (settings); the rest is here. What the words of a unit are, a floor
above knows: it registers them with `also_avoid`.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User

SHORTEST, LONGEST = 12, 128  # beyond 128 characters hashing only costs time
LATIN_WORD, HAN_WORD = 4, 2  # the shortest word worth looking for
FEWEST = 5  # different characters
AROUND = string.digits + string.punctuation + " "
HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
RULES = _("至少12个字符；不要用常见密码，不要包含登录名、姓名或单位名称。一句只有自己知道的话就很好。")
SENTENCES = {
    "password_too_short": _("密码太短，至少需要12个字符"),
    "password_too_common": _("密码太常见，容易被猜到"),
    "password_entirely_numeric": _("密码不能全是数字"),
    "password_too_similar": _("密码与登录名、姓名或单位名称太接近"),
    "password_too_long": _("密码太长，最多128个字符"),
}

_more_words: list[Callable[[User], Iterable[str]]] = []


def also_avoid(words: Callable[[User], Iterable[str]]) -> None:
    """Registers what else belongs to a user: the names of the office and unit, say. Twice is once."""
    if words not in _more_words:
        _more_words.append(words)


def weaknesses(password: str, user: User) -> list[str | Promise]:
    """What is wrong with the password for this user, as sentences; empty when nothing is."""
    if len(password) > LONGEST:
        return [SENTENCES["password_too_long"]]
    codes = [_code(error) for error in _errors_of(password, user)]
    if _is_dressed_up(password):
        codes.append("password_too_common")
    if _holds_own_words(password, user):
        codes.append("password_too_similar")
    return [SENTENCES.get(code, code) for code in dict.fromkeys(codes)]


def _errors_of(password: str, user: User) -> list[ValidationError]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return list(error.error_list)
    return []


def _code(error: ValidationError) -> str:
    return error.code if error.code in SENTENCES else str(error.messages[0])


def _is_dressed_up(password: str) -> bool:
    """A common password with digits around it (Admin@123456), only digits and signs, one piece over and over."""
    plain = _plain(password)
    core = plain.strip(AROUND)
    piece = (plain + plain).find(plain, 1)
    return len(core) < LATIN_WORD or len(set(plain)) < FEWEST or piece <= len(plain) // 2 or core in _common()


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def _holds_own_words(password: str, user: User) -> bool:
    known = _plain(password)
    said = [user.username, user.name, *(word for words in _more_words for word in words(user))]
    return any(part in known for word in said for part in _parts(_plain(word)))


def _parts(word: str) -> list[str]:
    """The word and its pieces, where they are long enough to give their owner away."""
    pieces = {word, *re.split(r"[^\w]+|_", word)}
    return [piece for piece in pieces if len(piece) >= (HAN_WORD if HAN.search(piece) else LATIN_WORD)]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
