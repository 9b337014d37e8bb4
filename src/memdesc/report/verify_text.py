"""Descriptors that break a rule, as text: a line of place and rule, a line of what the descriptor says."""

from collections import Counter

from memdesc.kernel.breach import Checked
from memdesc.kernel.population import ROWS
from memdesc.report.text import count


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
    looked = f"{count(checked.pages, 'page descriptor')} checked against {count(len(checked.rules), 'rule')}"
    found = (
        f"{count(len(checked.breaches), 'breach', 'breaches')} on {pages:,} of them" if pages else "no breach"
    )
    lines = [f"{checked.origin}: {looked}: {found}"]
    counted = Counter(each.rule for each in checked.breaches)
    lines += [f"  {rule}: {n:,}" for rule, n in sorted(counted.items(), key=lambda row: (-row[1], row[0]))]
    if checked.skipped:
        lines.append(f"not asked, since the layout leaves them open: {', '.join(checked.skipped)}")
    lines += [f"partial: {why}" for why in checked.partial]
    return "\n".join(lines)
