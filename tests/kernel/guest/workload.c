/*
 * Runs in the guest as its only program: makes memory of known kinds in known amounts, asks the kernel what
 * it thinks of every page, and stops the machine.
 *
 * What the kernel said stays in this program's own huge pages, whose physical addresses go out through the
 * debug port: the dump then carries the answers beside the memory that they are about, and nothing runs in
 * between. Built statically, for a kernel of Debian's as it is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <arpa/inet.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/io.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096UL
#define HUGE (2UL << 20)
#define DEBUG_PORT 0xe9
#define PANIC_PORT 0x505

static void say(const char *format, ...)
{
	char line[256];
	va_list words;

	va_start(words, format);
	vsnprintf(line, sizeof(line), format, words);
	va_end(words);
	for (char *c = line; *c; c++)
		outb(*c, DEBUG_PORT);
}

static void die(const char *what)
{
	say("FAILED %s: %s\n", what, strerror(errno));
	outb(1, PANIC_PORT);
	for (;;)
		pause();
}

static void put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		say("NOTE %s: %s\n", path, strerror(errno));
	close(fd);
}

/* -- what the kernel said: a buffer of huge pages ---------------------------------------------------- */

static char *buffer;
static size_t used, room;
static int pagemap = -1;

static uint64_t pfn_of(const void *at)
{
	uint64_t entry;

	if (pread(pagemap, &entry, 8, (uintptr_t)at / PAGE * 8) != 8 || !(entry >> 63))
		return 0;
	return entry & ((1ULL << 55) - 1);
}

/* Keep the frames behind [at, at + bytes) under a name. */
static void frames(const char *name, const char *at, size_t bytes)
{
	size_t start = used, count = 0;

	for (size_t n = 0; n < bytes; n += PAGE) {
		uint64_t pfn = pfn_of(at + n);

		if (pfn && used + 8 <= room) {
			memcpy(buffer + used, &pfn, 8);
			used += 8;
			count++;
		}
	}
	say("SECTION frames-%s %zu %zu\n", name, start, count * 8);
}

struct told {
	const char *path;
	int fd;
	size_t start, length;
};

static struct told told[] = {
	{"/proc/slabinfo"}, {"/proc/vmallocinfo"}, {"/proc/zoneinfo"}, {"/proc/vmstat"}, {"/proc/meminfo"},
	{"/proc/pagetypeinfo"}, {"/proc/iomem"}, {"/proc/buddyinfo"}, {"/proc/kpagecgroup"}, {"/proc/kpagecount"},
	{"/proc/kpageflags"},
};

#define TOLD (sizeof(told) / sizeof(told[0]))

static void ask(struct told *one)
{
	size_t limit = one->length ? one->length : room - used;
	ssize_t got;
	size_t done = 0;

	lseek(one->fd, 0, SEEK_SET);
	while (done < limit && (got = read(one->fd, buffer + one->start + done, limit - done)) > 0)
		done += got;
	memset(buffer + one->start + done, 0, limit > done && one->length ? limit - done : 0);
	if (!one->length)
		one->length = done;
}

/* -- kinds in known amounts -------------------------------------------------------------------------- */

static char *map(size_t bytes, int flags, int fd)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

static void fill(char *at, size_t bytes, int same)
{
	for (size_t n = 0; n < bytes; n += PAGE)
		memset(at + n, same ? 0x5a : (int)(n / PAGE * 7 + 1), PAGE);
}

