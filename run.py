#!/usr/bin/env python3
"""Start Trade Assurance, or test it, on a machine that has Python and nothing else.

python3 run.py                      install, start everything, serve http://127.0.0.1:8000
python3 run.py test [pytest args]   install, start PostgreSQL and Valkey, run pytest
python3 run.py manage COMMAND ...   manage.py with the servers and settings of the site
python3 run.py check                formatting, lint, layers and missing migrations
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this line is for the Pythons that are too old)
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(f"Trade Assurance needs Python 3.11 or newer; this is Python {found}.")

from launcher.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
