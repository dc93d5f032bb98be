"""docs/petitions.md prints the moves and the clocks that the code has."""

from tests.docs.petition_rows import clock_rows, move_rows
from tests.docs.test_documents import read, rows


def test_the_document_has_the_moves_of_the_code() -> None:
    assert rows(read("petitions.md"), "Moves") == move_rows()


def test_the_document_has_the_clocks_of_the_code() -> None:
    assert rows(read("petitions.md"), "Clocks") == clock_rows()
