//! A Microsoft Graph that behaves like the real one: demo fleet, tests, faults
