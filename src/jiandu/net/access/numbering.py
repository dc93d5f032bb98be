"""Numbers that an office gives its own records, one after the other."""

from jiandu.base.core import guard
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office


def next_code(model: type[Owned], office: Office, word: str, year: int) -> str:
    """<word><year>-<office>-<number>: the next free number of the office in the year. Within a transaction."""
    head = f"{word}{year}-{office.pk}-"
    with guard.acting(guard.system("next number")):
        Office.objects.select_for_update(no_key=True).filter(pk=office.pk).first()
        codes = model.objects.filter(owner_office=office, code__startswith=head).values_list("code", flat=True)
        last = max((int(code.removeprefix(head)) for code in codes if code.removeprefix(head).isdigit()), default=0)
    return f"{head}{last + 1:05d}"
