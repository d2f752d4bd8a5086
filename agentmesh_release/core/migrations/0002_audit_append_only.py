"""The audit log is append-only: its one permitted update seals an unsealed row."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION core_auditevent_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    seal_columns CONSTANT text[] := ARRAY['position', 'seal', 'sealed_at'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
       AND to_jsonb(NEW) - seal_columns = to_jsonb(OLD) - seal_columns THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The audit log is append-only.' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER core_auditevent_append_only_rows BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION core_auditevent_append_only();
CREATE TRIGGER core_auditevent_append_only_table BEFORE TRUNCATE ON core_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION core_auditevent_append_only();
"""

BACKWARDS = """
DROP TRIGGER core_auditevent_append_only_table ON core_auditevent;
DROP TRIGGER core_auditevent_append_only_rows ON core_auditevent;
DROP FUNCTION core_auditevent_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
