//! Other people's programs. They are installed by `tests/run`.

use std::path::Path;
use std::process::{Command, Output};

/// A grey raster of a page.
pub(crate) struct Raster {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<u8>,
}

/// A program that draws pages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Renderer {
    Poppler,
    MuPdf,
}

impl Renderer {
    pub(crate) const ALL: [Self; 2] = [Self::Poppler, Self::MuPdf];
}

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program} is needed ({error}): tests/run installs it"))
}

fn path_text(path: &Path) -> &str {
    path.to_str().expect("a path in ASCII")
}

/// The crop box of page `number` (1-based) at `dpi`, as PGM.
fn render(pdf: &[u8], number: u32, dpi: u32, renderer: Renderer) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.pdf");
    std::fs::write(&input, pdf).unwrap();
    let (input, dpi, page) = (path_text(&input), dpi.to_string(), number.to_string());
    match renderer {
        Renderer::Poppler => {
            let output = folder.path().join("out");
            run(
                "pdftoppm",
                &[
                    "-r",
                    &dpi,
                    "-gray",
                    "-cropbox",
                    "-singlefile",
                    "-f",
                    &page,
                    "-l",
                    &page,
                    input,
                    path_text(&output),
                ],
            );
            std::fs::read(output.with_extension("pgm")).expect("poppler draws the page")
        }
        Renderer::MuPdf => {
            let output = folder.path().join("out.pgm");
            run(
                "mutool",
                &[
                    "draw",
                    "-q",
                    "-r",
                    &dpi,
                    "-o",
                    path_text(&output),
                    input,
                    &page,
                ],
            );
            std::fs::read(output).expect("MuPDF draws the page")
        }
    }
}

/// The crop box of page `number` (1-based) at `dpi`.
pub(crate) fn raster(pdf: &[u8], number: u32, dpi: u32, renderer: Renderer) -> Raster {
    let image = render(pdf, number, dpi, renderer);
    // P5, width, height, 255, one white-space byte, pixels.
    let mut at = 0;
    let mut header = Vec::new();
    while header.len() < 4 {
        while image[at] == b'#' || image[at].is_ascii_whitespace() {
            if image[at] == b'#' {
                while image[at] != b'\n' {
                    at += 1;
                }
            }
            at += 1;
        }
        let start = at;
        while !image[at].is_ascii_whitespace() {
            at += 1;
        }
        header.push(String::from_utf8(image[start..at].to_vec()).unwrap());
    }
    let (width, height) = (header[1].parse().unwrap(), header[2].parse().unwrap());
    let pixels = image[at + 1..].to_vec();
    assert_eq!(pixels.len(), width * height);
    Raster {
        width,
        height,
        pixels,
    }
}

/// What the QR codes in the page's raster say.
pub(crate) fn decode(pdf: &[u8], number: u32, dpi: u32, renderer: Renderer) -> String {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("page.pgm");
    std::fs::write(&image, render(pdf, number, dpi, renderer)).unwrap();
    let output = run(
        "zbarimg",
        &[
            "-q",
            "--raw",
            "-Sdisable",
            "-Sqrcode.enable",
            path_text(&image),
        ],
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// The text of page `number` in reading order, as `pdftotext` finds it.
pub(crate) fn text(pdf: &[u8], number: u32) -> String {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.pdf");
    std::fs::write(&input, pdf).unwrap();
    let page = number.to_string();
    let output = run(
        "pdftotext",
        &[
            "-f",
            &page,
            "-l",
            &page,
            "-enc",
            "UTF-8",
            path_text(&input),
            "-",
        ],
    );
    String::from_utf8(output.stdout).unwrap()
}

/// What `qpdf --check` complains about.
pub(crate) fn complaints(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("in.pdf");
    std::fs::write(&input, pdf).unwrap();
    let output = run("qpdf", &["--check", path_text(&input)]);
    if output.status.success() {
        String::new()
    } else {
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
    }
}

/// The band says what it should, to people and machines.
pub(crate) fn assert_readable(pdf: &[u8], number: u32, name: &str) {
    for renderer in Renderer::ALL {
        let said = decode(pdf, number, 150, renderer);
        assert_eq!(said, super::ADDRESS, "{name}: QR by {renderer:?}");
    }
    let text = text(pdf, number);
    assert!(text.contains(super::CODE), "{name}: {text}");
}
