//! Pages as pixels, by poppler and by MuPDF, and the QR codes read from them.

use std::fs;
use std::path::Path;

use crate::support::tools::{run, text_of};

/// Resolution at which content is compared, dots per inch.
const CONTENT_DPI: u32 = 150;
/// Resolutions at which QR codes are read, the second when the first did not do.
const QR_DPI: [u32; 2] = [300, 600];
/// No side of a raster is longer: plans get fewer dots per inch.
const LONGEST_SIDE: f64 = 9000.0;
/// Up to here every page is rasterised; beyond, a sample.
const ALL_PAGES: u32 = 30;

/// How many pages poppler sees.
pub(crate) fn pages(file: &Path) -> Result<u32, String> {
    let information = text_of("pdfinfo", [file])?;
    information
        .lines()
        .find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok())
        .ok_or_else(|| "pdfinfo: no page count".to_owned())
}

/// The pages to rasterise: all of a short document; of a long one both ends and some in the middle.
pub(crate) fn sample(pages: u32) -> Vec<u32> {
    if pages <= ALL_PAGES {
        return (1..=pages).collect();
    }
    let mut sample: Vec<u32> = (1..=3).chain(pages - 2..=pages).collect();
    sample.extend((1..=6).map(|part| pages * part / 7));
    sample.sort_unstable();
    sample.dedup();
    sample
}

/// Both documents show the same pixels on these pages.
///
/// The outermost ring is left out: a page is seldom a whole number of pixels, so poppler's border
/// pixels also show a little of what lies beyond the page, where the band and its ground are.
pub(crate) fn same_content(original: &Path, restored: &Path, pages: &[u32]) -> Result<(), String> {
    for &page in pages {
        let dpi = affordable(original, page, CONTENT_DPI)?;
        let expected = Pixmap::parse(&poppler(original, page, dpi, Colour::Full)?)?;
        let shown = Pixmap::parse(&poppler(restored, page, dpi, Colour::Full)?)?;
        expected
            .compare_inside(&shown)
            .map_err(|difference| format!("content: page {page}: {difference}"))?;
    }
    Ok(())
}

/// A picture of three samples a pixel, as in a binary PPM.
struct Pixmap {
    width: usize,
    samples: Vec<u8>,
}

impl Pixmap {
    fn parse(ppm: &[u8]) -> Result<Self, String> {
        let mut parts = ppm.splitn(4, u8::is_ascii_whitespace);
        let kind = parts.next();
        let mut number = || str::from_utf8(parts.next()?).ok()?.parse::<usize>().ok();
        let (Some(b"P6"), Some(width), Some(height)) = (kind, number(), number()) else {
            return Err("pdftoppm: no PPM".to_owned());
        };
        // What is left is the greatest sample (255), one blank and the samples.
        let samples = parts
            .next()
            .and_then(|rest| rest.get(4..))
            .unwrap_or_default();
        if samples.len() != 3 * width * height || samples.is_empty() {
            return Err("pdftoppm: a PPM of another length".to_owned());
        }
        Ok(Self {
            width,
            samples: samples.to_vec(),
        })
    }

    /// Equal but for the outermost ring of pixels; else how they differ.
    fn compare_inside(&self, other: &Self) -> Result<(), String> {
        let height = |pixmap: &Self| pixmap.samples.len() / 3 / pixmap.width;
        let (size, other_size) = ((self.width, height(self)), (other.width, height(other)));
        if size != other_size {
            return Err(format!("{size:?} pixels against {other_size:?}"));
        }
        let (width, height) = size;
        let differences: Vec<(usize, usize, u8)> = self
            .samples
            .iter()
            .zip(&other.samples)
            .enumerate()
            .filter(|(_, (ours, theirs))| ours != theirs)
            .map(|(at, (ours, theirs))| (at / 3 % width, at / 3 / width, ours.abs_diff(*theirs)))
            .filter(|(x, y, _)| (1..width - 1).contains(x) && (1..height - 1).contains(y))
            .collect();
        match differences.first() {
            None => Ok(()),
            Some(first) => Err(format!(
                "{} samples of {width} × {height} differ, by {} at most, the first at {first:?}",
                differences.len(),
                differences.iter().map(|(_, _, by)| by).max().unwrap_or(&0)
            )),
        }
    }
}

