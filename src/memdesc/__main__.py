"""`python -m memdesc` is the command `memdesc`."""

import sys

from memdesc.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
