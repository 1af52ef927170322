"""A worker that says that it works, and waits."""

import signal
import sys

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write("working\n")
    while True:
        signal.pause()
