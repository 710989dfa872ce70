//! The embedded SQLite database: schema, migrations, one file a table
