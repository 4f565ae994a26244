#!/bin/bash
# hosts.sh - real machines out of namespaces: own address, hostname, PID 1, boot id, cgroup v2, disk and sshd each.
# Root needed; Debian packages: iproute2 openssh-server nftables. Everything lives under $LAB, in network
# namespaces named $P* and in cgroups named $P*; nothing outside them is touched but one directory, /run/netns.
#   hosts.sh up N            start N hosts (and, the first time, the controller's namespace and switch)
#   hosts.sh check           say in a sentence why this machine cannot, and end with 1; else say nothing
#   hosts.sh switch          only the controller's namespace and switch
#   hosts.sh boot I          start host I, with the disk it had if it ran before; returns when its sshd answers
#   hosts.sh crash I         a power cut: the cable is dead first, then everything in the host; the disk stays
#   hosts.sh down            end them all
#   hosts.sh ctl CMD...      run CMD in the controller's network namespace
#   hosts.sh in I CMD...     run CMD inside host I (all its namespaces)
#   hosts.sh link I up|down  cut the cable of host I at the switch
#   hosts.sh drop I on|off   nft: silently drop everything from and to host I (a partition)
#   hosts.sh deaf I on|off   nft: drop only what host I sends (a one-way partition)
#   hosts.sh mute I on|off   nft: drop only what is sent to host I (the other way)
#   hosts.sh loss PERCENT    nft numgen: drop that share of all frames at random (0: none)
#   hosts.sh rate I KBIT|off tc tbf: a slow link (netem is not in every kernel; delay needs a proxy in user space)
# Env: LAB (state folder), P (name prefix, a few letters), NET (first three octets). For a host's first boot, and
# kept for its next ones:
#   ROOT=DIR (lower root; default / of this machine, with /root, /home, /opt, /srv, /mnt and all that is not
#     part of a Debian system hidden), HIDE="node python*" (programs that the host must not have), NAME (its
#     hostname; default $P$I), CGROUP=no (a host without cgroup v2), INIT=sshd (default: a shell as PID 1 that
#     keeps one sshd), INIT=systemd (ROOT from systemd-root.sh; needs systemd-container) or INIT=dropbear (ROOT
#     from busybox-root.sh)
# Accounts of each host: root (key), and where the password is "lab-password" and the key serves too: deploy (sudo
# asks nothing), clerk (sudo asks for the password), guest (no sudo). sudo is there if ROOT has it.
set -euo pipefail
LAB=${LAB:-/tmp/errand-lab}; P=${P:-er}; NET=${NET:-10.77.0}
CG=/sys/fs/cgroup; [ -d $CG/unified ] && CG=$CG/unified
PASSWORD_HASH='$6$errandlab$FjK1MCG.U3MXdeB4qvK8ZFQDhkeN4qupcGWmTqe4o0o633W16eKl4zgDSq/YdQhYsxkuStqBpjrb2QetiSo0o0' # of lab-password
ns() { echo "$P$1"; }

check() {
  local d; [ "$(id -u)" = 0 ] || { echo 'making hosts out of namespaces needs root'; return 1; }
  d=$(mktemp -d)
  unshare --mount --uts --ipc --pid --net --fork --propagation private bash -c '
    set -e; cd "$1"
    mount -t tmpfs lab . || { echo "mounting is not allowed here"; exit 1; }
    cd "$1"; mkdir up work root
    mount -t overlay lab -o "lowerdir=/,upperdir=up,workdir=work" root || { echo "the kernel has no overlay file system"; exit 1; }
    ip link add name veth0 type veth peer name veth1 || { echo "the kernel has no veth"; exit 1; }
    ip link add br0 type bridge || { echo "the kernel has no bridge"; exit 1; }
    nft add table bridge lab || { echo "the kernel has no nftables for bridges"; exit 1; }
  ' check "$d" 2>/dev/null >"$d.why" || { cat "$d.why"; [ -s "$d.why" ] || echo 'making namespaces is not allowed here'; rm -rf "$d" "$d.why"; return 1; }
  rm -rf "$d" "$d.why"
}

