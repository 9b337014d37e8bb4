"""What a callback does with what it is called with is followed to where it was registered."""

from pathlib import Path

import pytest

from memdesc import pipeline
from memdesc.findings.model import Interpretation, Level

OPTIONS = pipeline.Options(1, False, Level.WARNING, Interpretation.OTTAWA)

FREE = "static void drop(void *data)\n{\n\tkfree(data);\n}\n"
HELD = "struct held { %s; int x; };\nstatic void drop(%s)\n{\n\tstruct held *h = %s;\n\n\tkfree(h);\n}\n"
PROGRAMS = {
    "action": FREE + "int f(struct device *dev)\n{\n\tvoid *p = %s(100%s);\n\n"
    "\treturn devm_add_action_or_reset(dev, drop, p);\n}\n",
    "thread": FREE.replace("void drop", "int drop").replace("kfree(data);", "kfree(data);\n\treturn 0;")
    + 'struct task_struct *f(void)\n{\n\tvoid *p = %s(100%s);\n\n\treturn kthread_run(drop, p, "x");\n}\n',
    "irq": FREE.replace("void drop(", "irqreturn_t drop(int irq, ")
    + 'int f(int irq)\n{\n\tvoid *p = %s(100%s);\n\n\treturn request_irq(irq, drop, 0, "x", p);\n}\n',
    "rcu": HELD % ("struct rcu_head rcu", "struct rcu_head *r", "container_of(r, struct held, rcu)")
    + "void f(void)\n{\n\tstruct held *h = %s(sizeof(*h)%s);\n\n\tcall_rcu(&h->rcu, drop);\n}\n",
    "work": HELD % ("struct work_struct work", "struct work_struct *w", "container_of(w, struct held, work)")
    + "void f(void)\n{\n\tstruct held *h = %s(sizeof(*h)%s);\n\n\tINIT_WORK(&h->work, drop);\n}\n",
    "timer": HELD % ("struct timer_list timer", "struct timer_list *t", "from_timer(h, t, timer)")
    + "void f(void)\n{\n\tstruct held *h = %s(sizeof(*h)%s);\n\n\ttimer_setup(&h->timer, drop, 0);\n}\n",
    "reference": HELD
    % ("struct kref ref", "struct kref *r", "container_of(r, struct held, ref)")
    + "void put(struct held *h)\n{\n\tkref_put(&h->ref, drop);\n}\n"
    "void f(void)\n{\n\tstruct held *h = %s(sizeof(*h)%s);\n\n\tput(h);\n}\n",
}


def _rules(folder: Path, text: str) -> list[str]:
    path = folder / "a.c"
    path.write_text(text)
    return [finding.rule for finding in pipeline.check([path], None, OPTIONS, lambda *_: None).findings]


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_callback_frees_is_followed_to_where_it_was_registered(tmp_path: Path, program: str) -> None:
    """The free is in the callback, the allocation where it was registered."""
    assert _rules(tmp_path, PROGRAMS[program] % ("vmalloc", "")) == ["mismatched-free"]
    assert _rules(tmp_path, PROGRAMS[program] % ("kmalloc", ", GFP_KERNEL")) == []


def test_another_argument_is_not_handed_on(tmp_path: Path) -> None:
    """The device of devm_add_action() is not what the action is called with."""
    text = FREE + "int f(void)\n{\n\tvoid *dev = vmalloc(100), *p = kmalloc(9, GFP_KERNEL);\n\n"
    assert _rules(tmp_path, text + "\treturn devm_add_action(dev, drop, p);\n}\n") == []


def test_two_actions_do_not_mix(tmp_path: Path) -> None:
    """Each registration hands on its own data."""
    text = FREE + FREE.replace("drop", "let_go").replace("kfree", "vfree")
    text += "int f(struct device *dev)\n{\n\tdevm_add_action(dev, drop, kmalloc(9, GFP_KERNEL));\n"
    assert _rules(tmp_path, text + "\treturn devm_add_action(dev, let_go, vmalloc(9));\n}\n") == []


@pytest.mark.parametrize("program", PROGRAMS)
def test_in_a_tree(tmp_path: Path, program: str) -> None:
    """The callback and who registers it are read in a tree, too, where one has the free, the other the member."""
    (tmp_path / "Makefile").write_text("VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\n")
    for name in ("mm", "include/linux", "kernel", "drivers/a"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "drivers/a/a.c").write_text(PROGRAMS[program] % ("vmalloc", ""))
    found = pipeline.check([tmp_path], tmp_path, OPTIONS, lambda *_: None).findings
    assert [finding.rule for finding in found] == ["mismatched-free"]
