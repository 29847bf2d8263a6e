"""The database: what is sold, who has what, what is believed held, what was and is to be sent.

SQLAlchemy Core on SQLite or PostgreSQL. A connection within `Database.transaction` is the unit of work.
"""
