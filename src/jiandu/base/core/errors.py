"""The one business error: a service refuses, and one place in the surfaces turns that into words on a form."""


class Refused(Exception):
    """A rule of the house says no. Nothing has been written when it is raised.

    `rule` is a short code that tests and documents name ("verify-independent"). The message is a Chinese sentence,
    plain or lazily translated, with printf-style named placeholders that `details` fills when it is shown, in the
    reader's language. Without details the sentence is taken as it stands, so a bare % needs no doubling.
    """

    def __init__(self, rule: str, message: object, **details: object) -> None:
        super().__init__(rule, message)
        self.rule = rule
        self.details = details

    @property
    def message(self) -> str:
        """The sentence, with its placeholders resolved. Raises KeyError where a named detail is missing."""
        text = str(self.args[1])
        return text % self.details if self.details else text

    def __str__(self) -> str:
        return self.message
