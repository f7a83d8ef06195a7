"""Jobs."""


def register() -> None:
    pass
