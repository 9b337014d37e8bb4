// Pipes. Notation: docs/signatures.md

// source: fs/splice.c, fs/pipe.c, include/linux/splice.h, include/linux/pipe_fs_i.h
ssize_t splice_to_pipe(struct pipe_inode_info *pipe, struct splice_pipe_desc *spd /* in wants spliceable */);
ssize_t add_to_pipe(struct pipe_inode_info *pipe, struct pipe_buffer *buf /* in wants spliceable */);
void splice_shrink_spd(struct splice_pipe_desc *spd);
bool generic_pipe_buf_get(struct pipe_inode_info *pipe, struct pipe_buffer *buf);
