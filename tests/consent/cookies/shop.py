"""The organisation's own web site: another server, another origin, and a strict Content-Security-Policy."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "www.shop.localhost"
NONCE = "c2hvcC1ub25jZQ"
SCRIPTS = {
    "/stats.js": "document.cookie = '_stats_1=1; path=/'; document.body.dataset.stats = 'ran';",
    "/own.js": """window.addEventListener("privacychoices", function (event) {
        document.body.dataset.told = JSON.stringify(event.detail);
        if (document.body.dataset.stays) { event.preventDefault(); }
    });""",
}
INLINE = "document.cookie = '_ads=1; path=/'; document.body.dataset.ads = 'ran';"


@dataclass
class Shop:
    """A site of three scripts: its own, one that counts, one that advertises (inline, with a nonce)."""

    port: int
    snippet: str = ""
    portal: str = ""
    reports: list[str] = field(default_factory=list)

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def policy(self) -> str:
        """As a careful site would have it: nothing inline, nothing evaluated, nothing from anywhere but the portal."""
        return (
            f"default-src 'none'; script-src 'self' 'nonce-{NONCE}' {self.portal}; style-src {self.portal};"
            f" img-src data:; connect-src {self.portal}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def page(self, language: str) -> str:
        return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Shop</title>
            <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
            <script src="/own.js"></script>
            {self.snippet}
            <script type="text/plain" data-category="statistics" data-src="/stats.js"></script>
            <script type="text/plain" data-category="advertising" nonce="{NONCE}">{INLINE}</script>
            </head><body><h1>Shop</h1><p><a href="/">A link of the page</a></p></body></html>"""


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Serve the site from a thread; its snippet and the portal's address are set by the caller."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            script = SCRIPTS.get(path)
            text = script or shop.page("fr" if path == "/fr" else "en")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if script else "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", shop.policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop = Shop(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