switch_up() {
  mkdir -p "$LAB"; exec 9>"$LAB/lock"; flock 9
  if [ ! -e "$LAB/switch" ]; then
    # an overlay cannot keep its writes on another overlay, which the / of a container often is
    if [ "$(stat -f -c %T "$LAB")" = overlayfs ]; then mount -t tmpfs -o mode=755 lab "$LAB"; fi
    ip netns add "${P}sw"; ip netns add "${P}ctl"
    ip -n "${P}sw" link add br0 type bridge; ip -n "${P}sw" link set br0 up
    ip -n "${P}sw" link add pctl type veth peer name eth0 netns "${P}ctl"
    ip -n "${P}sw" link set pctl master br0 up
    ip -n "${P}ctl" link set lo up; ip -n "${P}ctl" link set eth0 up
    ip -n "${P}ctl" addr add "$NET.254/24" dev eth0
    ip netns exec "${P}sw" nft -f - <<NFT
table bridge lab {
  set cut { type ether_addr; }
  set deaf { type ether_addr; }
  set mute { type ether_addr; }
  chain lossy { }
  chain passing {
    type filter hook forward priority 0; policy accept;
    ether saddr @cut drop
    ether daddr @cut drop
    ether saddr @deaf drop
    ether daddr @mute drop
    jump lossy
  }
}
NFT
    [ -f "$LAB/key" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$LAB/key"
    date >"$LAB/switch"
  fi
  exec 9>&-
}

disk() { # what the host's overlay begins with; `seed` is laid down inside it at the first boot
  local d=$LAB/$1 root=${ROOT:-/} init=${INIT:-sshd} name=${NAME:-$P$1} s user shell=/bin/sh; s=$d/seed
  [ -e "$d/made" ] && return 0
  rm -rf "$d"; mkdir -p "$d"/{up,work,root} "$s"/{etc/ssh,root/.ssh,opt,home,srv,mnt,var/log}
  printf 'root=%q init=%q cgroup=%q name=%q\n' "$root" "$init" "${CGROUP:-yes}" "$name" >"$d/kind"
  hide "$d/up" "$root"
  echo "$name" >"$s/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 %s\n' "$name" >"$s/etc/hosts"
  ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$s/etc/ssh/ssh_host_ed25519_key"
  cp "$s/etc/ssh/ssh_host_ed25519_key.pub" "$d/host_key.pub"
  cat >"$s/etc/ssh/sshd_config" <<SSHD
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication yes
KbdInteractiveAuthentication no
UsePAM $([ "$init" = systemd ] && echo yes || echo no)
PidFile /run/sshd.pid
Subsystem sftp internal-sftp
SSHD
  for user in passwd group shadow; do cp "${root%/}/etc/$user" "$s/etc/$user"
    sed -i -E '/^(deploy|clerk|guest):/d; s/^root:!*[^:]*:([0-9]+:[0-9]*:[0-9])/root:*:\1/' "$s/etc/$user"; done
  [ -e "${root%/}/bin/bash" ] && shell=/bin/bash
  account "$s" deploy 2001 $shell 'ALL=(ALL) NOPASSWD: ALL'
  account "$s" clerk 2002 $shell 'ALL=(ALL) ALL'
  account "$s" guest 2003 $shell ''
  keys "$s/root" 0
  if [ "$init" = dropbear ]; then mkdir -p "$s/etc/dropbear"
    dropbearconvert openssh dropbear "$s/etc/ssh/ssh_host_ed25519_key" "$s/etc/dropbear/dropbear_ed25519_host_key" 2>/dev/null; fi
  date >"$d/made"
}

hide() { # whiteouts: what the lower root has and the host must not see
  local up=$1 root=${2%/} dir pattern f
  if [ -z "$root" ]; then
    for f in /* /.[!.]*; do case $f in
      /bin|/boot|/dev|/etc|/lib*|/media|/proc|/run|/sbin|/sys|/tmp|/usr|/var|'/.[!.]*') ;;
      *) mknod "$up$f" c 0 0 ;;
    esac; done
  fi
  for dir in bin sbin usr/bin usr/sbin usr/local/bin usr/local/sbin; do
    [ -L "$root/$dir" ] && continue
    for pattern in ${HIDE:-}; do for f in "$root/$dir"/$pattern; do
      [ -e "$f" ] || [ -L "$f" ] || continue
      mkdir -p "$up/$dir"; mknod "$up/$dir/${f##*/}" c 0 0
    done; done
  done
}

account() { # SEED NAME UID SHELL SUDO-RULE
  local s=$1 name=$2 uid=$3
  echo "$name:x:$uid:$uid:$name:/home/$name:$4" >>"$s/etc/passwd"; echo "$name:x:$uid:" >>"$s/etc/group"
  echo "$name:$PASSWORD_HASH:19000:0:99999:7:::" >>"$s/etc/shadow"
  mkdir -p "$s/home/$name/.ssh"; keys "$s/home/$name" "$uid"
  if [ -n "$5" ]; then mkdir -p "$s/etc/sudoers.d"; chmod 750 "$s/etc/sudoers.d"
    echo "$name $5" >"$s/etc/sudoers.d/$name"; chmod 440 "$s/etc/sudoers.d/$name"; fi
}

keys() { # HOME UID; empty start files: the lower root may have slow ones, and bash under sshd reads them
  cp "$LAB/key.pub" "$1/.ssh/authorized_keys"; : >"$1/.bashrc"; : >"$1/.profile"
  chmod 700 "$1" "$1/.ssh"; chmod 600 "$1/.ssh/authorized_keys"; chown -R "$2:$2" "$1"
}

