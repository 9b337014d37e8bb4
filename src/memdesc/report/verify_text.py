"""Descriptors that break a rule, as text: a line of place and rule, a line of what the descriptor says."""

from collections import Counter

from memdesc.kernel.breach import Checked
from memdesc.kernel.population import ROWS


def render(checked: Checked) -> str:
    """Return two lines a breach, in the order of frames."""
    lines = []
    for each in checked.breaches:
        lines.append(
            f"pfn {each.pfn:#x}: error: {ROWS[each.kind].name}: not so: {each.says} [{each.rule}]\n"
            f"    {each.descriptor}\n"
        )
    return "".join(lines)


def summary(checked: Checked) -> str:
    """Return how many descriptors were checked and what was found, a line or a few."""
    pages = len({each.pfn for each in checked.breaches})
    lines = [
        f"{checked.origin}: {len(checked.breaches)} breaches of {len(checked.rules)} rules on {pages} of "
        f"{checked.pages} page descriptors"
    ]
    counted = Counter(each.rule for each in checked.breaches)
    lines += [
        f"  {rule}: {count}" for rule, count in sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    ]
    if checked.skipped:
        lines.append(f"not asked, since the layout leaves them open: {', '.join(checked.skipped)}")
    lines += [f"partial: {why}" for why in checked.partial]
    return "\n".join(lines)
