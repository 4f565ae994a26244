#!/bin/bash
# busybox-root.sh DIR [glibc] - a rootfs as bare as an appliance: static busybox and an sshd (dropbear), no bash, no
# sftp-server, no Node, no Python. For INIT=dropbear of hosts.sh.
# Without "glibc" dropbear keeps its libraries in /.lab, so that the host itself has no libc: a glibc binary copied
# there fails with "not found", as on a musl or appliance target. With "glibc" the host has the C and C++
# libraries of this machine in their places, and a copied glibc binary (Node's, for one) runs.
# Debian packages: busybox-static dropbear-bin (and libstdc++6 for "glibc", which every Debian has)
set -euo pipefail
r=$1 libc=${2:-}
mkdir -p "$r"/{bin,sbin,etc/dropbear,etc/ssh,proc,sys,dev,tmp,run,root,var/log,home,opt,usr/bin,usr/sbin}
cp /bin/busybox "$r/bin/"; for a in $(/bin/busybox --list); do [ "$a" = busybox ] || ln -sf busybox "$r/bin/$a"; done
ldd_of() { ldd "$@" | awk '$2 == "=>" && $3 ~ /^\// {print $3}' | sort -u; }
loader=$(ldd /usr/sbin/dropbear | awk '$1 ~ /^\/.*ld-linux/ {print $1}')
if [ "$libc" = glibc ]; then
  cp /usr/sbin/dropbear "$r/usr/sbin/"
  mkdir -p "$r${loader%/*}"; cp -L "$loader" "$r$loader"
  # where the loader looks by itself: /lib/TRIPLET, whatever this machine calls it
  libc_path=$(ldd_of /usr/sbin/dropbear | grep '/libc\.so\.6$'); triplet=$(basename "$(dirname "$libc_path")")
  mkdir -p "$r/lib/$triplet"
  known=$(ldconfig -p)
  { ldd_of /usr/sbin/dropbear
    for l in libc.so.6 libm.so.6 libdl.so.2 librt.so.1 libpthread.so.0 libresolv.so.2 libnss_files.so.2 libnss_dns.so.2 \
      libgcc_s.so.1 libstdc++.so.6; do awk -v l="$l" '$1 == l && !seen++ {print $NF}' <<<"$known"; done
  } | sort -u | while read -r l; do cp -L "$l" "$r/lib/$triplet/"; done
else
  mkdir -p "$r/.lab/lib"; cp /usr/sbin/dropbear "$r/.lab/"; cp -L "$loader" "$r/.lab/ld.so"
  ldd_of /usr/sbin/dropbear | while read -r l; do cp -L "$l" "$r/.lab/lib/"; done
fi
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$r/etc/passwd"; printf 'root:x:0:\n' >"$r/etc/group"
echo 'root:*:19000:0:99999:7:::' >"$r/etc/shadow"; echo /bin/sh >"$r/etc/shells"
chmod 700 "$r/root"; chmod 640 "$r/etc/shadow"
