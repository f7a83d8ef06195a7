"""The page of the portal to which a preferences letter leads. The token is the only secret in it."""


def preferences_path(token: str) -> str:
    """The path of the page that a preferences link opens."""
    return f"/preferences/{token}/"
