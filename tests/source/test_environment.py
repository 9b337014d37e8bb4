"""Environments in pieces: whatever is done with them, they hold what dicts would hold."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memdesc.source import branches, environment, gather, values
from memdesc.source.environment import Parted, Pieces, become, joined, may_change, other_than, parts
from memdesc.source.facts import WIDTH
from memdesc.source.reading import described, vocabulary

PATHS = (
    "p",
    "q",
    "i",
    "p.a",
    "p.a.b",
    "p.a[i]",
    "p.a[i].c",
    "q[]",
    "q[i]",
    "q[i][j]",
    "p[q]",
    "!",
    "!m",
    "(s).m",
)
paths = st.sampled_from(PATHS)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("set"), st.integers(0, 3), paths, st.integers(0, 3)),
        st.tuples(st.just("remove"), st.integers(0, 3), paths),
        st.tuples(st.just("forget"), st.integers(0, 3), paths),
        st.tuples(st.just("copy"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("become"), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("join"), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
        st.tuples(st.just("empty"), st.integers(0, 3)),
    ),
    max_size=60,
)


def _join(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """As the walk does: what both hold, and locals of either; values that differ meet."""
    both = {
        p: max(n, other[p]) * 10 + min(n, other[p]) if n != other[p] else n
        for p, n in one.items()
        if p in other
    }
    alone = {p: n for each in (one, other) for p, n in each.items() if p.isidentifier() and p not in both}
    return both | alone


def _below(path: str, held: dict[str, int]) -> set[str]:
    return {p for p in held if any(upper == path for _, upper in parts(p))}


@pytest.fixture(params=[0, 1, 6])
def small(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of one, two or all paths."""
    monkeypatch.setattr(environment, "_SHIFT", request.param)


@pytest.mark.usefixtures("small")
@settings(max_examples=400, deadline=None)
@given(steps)
def test_pieces_hold_what_dicts_hold(done: list[tuple[object, ...]]) -> None:
    """Four environments of a function, changed, copied and joined in any order, beside four dicts."""
    first = Pieces({})
    held = [first, *(first.copy() for _ in range(3))]
    plain: list[dict[str, int]] = [{} for _ in held]
    for word, to, *rest in done:
        assert isinstance(to, int)
        match word, rest:
            case "set", [str(path), int(number)]:
                held[to][path] = number
                plain[to][path] = number
            case "remove", [str(path)]:
                assert held[to].pop(path) == plain[to].pop(path, None)
            case "forget", [str(path)]:
                assert set(held[to].below(path)) == _below(path, plain[to])
                held[to].forget(path)
                for each in _below(path, plain[to]):
                    del plain[to][each]
            case "copy", [int(source)]:
                held[to], plain[to] = held[source].copy(), dict(plain[source])
            case "become", [int(source)]:
                become(held[to], held[source])
                plain[to] = dict(plain[source])
            case "join", [int(one), int(other)]:
                made = joined(held[one], held[other], _join)
                assert isinstance(made, Pieces)
                held[to], plain[to] = made, _join(plain[one], plain[other])
            case _:
                held[to], plain[to] = held[to].beside(), {}
        for each, same in zip(held, plain, strict=True):
            assert dict(each.items()) == same
            assert set(each) == set(same)
            assert all(each.get(p, -1) == same.get(p, -1) and (p in each) == (p in same) for p in PATHS)
            for other, another in zip(held, plain, strict=True):
                assert same.items() - another.items() <= set(other_than(each, other))


@given(st.sets(paths), st.sets(st.sampled_from(("p", "i", "p.a", "q", "j"))))
def test_what_a_loop_may_change(known: set[str], assigned: set[str]) -> None:
    """No path is left out that is assigned, lies below what is, or has it for an index."""
    env = Pieces({})
    for path in known:
        env[path] = 1
    wanted = {p for p in known if p in assigned or any(upper in assigned for _, upper in parts(p))}
    assert wanted == set(may_change(env, assigned))


def test_a_missing_key_is_an_error() -> None:
    """As in a dict."""
    env = Pieces({})
    env.copy()["p"] = 1
    for key in ("p", "q"):
        with pytest.raises(KeyError):
            env[key]
        with pytest.raises(KeyError):
            del env[key]


def _shape(data: bytes) -> tuple[int, list[tuple[object, ...]]]:
    """Return the facts of a file but for how nodes are numbered."""
    facts = gather.gather(data, vocabulary(), described(), gather.Scope(True))
    symbols = dict(facts.symbols)
    rows = [facts.edges[n : n + WIDTH] for n in range(0, len(facts.edges), WIDTH)]
    shown = [
        (symbols.get(r[0], r[0] > 0), symbols.get(r[1], r[1] > 0), facts.strings[r[2]], *r[3:]) for r in rows
    ]
    return len({n for r in rows for n in r[:2]}), sorted(shown, key=repr)


CASES = sorted(Path(__file__).parent.parent.glob("c/**/*.c"))


def test_facts_are_the_same_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every function's environment in pieces, but for what is left out or met in another order there."""
    texts = [path.read_bytes() for path in CASES]
    assert len(texts) > 20
    wanted = [_shape(text) for text in texts]
    monkeypatch.setattr(environment, "_SHORT", -1)
    monkeypatch.setattr(environment, "_MANY", -1)
    monkeypatch.setattr(environment, "_SHIFT", 2)
    monkeypatch.setattr(branches.Branches, "meeting", _in_order)
    end = values.Values._end

    def always(self: values.Values, *given: object) -> None:
        self.ended.clear()
        end(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(values.Values, "_end", always)
    assert [_shape(text) for text in texts] == wanted


def _in_order(self: branches.Branches, first: object, others: list[object], node: object) -> object:
    for other in others:
        first = self.merge(first, other, node)  # type: ignore[arg-type]
    return first


def test_only_many_paths_are_held_in_pieces() -> None:
    """A long function with few paths, and a short one, have dicts."""
    few = b"{" + b"p = q->a[i];\n" * 5000 + b"}"
    many = b"{" + b"".join(b"p%d = q->a%d;\n" % (n, n) for n in range(2000)) + b"}"
    assert isinstance(environment.empty(few), dict)
    assert isinstance(environment.empty(many[:9000]), dict)
    assert isinstance(environment.empty(many), Pieces)


def test_what_is_gone_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Though only one branch forgot it: what the other holds of it, nobody holds behind both."""
    looked = 0

    def pop(self: Pieces, key: str) -> int | None:
        nonlocal looked
        looked += 1
        return Parted.pop(self, key)

    monkeypatch.setattr(Pieces, "pop", pop)
    env = Pieces({})
    for n in range(100):
        yes, no = env.copy(), env.copy()
        yes[f"a{n}[i]"] = 1
        yes.forget("i")
        env = yes.joined(no, _join)
    assert 100 <= looked < 300
