# The shim: stands between the agent and one job's program. POSIX sh; tried with dash and busybox.
#
# It owns the job's life and needs nobody: it starts the program with its output going straight to the files,
# keeps the time limit, and writes down how the program ended. The agent may die and come back meanwhile.
#
# Arguments: DIR      the job's folder, absolute
#            ENDED    the folder in which a file named as the job says that it has ended, or with .started that it has begun
#            CGROUP   the job's own cgroup, or empty
#            SHIMS    the cgroup of the shims, or empty
#            LIMIT    seconds, 0 for none
#            GRACE    hundredths of a second between TERM and KILL
#            STEP     what sleep accepts as a short wait here: 0.05 or 1
#            CWD      where the program starts
#            SETSID   the path of setsid, or empty
#            then the program and its arguments.
# Environment: the program's, but for PATH, which waits in ERRAND_SHIM_PATH. Hence the long names of our own variables:
# one that came with the environment would be handed on with our value.

errand_dir=$1 errand_ended=$2 errand_cgroup=$3 errand_shims=$4 errand_limit=$5 errand_grace=$6 errand_step=$7 errand_cwd=$8 errand_setsid=$9
shift 9
errand_job=${errand_dir##*/}
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umask 077
exec 2>>"$errand_dir/shim.log"
IFS=' 	
'

# start_of PID: sets `ticks` to field 22 of its stat. The name in it may hold blanks and brackets: cut at the last one.
start_of() {
  errand_ticks=0
  IFS= read -r errand_line 2>/dev/null <"/proc/$1/stat" || return 0
  set -- ${errand_line##*) }
  shift 19
  errand_ticks=$1
}

# is_over: nothing of the job is alive any more.
is_over() {
  if [ -n "$errand_cgroup" ]; then
    while read -r errand_key errand_value; do
      [ "$errand_key" = populated ] && { [ "$errand_value" = 0 ]; return; }
    done <"$errand_cgroup/cgroup.events"
    return 0
  fi
  members
  [ -z "$errand_pids" ]
}

# members: sets `pids` to the job's processes: of its cgroup, else of its session, marked by its id, or children of those.
members() {
  errand_pids=
  if [ -n "$errand_cgroup" ]; then
    for errand_list in "$errand_cgroup"/cgroup.procs "$errand_cgroup"/*/cgroup.procs; do
      [ -e "$errand_list" ] || continue
      while read -r errand_pid; do errand_pids="$errand_pids $errand_pid"; done <"$errand_list"
    done
    return 0
  fi
  errand_marked=" $(grep -l "ERRAND_JOB_ID=$errand_job" /proc/[0-9]*/environ 2>/dev/null | tr '\n' ' ')"
  for errand_process in /proc/[0-9]*; do
    IFS= read -r errand_line 2>/dev/null <"$errand_process/stat" || continue
    belongs "$errand_process" ${errand_line##*) } && errand_pids="$errand_pids ${errand_process#/proc/}"
  done
  return 0
}

# belongs /proc/PID STATE PPID PGRP SESSION ...
belongs() {
  case $2 in Z | X) return 1 ;; esac
  [ "$5" = "$errand_main" ] && [ -n "$errand_setsid" ] && return 0
  case $errand_marked in *" $1/environ "*) return 0 ;; esac
  case "$errand_pids " in *" $3 "*) return 0 ;; esac
  return 1
}

# send SIGNAL: to everything of the job.
send() {
  if [ "$1" = KILL ] && [ -n "$errand_cgroup" ] && [ -e "$errand_cgroup/cgroup.kill" ]; then
    echo 1 >"$errand_cgroup/cgroup.kill" && return
  fi
  members
  [ -n "$errand_pids" ] || return 0
  kill -s "$1" $errand_pids && return
  # Of another user, by an agent that is not root: only sudo may. What has ended meanwhile is nobody's any more.
  [ -e "$errand_dir/sudo" ] || return 0
  members
  read -r errand_sudo <"$errand_dir/sudo"
  [ -z "$errand_pids" ] || $errand_sudo /bin/sh -c 'kill -s "$0" "$@"' "$1" $errand_pids </dev/null
}

