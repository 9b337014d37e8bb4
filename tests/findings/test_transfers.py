"""How many bytes a local variable has, by its declaration."""

import pytest

from memdesc.findings.transfers import declared

FUNCTION = """int f(void)
{
	u8 few[3], many[20];
	__be16 word = g(1, 2), next;
	unsigned char product[2 * 8];
	u8 sum[FIRST + 4], *led, mask = 1;
	struct owl owl;
	unsigned long status;

	return 0;
}
"""


@pytest.mark.parametrize(
    ("used", "size"),
    [
        ("few", 3),
        ("many, 20", 20),
        ("&word", 2),
        ("(u8 *)&next", 2),
        ("product[0]", 16),
        ("sum", 0),
        ("led", 0),
        ("mask", 1),
        ("owl", 0),
        ("&status", 8),
        ("other", 0),
        ("", 0),
    ],
)
def test_declared(used: str, size: int) -> None:
    """What is not a number of elements of a known type has no size."""
    assert declared(FUNCTION, used) == size
