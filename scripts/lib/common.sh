# Shared by the scripts of this folder: sourced, not run. The script that sources it sets `work` to a folder of its own.

say() { printf '\n== %s\n' "$*"; }

# Installs Debian packages.
install_packages() {
  local as_root=()
  [ "$(id -u)" -eq 0 ] || as_root=(sudo)
  say "Installing $*"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

postgres_bin() {
  local initdb
  initdb=$(command -v initdb || find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [ -z "$initdb" ] || dirname "$(readlink -f "$initdb")"
}

stop_postgres=:
postgres_url=

# Starts a server on loopback: $stop_postgres stops it, $postgres_url is its address.
# Arguments are settings of the server: fsync=off
start_postgres() {
  local bin data=$work/postgres log=$work/postgres.log port setting settings=
  local as_owner=()
  bin=$(postgres_bin)
  for setting in "$@"; do settings+=" -c $setting"; done
  if [ "$(id -u)" -eq 0 ]; then
    as_owner=(runuser -u postgres --)
    chmod 711 "$work"
    install -d -o postgres "$data"
    install -o postgres /dev/null "$log"
  fi
  "${as_owner[@]}" "$bin/initdb" -D "$data" -U checkride --auth=trust -E UTF8 --locale=C.UTF-8 \
    --locale-provider=icu --icu-locale=en --no-sync >"$work/initdb.log" || { cat "$work/initdb.log"; return 1; }
  # A port that looks free can be taken before the server uses it.
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if "${as_owner[@]}" "$bin/pg_ctl" -D "$data" -l "$log" -w -s start -o "-c listen_addresses=127.0.0.1 -c port=$port \
        -c unix_socket_directories=$data$settings"; then
      stop_postgres="${as_owner[*]} $bin/pg_ctl -D $data -m immediate -s stop"
      # shellcheck disable=SC2034 # read by the script that sources this
      postgres_url=postgres://checkride@127.0.0.1:$port/postgres
      return
    fi
  done
  cat "$log"
  return 1
}
