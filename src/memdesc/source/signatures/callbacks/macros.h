// Macros that take a callback and have no prototype.
// source: include/linux/workqueue.h
void INIT_WORK(struct work_struct *work, void (*func)(struct work_struct *work));
void INIT_WORK_ONSTACK(struct work_struct *work, void (*func)(struct work_struct *work));
void INIT_DELAYED_WORK(struct delayed_work *work, void (*func)(struct work_struct *work));
void INIT_DELAYED_WORK_ONSTACK(struct delayed_work *work, void (*func)(struct work_struct *work));
void INIT_DEFERRABLE_WORK(struct delayed_work *work, void (*func)(struct work_struct *work));
void INIT_DEFERRABLE_WORK_ONSTACK(struct delayed_work *work, void (*func)(struct work_struct *work));
void INIT_RCU_WORK(struct rcu_work *work, void (*func)(struct work_struct *work));
void INIT_RCU_WORK_ONSTACK(struct rcu_work *work, void (*func)(struct work_struct *work));
// source: include/linux/kthread.h
void kthread_init_work(struct kthread_work *work, void (*fn)(struct kthread_work *work));
void kthread_init_delayed_work(struct kthread_delayed_work *work, void (*fn)(struct kthread_work *work));
