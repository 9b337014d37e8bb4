"""Differences between two designs as text."""

from textwrap import fill

from memdesc.layout.compare import Change, Difference, StructChange


def render_difference(found: Difference) -> str:
    """Return what moved, how page types are told, and which probes and readers that breaks."""
    out = [f"{found.before} -> {found.after}", ""]
    for struct in found.structs:
        out.extend(_struct(struct))
    if not found.structs:
        out.append("No struct differs.")
    out.append("")
    if found.encodings[0] != found.encodings[1]:
        out.append("How a page's type is told")
        out.append(_wrapped(f"before: {found.encodings[0]}"))
        out.append(_wrapped(f"after:  {found.encodings[1]}"))
    for name, old, new in found.types:
        was = "" if old is None else f"{old:#x}"
        now = "" if new is None else f"{new:#x}"
        out.append(f"  {name:<26} {was or '-':>6} -> {now or '-'}")
    for title, wanted in (("New hazards", True), ("Hazards that are gone", False)):
        probes = [p for p in found.probes if p.new is wanted]
        if probes:
            out.extend(("", title))
            out.extend(_wrapped(f"{p.descriptor} [{p.probe}]: {p.says}.") for p in probes)
    if found.broken:
        out.extend(("", "Readers that break"))
        for reader in found.broken:
            out.append(_wrapped(f"{reader.tool}: {reader.breaks}. Relied on: {reader.needs}. {reader.cure}."))
    return "\n".join(out) + "\n"


def _wrapped(text: str) -> str:
    return fill(text, 98, initial_indent="  ", subsequent_indent="    ")


def _struct(struct: StructChange) -> list[str]:
    if struct.before is None:
        return [f"struct {struct.name}: new, {struct.after} bytes"]
    if struct.after is None:
        return [f"struct {struct.name}: gone (had {struct.before} bytes)"]
    size = (
        f"{struct.before} bytes"
        if struct.before == struct.after
        else f"{struct.before} -> {struct.after} bytes"
    )
    return [f"struct {struct.name}: {size}", *(_change(c) for c in struct.changes)]


def _change(change: Change) -> str:
    before, after = change.before, change.after
    text = f"  {change.what:<8} {change.path}"
    if change.what == "moved" and before and after:
        return f"{text}: byte {before[0]} -> {after[0]}"
    if change.what == "resized" and before and after:
        return f"{text}: {before[1]} -> {after[1]} bytes"
    if change.what == "retyped" and before and after:
        return f"{text}: {before[2]} -> {after[2]}"
    if change.what == "renamed" and after:
        return f"{text} -> {after[3]} (byte {after[0]})"
    known = after or before
    return f"{text} (byte {known[0]}, {known[1]} bytes)" if known else text