cable() { # the host's network namespace, new at each boot: no socket of the life before is left to speak up
  local i=$1 n; n=$(ns "$1")
  ip netns add "$n"
  ip -n "${P}sw" link add "p$i" type veth peer name eth0 netns "$n"
  ip -n "${P}sw" link set "p$i" master br0 up
  ip -n "$n" link set lo up
  ip -n "$n" link set eth0 address "$(mac "$i")"
  ip -n "$n" link set eth0 up
  ip -n "$n" addr add "$NET.$i/24" dev eth0
}

mac() { printf '02:77:00:00:%02x:%02x' $(($1 / 256)) $(($1 % 256)); }

boot() {
  local i=$1 d=$LAB/$1 root init cgroup name cg=''; switch_up; disk "$i"; . "$d/kind"
  if [ -f "$d/pid" ] && ! gone "$(cat "$d/pid")"; then return 0; fi
  cable "$i"
  if [ "$cgroup" = yes ] && mkdir -p "$CG/$P$i" 2>/dev/null; then cg=$CG/$P$i; fi
  if [ "$init" = systemd ]; then boot_systemd "$i" "$cg" "$root" "$name"; else boot_shell "$i" "$cg" "$root" "$init" "$name"; fi
}

MOUNT_DISK='
  mount -t overlay lab -o "lowerdir=$root,upperdir=$d/up,workdir=$d/work" "$d/root"
  if [ -e "$d/seed" ]; then cp -a "$d/seed/." "$d/root"; rm -rf "$d/seed"; fi
'

boot_shell() { # HOST CGROUP ROOT INIT NAME
  local server='mkdir -p /run/sshd; /usr/sbin/sshd -D -e'
  if [ "$4" = dropbear ]; then server='/usr/sbin/dropbear -F -E -R -p 22'
    [ -e "$3/.lab/dropbear" ] && server='/.lab/ld.so --library-path /.lab/lib /.lab/dropbear -F -E -R -p 22'; fi
  # unshare forks: the child is PID 1 of the host. It mounts its disk, pivots into it and becomes sshd's parent.
  setsid /bin/bash -c '
    [ -z "$1" ] || echo $$ >"$1/cgroup.procs"; n=$2; shift 2
    exec ip netns exec "$n" unshare --mount --uts --ipc --pid --cgroup --fork --kill-child=SIGKILL --propagation private "$@"
  ' enter "$2" "$P$1" /bin/bash -c '
      set -e; d=$1; root=$2; name=$3; server=$4; cg=$5
      hostname "$name"
      '"$MOUNT_DISK"'
      cd "$d/root"
      mount -t proc proc proc; mount -t tmpfs -o mode=755 run run; mkdir -p run/lock
      cat /proc/sys/kernel/random/uuid >run/boot_id; chmod 444 run/boot_id
      mount --bind run/boot_id proc/sys/kernel/random/boot_id
      mount -t tmpfs -o mode=1777 tmp tmp
      mount --rbind /dev dev; mount --rbind /sys sys
      if [ -n "$cg" ]; then mount -t cgroup2 cgroup2 sys/fs/cgroup; fi
      mkdir -p .old; pivot_root . .old; cd /; umount -l /.old; rmdir /.old
      exec 0</dev/null >/var/log/boot.log 2>&1
      # PID 1: reap orphans, as an init does, and keep sshd running
      export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      exec env -i PATH=$PATH /bin/sh -c "$server & s=\$!; while kill -0 \$s; do wait \$s; done"
    ' boot "$LAB/$1" "$3" "$5" "$server" "$2" </dev/null >"$LAB/$1/console" 2>&1 &
  echo $! >"$LAB/$1/pid"; disown
}

boot_systemd() { # HOST CGROUP ROOT NAME
  setsid unshare --mount --propagation private /bin/bash -c '
    set -e; d=$1; root=$2; ns=$3; cg=$4; name=$5
    echo $$ >"$cg/cgroup.procs"
    umount -R /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
    '"$MOUNT_DISK"'
    export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
    # with --keep-unit nspawn ends with 133 when the inside asks for a reboot: start it again, as a machine would
    rc=133; while [ $rc = 133 ]; do rc=0
      systemd-nspawn --quiet --directory="$d/root" --boot --register=no --keep-unit --machine="$ns" --hostname="$name" \
        --network-namespace-path="/run/netns/$ns" --console=pipe systemd.unified_cgroup_hierarchy=1 || rc=$?
    done
  ' boot "$LAB/$1" "$3" "$P$1" "$2" "$4" </dev/null >"$LAB/$1/console" 2>&1 &
  echo $! >"$LAB/$1/pid"; disown
}

