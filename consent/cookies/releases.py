"""The script and the style sheet that organisations put on their sites, by release.

Danger: a page that names the script with its hash (Subresource Integrity) stops showing the banner when one byte of
it changes.
Rule: a release never changes and never goes; what is new is a new folder below `static/cookies/`, and a line here.
`tests/consent/cookies/test_releases.py` holds the hash of each.

The script is the library as its author published it, and our loader after it, in one function: on sites with a module
loader of their own (AMD) the library would hide itself from it.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

RELEASES = ("1.0.0",)
NEWEST = RELEASES[-1]
_PARTS = {
    "js": ("cookieconsent.umd.js", "loader.js"),
    "css": ("cookieconsent.css", "banner.css"),
}
_BEFORE, _AFTER = b"(function () {\nvar define, exports, module;\n", b"}).call(window);\n"


@dataclass(frozen=True)
class Release:
    """One file of a release. integrity: for `<script integrity=…>`, SHA-384 in base64."""

    content: bytes
    integrity: str


@lru_cache(maxsize=16)
def release(version: str, kind: str) -> Release:
    """A file of a release.

    Args:
        version: one of `RELEASES`.
        kind: `js` or `css`.
    """
    folder = settings.BASE_DIR / "static" / "cookies" / version
    content = b"\n".join((folder / name).read_bytes() for name in _PARTS[kind])
    if kind == "js":
        content = _BEFORE + content + _AFTER
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return Release(content, f"sha384-{digest}")


def snippet(*, portal: str, site: str) -> str:
    """What goes into the head of every page of a site, as HTML.

    Args:
        portal: address of the organisation's portal, without a slash at the end.
        site: code of the site.
    """
    style, script = release(NEWEST, "css"), release(NEWEST, "js")
    base = f"{portal}/cookies/v1/consent-{NEWEST}"
    return (
        f'<link rel="stylesheet" href="{base}.css"\n'
        f'      integrity="{style.integrity}" crossorigin="anonymous">\n'
        f'<script src="{base}.js" defer data-site="{site}"\n'
        f'        integrity="{script.integrity}" crossorigin="anonymous"></script>'
    )
