// SPDX-License-Identifier: GPL-2.0
/* Modelled on: x86, kvm: Fix kvm's use of __pa() on percpu areas */
#include <linux/percpu.h>
#include <linux/scatterlist.h>
#include <asm/msr.h>

#define MSR_CLOCK	0x4b564d01
#define MSR_ASYNC	0x4b564d02
#define AREA_ON		1

struct clock_area {
	u32 version;
	u64 stamp;
	u8 pad[52];
};

struct async_area {
	u32 reason;
	u8 ring[60];
};

static DEFINE_PER_CPU_ALIGNED(struct clock_area, clock_area);
DECLARE_PER_CPU(struct async_area, async_area);
static DEFINE_PER_CPU(u8 [64], wake_block);
static DEFINE_PER_CPU(struct clock_area *, shared_clock);

static void clock_on(int cpu)
{
	struct clock_area *area = &per_cpu(clock_area, cpu);

	wrmsrl(MSR_CLOCK, __pa(area) | AREA_ON); /* memdesc: expect percpu -> __pa */
}

static void clock_on_fixed(int cpu)
{
	struct clock_area *area = &per_cpu(clock_area, cpu);

	wrmsrl(MSR_CLOCK, slow_virt_to_phys(area) | AREA_ON);
}

static void async_on(void)
{
	wrmsrl(MSR_ASYNC, virt_to_phys(this_cpu_ptr(&async_area)) | AREA_ON); /* memdesc: expect percpu -> virt_to_phys */
}

static void async_on_fixed(void)
{
	wrmsrl(MSR_ASYNC, per_cpu_ptr_to_phys(this_cpu_ptr(&async_area)) | AREA_ON);
}

static void wake_list(struct scatterlist *sg, int cpu)
{
	sg_init_one(sg, per_cpu(wake_block, cpu), 64); /* memdesc: expect percpu -> sg_init_one */
}

static int wake_list_fixed(struct scatterlist *sg, int cpu)
{
	u8 *copy = kmemdup(per_cpu(wake_block, cpu), 64, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	sg_init_one(sg, copy, 64);
	return 0;
}

/* Each CPU has a pointer here; what it points to is of kmalloc(). */
static int shared_fixed(int cpu)
{
	struct clock_area *area = kzalloc(sizeof(*area), GFP_KERNEL);

	if (!area)
		return -ENOMEM;
	per_cpu(shared_clock, cpu) = area;
	wrmsrl(MSR_CLOCK, __pa(per_cpu(shared_clock, cpu)) | AREA_ON);
	return 0;
}

static void shared_drop_fixed(void)
{
	struct clock_area *area = this_cpu_read(shared_clock);

	this_cpu_write(shared_clock, NULL);
	kfree(area);
}
