"""The control of every test that counts questions: a page that asks more is told, and so is one that asks too much."""

from tests.surfaces.counting import grown


def test_a_page_that_grows_or_asks_too_much_is_told() -> None:
    few = {"same": ["a", "b"], "fewer": ["a", "b"], "grows": ["a"], "many": ["a"] * 16}
    many = few | {"fewer": ["a"], "grows": ["a", "b"]}
    assert {page: told[:2] for page, told in grown(few, many).items()} == {"grows": (1, 2), "many": (16, 16)}
    assert grown(few, many, most=16).keys() == {"grows"}
