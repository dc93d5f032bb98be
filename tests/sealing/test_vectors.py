"""Known answers, and that a wrong one stops the suite."""

import pytest
from tests.figures import note
from tests.sealing.keys import HAS_SM2

from jiandu.base.sealing import suites, vectors
from jiandu.base.sealing.curve import public_of
from jiandu.base.sealing.errors import Missing
from jiandu.base.sealing.suites import GUOMI, INTERNATIONAL, PrivateKey, PublicKey

NO_SM2 = {"SM2 GB/T 32918.5 C.2", "SM2 GB/T 32918.5 A.2", "SM2"}
NAMES = [(number, name) for number, known in vectors.KNOWN.items() for name in known]


@pytest.mark.parametrize(("number", "name"), NAMES)
def test_a_known_answer_comes_out(number: int, name: str) -> None:
    if name in NO_SM2 and not HAS_SM2:
        with pytest.raises(Missing, match=r"jiandu\[gm\]"):
            vectors.KNOWN[number][name](vectors.SUITES[number])
    else:
        assert vectors.KNOWN[number][name](vectors.SUITES[number])


def test_sm4_gives_the_standard_s_block_after_a_million_rounds() -> None:
    assert vectors.sm4(1_000_000).hex() == "595298c7c6fd271f0402f804c33d3f66"


def test_a_wrong_answer_stops_the_suite(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careless(vectors.International):
        def decrypt(self, key: bytes, nonce: bytes, data: bytes, said: bytes) -> bytes:
            return data[:-16]

    monkeypatch.setitem(vectors.SUITES, INTERNATIONAL, Careless())
    with pytest.raises(Missing, match="AES-256-GCM"):
        suites.suite.__wrapped__(INTERNATIONAL)


@pytest.mark.parametrize("number", [0, 3, 4, 255])
def test_suites_that_are_not_there_say_so_in_both_languages(number: int) -> None:
    with pytest.raises(Missing) as said:
        suites.suite(number)
    zh, _, en = str(said.value).partition(" · ")
    assert any("一" <= letter <= "鿿" for letter in zh)
    assert en.isascii()


@pytest.mark.skipif(HAS_SM2, reason="the library is here")
def test_guomi_without_its_library_says_what_to_install() -> None:
    with pytest.raises(Missing, match=r"pip install 'jiandu\[gm\]'"):
        suites.suite(GUOMI)


def test_sm2_s_public_key_is_the_standard_s() -> None:
    assert public_of(bytes.fromhex(vectors.SM2_PRIVATE)).hex() == vectors.SM2_PUBLIC


@pytest.mark.parametrize("count", [30, pytest.param(1000, marks=pytest.mark.full)])
def test_two_sm2_libraries_understand_each_other(count: int) -> None:
    gmalg = pytest.importorskip("gmalg", reason="the second opinion: pip install gmalg")
    pytest.importorskip("gmssl_pyx", reason="needs the extra gm")
    suite = suites.suite(GUOMI)
    for number in range(count):
        private, plain = suite.new_private(), number.to_bytes(32, "big")
        public = suite.public_of(private)
        theirs = gmalg.SM2(private, b"1234567812345678", b"\x04" + public, pc_mode=gmalg.PC_MODE.RAW)
        assert theirs.decrypt(raw_of(suite.wrap(plain, public))) == plain
        assert suite.unwrap(der_of(theirs.encrypt(plain)), private, public) == plain
        assert suite.verify(
            public, plain, vectors._sequence(*(vectors._number(part.hex()) for part in theirs.sign(plain)))
        )
    if count == 1000:
        said = f"{count:,} keys: sealed here and opened there, the other way, and signed there"
        note("sealing", "two SM2 libraries: misunderstandings", 0, "keys", note=said)


def raw_of(der: bytes) -> bytes:
    """C1C3C2 of one library as C1C3C2 of the other."""
    x, y, check, text = parts(der)
    return b"\x04" + x.rjust(32, b"\x00")[-32:] + y.rjust(32, b"\x00")[-32:] + check + text


def der_of(raw: bytes) -> bytes:
    size = len(raw) - 97
    x, y = (raw[start : start + 32].lstrip(b"\x00") for start in (1, 33))
    numbers = [vectors._number(part.hex()) for part in (x, y)]
    return vectors._sequence(*numbers, b"\x04\x20" + raw[65:97], b"\x04" + bytes([size]) + raw[97:])


def parts(der: bytes) -> list[bytes]:
    """The four of a sequence, each shorter than 128 bytes."""
    at, found = 3 if der[1] & 0x80 else 2, []
    while at < len(der):
        found.append(der[at + 2 : at + 2 + der[at + 1]])
        at += 2 + der[at + 1]
    return found


def test_a_private_key_shows_itself_nowhere() -> None:
    import pickle

    key = PrivateKey.new()
    said = repr(key) + str(key) + f"{key}"
    assert key.raw.hex() not in said
    assert repr(key.raw) not in said
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_a_public_key_is_read_back_and_nothing_else_is() -> None:
    key = PrivateKey.new().public
    assert PublicKey.read(key.text + "\n") == key
    assert len(key.id) == 16
    assert len(key.fingerprint.split()) == 8
    for wrong in ("", "1:", "1:AAAA", "x:AAAA", key.text[2:], "1:" + "A" * 43 + "="):
        with pytest.raises((ValueError, Missing)):
            PublicKey.read(wrong)
