"""`python -m kit`."""

import sys

from kit.run import main

sys.exit(main())
