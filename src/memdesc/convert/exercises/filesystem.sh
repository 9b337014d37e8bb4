#!/bin/sh
# A filesystem on a disk, with files that together are larger than the memory of the guest.
# for: fs/*/*
# memory: 40
# image: 63 mkfs.{type}
set -e
disk=/dev/vda
parts=$((MEMORY * 2))
dd if=/dev/urandom of=/seed bs=64k count=8 2>/dev/null

made() { # PARTS: what is written
	part=0
	while [ $part -lt "$1" ]; do
		echo "part $part"
		cat /seed
		part=$((part + 1))
	done
}
same() { # WHAT WANTED GIVEN
	[ "$2" = "$3" ] && return
	echo "$1: not what was written"
	exit 1
}
big=$(made $parts | md5sum)
shorter=$(made 3 | head -c 1000001 | md5sum)
longer=$({ made 3 | head -c 1000001; head -c 999999 /dev/zero; } | md5sum)
patched=$({ made 1 | head -c 10001; echo another; made 1 | tail -c +10010; } | md5sum)
hole=$({ head -c 1000000 /dev/zero; echo end; } | md5sum)
long=$(made 1 | head -c 9 | sed 's/ //'; head -c 300 /dev/zero | tr '\0' x)
long=$(echo "$long" | tr -d '\n')

compare() {
	same big "$big" "$(md5sum < /mnt/big)"
	same shorter "$shorter" "$(md5sum < /mnt/shorter)"
	same longer "$longer" "$(md5sum < /mnt/longer)"
	same patched "$patched" "$(md5sum < /mnt/patched)"
	same hole "$hole" "$(md5sum < /mnt/hole)"
	same link "$patched" "$(md5sum < /mnt/e/link)"
	same short "../big" "$(readlink /mnt/e/short)"
	same long "$long" "$(readlink /mnt/e/long)"
	same moved "inner" "$(cat /mnt/e/moved/inner)"
	same parent "$(ls -id /mnt/e | awk '{ print $1 }')" "$(ls -aid /mnt/e/moved/.. | awk '{ print $1 }')"
	same count "$(wc -l < /listed)" "$(ls /mnt/d | wc -l)"
	same names "$(md5sum < /listed)" "$(ls /mnt/d | sort | md5sum)"
	for number in $(seq 1 7 300); do
		[ ! -f /mnt/d/file-$number ] || same file-$number "text $number" "$(cat /mnt/d/file-$number)"
	done
}

mount -t "$TYPE" $disk /mnt
mkdir /mnt/d /mnt/e /mnt/d/moved
made $parts > /mnt/big
for number in $(seq 300); do
	echo "text $number" > /mnt/d/file-$number
done
for number in $(seq 3 3 300); do
	mv /mnt/d/file-$number /mnt/e/other-$number
done
for number in $(seq 5 5 300); do
	rm -f /mnt/d/file-$number /mnt/e/other-$number
done
mv -f /mnt/d/file-1 /mnt/d/file-2
echo "text 2" > /mnt/d/file-2
echo inner > /mnt/d/moved/inner
mv /mnt/d/moved /mnt/e/moved
mkdir /mnt/d/gone && rmdir /mnt/d/gone
ls /mnt/d | sort > /listed
made 3 > /mnt/shorter
truncate -s 1000001 /mnt/shorter
cp /mnt/shorter /mnt/longer
truncate -s 2000000 /mnt/longer
made 1 > /mnt/patched
echo another | dd of=/mnt/patched bs=1 seek=10001 conv=notrunc 2>/dev/null
echo end | dd of=/mnt/hole bs=1 seek=1000000 2>/dev/null
ln /mnt/patched /mnt/e/link
ln -s ../big /mnt/e/short
ln -s "$long" /mnt/e/long
compare
sync
echo 3 > /proc/sys/vm/drop_caches
compare
umount /mnt
mount -t "$TYPE" $disk /mnt
compare
rm /mnt/big
made $parts > /mnt/big
umount /mnt
mount -t "$TYPE" -o ro $disk /mnt
compare
umount /mnt
