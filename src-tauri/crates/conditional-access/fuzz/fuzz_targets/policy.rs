//! Any text as a policy: what is read is written again without loss, and can be put in words and compared.
#![no_main]

use conditional_access::{ConditionalAccessPolicy, NoNames, difference, sentence};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Ok(policy) = ConditionalAccessPolicy::from_json(text) else { return };
    let again = ConditionalAccessPolicy::from_value(&policy.to_value());
    assert_eq!(again.as_ref().ok(), Some(&policy));
    let _ = (policy.not_understood(), sentence(&policy, &NoNames));
    let _ = difference(&policy.to_value(), &ConditionalAccessPolicy::default().to_value(), &NoNames);
});
