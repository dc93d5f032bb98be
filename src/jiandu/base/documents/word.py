"""A document → a Word file in official layout. The same document gives the same bytes: such files are hashed."""

from datetime import UTC
from io import BytesIO
from typing import Any

from jiandu.base.documents.blocks import Document
from jiandu.base.documents.packing import fixed_zip
from jiandu.base.documents.text import clean


def to_docx(document: Document) -> bytes:
    """The document as a .docx file.

    Raises ValueError if a number leads to no anchor, two anchors have one name, or a row does not fit its columns.
    """
    import docx  # noqa: PLC0415 -- slow import

    from jiandu.base.documents.template import empty_file  # noqa: PLC0415 -- slow import
    from jiandu.base.documents.writer import Writer  # noqa: PLC0415 -- slow import

    file = docx.Document(BytesIO(empty_file()))
    _describe(file.core_properties, document)
    Writer(file, document).write_all()
    out = BytesIO()
    file.save(out)
    return fixed_zip(out.getvalue())


def _describe(properties: Any, document: Document) -> None:
    moment = document.at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title, properties.subject, properties.comments = clean(document.title)[:255], "", ""
    properties.author = properties.last_modified_by = clean(document.author)[:255]
    properties.created = properties.modified = moment
    properties.language, properties.revision = "zh-CN", 1
