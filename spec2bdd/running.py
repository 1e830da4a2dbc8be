"""The import paths by which a `behave.ini` names our Behave plug-ins (docs/running.md).

They are `spec2bdd.running.formatter:RecordFormatter` and `spec2bdd.running.runner:RecordingRunner`, and stay the same
wherever the plug-ins are; today that is `spec2bdd.adapters.behave.plugin`.
"""

import sys

from spec2bdd.adapters.behave.plugin import formatter, runner

# Importing `spec2bdd.running.formatter` imports this module first and then finds its own name in `sys.modules`.
# An alias, and not a second import of the same file, so that there is one class of each name.
sys.modules[f"{__name__}.formatter"] = formatter
sys.modules[f"{__name__}.runner"] = runner
