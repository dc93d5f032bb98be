"""A zip file with the time of packing taken out, so that the same content is the same file."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH = (1980, 1, 1, 0, 0, 0)


def fixed_zip(packed: bytes) -> bytes:
    """The same members in the same order, each dated 1980-01-01 and compressed alike."""
    out = BytesIO()
    with ZipFile(BytesIO(packed)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            member = ZipInfo(name, _EPOCH)
            member.compress_type = ZIP_DEFLATED
            member.create_system = 0
            target.writestr(member, source.read(name))
    return out.getvalue()