/// The QR code with this address is read from each of these pages.
pub(crate) fn qr_decodes(
    renderer: Renderer,
    copy: &Path,
    pages: &[u32],
    address: &str,
    folder: &Path,
) -> Result<(), String> {
    for &page in pages {
        let mut seen = Vec::new();
        let found = QR_DPI.iter().any(|&dpi| {
            seen = renderer
                .qr_codes(copy, page, dpi, folder)
                .unwrap_or_else(|error| vec![error]);
            seen.iter().any(|text| text.eq_ignore_ascii_case(address))
        });
        if !found {
            return Err(format!("QR: page {page} by {renderer:?} gives {seen:?}"));
        }
    }
    Ok(())
}

/// Whether MuPDF can draw the first page of a document.
pub(crate) fn mupdf_draws(file: &Path, folder: &Path) -> bool {
    mupdf(file, 1, 20, &folder.join("trial.pgm")).is_ok()
}

/// A program that draws pages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Renderer {
    /// pdftoppm
    Poppler,
    /// mutool
    MuPdf,
}

impl Renderer {
    fn qr_codes(
        self,
        copy: &Path,
        page: u32,
        dpi: u32,
        folder: &Path,
    ) -> Result<Vec<String>, String> {
        let dpi = affordable(copy, page, dpi)?;
        let raster = folder.join(format!("{self:?}-{page}.pgm"));
        match self {
            Self::Poppler => {
                let pixels = poppler(copy, page, dpi, Colour::Grey)?;
                fs::write(&raster, pixels).map_err(|error| error.to_string())?;
            }
            Self::MuPdf => mupdf(copy, page, dpi, &raster)?,
        }
        let codes = qr_codes(&raster);
        let _ = fs::remove_file(&raster);
        codes
    }
}

#[derive(Clone, Copy)]
enum Colour {
    Full,
    Grey,
}

/// The part of a page that is shown (its crop box), as PPM or PGM.
fn poppler(file: &Path, page: u32, dpi: u32, colour: Colour) -> Result<Vec<u8>, String> {
    let (page, dpi) = (page.to_string(), dpi.to_string());
    let mut arguments = vec!["-cropbox", "-r", &dpi, "-f", &page, "-l", &page];
    if let Colour::Grey = colour {
        arguments.push("-gray");
    }
    let name = file.to_string_lossy();
    arguments.push(&name);
    let output = run("pdftoppm", arguments)?;
    if output.stdout.is_empty() {
        return Err(format!(
            "pdftoppm: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        ));
    }
    Ok(output.stdout)
}

fn mupdf(file: &Path, page: u32, dpi: u32, raster: &Path) -> Result<(), String> {
    let (name, raster) = (file.to_string_lossy(), raster.to_string_lossy());
    let (page, dpi) = (page.to_string(), dpi.to_string());
    text_of(
        "mutool",
        [
            "draw", "-q", "-c", "gray", "-r", &dpi, "-o", &raster, &name, &page,
        ],
    )
    .map(|_| ())
}

/// The resolution at which the longer side of a page stays within bounds.
fn affordable(file: &Path, page: u32, dpi: u32) -> Result<u32, String> {
    let number = page.to_string();
    let name = file.to_string_lossy();
    let information = text_of("pdfinfo", ["-f", &number, "-l", &number, &name])?;
    let longer_side = information
        .lines()
        .find(|line| line.starts_with("Page ") && line.contains(" size:"))
        .and_then(|line| line.split_once(':'))
        .map(|(_, sizes)| {
            sizes
                .split_whitespace()
                .filter_map(|word| word.parse::<f64>().ok())
                .fold(1.0, f64::max)
        })
        .ok_or_else(|| format!("pdfinfo: no size of page {page}"))?;
    let limit = LONGEST_SIDE * 72.0 / longer_side;
    Ok(if limit < f64::from(dpi) {
        limit as u32
    } else {
        dpi
    })
}

fn qr_codes(raster: &Path) -> Result<Vec<String>, String> {
    let name = raster.to_string_lossy();
    let output = run(
        "zbarimg",
        ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", &name],
    )?;
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect())
}
