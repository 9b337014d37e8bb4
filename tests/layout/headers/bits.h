/* Bit-fields of several widths and types, with and without qualifiers, one of an enum without a name. */
enum state { CLEAN, DIRTY, LOST = 7 };
struct page {
	unsigned long flags;
	unsigned int a : 3, b : 5, : 4, c : 20;
	const unsigned int d : 9;
	volatile unsigned int e : 1;
	_Bool f : 1;
	unsigned int : 0;
	unsigned char small : 2;
	unsigned short half : 9;
	enum state state : 4;
	enum { OFF, ON } lamp : 2;
	enum { UP = -1, DOWN } side;
	unsigned long long wide : 40;
	unsigned long page_type;
};
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	unsigned int a : 3, b : 5, : 4, c : 20;
};
