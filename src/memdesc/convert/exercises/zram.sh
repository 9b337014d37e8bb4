#!/bin/sh
# A compressed disk in memory: a filesystem on it, holes in it and compaction, and swap; more is written than there is
# memory.
# for: mm/zsmalloc.c
# memory: 64
# config: CONFIG_ZRAM=y CONFIG_ZSMALLOC=y CONFIG_ZPOOL=y CONFIG_SWAP=y CONFIG_COMPACTION=y CONFIG_EXT2_FS=y
# config: CONFIG_CRYPTO=y CONFIG_CRYPTO_LZO=y CONFIG_ZRAM_BACKEND_LZO=y
set -e
zram=/sys/block/zram0
parts=$((MEMORY * 5 / 2))
dd if=/dev/urandom bs=1k count=96 2>/dev/null | od -An -tx1 | head -c 262144 > /seed

made() { # FROM TO
	part=$1
	while [ "$part" -lt "$2" ]; do
		echo "part $part"
		cat /seed
		dd if=/dev/zero bs=1k count=256 2>/dev/null | tr '\0' "$((part % 10))"
		part=$((part + 1))
	done
}
same() { # WHAT WANTED GIVEN
	[ "$2" = "$3" ] && return
	echo "$1: not what was written"
	exit 1
}

echo $((MEMORY * 2))M > $zram/disksize
mke2fs -b 4096 /dev/zram0 > /dev/null
mount -t ext2 /dev/zram0 /mnt
for number in $(seq 0 7); do
	made $((number * parts / 8)) $((number * parts / 8 + parts / 8)) > /mnt/file-$number
done
sync
echo 1 > /proc/sys/vm/compact_memory
echo 3 > /proc/sys/vm/drop_caches
for number in $(seq 0 7); do
	same file-$number "$(made $((number * parts / 8)) $((number * parts / 8 + parts / 8)) | md5sum)" \
		"$(md5sum < /mnt/file-$number)"
done
echo "mm_stat: $(cat $zram/mm_stat)"
umount /mnt
echo 1 > $zram/reset

kept() { # FILE: a page of four
	for page in $(seq 0 4 2044); do
		dd if="$1" bs=4096 skip="$page" count=1 2>/dev/null
	done
}
echo 16M > $zram/disksize
made 0 16 > /raw
dd if=/raw of=/dev/zram0 bs=4096 2>/dev/null
sync
for page in $(seq 0 4 2044); do
	blkdiscard -o $((page * 4096 + 4096)) -l 12288 /dev/zram0
done
echo 1 > $zram/compact
echo 1 > /proc/sys/vm/compact_memory
echo 3 > /proc/sys/vm/drop_caches
same kept "$(kept /raw | md5sum)" "$(kept /dev/zram0 | md5sum)"
echo "mm_stat: $(cat $zram/mm_stat)"
rm /raw
echo 1 > $zram/reset

echo $((MEMORY * 2))M > $zram/disksize
mkswap /dev/zram0 > /dev/null
swapon /dev/zram0
mount -t tmpfs -o size=$((MEMORY * 2))M tmpfs /mnt
made 0 $parts > /mnt/big
echo "mm_stat: $(cat $zram/mm_stat)"
same swapped "$(made 0 $parts | md5sum)" "$(md5sum < /mnt/big)"
rm /mnt/big
umount /mnt
swapoff /dev/zram0
echo 1 > $zram/reset
