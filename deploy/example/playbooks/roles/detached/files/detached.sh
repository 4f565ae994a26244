#!/bin/sh
# detached.sh start|stop|restart|status DIR PROGRAM [ARGUMENT...]
# Keeps one background process, for hosts that may have no systemd. DIR/pid holds its pid and start time, so that
# another process with the same pid, after a reboot say, is never taken for it; its output goes to DIR/log.
# Prints "started" or "stopped" when it did that, else "running" or "not running"; status ends with 3 if not running.
set -eu
action=$1 dir=$2; shift 2

start_time() { # field 22 of /proc/PID/stat; the name before it may hold spaces
  sed -e 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

running() {
  [ -s "$dir/pid" ] || return 1
  read -r pid started <"$dir/pid"
  [ "$(start_time "$pid")" = "$started" ]
}

start() {
  if running; then echo running; return; fi
  setsid "$@" </dev/null >>"$dir/log" 2>&1 &
  echo "$! $(start_time $!)" >"$dir/pid"
  echo started
}

stop() { # asks, waits for up to ten seconds, then forces
  if ! running; then echo 'not running'; return; fi
  kill -TERM "$pid"
  looks=0
  while running; do
    looks=$((looks + 1))
    [ "$looks" -le 100 ] || kill -KILL "$pid" 2>/dev/null || :
    sleep 0.1
  done
  rm -f "$dir/pid"
  echo stopped
}

case $action in
start) start "$@" ;;
stop) stop ;;
restart) stop; start "$@" ;;
status) if running; then echo running; else echo 'not running'; exit 3; fi ;;
*) sed -n '2,5p' "$0" >&2; exit 64 ;;
esac
