#!/usr/bin/env python3
"""Watches WEBAPP_URL: asks for it every MONITOR_INTERVAL seconds, for MONITOR_SECONDS. Ends with 1 if a look failed."""
import sys
import urllib.request

sys.dont_write_bytecode = True  # no __pycache__ beside it
from monitor_loop import settings, watch  # noqa: E402


def main():
    values = settings()
    url = values.get("WEBAPP_URL", "http://127.0.0.1:8080/")
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def look():
        with direct.open(url, timeout=5) as answer:
            return "{} answered {} with {} bytes".format(url, answer.status, len(answer.read()))

    return watch("webapp", look, values)


if __name__ == "__main__":
    sys.exit(main())
