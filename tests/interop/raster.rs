//! Pages as pixels, by poppler and by MuPDF, and the QR codes read from them.

use std::fs;
use std::path::Path;

use crate::pixmap::Pixmap;
use crate::support::tools::{run, text_of};

/// Resolution at which content is compared, dots per inch.
const CONTENT_DPI: u32 = 150;
/// Resolutions at which QR codes are read, the second when the first did not do.
const QR_DPI: [u32; 2] = [300, 600];
/// No raster has more pixels: plans get fewer dots per inch.
const MOST_PIXELS: f64 = 120e6;
/// QR codes are looked for in the lower left corner, where the band has them: zbarimg refuses
/// pictures with longer sides than 16,000 pixels.
const QR_CORNER: usize = 8000;
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

/// Both documents show the same pixels on these pages, those of the border too, which also show a
/// little of what lies beyond the page.
pub(crate) fn same_content(original: &Path, restored: &Path, pages: &[u32]) -> Result<(), String> {
    for &page in pages {
        let dpi = affordable(original, page, CONTENT_DPI)?;
        let expected = Pixmap::parse(&poppler(original, page, dpi, Colour::Full)?)?;
        let shown = Pixmap::parse(&poppler(restored, page, dpi, Colour::Full)?)?;
        expected
            .compare(&shown)
            .map_err(|difference| format!("content: page {page}: {difference}"))?;
    }
    Ok(())
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
        let picture = match self {
            Self::Poppler => poppler(copy, page, dpi, Colour::Grey)?,
            Self::MuPdf => {
                mupdf(copy, page, dpi, &raster)?;
                fs::read(&raster).map_err(|error| error.to_string())?
            }
        };
        let corner = Pixmap::parse(&picture)?.lower_left(QR_CORNER);
        fs::write(&raster, corner).map_err(|error| error.to_string())?;
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

/// The resolution at which a page has no more pixels than can be worked with.
fn affordable(file: &Path, page: u32, dpi: u32) -> Result<u32, String> {
    let number = page.to_string();
    let name = file.to_string_lossy();
    let information = text_of("pdfinfo", ["-f", &number, "-l", &number, &name])?;
    let square_inches = information
        .lines()
        .find(|line| line.starts_with("Page ") && line.contains(" size:"))
        .and_then(|line| line.split_once(':'))
        .map(|(_, sizes)| {
            sizes
                .split_whitespace()
                .filter_map(|word| word.parse::<f64>().ok())
                .map(|points| points / 72.0)
                .take(2)
                .product::<f64>()
        })
        .ok_or_else(|| format!("pdfinfo: no size of page {page}"))?;
    let most = (MOST_PIXELS / square_inches).sqrt();
    Ok(dpi.min(most as u32))
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
