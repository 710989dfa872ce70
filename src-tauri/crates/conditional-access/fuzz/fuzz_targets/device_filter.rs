//! Any text as a device filter: an answer or an error within the text, never a panic.
#![no_main]

use conditional_access::device_filter::{Device, DeviceFilter};

libfuzzer_sys::fuzz_target!(|text: &str| match DeviceFilter::parse(text) {
    Ok(filter) => {
        assert!(filter.matches(&Device::unregistered()).is_some(), "an unregistered device leaves nothing open");
        let _ = filter.matches(&Device::unknown());
    }
    Err(error) => assert!(error.position <= text.chars().count()),
});
