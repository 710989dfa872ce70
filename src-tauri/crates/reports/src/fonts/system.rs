//! Where operating systems keep fonts for the scripts that are not bundled. Names are tried in order; one that is absent is
//! passed over.

/// Font files by the systems' own names: Chinese, Japanese, Korean first (most often needed), then Hebrew, Thai, Indic and symbols.
const NAMES: &[&str] = &[
    // Windows
    "msyh.ttc",
    "YuGothM.ttc",
    "malgun.ttf",
    "segoeui.ttf",
    "LeelawUI.ttf",
    "Nirmala.ttc",
    "Nirmala.ttf",
    "seguisym.ttf",
    "arial.ttf",
    // macOS
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "AppleSDGothicNeo.ttc",
    "Arial Unicode.ttf",
    "ArialHB.ttc",
    "Thonburi.ttc",
    "Kohinoor.ttc",
    "Apple Symbols.ttf",
    // Linux
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "DroidSansFallbackFull.ttf",
    "wqy-microhei.ttc",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansBengali-Regular.ttf",
    "NotoSansTamil-Regular.ttf",
    "NotoSansTelugu-Regular.ttf",
    "NotoSansGujarati-Regular.ttf",
    "NotoSansGurmukhi-Regular.ttf",
    "NotoSansKannada-Regular.ttf",
    "NotoSansMalayalam-Regular.ttf",
    "NotoSansSinhala-Regular.ttf",
    "NotoSansGeorgian-Regular.ttf",
    "NotoSansArmenian-Regular.ttf",
    "NotoSansEthiopic-Regular.ttf",
    "NotoSansKhmer-Regular.ttf",
    "NotoSansLao-Regular.ttf",
    "NotoSansMyanmar-Regular.ttf",
    "NotoSansMath-Regular.ttf",
    "NotoSansSymbols-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "DejaVuSans.ttf",
];

fn folders() -> Vec<std::path::PathBuf> {
    let mut folders: Vec<std::path::PathBuf> = Vec::new();
    if cfg!(windows) {
        let windows = std::env::var_os("SystemRoot").unwrap_or_else(|| r"C:\Windows".into());
        folders.push(std::path::Path::new(&windows).join("Fonts"));
    } else if cfg!(target_os = "macos") {
        folders.extend(["/System/Library/Fonts", "/System/Library/Fonts/Supplemental", "/Library/Fonts"].map(Into::into));
    } else {
        folders.extend(["/usr/share/fonts", "/usr/local/share/fonts"].map(Into::into));
    }
    folders
}

/// The files of the names above that this machine has, in the names' order.
pub fn files() -> Vec<std::path::PathBuf> {
    let mut found: Vec<Option<std::path::PathBuf>> = vec![None; NAMES.len()];
    let mut open = folders();
    let mut looked = 0;
    while let Some(folder) = open.pop() {
        looked += 1;
        if looked > 2000 {
            break;
        }
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if let Some(place) = NAMES.iter().position(|name| entry.file_name().eq_ignore_ascii_case(name)) {
                found[place].get_or_insert(path);
            }
        }
    }
    found.into_iter().flatten().collect()
}
