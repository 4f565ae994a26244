#!/usr/bin/env python3
"""A small web application: / is index.html, /health asks the database. Settings: app.json, both beside it."""
import http.server
import json
import os
import socket
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/":
            with open(os.path.join(HERE, "index.html"), "rb") as page:
                self.answer(200, "text/html; charset=utf-8", page.read())
        elif self.path == "/health":
            status, report = self.health()
            self.answer(status, "application/json", json.dumps(report).encode("utf-8") + b"\n")
        else:
            self.answer(404, "text/plain; charset=utf-8", b"there is / and /health\n")

    do_HEAD = do_GET

    def health(self):
        address = (self.server.settings["database_host"], self.server.settings["database_port"])
        try:
            with socket.create_connection(address, timeout=3) as connection:
                connection.sendall(b"PING\n")
                said = connection.makefile("rb").readline().decode("utf-8", "replace").strip()
        except OSError as error:
            said = str(error)
        return (200 if said == "PONG" else 503), {"web": "up", "database": said}

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def main():
    with open(os.path.join(HERE, "app.json"), encoding="utf-8") as file:
        settings = json.load(file)
    with http.server.ThreadingHTTPServer((settings["address"], settings["port"]), Handler) as server:
        server.settings = settings
        print("serving {}:{}".format(*server.server_address), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
