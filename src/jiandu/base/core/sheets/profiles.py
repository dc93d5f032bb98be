"""Child side: profiles of colour (ICC.1:2022, ISO 15076-1): what turns numbers into colours stays, names of devices and makers are zeros."""

_HEAD = 128
_SAID = (
    (4, 8),
    (24, 36),
    (40, 44),
    (48, 56),
    (80, 100),
)  # program; date; platform; device and its model; creator and number
_COLOURS = frozenset(
    (
        *(b"rXYZ", b"gXYZ", b"bXYZ", b"wtpt", b"bkpt", b"chad", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"gamt", b"cicp", b"lumi"),
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"D2B0", b"D2B1", b"D2B2", b"B2D0", b"B2D1", b"B2D2"),
        *(b"aarg", b"aabg", b"aagg", b"vcgt", b"chrm"),
    )
)  # fmt: skip


def without_makers(profile: bytes) -> bytes:
    """The profile, as long as before. One that cannot be read is zeros."""
    count = int.from_bytes(profile[_HEAD : _HEAD + 4], "big")
    listed = _HEAD + 4 + 12 * count
    if len(profile) < _HEAD + 4 or count > 200 or listed > len(profile):
        return bytes(len(profile))
    out = bytearray(len(profile))
    out[:listed] = profile[:listed]
    for low, high in _SAID:
        out[low:high] = bytes(high - low)
    for row in range(_HEAD + 4, listed, 12):
        kind = profile[row : row + 4]
        at, size = int.from_bytes(profile[row + 4 : row + 8], "big"), int.from_bytes(profile[row + 8 : row + 12], "big")
        if at < listed or at + size > len(profile):
            return bytes(len(profile))
        kept = size if kind in _COLOURS else min(size, 4)  # of the others the name of their form
        out[at : at + kept] = profile[at : at + kept]
    return bytes(out)
