"""The pages of the portal to which letters about consent lead. The token is the only secret in each."""


def preferences_path(token: str) -> str:
    """The path of the page that a preferences link opens."""
    return f"/preferences/{token}/"


def unsubscribe_path(token: str) -> str:
    """The path by which a mail is unsubscribed from."""
    return f"/preferences/unsubscribe/{token}/"
