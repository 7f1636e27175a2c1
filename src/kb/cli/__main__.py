"""``python -m kb.cli`` is the command ``kb``."""

import sys

from kb.cli.main import main

sys.exit(main())
