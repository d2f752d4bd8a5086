"""The module that Django looks for in an `ENGINE`."""

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A session that compiles no query: ours are short, and compiling costs ten times their run.

    Said on the session, since a pooler may refuse it as a parameter of the connection.
    """

    def init_connection_state(self) -> None:
        super().init_connection_state()
        with self.connection.cursor() as cursor:
            cursor.execute("SET jit TO off")
        if not self.get_autocommit():
            self.connection.commit()
