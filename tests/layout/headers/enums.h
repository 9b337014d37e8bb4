/* Enumerations: small, signed, without a name, pointed to, in an array, packed. */
enum zone { ZONE_LOW, ZONE_HIGH = 5 };
enum sign { MINUS = -1, PLUS = 1 };
enum __attribute__((packed)) tiny { T0, T1 };
typedef enum { ONE = 1, TWO } number_t;
struct page {
	unsigned long flags;
	enum zone zone;
	enum sign sign;
	enum tiny tiny[4];
	number_t number;
	const enum zone *zones;
	enum zone (*ask)(enum sign sign, number_t number);
	const enum sign fixed;
	unsigned long pad[5];
};
struct box { /* memdesc: kind=driver */
	unsigned long flags;
	enum zone zone;
};
