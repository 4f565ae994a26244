#!/bin/bash
# systemd-root.sh DIR - a Debian rootfs with a real systemd, logind and sshd, and no Node and no Python, for
# INIT=systemd of hosts.sh. About 280 MB, one to six minutes. Debian package: debootstrap (systemd-container boots it)
set -euo pipefail
debootstrap --variant=minbase \
  --include=systemd,systemd-sysv,libpam-systemd,dbus,openssh-server,iproute2,procps,sudo,ca-certificates bookworm "$1"
rm -rf "$1"/var/cache/apt/archives/*.deb
# a key of its own for each host comes from hosts.sh; these would be the same on all
rm -f "$1"/etc/ssh/ssh_host_*
