//! The snapshot folder: a tenant as plain Graph JSON on disk
