#!/usr/bin/env python3
"""Watches DATABASE_HOST:DATABASE_PORT over TCP, as monitor_webapp.py watches its address; the server must answer PING."""
import socket
import sys

sys.dont_write_bytecode = True  # no __pycache__ beside it
from monitor_loop import settings, watch  # noqa: E402


def main():
    values = settings()
    host, port = values.get("DATABASE_HOST", "127.0.0.1"), int(values.get("DATABASE_PORT", "3306"))

    def look():
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall(b"PING\n")
            answer = connection.makefile("rb").readline().strip()
        if answer != b"PONG":
            raise OSError("{}:{} answered {!r} to PING".format(host, port, answer))
        return "{}:{} answered PING".format(host, port)

    return watch("database", look, values)


if __name__ == "__main__":
    sys.exit(main())
