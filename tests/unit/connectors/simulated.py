"""Start the simulator alone: it loads a third of what the whole command does."""

import argparse
import os
import sys
import threading
from pathlib import Path

from onething.simulator import serve


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--port", type=int)
    words.add_argument("--data", type=Path)
    words.add_argument("--folder", type=Path, action="append", default=[])
    asked = words.parse_args()
    threading.Thread(target=end_with_parent, daemon=True).start()
    serve("127.0.0.1", asked.port, asked.data, folders=asked.folder)


def end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(0)


main()
