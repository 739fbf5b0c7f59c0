/// The shell script that owns a private server.
///
/// It makes the server's folder, starts the server, says `ready` and the folder, and then obeys what it reads. At the
/// end of its input, which comes when its parent ends in whatever way, it stops the server and removes the folder.
/// `initdb` refuses root, so that as root everything of the server's runs as the user postgres. The folder is that user's,
/// and so root neither writes nor reads anything in it: whoever owns a folder can put a link in the place of a file.
enum WatchdogScript {
    static let text = #"""
        set -u
        cd /
        trap '' PIPE
        trap 'exit 1' INT TERM HUP
        unset PGDATA PGHOST PGPORT PGUSER PGDATABASE PGSERVICE PGOPTIONS

        fail() {
            echo "failed $1"
            exit 1
        }

        as_server() {
            if [ "$(id -u)" = 0 ]; then
                setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
            else
                "$@"
            fi
        }

        start() {
            as_server "$programs/pg_ctl" start --silent --wait --pgdata="$folder/data" --log="$folder/log" \
                --options="-k $folder -c listen_addresses= $options" </dev/null >/dev/null 2>&1
        }

        stop() {
            as_server "$programs/pg_ctl" stop --silent --wait --mode="$1" --pgdata="$folder/data" \
                </dev/null >/dev/null 2>&1
        }

        programs=
        for candidate in "${POSTGRES_BIN-}" "$(pg_config --bindir 2>/dev/null)" \
            $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t / -k 5 -r -n) \
            /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin \
            "$(dirname "$(command -v initdb)")"; do
            if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
                programs=$candidate
                break
            fi
        done
        [ -n "$programs" ] || fail "no PostgreSQL server found: initdb is in none of the usual places nor in PATH"
        if [ "$(id -u)" = 0 ]; then
            id postgres >/dev/null 2>&1 || fail "PostgreSQL does not run as root, and there is no user postgres"
        fi

        options=$1
        folder=$(mktemp -d "$2/reimburse.XXXXXX") || fail "cannot make a folder in $2"
        keep=
        adopted=
        trap '[ -z "$adopted" ] || kill -9 $adopted 2>/dev/null; [ -n "$keep" ] || { stop immediate; as_server find "$folder" -mindepth 1 -delete; rmdir "$folder"; }' EXIT
        [ "$(id -u)" != 0 ] || chown postgres:postgres "$folder"

        as_server sh -c 'exec "$1" --pgdata="$2/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \
            --no-sync >"$2/initdb.log" 2>&1 </dev/null' sh "$programs/initdb" "$folder" ||
            fail "initdb: $(as_server tail -n 3 "$folder/initdb.log")"
        start || fail "the server does not start: $(as_server tail -n 3 "$folder/log")"
        echo "ready $folder"

        while read -r order process; do
            case $order in
                adopt) adopted="$adopted $process" ;;
                start) start ;;
                stop) stop immediate ;;
                keep) keep=1 ;;
            esac
            echo "done $?"
        done
        """#
}
