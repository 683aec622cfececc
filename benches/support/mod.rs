//! What the benches share: documents made on the spot, a seal of `certs-example`, and a clock of
//! processor time, because the machine may be shared.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use segell::cades::CmsProfile;
use segell::model::organ::{Cession, Names, VerificationAddress};
use segell::model::policy::Policy;
use segell::model::{Environment, Language, Organ, SealAlgorithm};
use segell::pdf::typeface::Typeface;
use segell::pki::{Anchors, SealContainer, SealKey, SealRules};
use segell::seal::{Health, LoadedSeal, legend};
use zeroize::Zeroizing;

/// An organ of `certs-example` with its seal.
pub(crate) struct Bench {
    /// The organ.
    pub(crate) organ: Organ,
    /// Its seal.
    pub(crate) seal: LoadedSeal,
}

impl Bench {
    /// Opens the PKCS#12 seal of one example organ.
    pub(crate) fn open(dir3: &str, nif: &str, algorithm: SealAlgorithm, anchors: &Anchors) -> Self {
        let folder = example();
        let read = |path: &str| {
            std::fs::read(folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
        };
        let organ = Organ {
            dir3: dir3.parse().expect("a DIR3 code"),
            ine10: None,
            nif: nif.parse().expect("a NIF"),
            environment: Environment::Pre,
            cession: Cession::Own,
            names: Names {
                ca: "Ajuntament de Vallserena".to_owned(),
                es: None,
                oc_aranes: None,
                en: None,
            },
            place: "Vallserena".to_owned(),
            language: Language::Ca,
            verification_address: VerificationAddress::try_from(
                "https://verifica.exemple.cat".to_owned(),
            )
            .expect("an origin"),
            policy: Policy::default(),
        };
        let bytes = read(&format!("seals/{dir3}.p12"));
        let pass = String::from_utf8(read(&format!("seals/{dir3}.pass"))).expect("text");
        let passphrase = Zeroizing::new(pass.trim_end().to_owned());
        let key = SealKey::open(
            &SealContainer::Pkcs12 {
                bytes: &bytes,
                passphrase: &passphrase,
            },
            &SealRules {
                nif: &organ.nif,
                algorithm,
                anchors,
                now: Timestamp::now(),
            },
        )
        .expect("a seal");
        let cms = CmsProfile::new(key.chain(), algorithm).expect("a profile");
        let typeface = Typeface::covering(&legend::alphabet(&organ)).expect("typefaces");
        Self {
            organ,
            seal: LoadedSeal {
                key,
                cms,
                typeface,
                health: Health::good(Timestamp::now()),
            },
        }
    }
}

/// The folder of example material.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("certs-example")
}

/// The authorities of `certs-example`.
pub(crate) fn anchors() -> Anchors {
    let files: Vec<(String, Vec<u8>)> = std::fs::read_dir(example().join("trust"))
        .expect("certs-example/trust")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "pem"))
        .map(|path| {
            let bytes = std::fs::read(&path).expect("an anchor");
            (path.display().to_string(), bytes)
        })
        .collect();
    let files = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    Anchors::from_pem(files).expect("anchors")
}

/// A document of `pages` pages, each with `text` bytes of content and `image` bytes that do not compress.
pub(crate) fn document(pages: usize, text: usize, image: usize) -> Bytes {
    let mut file = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    let mut object = |file: &mut Vec<u8>, body: &[u8]| {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        file.extend_from_slice(body);
        file.extend_from_slice(b"\nendobj\n");
    };
    let kids: String = (0..pages)
        .map(|page| format!("{} 0 R ", 4 + page * 3))
        .collect();
    object(&mut file, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(
        &mut file,
        format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>").as_bytes(),
    );
    object(
        &mut file,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    );
    let mut noise = Noise(0x9e37_79b9_7f4a_7c15);
    for page in 0..pages {
        let number = 4 + page * 3;
        object(
            &mut file,
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /Font << /F 3 0 R >> /XObject << /I {} 0 R >> >> >>",
                number + 1,
                number + 2
            )
            .as_bytes(),
        );
        let mut content = String::from("BT /F 11 Tf 60 780 Td 14 TL\n");
        while content.len() < text {
            content.push_str(&format!(
                "(L'acord numero {} de la sessio) Tj T*\n",
                noise.next()
            ));
        }
        content.push_str("ET\n");
        if image > 0 {
            content.push_str("q 400 0 0 400 60 60 cm /I Do Q\n");
        }
        object(&mut file, &stream("", content.as_bytes()));
        let side = (image as f64).sqrt() as usize;
        let pixels: Vec<u8> = (0..side * side).map(|_| noise.next() as u8).collect();
        let image = format!(
            "/Type /XObject /Subtype /Image /Width {0} /Height {0} /BitsPerComponent 8 \
             /ColorSpace /DeviceGray",
            side.max(1)
        );
        object(
            &mut file,
            &stream(&image, if side == 0 { &[0] } else { &pixels }),
        );
    }
    let start = file.len();
    file.extend_from_slice(format!("xref\n0 {}\n", offsets.len() + 1).as_bytes());
    file.extend_from_slice(b"0000000000 65535 f \n");
    for offset in &offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R /ID [<00><00>] >>\nstartxref\n{start}\n%%EOF\n",
            offsets.len() + 1
        )
        .as_bytes(),
    );
    Bytes::from(file)
}

fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut body = format!("<< {entries} /Length {} >>\nstream\n", bytes.len()).into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\nendstream");
    body
}

/// A xorshift generator: noise that does not compress and is the same every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

/// Processor time of this thread.
#[allow(dead_code, reason = "not every bench measures one thread")]
pub(crate) fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(
        time.tv_sec.unsigned_abs(),
        time.tv_nsec.unsigned_abs() as u32,
    )
}

/// Peak memory above the idle process while `work` runs, bytes.
#[allow(dead_code, reason = "not every bench measures memory")]
pub(crate) fn peak_above_idle(work: impl FnOnce()) -> f64 {
    let idle = resident("VmRSS");
    std::fs::write("/proc/self/clear_refs", "5").expect("Linux 4.0 or newer");
    work();
    resident("VmHWM") - idle
}

/// A line of `/proc/self/status`, in bytes.
#[allow(dead_code, reason = "not every bench measures memory")]
fn resident(line: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux system");
    let value = status
        .lines()
        .find_map(|text| text.strip_prefix(line)?.strip_prefix(':'))
        .and_then(|text| text.split_ascii_whitespace().next())
        .and_then(|text| text.parse::<f64>().ok());
    value.expect("a value in kB") * 1024.0
}
