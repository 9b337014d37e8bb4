#!/bin/sh
# Install what the slow layout tests judge by, on Debian 12, and fetch two kernels of Debian into a folder:
#     sh tests/layout/setup.sh /some/folder && MEMDESC_KERNELS=/some/folder pytest -m real tests/layout
set -eu
folder=${1:?usage: setup.sh FOLDER}
apt-get install -y --no-install-recommends clang gcc bpftool \
	gcc-12-i686-linux-gnu gcc-12-aarch64-linux-gnu gcc-12-arm-linux-gnueabihf \
	gcc-12-riscv64-linux-gnu gcc-12-powerpc64-linux-gnu gcc-12-powerpc-linux-gnu gcc-12-s390x-linux-gnu
mkdir -p "$folder"
cd "$folder"
for series in '6\.1\.' '6\.12\.'; do
	package=$(apt-cache search --names-only "^linux-image-$series.*-cloud-amd64\$" |
		sed 's/ .*//' | sort -V | tail -n 1)
	apt-get download "$package"
	dpkg -x "$package"_*.deb "$package"
	mv "$package"/boot/vmlinuz-* .
	rm -r "$package" "$package"_*.deb
done
