"""The only place that touches the database: tables, migrations, field encryption, repositories."""
