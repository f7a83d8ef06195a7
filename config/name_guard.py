"""Our app owns the name `requests`: fails when the HTTP library of that name is installed."""

import importlib.metadata
import sys


def intruder(name: str = "requests") -> str | None:
    """The version of an installed distribution of this name, None when there is none."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


if __name__ == "__main__":
    if version := intruder():
        sys.exit(f"The library requests {version} is installed; our app of that name would hide it, or it our app.")
