"""What the monitors have in common: their settings, and looking again and again."""
import datetime
import os
import time


def settings():
    """monitor.conf beside this file, with the environment above it."""
    values = {"MONITOR_SECONDS": "358", "MONITOR_INTERVAL": "10"}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "monitor.conf")
    if os.path.exists(path):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                name, is_setting, value = line.strip().partition("=")
                if is_setting and not name.startswith("#"):
                    values[name] = value
    values.update({name: os.environ[name] for name in list(values) if name in os.environ})
    return values


def watch(name, look, values):
    """
    Calls look() every MONITOR_INTERVAL seconds for MONITOR_SECONDS, and prints a line each time.

    look() returns what it saw, or raises OSError. Returns the exit code: 0 if every look went well.
    """
    seconds, interval = float(values["MONITOR_SECONDS"]), float(values["MONITOR_INTERVAL"])
    begin = time.monotonic()
    looks = failures = 0
    while True:
        before = time.monotonic()
        try:
            word, seen = "up", look()
        except OSError as error:
            word, seen = "down", error
            failures += 1
        looks += 1
        after = time.monotonic()
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        say("{} {} {}: {} ({:.0f} ms)".format(now, name, word, seen, (after - before) * 1000))
        next_look = begin + looks * interval
        if next_look >= begin + seconds:
            break
        time.sleep(max(0.0, next_look - time.monotonic()))
    time.sleep(max(0.0, begin + seconds - time.monotonic()))
    say("{}: {} looks, {} failed".format(name, looks, failures))
    return 1 if failures else 0


def say(line):
    """Prints a line at once: into a pipe or a file Python would keep it back."""
    print(line, flush=True)