static void anonymous(void)
{
	/* Off by default where there is less than 512 MiB. */
	put("/sys/kernel/mm/transparent_hugepage/enabled", "always");
	char *small = map(1200 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *large = map(4 * HUGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	char *merged = map(96 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	madvise(small, 1200 * PAGE, MADV_NOHUGEPAGE);
	fill(small, 1200 * PAGE, 0);
	frames("anon", small, 1200 * PAGE);

	large = (char *)(((uintptr_t)large + HUGE - 1) & ~(HUGE - 1));
	madvise(large, 3 * HUGE, MADV_HUGEPAGE);
	fill(large, 3 * HUGE, 0);
	frames("anon-huge", large, 3 * HUGE);

	madvise(merged, 96 * PAGE, MADV_NOHUGEPAGE);
	fill(merged, 96 * PAGE, 1);
	madvise(merged, 96 * PAGE, MADV_MERGEABLE);
	put("/sys/kernel/mm/ksm/pages_to_scan", "1000");
	put("/sys/kernel/mm/ksm/sleep_millisecs", "1");
	put("/sys/kernel/mm/ksm/run", "1");
	sleep(1);
	put("/sys/kernel/mm/ksm/run", "0");
	frames("ksm", merged, PAGE);
}

static void cached(const char *path, const char *name, int pages)
{
	int fd = open(path, O_RDWR | O_CREAT, 0600);
	char *at;

	if (fd < 0 || ftruncate(fd, pages * PAGE))
		die(path);
	at = map(pages * PAGE, MAP_SHARED, fd);
	fill(at, pages * PAGE, 0);
	frames(name, at, pages * PAGE);
}

static void tables(void)
{
	/* One page in each of 300 regions of 2 MiB: 300 page tables of the lowest level. */
	char *at = mmap(NULL, 301 * HUGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		die("tables");
	madvise(at, 301 * HUGE, MADV_NOHUGEPAGE);
	for (int n = 0; n < 300; n++)
		at[n * HUGE] = 1;
	say("KNOWN tables 300\n");
}

static void pipes(void)
{
	char page[PAGE];

	memset(page, 1, sizeof(page));
	for (int n = 0; n < 400; n++) {
		int ends[2];

		if (pipe(ends) || write(ends[1], page, PAGE) != (ssize_t)PAGE)
			die("pipe");
	}
	say("KNOWN pipes 400\n");
}

static void objects(void)
{
	char name[64];

	for (int n = 0; n < 3000; n++) {
		snprintf(name, sizeof(name), "/ram/file-with-a-name-%d", n);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	say("KNOWN ramfs-inodes 3000\n");
}

/* zsmalloc: what is written to a zram disk, half of it random so that it keeps its size. */
static void compressed(void)
{
	static char block[PAGE];
	int from = open("/dev/urandom", O_RDONLY), fd;

	put("/sys/block/zram0/disksize", "16M");
	fd = open("/dev/zram0", O_RDWR | O_SYNC);
	if (fd < 0) {
		say("NOTE zram0: %s\n", strerror(errno));
		return;
	}
	for (int n = 0; n < 1000; n++) {
		if (read(from, block, PAGE / 2) != (ssize_t)(PAGE / 2) || write(fd, block, PAGE) != (ssize_t)PAGE)
			die("zram0");
	}
	fsync(fd);
	say("KNOWN zram 1000\n");
	close(from);
}

/*
 * Pages of a page_pool: an XDP program that lets every frame pass is test-run with live frames, whose pages
 * come from a pool; a packet socket that nobody reads keeps them.
 */
static void pooled(void)
{
	struct bpf_insn code[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = XDP_PASS},
		{.code = BPF_JMP | BPF_EXIT},
	};
	static char frame[256], context[64];
	struct xdp_md *md = (struct xdp_md *)context;
	union bpf_attr attr;
	int program, size = 1 << 24, tap;
	struct ifreq request;
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));

	memset(&request, 0, sizeof(request));
	strcpy(request.ifr_name, "lo");
	tap = socket(AF_INET, SOCK_DGRAM, 0);
	ioctl(tap, SIOCGIFFLAGS, &request);
	request.ifr_flags |= IFF_UP;
	if (ioctl(tap, SIOCSIFFLAGS, &request))
		say("NOTE lo: %s\n", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_XDP;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = 2;
	attr.license = (uintptr_t)"GPL";
	program = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (program < 0) {
		say("NOTE bpf: %s\n", strerror(errno));
		return;
	}
	memset(frame, 0xff, 12);
	frame[12] = 0x88;
	frame[13] = 0xb5;
	md->data_end = sizeof(frame);
	md->ingress_ifindex = if_nametoindex("lo");
	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = program;
	attr.test.data_in = (uintptr_t)frame;
	attr.test.data_size_in = sizeof(frame);
	attr.test.ctx_in = (uintptr_t)context;
	attr.test.ctx_size_in = sizeof(*md);
	attr.test.repeat = 512;
	attr.test.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
	attr.test.batch_size = 64;
	if (syscall(SYS_bpf, BPF_PROG_TEST_RUN, &attr, sizeof(attr)))
		say("NOTE xdp: %s\n", strerror(errno));
	else
		say("KNOWN pooled 512\n");
}

int main(int argc, char **argv)
{
	size_t huge = argc > 1 ? strtoul(argv[1], NULL, 0) : 4;
	struct sched_param first = {.sched_priority = 99};
	struct rlimit many = {4096, 4096};

	if (ioperm(DEBUG_PORT, 1, 1) || ioperm(PANIC_PORT, 1, 1))
		die("ioperm");
	setrlimit(RLIMIT_NOFILE, &many);
	pagemap = open("/proc/self/pagemap", O_RDONLY);
	room = huge * HUGE;
	buffer = map(room, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1);
	memset(buffer, 0, room);
	frames("hugetlb", buffer, room);

	mkdir("/cg/reed", 0755);
	put("/cg/reed/cgroup.procs", "1");
	anonymous();
	put("/cg/cgroup.procs", "1");
	cached("/ram/cached", "file", 700);
	cached("/shm/shared", "shmem", 500);
	tables();
	pipes();
	objects();
	compressed();
	pooled();
	sync();
	sleep(1);

	put("/proc/sys/kernel/sched_rt_runtime_us", "-1");
	sched_setscheduler(0, SCHED_FIFO, &first);
	for (unsigned n = 0; n < TOLD; n++) {
		told[n].fd = open(told[n].path, O_RDONLY);
		used = (used + 63) & ~63UL;
		told[n].start = used;
		if (told[n].fd < 0) {
			say("NOTE %s: %s\n", told[n].path, strerror(errno));
			continue;
		}
		ask(&told[n]);
		/* Text may grow until it is asked for again. */
		told[n].length += told[n].path[6] == 'k' ? 0 : 8192;
		used += told[n].length;
		if (used > room)
			die("the buffer is too small");
	}
	for (size_t n = 0; n < huge; n++)
		say("BUFFER %zu %llu\n", n, (unsigned long long)pfn_of(buffer + n * HUGE) * PAGE);
	for (unsigned n = 0; n < TOLD; n++)
		if (told[n].fd >= 0)
			say("SECTION %s %zu %zu\n", told[n].path + 6, told[n].start, told[n].length);
	say("READY\n");
	for (unsigned n = 0; n < TOLD; n++)
		if (told[n].fd >= 0)
			ask(&told[n]);
	outb(1, PANIC_PORT);
	for (;;)
		;
}
