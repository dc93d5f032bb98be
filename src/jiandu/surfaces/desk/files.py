"""Files of the store at the desk: taken from a form into it, handed back under their own names."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from jiandu.base.files import store
from jiandu.base.files.store import Upload


def upload(file: Any) -> Upload:
    """What a form brought, checked and stored. Raises Refused as the store does."""
    name = store.check_name(file.name)
    return Upload(store.keep(file.chunks()), name)


def handed_back(sha256: str, name: str) -> HttpResponse:
    """A stored file, always as an attachment of no type that a browser would run."""
    named = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": str(named), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(store.read(sha256), content_type="application/octet-stream", headers=headers)
