"""Child side: how long a tag of a recording is (ID3v1, ID3v2, APE, Lyrics3: id3.org, wiki.hydrogenaud.io), from its head or from its foot."""

_OLD, _OLDER, _APE = 128, 227, 32  # ID3v1; its enhancement before it; head or foot of an APE tag
_LONGEST = 1_000_000  # bytes of words of a song


def tag_size(content: bytes, at: int) -> int:
    """Bytes of the tag, or the run of zeros, that begins here; 0: none does, or it is longer than what is there."""
    size = _sized(content, at)
    return size if at + size <= len(content) else 0


def _sized(content: bytes, at: int) -> int:
    head = content[at : at + 11]
    if head.startswith(b"ID3"):
        return _id3(content[at : at + 10])
    if head.startswith(b"TAG"):
        return _OLDER if head[3:4] == b"+" and content[at + _OLDER : at + _OLDER + 3] == b"TAG" else _OLD
    if head.startswith(b"APETAGEX"):
        return _APE + (_ape(content, at) if content[at + 23] & 0x20 else 0) if at + _APE <= len(content) else 0
    if head == b"LYRICSBEGIN":
        return _words(content, at)
    return len(content) - at - len(content[at:].lstrip(b"\x00")) if head.startswith(b"\x00") else 0


def before_tags(content: bytes) -> int:
    """Where the tags begin that only their foot gives away."""
    end = len(content)
    while True:
        if content[max(0, end - _OLD) : end].startswith(b"TAG") and end >= _OLD:
            end -= _OLD
        elif content[max(0, end - _APE) : end].startswith(b"APETAGEX") and not content[end - _APE + 23] & 0x20:
            size = _ape(content, end - _APE)
            headed = content[end - size - _APE : end - size].startswith(b"APETAGEX") if end - size >= _APE else False
            size += _APE if headed else 0
            if not _APE <= size <= end:
                return end
            end -= size
        else:
            return end


def _id3(head: bytes) -> int:
    if len(head) < 10 or any(each & 0x80 for each in head[6:10]):
        return 0
    size = 0
    for each in head[6:10]:
        size = size << 7 | each
    return 10 + size + (10 if head[5] & 0x10 else 0)


def _ape(content: bytes, at: int) -> int:
    return int.from_bytes(content[at + 12 : at + 16], "little")


def _words(content: bytes, at: int) -> int:
    """Lyrics3: version 2 says its size before its end, version 1 has none."""
    end = content.find(b"LYRICS200", at, at + _LONGEST)
    if end >= 0:
        said = content[end - 6 : end]
        return end + 9 - at if said.isdigit() and int(said) == end - 6 - at else 0
    end = content.find(b"LYRICSEND", at, at + 5200)
    return end + 9 - at if end >= 0 else 0
