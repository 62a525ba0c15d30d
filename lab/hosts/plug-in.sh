#!/bin/sh
# Gives a guest a block device: the next free NVMe name, and a link to it by the volume's id, as udev makes it.
# plug-in.sh INIT NAME-BY-ID LOOP-MINOR
set -eu
cd "/proc/$1/root/dev"
mkdir -p disk/by-id
[ ! -e "disk/by-id/$2" ] || exit 0
number=1
while [ -e "nvme${number}n1" ]; do number=$((number + 1)); done
mknod -m 660 "nvme${number}n1" b 7 "$3"
chown 0:6 "nvme${number}n1"
ln -s "../../nvme${number}n1" "disk/by-id/$2"
