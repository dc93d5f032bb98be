"""What goes wrong when something sealed is opened."""


class Unopenable(ValueError):
    """It does not open: another key, another place, or an altered bit. Which of these, nobody is told."""

    def __init__(self) -> None:
        super().__init__("无法启封：密钥不符，或内容已被改动 · cannot be opened: another key, or altered")


class Missing(RuntimeError):
    """A suite that this installation cannot run: its library is absent, or its known answers do not come out."""
