"""Files of a report are sealed while they come; no clear byte reaches the disk, whole or aborted."""

from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest, QueryDict

from jiandu.base.core.errors import Refused
from jiandu.base.intake.files import MOST_FILES, SealedFile
from jiandu.base.intake.services import caps
from jiandu.base.intake.services.tickets import is_ready, read_ticket
from jiandu.base.sealing.padding import MIB

MOST = 210 * MIB  # of a whole form
MOST_OF = {"report": MOST, "ask": MIB, "message": MIB}  # by what the ticket is for


def most_for(query: str) -> int:
    """How many bytes of a form are read that comes with this query: no long one without a ticket, files when it may be spent."""
    said = QueryDict(query)
    for purpose, most in MOST_OF.items():
        with suppress(Refused):
            ticket = read_ticket(said.get("ticket", ""), purpose)
            return most if is_ready(ticket, said.get("proof", "")) else MIB
    return 0


class SealedUpload(UploadedFile[Any]):
    """What the form is given instead of a file: it has no content that could be read."""

    def __init__(self, sealed: SealedFile) -> None:
        super().__init__(file=BytesIO(), name=sealed.name, size=sealed.seen)
        self.sealed = sealed


class SealingHandler(FileUploadHandler):
    """Without a ticket that may be spent no file is taken at all: a flood fills no disk."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.asked = request
        self.made: list[SealedFile] = []
        self.kept: set[SealedFile] = set()
        self.refused: Refused | None = None
        self._may: bool | None = None
        self._full: bool | None = None

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *args: Any, **kwargs: Any) -> None:  # noqa: N803 -- Django's name
        if content_length > MOST:
            self.refused = Refused("form-too-large", "附件总量超过%(most)d兆字节", most=MOST // MIB)
            raise StopUpload(connection_reset=True)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if not self._is_let_in():
            raise SkipFile
        if self._is_full():
            self.refused = caps.full()
            raise SkipFile
        if len(self.made) >= MOST_FILES:
            self.refused = Refused("too-many-files", "附件最多%(most)d个", most=MOST_FILES)
            raise SkipFile
        try:
            self.made.append(SealedFile(self.file_name or ""))
        except Refused as refused:
            self.refused = refused
            raise SkipFile from None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        try:
            self.made[-1].push(raw_data)
        except Refused as refused:
            self.refused = refused
            raise SkipFile from None

    def file_complete(self, file_size: int) -> SealedUpload:
        self.made[-1].end()
        return SealedUpload(self.made[-1])

    def also(self, files: Iterable[SealedFile]) -> None:
        """These came of what was uploaded: kept or dropped with it."""
        self.made.extend(files)

    def keep(self, files: Iterable[SealedFile]) -> None:
        """These belong to a report now."""
        self.kept.update(files)

    def drop_rest(self) -> None:
        """What no report has taken, also of an upload that was broken off."""
        for each in self.made:
            if each not in self.kept:
                each.drop()

    def _is_full(self) -> bool:
        """Nothing is sealed for what the day's cap refuses: bots that solve would else keep the disk busy with it."""
        if self._full is None:
            self._full = caps.is_full("reports")
        return self._full

    def _is_let_in(self) -> bool:
        if self._may is None and self.asked is not None:
            said = self.asked.GET
            try:
                ticket = read_ticket(said.get("ticket", ""), "report")
                self._may = is_ready(ticket, said.get("proof", ""))
            except Refused:
                self._may = False
        return bool(self._may)
