"""The server."""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers requests."""

    def do_GET(self):
        """Greet, as text or as JSON."""
        kind, _, name = self.path.lstrip("/").partition("/")
        body = {"hello": f"Hello, {name}!", "greeting": json.dumps({"name": name, "length": len(name)})}.get(kind)
        self.send_response(200 if body else 404)
        self.end_headers()
        self.wfile.write((body or "nothing here").encode())

    def log_message(self, *arguments):
        """Print nothing."""


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    sys.exit(server.serve_forever())
