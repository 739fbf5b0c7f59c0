-- Leaves nothing in the session of what a migration works with.

drop procedure
    pg_temp.apply_migration(int, text, text),
    pg_temp.keep_privileges(oid, oid),
    pg_temp.drop_object(oid, oid),
    pg_temp.drop_superseded(boolean),
    pg_temp.run_file(text),
    pg_temp.install_file(text, text);
drop function
    pg_temp.is_ours(oid, oid),
    pg_temp.dependents(oid, oid);
