//! What `segell serve` tells people when it has started.

use std::io::{self, Write};
use std::net::SocketAddr;

use super::health::reachable;
use super::inventory::{Inventory, Trouble};
use super::table::{FAINT, Paint, STRONG};
use crate::settings::Profile;

/// What there is to tell.
#[derive(Debug)]
pub struct Welcome<'a> {
    /// The profile.
    pub profile: Profile,
    /// It speaks TLS there.
    pub secure: bool,
    /// Where the service answers.
    pub address: SocketAddr,
    /// Where citizens connect.
    pub public: SocketAddr,
    /// Where it says how it is.
    pub operations: SocketAddr,
    /// Where copies are kept, as configured.
    pub archive: &'a str,
    /// The seals.
    pub inventory: &'a Inventory,
    /// What the operator should know besides.
    pub concerns: &'a [Trouble],
    /// The key to try with, under evaluation.
    pub key: Option<&'a str>,
}

impl Welcome<'_> {
    /// Writes it.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let address = reachable(self.address);
        writeln!(out)?;
        writeln!(
            out,
            "{STRONG}Segell {}{STRONG:#}  {}",
            env!("CARGO_PKG_VERSION"),
            match self.profile {
                Profile::Evaluation =>
                    "evaluation: for trying out; its copies are worthless and say so",
                Profile::Production => "production",
            }
        )?;
        writeln!(out)?;
        if !self.inventory.seals.is_empty() {
            self.inventory.write(out)?;
            writeln!(out)?;
        }
        let mut line =
            |name: &str, value: &str| writeln!(out, "  {FAINT}{name:<10}{FAINT:#} {value}");
        line("seals", &self.inventory.summary())?;
        line("archive", self.archive)?;
        let scheme = self.scheme();
        line("service", &format!("{scheme}://{address}/"))?;
        line("manual", &format!("{scheme}://{address}/docs"))?;
        line(
            "health",
            &format!("http://{}/readyz", reachable(self.operations)),
        )?;
        for concern in self.concerns {
            let yellow = Paint::Yellow.style();
            writeln!(out)?;
            writeln!(out, "{yellow}!{yellow:#} {}", concern.cause)?;
            writeln!(out, "  → {}", concern.next_step)?;
        }
        if self.inventory.loaded() == 0 {
            self.no_seal(out)?;
        } else if let Some(key) = self.key {
            self.first_copy(key, out)?;
        }
        writeln!(out)?;
        writeln!(out, "{FAINT}Ctrl-C stops it.{FAINT:#}")?;
        writeln!(out)?;
        out.flush()
    }

    const fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }

    /// Said loudly: everything but sealing works.
    fn no_seal(&self, out: &mut dyn Write) -> io::Result<()> {
        let red = Paint::Red.style();
        writeln!(out)?;
        writeln!(
            out,
            "{red}NO SEAL IS LOADED: no copy can be made.{red:#} Codes and files are checked all the same."
        )?;
        writeln!(
            out,
            "  → `segell seals` names each cause and what to do about it"
        )
    }

    /// The line to try.
    fn first_copy(&self, key: &str, out: &mut dyn Write) -> io::Result<()> {
        let (address, scheme) = (reachable(self.address), self.scheme());
        writeln!(out)?;
        writeln!(out, "{STRONG}Make your first copy{STRONG:#} of any PDF:")?;
        writeln!(out)?;
        writeln!(
            out,
            "  curl -H 'Authorization: Bearer {key}' --data-binary @document.pdf \\\n       \
             {scheme}://{address}/v1/copies -o copy.pdf -D -"
        )?;
        writeln!(out)?;
        writeln!(
            out,
            "The answer's Verification-Code is printed on every page of copy.pdf. Its page is\n  \
             {scheme}://{}/CODE",
            reachable(self.public)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::inventory::{Row, State};

    fn text_of(inventory: &Inventory) -> String {
        let welcome = Welcome {
            profile: Profile::Evaluation,
            secure: false,
            address: "127.0.0.1:8080".parse().unwrap(),
            public: "127.0.0.1:8080".parse().unwrap(),
            operations: "127.0.0.1:8081".parse().unwrap(),
            archive: "file://./archive",
            inventory,
            concerns: &[],
            key: Some("the_key"),
        };
        let mut plain = anstream::StripStream::new(Vec::new());
        welcome.write(&mut plain).unwrap();
        String::from_utf8(plain.into_inner()).unwrap()
    }

    #[test]
    fn without_a_seal_it_says_so_loudly_and_offers_no_line_to_try() {
        let text = text_of(&Inventory::default());
        assert!(text.contains("NO SEAL IS LOADED"));
        assert!(!text.contains("curl"));
    }

    #[test]
    fn with_a_seal_the_line_to_try_is_whole() {
        let seal = crate::cli::inventory::SealEntry {
            name: "Segell".to_owned(),
            issuer: "CA".to_owned(),
            public_key: "RSA-2048".to_owned(),
            algorithm: crate::model::SealAlgorithm::RsaPkcs1Sha256,
            not_after: "2045-01-01T00:00:00Z".parse().unwrap(),
            days_left: 6000,
            probed_at: jiff::Timestamp::UNIX_EPOCH,
        };
        let inventory = Inventory {
            seals: vec![Row {
                file: "a.toml".to_owned(),
                dir3: None,
                ine10: None,
                nif: None,
                organ: None,
                environment: None,
                cession: None,
                seal_use: None,
                used_by: None,
                commission: None,
                state: State::Ok,
                seal: Some(seal),
                next: None,
                took_over: None,
                trouble: None,
            }],
            ..Inventory::default()
        };
        let text = text_of(&inventory);
        for part in [
            "Authorization: Bearer the_key",
            "--data-binary @document.pdf",
            "http://127.0.0.1:8080/v1/copies -o copy.pdf -D -",
            "http://127.0.0.1:8080/docs",
            "http://127.0.0.1:8080/CODE",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}
