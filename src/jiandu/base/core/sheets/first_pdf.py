"""Child side: the words on the first page of a PDF, a line a row. A page that is a picture has none."""

import os

from pypdf import PdfReader

from .first import ENOUGH
from .intake import Sink

TITLE = "pdf"


def read_pdf(fd: int, sink: Sink) -> None:
    """Send the lines. Raises pypdf's errors for a file that is damaged or encrypted."""
    with os.fdopen(fd, "rb", closefd=False) as file:
        text = PdfReader(file).pages[0].extract_text()
    sink.sheet(TITLE)
    for number, line in enumerate(text[:ENOUGH].splitlines(), start=1):
        if line.strip():
            sink.row(number, [line])
