// Variables that are freed at the end of their scope. Notation: docs/signatures.md

// source: include/linux/cleanup.h
void *no_free_ptr(p /* empties */);
void *__get_and_null(p /* empties */, nullvalue); // since: 6.9
void *retain_and_null_ptr(p /* empties */); // since: 6.9