wait_ssh() {
  for _ in $(seq 1200); do
    ip netns exec "${P}ctl" bash -c "exec 3<>/dev/tcp/$NET.$1/22 && read -t 1 -u 3 x && [[ \$x == SSH* ]]" 2>/dev/null && return 0
    gone "$(cat "$LAB/$1/pid")" && break
    sleep 0.05
  done
  echo "host $1 has no sshd" >&2; cat "$LAB/$1/console" >&2; return 1
}

gone() { [ ! -e "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

pid1() { # the host's PID 1, seen from outside; nspawn keeps a helper above it
  local c; c=$(cat "$LAB/$1/pid")
  while :; do
    c=$(cat "/proc/$c/task/"*/children 2>/dev/null); c=${c%% *}; [ -n "$c" ] || return 1
    if [ "$(awk '/^NSpid/ {print $NF}' "/proc/$c/status")" = 1 ]; then echo "$c"; return 0; fi
  done
}

crash() {
  local i=$1 d=$LAB/$1 cg=$CG/$P$1 pid init; [ -f "$d/pid" ] || return 0
  pid=$(cat "$d/pid"); init=$(pid1 "$i") || init=$pid
  ip -n "${P}sw" link del "p$i" 2>/dev/null || :
  kill -KILL "$pid" 2>/dev/null || :
  if [ -e "$cg/cgroup.kill" ]; then echo 1 >"$cg/cgroup.kill"; fi
  for _ in $(seq 500); do gone "$pid" && gone "$init" && { [ ! -e "$cg/cgroup.events" ] || grep -q 'populated 0' "$cg/cgroup.events"; } && break; sleep 0.02; done
  [ ! -d "$cg" ] || find "$cg" -depth -type d -exec rmdir {} \; 2>/dev/null || :
  ip netns del "$(ns "$i")" 2>/dev/null || :
  rm -f "$d/pid"; rm -rf "$d/work/work"
}

known_hosts() {
  local d
  for d in "$LAB"/[0-9]*; do [ ! -f "$d/host_key.pub" ] || echo "$NET.${d##*/} $(cut -d' ' -f1,2 "$d/host_key.pub")"; done
}

cmd=${1:-}; shift || :
case $cmd in
check) check ;;
switch) switch_up ;;
up) switch_up; for i in $(seq "$1"); do boot "$i"; done; for i in $(seq "$1"); do wait_ssh "$i"; done
    known_hosts >"$LAB/known_hosts" ;;
boot) boot "$1"; wait_ssh "$1" ;;
crash) crash "$1" ;;
down) for f in "$LAB"/*/pid; do [ ! -f "$f" ] || crash "$(basename "$(dirname "$f")")"; done
      for n in $(ip netns list | awk -v p="^$P" '$1 ~ p"(ctl|sw|[0-9]+)$" {print $1}'); do ip netns del "$n" || :; done
      # what runs on this machine itself out of the lab's folder: local agents, connections that ssh keeps
      for f in $(grep -slF -- "$LAB/" /proc/[0-9]*/cmdline); do f=${f#/proc/}; kill -KILL "${f%/cmdline}" 2>/dev/null || :; done
      rm -f "$LAB/switch"; if mountpoint -q "$LAB"; then umount "$LAB"; fi ;;
ctl) exec ip netns exec "${P}ctl" "$@" ;;
in) c=$(pid1 "$1") || { echo "host $1 is down" >&2; exit 69; }
    # among the host's processes also for its cgroups; below systemd in one beside its own
    cg=$CG/$P$1; if [ -d "$cg/payload" ]; then cg=$cg/payload/lab; mkdir -p "$cg"; fi
    if [ -e "$cg/cgroup.procs" ]; then echo $$ >"$cg/cgroup.procs" 2>/dev/null || :; fi
    shift; exec nsenter -a -t "$c" -- "$@" ;;
link) ip -n "${P}sw" link set "p$1" "$2" ;;
drop|deaf|mute) s=$cmd; [ "$cmd" = drop ] && s=cut
      ip netns exec "${P}sw" nft "$([ "$2" = on ] && echo add || echo delete)" element bridge lab "$s" "{ $(mac "$1") }" ;;
loss) ip netns exec "${P}sw" nft flush chain bridge lab lossy
      [ "$1" = 0 ] || ip netns exec "${P}sw" nft add rule bridge lab lossy numgen random mod 100 '<' "$1" drop ;;
rate) if [ "$2" = off ]; then ip netns exec "${P}sw" tc qdisc del dev "p$1" root
      else ip netns exec "${P}sw" tc qdisc replace dev "p$1" root tbf rate "${2}kbit" burst 16kb latency 200ms; fi ;;
*) sed -n '2,33p' "$0"; exit 64 ;;
esac
