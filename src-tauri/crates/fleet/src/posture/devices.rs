//! What an account was seen to sign in from, as far as it says which method would suit its owner. Entra writes a system's name its own way
//! ("Ios 18.6", "Windows11"); what is not recognised says nothing. No rule about methods here.

use std::{collections::HashMap, sync::Arc};

use store::{Connection, DataKind, Result, data_state, sign_ins::System};

use super::{Known, why_unread};

/// From the oldest that will do: "Enable passkeys in Microsoft Authenticator" asks for iOS 17 and Android 14.
const PASSKEY_IOS: u32 = 17;
const PASSKEY_ANDROID: u32 = 14;
/// Security keys and Windows Hello: "Passkey (FIDO2) authentication matrix with Microsoft Entra ID".
const PASSKEY_WINDOWS: u32 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Platform {
    Phone,
    Windows,
    OtherComputer,
}

/// The devices of one account, by what they could hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Devices {
    /// A phone or tablet that can hold a passkey, by name: "iOS 18.6".
    pub new_phone: Option<String>,
    /// A phone or tablet of any age.
    pub phone: Option<String>,
    /// A computer on which a security key works.
    pub computer: Option<String>,
    /// Windows that is joined to the directory, so that Windows Hello for Business can be set up.
    pub joined_windows: Option<String>,
    /// Something too old for any of it.
    pub old: Option<String>,
}

impl Devices {
    pub fn see(&mut self, system: &str, joined: bool) {
        let Some((platform, name, version)) = read(system) else { return };
        // Of several the greatest name, so that the same sign-ins always say the same.
        let keep = |place: &mut Option<String>, name: &str| {
            if place.as_deref().is_none_or(|kept| kept < name) {
                *place = Some(name.to_owned());
            }
        };
        match platform {
            Platform::Phone => {
                keep(&mut self.phone, &name);
                let least = if name.starts_with("iOS") { PASSKEY_IOS } else { PASSKEY_ANDROID };
                match version {
                    Some(version) if version >= least => keep(&mut self.new_phone, &name),
                    Some(_) => keep(&mut self.old, &name),
                    None => {}
                }
            }
            Platform::Windows if version.is_some_and(|version| version < PASSKEY_WINDOWS) => keep(&mut self.old, &name),
            Platform::Windows => {
                keep(&mut self.computer, &name);
                if joined {
                    keep(&mut self.joined_windows, &name);
                }
            }
            Platform::OtherComputer => keep(&mut self.computer, &name),
        }
    }

    pub fn is_unknown(&self) -> bool {
        *self == Self::default()
    }
}

/// Platform, its name in words, and the main version where it says so.
fn read(system: &str) -> Option<(Platform, String, Option<u32>)> {
    let lower = system.trim().to_ascii_lowercase();
    let number = lower.find(|c: char| c.is_ascii_digit()).map(|at| lower[at..].chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect::<String>());
    let version = number.as_deref().and_then(|number| number.split('.').next()).and_then(|main| main.parse().ok());
    let named = |name: &str| number.as_deref().map_or_else(|| name.to_owned(), |number| format!("{name} {}", number.trim_end_matches('.')));
    Some(match lower.as_str() {
        os if os.starts_with("windows phone") => return None,
        os if os.starts_with("windows xp") || os.starts_with("windows vista") => (Platform::Windows, "an old Windows".to_owned(), Some(0)),
        os if os.starts_with("windows") => (Platform::Windows, named("Windows"), version),
        os if os.starts_with("ios") || os.starts_with("ipados") || os.starts_with("iphone") || os.starts_with("ipad") => {
            (Platform::Phone, named("iOS"), version)
        }
        os if os.starts_with("android") => (Platform::Phone, named("Android"), version),
        os if os.starts_with("mac") => (Platform::OtherComputer, "macOS".to_owned(), None),
        os if os.starts_with("linux") || os.starts_with("ubuntu") => (Platform::OtherComputer, "Linux".to_owned(), None),
        os if os.starts_with("chromeos") || os.starts_with("chrome os") || os.starts_with("cros") => (Platform::OtherComputer, "ChromeOS".to_owned(), None),
        _ => return None,
    })
}

/// Of every account. Most have what many others have, which is held once.
pub(super) fn load(conn: &Connection, tenant: &str) -> Result<HashMap<String, Arc<Devices>>> {
    let mut known: HashMap<Vec<u16>, Arc<Devices>> = HashMap::new();
    let mut all = HashMap::new();
    store::sign_ins::systems(conn, tenant, |user, of, systems| {
        let devices = match known.get(of) {
            Some(devices) => Arc::clone(devices),
            None => {
                let devices = Arc::new(seen(of.iter().filter_map(|system| systems.get(usize::from(*system)))));
                known.insert(of.to_vec(), Arc::clone(&devices));
                devices
            }
        };
        all.insert(user, devices);
    })?;
    Ok(all)
}

/// Of one account.
pub(super) fn load_of(conn: &Connection, tenant: &str, user: &str) -> Result<HashMap<String, Arc<Devices>>> {
    let systems = store::sign_ins::systems_of(conn, tenant, user)?;
    Ok(HashMap::from([(user.to_owned(), Arc::new(seen(systems.iter())))]))
}

fn seen<'a>(systems: impl Iterator<Item = &'a System>) -> Devices {
    let mut devices = Devices::default();
    systems.for_each(|(system, joined)| devices.see(system, *joined));
    devices
}

/// Whether sign-ins were ever read.
pub(super) fn known(conn: &Connection, tenant: &str) -> Result<Known<()>> {
    Ok(match why_unread(&data_state::get(conn, tenant, DataKind::SignIns)?) {
        Some(why) => Known::No(why),
        None => Known::Yes(()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_is_recognised_however_entra_writes_it() {
        for (system, platform, words, version) in [
            ("Ios 18.6", Platform::Phone, "iOS 18.6", Some(18)),
            ("iOS 17", Platform::Phone, "iOS 17", Some(17)),
            ("Android 15", Platform::Phone, "Android 15", Some(15)),
            ("Android", Platform::Phone, "Android", None),
            ("Windows10", Platform::Windows, "Windows 10", Some(10)),
            ("Windows 8.1", Platform::Windows, "Windows 8.1", Some(8)),
            ("Windows", Platform::Windows, "Windows", None),
            ("MacOs", Platform::OtherComputer, "macOS", None),
            ("Linux", Platform::OtherComputer, "Linux", None),
        ] {
            assert_eq!(read(system), Some((platform, words.to_owned(), version)), "{system}");
        }
        assert_eq!(read("Toaster 3"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn an_old_phone_is_a_phone_that_holds_no_passkey() {
        let mut devices = Devices::default();
        devices.see("Ios 16.7", false);
        assert_eq!((devices.phone.as_deref(), devices.new_phone.as_deref(), devices.old.as_deref()), (Some("iOS 16.7"), None, Some("iOS 16.7")));
        devices.see("Android 14", false);
        assert_eq!(devices.new_phone.as_deref(), Some("Android 14"));
    }
}
