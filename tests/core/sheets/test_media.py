"""Films, recordings, photos of telephones: what plays stays where it was; places, devices, programs and authors are gone."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.core.sheets.made_of import WORD
from tests.intake.traces import Search

from jiandu.base.core.sheets.boxes import boxes, first
from jiandu.base.core.sheets.cleaned_film import _spans, clean_film
from jiandu.base.core.sheets.cleaned_pictures import clean_picture
from jiandu.base.core.sheets.cleaned_sound import clean_sound
from jiandu.base.core.sheets.cleaned_still import _groups, _located, _properties, clean_still
from jiandu.base.core.sheets.cleaning import clean
from jiandu.base.core.sheets.errors import SheetRefused

MEDIA = Path(__file__).parent / "media"
FILM, STILL = (MEDIA / "h264.mp4").read_bytes(), (MEDIA / "still.heic").read_bytes()
NAMES = [path.name for path in sorted(MEDIA.iterdir())]
IN_PLACE = ("h264.mp4", "h265.mov", "tone.m4a", "still.heic")
AMR = b"#!AMR\n" + (b"\x3c" + bytes(range(31))) * 20
#: What programs and devices call themselves in these files, and a place on the map.
TOLD = (WORD, "Lavf59", "libx26", "x264 - core", "VideoHandler", "+26.05", "26,3.0", "GPS")


def hits(content: bytes, words: tuple[str, ...] = TOLD) -> list[tuple[str, str, str]]:
    search = Search(words)
    search.of(content, "")
    return search.hits


@pytest.mark.parametrize("name", [name for name in NAMES if name != "tone.aac"])
def test_nothing_of_place_device_and_author_is_left(name: str) -> None:
    """The control: the same search finds it before."""
    content = (MEDIA / name).read_bytes()
    assert hits(content)
    cleaned = clean([content], name=name)
    assert hits(cleaned) == []
    assert (len(cleaned) == len(content)) == (name in IN_PLACE)


def samples(content: bytes, kind: bytes) -> list[bytes]:
    """The coded pictures or sounds, by their tables."""
    data = bytearray(content)
    movie = first(data, 0, len(data), b"moov")
    assert movie
    found: list[bytes] = []
    for track in boxes(data, movie.start, movie.end):
        handler = first(data, track.start, track.end, b"mdia", b"hdlr") if track.kind == b"trak" else None
        if handler and data[handler.start + 8 : handler.start + 12] == kind:
            tables = first(data, track.start, track.end, b"mdia", b"minf", b"stbl")
            assert tables
            there = {box.kind: box for box in boxes(data, tables.start, tables.end)}
            found += [bytes(data[at : at + size]) for at, size in _spans(data, there)]
    return found


def test_pictures_and_sounds_are_the_same_but_for_what_the_encoder_wrote_between() -> None:
    """H.264 has it in the first sample, H.265 in its configuration."""
    other = (MEDIA / "h265.mov").read_bytes()
    for content in (FILM, other):
        assert samples(clean_film(content), b"soun") == samples(content, b"soun")
    assert samples(clean_film(other), b"vide") == samples(other, b"vide")
    before, after = samples(FILM, b"vide"), samples(clean_film(FILM), b"vide")
    assert after[1:] == before[1:]
    at, size = before[0].index(b"x264"), int.from_bytes(before[0][:4], "big")
    assert (before[0][4], at < size, len(after[0])) == (6, True, len(before[0])), "a unit of its own, of messages"
    assert after[0][:5] + after[0][4 + size :] == before[0][:5] + before[0][4 + size :]


def test_a_track_that_is_neither_seen_nor_heard_goes_with_its_data() -> None:
    """As telephones write places, a sample each second. The control: as a sound they stay."""
    at = FILM.index(b"soun", FILM.index(b"trak", FILM.index(b"trak") + 4))
    sounds = samples(FILM, b"soun")
    cleaned = clean_film(FILM[:at] + b"meta" + FILM[at + 4 :])
    assert samples(cleaned, b"soun") == []
    assert [each for each in sounds if len(each) > 8 and each in cleaned] == []
    assert all(each in clean_film(FILM) for each in sounds)


def box(kind: bytes, content: bytes) -> bytes:
    return (len(content) + 8).to_bytes(4, "big") + kind + content


@pytest.mark.parametrize("kind", [b"mdat", b"uuid", b"free", b"skip", b"sefd", b"udta"])
def test_what_hangs_behind_a_film_is_zeros(kind: bytes) -> None:
    cleaned = clean_film(FILM + box(kind, WORD.encode()))
    assert hits(cleaned, (WORD,)) == []
    assert len(cleaned) == len(FILM) + 8 + len(WORD)


def grown(content: bytes, path: tuple[bytes, ...], more: bytes) -> bytes:
    """The file with a box more at the end of the one that lies there; what lies behind it does not tell its places."""
    data, start, end, around = bytearray(content), 0, len(content), []
    for kind in path:
        found = first(data, start, end, kind)
        assert found
        around.append(found)
        start, end = found.start + (4 if kind == b"meta" else 0), found.end
    for each in around:
        data[each.at : each.at + 4] = (each.end - each.at + len(more)).to_bytes(4, "big")
    data[end:end] = more
    return bytes(data)


SAID, TABLES = WORD.encode(), (b"moov", b"trak", b"mdia", b"minf", b"stbl")
BEHIND = FILM.index(b"moov") > FILM.index(b"mdat")


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ((b"moov", b"trak", b"mdia", b"minf", b"dinf"), box(b"uuid", SAID)),
        ((b"moov", b"trak"), box(b"tapt", box(b"udta", SAID))),
        ((b"moov", b"trak"), box(b"tapt", box(b"clef", bytes(12) + SAID))),
        (TABLES, box(b"sgpd", SAID)),
        (TABLES, box(b"cslx", SAID)),
        ((b"ftyp",), SAID[:12]),
        ((*TABLES, b"stts"), SAID),
        ((b"moov", b"mvhd"), SAID),
    ],
)
def test_what_hides_in_boxes_that_play_is_zeros(path: tuple[bytes, ...], more: bytes) -> None:
    film = grown(FILM, path, more)
    word = WORD[:12]
    assert hits(film, (word,)) != []
    try:
        assert hits(clean_film(film), (word,)) == []
    except SheetRefused as refused:
        assert not BEHIND, refused.code


def test_a_table_that_stands_there_twice_is_refused() -> None:
    with pytest.raises(SheetRefused) as refused:
        clean_film(grown(FILM, TABLES, box(b"stts", bytes(8))))
    assert refused.value.code == "damaged"


@pytest.mark.parametrize("kind", [b"itai", b"cmex", b"uuid", b"gpsx", b"udes", b"colr"])
def test_of_what_is_said_of_a_photo_only_what_draws_stays(kind: bytes) -> None:
    still = grown(STILL, (b"meta", b"iprp", b"ipco"), box(kind, bytes(4) + SAID))
    for more in (still, grown(STILL, (b"meta", b"iprp"), box(kind, SAID))):
        data = bytearray(more)
        meta = first(data, 0, len(data), b"meta")
        assert meta
        assert SAID in more
        there = {each.kind: each for each in boxes(data, meta.start + 4, meta.end)}
        _groups(data, there)
        assert _properties(data, there[b"iprp"])
        assert SAID not in bytes(data[there[b"iprp"].start : there[b"iprp"].end])


def gridded() -> bytes:
    """As iPhones make them: tiles that a grid in idat puts together, beside them EXIF and XMP, with their places in iloc."""
    data = bytearray(STILL)
    meta = first(data, 0, len(data), b"meta")
    assert meta
    there = {each.kind: bytes(data[each.start : each.end]) for each in boxes(data, meta.start + 4, meta.end)}
    place = first(data, meta.start + 4, meta.end, b"iloc")
    assert place
    tile = next(spans[0] for _, _, spans in _located(data, place))
    coded, said = STILL[tile[0] : sum(tile)], WORD.encode() * 3
    config = first(data, meta.start + 4, meta.end, b"iprp", b"ipco", b"hvcC")
    assert config
    grid = b"\x00\x00\x00\x01" + (128).to_bytes(2, "big") + (64).to_bytes(2, "big")
    kinds = (b"hvc1", b"hvc1", b"grid", b"Exif", b"mime")
    infe = [
        box(
            b"infe", b"\x02\x00\x00" + (b"\x01" if kind != b"grid" else b"\x00") + bytes([0, at, 0, 0]) + kind + b"\x00"
        )
        for at, kind in enumerate(kinds, 1)
    ]
    refer = box(b"dimg", bytes([0, 3, 0, 2, 0, 1, 0, 2])) + box(b"cdsc", bytes([0, 4, 0, 1, 0, 3]))
    sizes = [box(b"ispe", bytes(4) + w.to_bytes(4, "big") + h.to_bytes(4, "big")) for w, h in ((64, 64), (128, 64))]
    held = box(b"ipco", box(b"hvcC", bytes(data[config.start : config.end])) + b"".join(sizes))
    ipma = box(b"ipma", bytes(4) + bytes([0, 0, 0, 3, 0, 1, 2, 0x81, 2, 0, 2, 2, 0x81, 2, 0, 3, 1, 3]))

    def located(begin: int) -> bytes:
        rows, at = [], begin
        for item, content in ((1, coded), (2, coded), (4, said), (5, said)):
            rows.append(bytes([0, item, 0, 0, 0, 0, 0, 1]) + at.to_bytes(4, "big") + len(content).to_bytes(4, "big"))
            at += len(content)
        rows.append(bytes([0, 3, 0, 1, 0, 0, 0, 1]) + bytes(4) + len(grid).to_bytes(4, "big"))
        return box(b"iloc", bytes([1, 0, 0, 0, 0x44, 0, 0, 5]) + b"".join(rows))

    def whole(begin: int) -> bytes:
        parts = [
            box(b"hdlr", there[b"hdlr"]), box(b"pitm", bytes([0, 0, 0, 0, 0, 3])), box(b"iinf", bytes([0, 0, 0, 0, 0, 5]) + b"".join(infe)),
            box(b"iref", bytes(4) + refer), box(b"iprp", held + ipma), box(b"idat", grid), located(begin),
        ]  # fmt: skip
        head = box(b"ftyp", b"heic" + bytes(4) + b"mif1heic") + box(b"meta", bytes(4) + b"".join(parts))
        return head + box(b"mdat", coded + coded + said + said)

    return whole(len(whole(0)) - len(coded + said) * 2)


def test_of_a_photo_of_tiles_the_tiles_stay_and_the_rest_is_zeros() -> None:
    content = gridded()
    cleaned = clean_still(content)
    at = content.index(WORD.encode())
    assert (cleaned[:at], set(cleaned[at:])) == (content[:at], {0})
    with pytest.raises(SheetRefused):
        clean_still(content.replace(b"grid", b"else"))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: FILM + box(b"moof", b""), "stranger_picture"),
        (lambda: FILM.replace(b"avc1\x00\x00\x00\x00\x00\x00", b"mjpa\x00\x00\x00\x00\x00\x00"), "stranger_picture"),
        (lambda: FILM.replace(b"soun", b"subt", 1), "stranger_picture"),
        (lambda: FILM + b"tail", "damaged"),
        (lambda: FILM[:-300], "damaged"),
        (lambda: STILL.replace(b"hvc1", b"abcd"), "stranger_picture"),
        (lambda: STILL + box(b"moov", b""), "stranger_picture"),
        (lambda: (MEDIA / "tone.mp3").read_bytes() + b"behind", "damaged"),
        (lambda: b"ID3\x04\x00\x00\x00\x00\x00\x05hello" + WORD.encode(), "damaged"),
        (lambda: AMR + b"\xff" + WORD.encode(), "damaged"),
        (lambda: b"RIFF\x04\x00\x00\x00AVI ", "damaged"),
    ],
)
def test_what_we_cannot_look_into_is_refused(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        clean([make()], name="a.mp4")
    assert refused.value.code == why


def ape(head: bool) -> bytes:
    item = b"\x06\x00\x00\x00\x00\x00\x00\x00Artist\x00" + WORD.encode()
    foot = b"APETAGEX" + (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little") + b"\x01\x00\x00\x00"
    return (
        (foot + b"\x00\x00\x00\xa0" + bytes(8) if head else b"")
        + item
        + foot
        + bytes([0, 0, 0, 0x80 if head else 0])
        + bytes(8)
    )


ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x20" + WORD.encode().ljust(32, b"\x00")
OLD = b"TAG" + WORD.encode().ljust(125, b"\x00")
WORDS = b"LYRICSBEGIN" + (b"IND00002" + WORD.encode())
WORDS += str(len(WORDS)).rjust(6, "0").encode() + b"LYRICS200"
TAGS = {
    "id3": ID3,
    "old": OLD,
    "headed": ape(True),
    "footed": ape(False) + OLD,
    "words": WORDS + OLD,
    "none": bytes(700),
}
SOUNDS = (MEDIA / "tone.mp3").read_bytes()


def framed() -> tuple[bytes, int]:
    """The frames of a recording, and where one of them begins."""
    frames = clean_sound(SOUNDS)
    return frames, frames.index(frames[:2], len(frames) // 2)


@pytest.mark.parametrize("kind", TAGS)
def test_tags_around_the_frames_of_a_recording_go(kind: str) -> None:
    frames, _ = framed()
    assert clean_sound(ID3 + ID3 + frames + TAGS[kind]) == frames
    assert clean_sound(AMR) == AMR
    adts = (MEDIA / "tone.aac").read_bytes()
    assert clean_sound(ID3 + adts + TAGS[kind]) == adts


@pytest.mark.parametrize("kind", ["id3", "old", "headed", "none"])
def test_a_tag_in_the_middle_cuts_nothing_off(kind: str) -> None:
    """Two recordings joined, or one written on: all of both is heard. The control: half of it would be shorter."""
    frames, middle = framed()
    assert clean_sound(frames[:middle] + TAGS[kind] + frames[middle:]) == frames
    assert clean_sound(SOUNDS + TAGS[kind] + SOUNDS) == frames + frames
    assert clean_sound(frames + frames[:30]) == frames, "a cut frame"


@pytest.mark.parametrize(
    "between", [b"TAG" + WORD.encode(), b"\xff\xe0\x00", b"x", b"LYRICSBEGIN", b"APETAGEX", b"\x00TAG"]
)
def test_what_would_cut_the_sound_short_is_refused(between: bytes) -> None:
    frames, middle = framed()
    for wrong in (frames[:middle] + between + frames[middle:], frames + between + frames):
        with pytest.raises(SheetRefused) as refused:
            clean_sound(wrong)
        assert refused.value.code == "damaged"


def wave(*chunks: tuple[bytes, bytes], behind: bytes = b"") -> bytes:
    body = b"WAVE" + b"".join(kind + len(said).to_bytes(4, "little") + said for kind, said in chunks)
    return b"RIFF" + len(body).to_bytes(4, "little") + body + behind


PCM = bytes.fromhex("01000100803e0000007d000002001000")


def test_a_wave_is_whole_or_refused() -> None:
    plain = wave((b"fmt ", PCM), (b"data", b"abcd"))
    told = wave((b"fmt ", PCM + b"\x06\x00CANARY"), (b"data", b"abcd"), behind=ID3)
    assert (clean_sound(told), clean_sound(plain)) == (plain, plain)
    for wrong in (
        wave((b"fmt ", PCM), (b"data", b"abcd"), (b"data", b"efgh")),
        plain + plain,
        wave((b"fmt ", b"\x99" + PCM[1:]), (b"data", b"abcd")),
    ):
        with pytest.raises(SheetRefused):
            clean_sound(wrong)


CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "h264.mp4": clean_film,
    "h265.mov": clean_film,
    "tone.m4a": clean_film,
    "still.heic": clean_still,
    "moving.gif": clean_picture,
    "tone.mp3": clean_sound,
    "tone.wav": clean_sound,
    "tone.aac": clean_sound,
}


@pytest.mark.parametrize("name", NAMES)
def test_cuts_and_altered_bytes_give_a_refusal_or_a_copy_without_the_word(name: str) -> None:
    chance, content = random.Random(11), (MEDIA / name).read_bytes()
    said = WORD.encode()
    for _ in range(400):
        wrong = bytearray(content[: chance.choice((len(content), chance.randint(12, len(content))))])
        for _ in range(chance.randint(1, 6)):
            wrong[chance.randrange(12, len(wrong)) if len(wrong) > 12 else 0] = chance.randrange(256)
        try:
            assert said not in CLEANERS[name](bytes(wrong))
        except SheetRefused:
            continue
