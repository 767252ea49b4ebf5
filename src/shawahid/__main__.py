"""`python -m shawahid` is the command `shawahid`."""

import sys

from shawahid.ui.commands.main import main

if __name__ == "__main__":
    sys.exit(main())
