"""The pages of the portal to which letters lead. The token is the only secret in them."""


def preferences_path(token: str) -> str:
    """The path of the page that a preferences link opens."""
    return f"/preferences/{token}/"


def unsubscribe_path(token: str) -> str:
    """The path by which a mail is unsubscribed from."""
    return f"/preferences/unsubscribe/{token}/"


def objecting_path(token: str) -> str:
    """The path of the page on which somebody says no to what a letter told them of."""
    return f"/preferences/no/{token}/"
