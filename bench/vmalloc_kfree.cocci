// One simple rule, for comparison: vmalloc() memory freed with kfree() in the same function.
@@
expression p;
@@
* p = vmalloc(...)
... when != p = ...
* kfree(p)
