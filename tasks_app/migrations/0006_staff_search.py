"""An index by which staff find tasks among millions, where PostgreSQL keeps them.

It holds each task's characters and pairs of neighbours (so that a Chinese word of one
or two characters is found, too) and, as `column:value`, what filters ask for: words and
filters together are then one look-up, whatever each would find alone. It takes up a
task when the rollups do, once, so that the way of a task does not wait for it.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The loop is in PL/pgSQL because SQL would read the array anew for every pair; upper()
# because that is how Django compares without regard to case.
CREATE = """
CREATE FUNCTION task_text_grams(given text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 1000 AS $$
DECLARE
  characters text[] := string_to_array(upper(given), NULL);
  grams text[] := characters;
BEGIN
  FOR i IN 2 .. coalesce(cardinality(characters), 0) LOOP
    grams := grams || (characters[i - 1] || characters[i]);
  END LOOP;
  RETURN grams;
END
$$;

CREATE INDEX task_search ON tasks_app_task USING gin ((
  task_text_grams(text) || ARRAY[
    'status:' || status, 'task_type:' || task_type, 'engine:' || engine,
    'error_code:' || error_code, 'priority_level:' || priority_level
  ]
)) WHERE is_rolled_up;
"""
DROP = "DROP INDEX task_search; DROP FUNCTION task_text_grams(text);"


def create(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        # Of a long history the index takes longer than any other statement may.
        schema_editor.execute("SET LOCAL statement_timeout = 0")
        schema_editor.execute(CREATE)


def drop(_apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    dependencies = [("tasks_app", "0005_groups")]

    operations = [migrations.RunPython(create, drop)]