# now: sets `hundredths` since boot, which no change of the clock moves.
now() {
  read -r errand_seconds errand_rest </proc/uptime
  errand_hundredths=$((${errand_seconds%.*} * 100 + 1${errand_seconds#*.} - 100))
}

# main_pid: sets `main`, which leads the session of the program; 0 when it was not started.
main_pid() {
  errand_main=0
  IFS=' ' read -r errand_main errand_rest 2>/dev/null <"$errand_dir/process"
  [ -n "$errand_main" ] || errand_main=0
}

# end_tree: TERM to all, the grace, then KILL until nothing is left.
end_tree() {
  errand_ending=1
  main_pid
  send TERM
  now
  errand_deadline=$((errand_hundredths + errand_grace))
  until is_over; do
    now
    [ "$errand_hundredths" -ge "$errand_deadline" ] && break
    sleep "$errand_step"
  done
  errand_tries=0
  until is_over || [ "$errand_tries" -ge 200 ]; do
    send KILL
    errand_tries=$((errand_tries + 1))
    sleep "$errand_step"
  done
}

# how_it_ended STATUS: sets `end` to `exit N` or `signal N`. Above 128 the status alone cannot tell; the shells tell it on
# standard error (`Killed`), which goes to a file of its own here, except for INT and PIPE.
how_it_ended() {
  errand_end="exit $1"
  [ "$1" -gt 128 ] && [ "$1" -le 192 ] || return 0
  [ -s "$errand_dir/how" ] || [ "$1" = 130 ] || [ "$1" = 141 ] || return 0
  errand_end="signal $(($1 - 128))"
}

# gone: a shell that cannot fork goes, and so does one whose redirection fails. Puts right without a fork what it was about.
gone() {
  [ -z "$errand_ending" ] || [ -z "$errand_cgroup" ] || echo 1 >"$errand_cgroup/cgroup.kill"
  [ "$errand_stage" = claimed ] && printf 'not_started exit 11 .\n' 1<>"$errand_dir/end.tmp"
  [ "$errand_stage" = begun ] || echo "$errand_dir/launch"
}
errand_ending= errand_stage= errand_late=
trap gone EXIT
trap errand_late=1 USR1 # the keeper says so; the file beside it is for an agent that takes our place

# Who writes this file first decides: we start the program, or an agent that came back has called it off.
read -r errand_boot </proc/sys/kernel/random/boot_id
start_of $$
set -C
command : >"$errand_dir/shim" || exit 1
set +C
errand_stage=claimed
printf '%s %s %s .\n' "$$" "$errand_ticks" "$errand_boot" >"$errand_dir/shim" || exit 1
[ -z "$errand_shims" ] || echo 0 >"$errand_shims/cgroup.procs"

errand_input=/dev/null
[ -e "$errand_dir/stdin" ] && errand_input=$errand_dir/stdin
exec </dev/null

if [ "$errand_limit" != 0 ]; then
  (
    errand_stage=begun
    trap gone EXIT
    trap - USR1
    exec >/dev/null
    sleep "$errand_limit"
    [ -e "$errand_dir/cancel" ] || { kill -s USR1 $$; command : >"$errand_dir/timed_out"; }
    end_tree
  ) &
  errand_keeper=$!
fi

# In the foreground, since a shell starts what is in the background with INT and QUIT ignored. So the program says itself
# who it is, before it becomes the program.
exec 2>"$errand_dir/how"
now
errand_began=$errand_hundredths
(
  trap - EXIT USR1
  exec 2>>"$errand_dir/stderr"
  [ -z "$errand_cgroup" ] || echo 0 >"$errand_cgroup/cgroup.procs" || exit 126
  cd "$errand_cwd" || exit 126
  read -r errand_main errand_rest </proc/self/stat
  start_of "$errand_main"
  # Over blanks, as the end: a full disk must not start a program that nobody knows.
  printf '%s %s %s .\n' "$errand_main" "$errand_ticks" "$errand_boot" 1<>"$errand_dir/process" || exit 126
  command : >"$errand_ended/$errand_job.started"
  umask 022
  PATH=$ERRAND_SHIM_PATH ERRAND_JOB_ID=$errand_job
  export PATH ERRAND_JOB_ID
  unset ERRAND_SHIM_PATH OLDPWD
  exec $errand_setsid "$@"
) <"$errand_input" >>"$errand_dir/stdout"
errand_status=$?
errand_stage=begun
exec >/dev/null 2>&1
how_it_ended "$errand_status"
errand_cause=ended
main_pid
if [ "$errand_main" = 0 ]; then
  errand_cause=not_started
elif [ -n "$errand_late" ] || [ -e "$errand_dir/timed_out" ]; then
  errand_cause=timed_out
  wait "$errand_keeper"
elif [ -e "$errand_dir/cancel" ]; then
  errand_cause=cancelled
  end_tree
fi
errand_ending=

# The sleeping keeper: it is of our process group, and the program is not.
trap '' TERM
kill -s TERM 0

now
errand_record="$errand_cause $errand_end $((errand_hundredths - errand_began))"
# Written over blanks that the agent laid down, so that a full disk does not keep an end from being recorded. A disk that
# takes nothing at all leaves the end in the words of this process, where the agent reads it, until it takes it.
if ! printf '%s .\n' "$errand_record" 1<>"$errand_dir/end.tmp"; then
  trap - EXIT
  exec /bin/sh -c '
    until printf "%s .\n" "$3" 1<>"$1/end.tmp" 2>/dev/null; do [ -d "$1" ] || exit; sleep 1; done
    mv -f "$1/end.tmp" "$1/end"
    command : >"$2"
  ' errand-end "$errand_dir" "$errand_ended/$errand_job" "$errand_record"
fi
mv -f "$errand_dir/end.tmp" "$errand_dir/end"
command : >"$errand_ended/$errand_job"
