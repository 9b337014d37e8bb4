"""Descriptors that break a rule, as JSON: the records themselves."""

import json

from memdesc.kernel.breach import Checked
from memdesc.kernel.population import ROWS

FORM = 1
"""Raised when a name goes away or changes its meaning."""


def render(checked: Checked) -> str:
    """Return the document."""
    document = {
        "form": FORM,
        "origin": checked.origin,
        "pages": checked.pages,
        "rules": [{"name": name, "says": says} for name, says in checked.rules],
        "skipped": list(checked.skipped),
        "breaches": [
            {"pfn": b.pfn, "kind": ROWS[b.kind].name, "rule": b.rule, "descriptor": b.descriptor}
            for b in checked.breaches
        ],
        "partial": list(checked.partial),
    }
    return json.dumps(document, indent=2) + "\n"
