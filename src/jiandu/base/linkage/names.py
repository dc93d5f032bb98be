"""Names of persons in one form, with their readings. Pure; the readings of characters are pypinyin's, of surnames our own."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from jiandu.base.core.text import INVISIBLE, repair_gb18030
from jiandu.base.linkage.surnames import DOUBLE, READINGS, VARIANTS

DOT = "·"
DOTS = re.compile("[·・•∙‧⋅･●.．。]+")
SPACE = re.compile(r"\s+")
#: A nickname, a sex, a note behind the name; a name that is nothing but that stays as it is.
REMARK = re.compile(r"(?<=.)[(（\[【〔][^()（）\[\]【】〔〕]*[)）\]】〕]")
OTHERS = str.maketrans(VARIANTS)
LATIN = re.compile("[A-Za-z]")
HAN = re.compile("[\u4e00-\u9fa5]+")


class Name(NamedTuple):
    """A name in its parts; `given` is empty where nothing is left of the name beside the surname."""

    surname: str
    given: str

    @property
    def whole(self) -> str:
        return self.surname + self.given


def normal_name(text: str) -> str:
    """One form: half-width, no spaces between Chinese characters, one middle dot, simplified, without a remark in brackets.

    Latin names keep one space between words and are upper case. Private-use characters of GB 18030 become real ones.
    """
    if HAN.fullmatch(text):
        return text.translate(OTHERS)
    said = REMARK.sub("", simplified(text))
    is_latin = bool(LATIN.search(said))
    said = SPACE.sub(" " if is_latin else "", DOTS.sub(DOT, said)).strip(f"{DOT} ")  # a space may hide a dot at the end
    return said.upper() if is_latin else unicodedata.normalize("NFKC", said)


def simplified(text: str) -> str:
    """Half-width, without invisible marks, variants of characters as one; private-use characters of GB 18030 made real."""
    said = unicodedata.normalize("NFKC", INVISIBLE.sub("", repair_gb18030(text)))
    return INVISIBLE.sub("", said).translate(OTHERS)


def spelled(text: str) -> str:
    """The first reading of each character, without regard to surnames: for names of companies and places."""
    return " ".join(text.translate(_syllables()).split())


def split_name(name: str) -> Name:
    """Surname and given name of a normal name: two characters of a double surname, what stands before a dot, else the first."""
    if DOT in name:
        first, _, rest = name.partition(DOT)
        return Name(first, rest)
    if LATIN.search(name):
        first, _, rest = name.partition(" ")
        return Name(first, rest)
    size = 2 if len(name) > 2 and name[:2] in DOUBLE else 1
    return Name(name[:size], name[size:])


def toneless(name: str) -> str:
    """The reading of a normal name without tones, syllables apart: 单晓明 shan xiao ming; what has none stands as it is."""
    return read_parts(split_name(name))


def read_parts(name: Name) -> str:
    """The reading of a name that is split already."""
    surname, given = name
    if surname in DOUBLE:
        first = DOUBLE[surname].replace("-", " ")
    else:
        first = READINGS.get(surname) or " ".join(surname.translate(_syllables()).split())
    return " ".join([first, *given.translate(_syllables()).split()]).strip()


@lru_cache(maxsize=1)
def _syllables() -> dict[int, str]:
    """Each character's first reading, without its tone, with a space after it: one look a character, whatever stands beside it."""
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 -- slow import: 42,000 readings

    return {code: f" {_without_tone(said.split(',')[0])} " for code, said in PINYIN_DICT.items()}


@lru_cache(maxsize=2048)
def _without_tone(syllable: str) -> str:
    """ü is v, as on a keyboard: lǚ gives lv."""
    parts = unicodedata.normalize("NFD", syllable.replace("ɡ", "g"))
    plain = re.sub("u\u0308", "v", re.sub("[\u0300\u0301\u0304\u030c]", "", parts))
    return unicodedata.normalize("NFD", plain).encode("ascii", "ignore").decode()
