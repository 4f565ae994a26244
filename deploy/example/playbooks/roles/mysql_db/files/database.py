#!/usr/bin/env python3
"""
A small database: keys and values, a line of text each way, over TCP. Settings: database.json beside it.

PING -> PONG; SET KEY VALUE -> OK; GET KEY -> VALUE KEY ... or NONE; KEYS -> KEYS and their number; else ERROR.
"""
import json
import os
import socketserver
import sys
import threading


class Store:
    """Keys and values in one JSON file, written beside its place and renamed, so that it is never half there."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()
        self.values = {}
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                self.values = json.load(file)

    def set(self, key, value):
        with self.lock:
            self.values[key] = value
            with open(self.path + ".new", "w", encoding="utf-8") as file:
                json.dump(self.values, file)
                file.flush()
                os.fsync(file.fileno())
            os.replace(self.path + ".new", self.path)

    def answer(self, line):
        word, _, rest = line.partition(" ")
        if word == "PING":
            return "PONG"
        if word == "SET" and " " in rest:
            self.set(*rest.split(" ", 1))
            return "OK"
        if word == "GET" and rest:
            return "VALUE " + self.values[rest] if rest in self.values else "NONE"
        if word == "KEYS":
            return "KEYS {}".format(len(self.values))
        return "ERROR expected PING, SET KEY VALUE, GET KEY or KEYS"


class Connection(socketserver.StreamRequestHandler):
    timeout = 60

    def handle(self):
        for line in iter(lambda: self.rfile.readline(65536), b""):
            text = self.server.store.answer(line.decode("utf-8", "replace").strip())
            self.wfile.write(text.encode("utf-8") + b"\n")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "database.json"), encoding="utf-8") as file:
        settings = json.load(file)
    with Server((settings["address"], settings["port"]), Connection) as server:
        server.store = Store(settings["data"])
        print("serving {}:{}".format(*server.server_address), flush=True)
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
