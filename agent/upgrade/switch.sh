# Switches from one agent to another, and back when the other is not found good in time. Needs neither of them.
#   sh switch.sh DIR UNIT LAUNCHER SECONDS STEP OLD NEW PID WORD…
# DIR: the upgrade's folder; UNIT: the systemd unit that keeps the agent, or empty; beside LAUNCHER lie LAUNCHER.trial,
# .kept and .old, each the whole text of the launcher for its case; PID: the old agent; WORDs: what starts an agent.
# Told by DIR/verdict; tells in DIR/outcome. While this very process lives the launcher on trial runs NEW, else OLD.
umask 022
cd /
dir=$1 unit=$2 launcher=$3 seconds=$4 step=$5 old=$6 new=$7 pid=$8
shift 8

# When a process started, in ticks: nothing for one that is gone or a zombie.
ticks() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  case $1 in Z | X) return 1 ;; esac
  echo "${20}"
}

now() {
  read -r up _ </proc/uptime
  echo "${up%%.*}"
}

tell() {
  printf '%s\n' "$2" >"$dir/$1.new" && mv -f "$dir/$1.new" "$dir/$1"
}

# Asks a process to end, and makes it after five seconds.
end() {
  started=$(ticks "$1") || return 0
  kill -TERM "$1" 2>/dev/null
  late=$(($(now) + 5))
  while [ "$(ticks "$1")" = "$started" ]; do
    [ "$(now)" -lt "$late" ] || kill -KILL "$1" 2>/dev/null
    sleep "$step"
  done
}

# Ends the agent that runs and starts the one that the launcher names now.
restart() {
  if [ -n "$unit" ]; then
    end "$pid"
    systemctl restart "$unit"
    pid=$(systemctl show -p MainPID "$unit")
    pid=${pid#MainPID=}
  else
    end "$pid"
    "$launcher" "$@" </dev/null >"$dir/said" 2>&1 &
    pid=$!
  fi
}

# The line that tells best why the new agent ended.
said() {
  if [ -n "$unit" ]; then text=$(journalctl -b "_PID=$pid" -o cat -n 40 --no-pager 2>/dev/null)
  else text=$(tail -n 40 "$dir/said" 2>/dev/null); fi
  for pattern in '^errand-agent: ' '^[A-Za-z]*Error' '^[^{]'; do
    line=$(printf '%s\n' "$text" | grep -e "$pattern" | tail -n 1)
    [ -n "$line" ] && break
  done
  echo "${line:-it said nothing}"
}

keep() {
  mv -f "$launcher.kept" "$launcher" || return 1
  tell outcome kept
  rm -f "$launcher.trial" "$launcher.old" "$dir/verdict"
  for file in "${new%/*}"/agent-*.mjs; do [ "$file" = "$new" ] || rm -f "$file"; done
  exit 0
}

# back REASON WORD…
back() {
  reason=$1
  shift
  mv -f "$launcher.old" "$launcher"
  tell outcome "reverted $reason"
  restart "$@"
  rm -f "$launcher.trial" "$launcher.kept" "$new" "$dir/verdict"
  exit 0
}

tell switcher "$$ $(ticks $$) $(cat /proc/sys/kernel/random/boot_id) ."
mv -f "$launcher.trial" "$launcher" || { tell outcome 'reverted the launcher cannot be replaced'; exit 0; }
restart "$@"
started=$(ticks "$pid")
until=$(($(now) + seconds))
while [ -d "$dir" ]; do
  verdict=$(cat "$dir/verdict" 2>/dev/null)
  case $verdict in
    keep) keep || back 'the launcher cannot be replaced' "$@" ;;
    revert*) back "${verdict#revert }" "$@" ;;
  esac
  [ -n "$started" ] && [ "$(ticks "$pid")" = "$started" ] || back "it ended: $(said)" "$@"
  [ "$(now)" -lt "$until" ] || back "nobody found it good within $seconds s" "$@"
  sleep "$step"
done
