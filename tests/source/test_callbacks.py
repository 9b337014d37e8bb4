"""What functions call the functions with that they are given: from prototypes, and in findings."""

import pytest

from memdesc.source.callbacks import derived, handed
from memdesc.source.text import split

HEADER = b"""
typedef int (*each_t)(struct device *dev, void *data);
typedef void work_t(struct item *item);
int devm_later(struct device *dev, void (*action)(void *), void *data);
__printf(4, 5) struct task *start(int (*fn)(void *data), void *data, int node, const char name[], ...);
int for_each(struct device *start, void *data, each_t fn);
int put(struct ref *ref, void (*release)(struct ref *ref));
int two(void *one, void *other, void (*fn)(void *));
int when(struct item *item, work_t *fn, unsigned int flags);
static inline void later(void (*fn)(unsigned long), unsigned long data) { }
int devm_unregister(struct device *dev, void (*action)(void *), void *data);
int sift(void (*drop)(struct device *, void *), int (*match)(void *, void *), void *data);
int plain(void *data, int flags);
int cmp(void *a, int (*fn)(const void *, const void *));
#define start_run(fn, data, fmt, ...) ({ struct task *__t = start(fn, (data), -1, fmt, ## __VA_ARGS__); __t; })
#define start_again(data, f) start_run(f, data, "x")
"""


def test_types_that_leave_no_choice_are_derived() -> None:
    """Iterators call for each of many; two parameters of one type leave a choice."""
    assert derived([split(HEADER)]) == {
        "devm_later": {1: ((0, 2),)},
        "start": {0: ((0, 1),)},
        "for_each": {2: ((1, 1),)},  # each device is another one than the first
        "put": {1: ((0, 0),)},
        "when": {1: ((0, 0),)},
        "later": {0: ((0, 1),)},
        "start_run": {0: ((0, 1),)},
        "start_again": {1: ((0, 0),)},
    }


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("devm_add_action_or_reset", {1: ((0, 2),)}),
        ("kthread_run", {0: ((0, 1),)}),
        ("kref_put", {1: ((0, 0),)}),
        ("request_irq", {1: ((1, 4),)}),
        ("INIT_DELAYED_WORK", {1: ((0, 0),)}),
        ("kmalloc", {}),
    ],
)
def test_shipped_prototypes(name: str, passed: dict[int, tuple[tuple[int, int], ...]]) -> None:
    """Functions and macros that every driver uses are known with what they hand on."""
    assert handed(name) == passed
