#!/bin/sh
# Nightly copy of the database to the USB disk. Called by cron at 02:10.
# Never `cp` a live SQLite file: the WAL beside it belongs to it. VACUUM INTO
# writes a consistent copy while the counter goes on working.
set -eu

db=${1:-/var/lib/lendlib/lendlib.sqlite3}
disk=${2:-/mnt/usb/lendlib}
keep=30

mountpoint -q "$(dirname "$disk")" || { echo "USB disk is not mounted" >&2; exit 1; }
mkdir -p "$disk"
out="$disk/lendlib-$(date +%F).sqlite3"
rm -f "$out.part"
sqlite3 "$db" "vacuum into '$out.part'"
test "$(sqlite3 "$out.part" 'pragma integrity_check')" = ok
mv "$out.part" "$out"

# keep the newest thirty, and the first of each month for ever
ls -1 "$disk"/lendlib-????-??-??.sqlite3 | grep -v -- '-01\.sqlite3$' | sort -r | tail -n +$((keep + 1)) | while read -r old; do
    rm -- "$old"
done
