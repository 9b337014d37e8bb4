// SPDX-License-Identifier: GPL-2.0
/* Modelled on: per-CPU scratch memory of vmalloc() or kmalloc() whose pointers stand in per-CPU variables */
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

static DEFINE_PER_CPU(void *, scratch);

int scratch_init(size_t size)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		void *mem = vmalloc_node(size, cpu_to_node(cpu));

		if (!mem)
			return -ENOMEM;
		per_cpu(scratch, cpu) = mem;
	}
	return 0;
}

void scratch_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		kfree(*per_cpu_ptr(&scratch, cpu)); /* memdesc: expect vmalloc -> kfree */
}

void scratch_exit_fixed(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		vfree(*per_cpu_ptr(&scratch, cpu));
}

void scratch_drop(void)
{
	kfree(this_cpu_read(scratch)); /* memdesc: alt vmalloc -> kfree */
}

void scratch_drop_fixed(void)
{
	vfree(this_cpu_read(scratch));
}
