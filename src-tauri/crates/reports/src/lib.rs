//! PDF, CSV and JSON, rendered locally
