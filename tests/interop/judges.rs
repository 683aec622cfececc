//! The judges of a sealed copy. Each is one question with the sentence that says why not.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::pyhanko::{PyHanko, Reading};
use crate::raster::{self, Renderer};
use crate::support::tools::{run, text_of};

/// Programs that the judges ask.
pub(crate) const PROGRAMS: &[&str] = &[
    "qpdf",
    "pdfsig",
    "pdfinfo",
    "pdftotext",
    "pdftoppm",
    "mutool",
    "zbarimg",
];

/// A copy to judge.
pub(crate) struct Copy<'a> {
    /// What was sent.
    pub(crate) source: &'a Path,
    /// What came back.
    pub(crate) sealed: &'a Path,
    /// Its code, as printed.
    pub(crate) code: &'a str,
    /// The host that the organ's copies are checked at.
    pub(crate) host: &'a str,
    /// The anchors of the seal.
    pub(crate) anchors: &'a [PathBuf],
    /// The pages that carry a band.
    pub(crate) banded: Banded,
}

/// Where the bands are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Banded {
    /// On every page.
    EveryPage,
    /// On the page added at the end.
    LastPage,
}

impl Banded {
    fn of(self, pages: u32) -> Vec<u32> {
        match self {
            Self::EveryPage => (1..=pages).collect(),
            Self::LastPage => vec![pages],
        }
    }
}

/// What the judges say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Judgement {
    /// What speaks against the copy.
    pub(crate) complaints: Vec<String>,
    /// Judges that cannot even work with the source, and so were not asked about the copy. Poppler
    /// and qpdf are never excused: what they cannot show is not worth sealing.
    pub(crate) excused: Vec<&'static str>,
}

/// All judges, with what they need to work.
pub(crate) struct Panel {
    pyhanko: PyHanko,
    folder: TempDir,
}

impl Panel {
    /// Calls them in.
    pub(crate) fn new() -> Self {
        Self {
            pyhanko: PyHanko::start(),
            folder: TempDir::new().expect("a temporary folder can be made"),
        }
    }

    /// Asks every judge about a copy.
    pub(crate) fn judge(&mut self, copy: &Copy<'_>) -> Judgement {
        let mut judgement = Judgement::default();
        let verdicts = [
            source_is_prefix(copy),
            qpdf_finds_nothing_new(copy),
            self.pyhanko_accepts(copy, &mut judgement),
            pdfsig_accepts(copy),
            text_shows_code(copy),
            self.content_is_untouched(copy, &mut judgement),
            self.qr_decodes(copy, &mut judgement),
        ];
        judgement.complaints = verdicts.into_iter().filter_map(Result::err).collect();
        judgement
    }

    fn pyhanko_accepts(
        &mut self,
        copy: &Copy<'_>,
        judgement: &mut Judgement,
    ) -> Result<(), String> {
        match self.pyhanko.reads(copy.source) {
            Reading::NotAtAll => judgement.excused.push("pyHanko"),
            reading => self.pyhanko.accepts(copy.sealed, copy.anchors, reading)?,
        }
        Ok(())
    }

    fn content_is_untouched(
        &mut self,
        copy: &Copy<'_>,
        judgement: &mut Judgement,
    ) -> Result<(), String> {
        let restored = self.folder.path().join("restored.pdf");
        let trial = self
            .pyhanko
            .restore_boxes(copy.source, copy.source, &restored);
        if trial.is_err() {
            judgement.excused.push("content");
            return Ok(());
        }
        self.pyhanko
            .restore_boxes(copy.source, copy.sealed, &restored)?;
        let pages = raster::sample(raster::pages(copy.source)?);
        raster::same_content(copy.source, &restored, &pages)
    }

    fn qr_decodes(&self, copy: &Copy<'_>, judgement: &mut Judgement) -> Result<(), String> {
        let address = format!("https://{}/{}", copy.host, copy.code.replace('-', ""));
        let pages = raster::pages(copy.sealed)?;
        let sample: Vec<u32> = match copy.banded {
            Banded::EveryPage => raster::sample(pages),
            Banded::LastPage => vec![pages],
        };
        raster::qr_decodes(
            Renderer::Poppler,
            copy.sealed,
            &sample,
            &address,
            self.folder.path(),
        )?;
        if !raster::mupdf_draws(copy.source, self.folder.path()) {
            judgement.excused.push("QR by MuPDF");
            return Ok(());
        }
        raster::qr_decodes(
            Renderer::MuPdf,
            copy.sealed,
            &sample,
            &address,
            self.folder.path(),
        )
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).expect("a file under judgement can be read")
}

fn source_is_prefix(copy: &Copy<'_>) -> Result<(), String> {
    let (source, sealed) = (read(copy.source), read(copy.sealed));
    if sealed.len() > source.len() && sealed.starts_with(&source) {
        Ok(())
    } else {
        Err("prefix: the copy does not begin with the source".to_owned())
    }
}

fn qpdf_finds_nothing_new(copy: &Copy<'_>) -> Result<(), String> {
    let (before, _) = qpdf(copy.source)?;
    let (after, words) = qpdf(copy.sealed)?;
    if after <= before {
        Ok(())
    } else {
        Err(format!("qpdf: {after:?} after {before:?}: {words}"))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Health {
    Sound,
    Warnings,
    Errors,
}

fn qpdf(file: &Path) -> Result<(Health, String), String> {
    let output = run("qpdf", [Path::new("--check"), file])?;
    let health = match output.status.code() {
        Some(0) => Health::Sound,
        Some(3) => Health::Warnings,
        _ => Health::Errors,
    };
    let words = String::from_utf8_lossy(&output.stderr);
    Ok((health, words.chars().take(300).collect()))
}

fn pdfsig_accepts(copy: &Copy<'_>) -> Result<(), String> {
    let report = text_of("pdfsig", [Path::new("-nocert"), copy.sealed])?;
    let validations = report.matches("Signature Validation:").count();
    let valid = report.contains("Signature Validation: Signature is Valid.");
    let total = report.contains("Total document signed");
    if validations == 1 && valid && total && !report.contains("Not total document signed") {
        Ok(())
    } else {
        Err(format!("pdfsig: {report}"))
    }
}

fn text_shows_code(copy: &Copy<'_>) -> Result<(), String> {
    let text = text_of("pdftotext", [copy.sealed, Path::new("-")])?;
    let pages: Vec<&str> = text.split_terminator('\u{c}').collect();
    let expected = raster::pages(copy.sealed)?;
    if pages.len() != expected as usize {
        return Err(format!("pdftotext: {} pages of {expected}", pages.len()));
    }
    let lacking: Vec<u32> = copy
        .banded
        .of(expected)
        .into_iter()
        .filter(|page| !pages[*page as usize - 1].contains(copy.code))
        .collect();
    match lacking.first() {
        Some(first) => Err(format!(
            "pdftotext: {} pages lack the code, page {first} first",
            lacking.len()
        )),
        None => Ok(()),
    }
}
