"""Serve one of the three measured applications: product, floor or naive host.

Usage: serve.py product|floor|naive PORT FOLDER
"""

import sys
from pathlib import Path

import floor
import naive
import product
import waitress
from flask import Flask

from onething.cli import logs

THREADS = 8
APPLICATIONS = {"product": product.create_app, "floor": floor.create_app, "naive": naive.create_app}


def main(name: str, port: str, folder: str) -> None:
    """Serve until killed; every application gets the same server and its own database."""
    logs.configure("WARNING")
    app: Flask = APPLICATIONS[name](Path(folder))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    waitress.serve(app, host="127.0.0.1", port=int(port), threads=THREADS, ident=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
