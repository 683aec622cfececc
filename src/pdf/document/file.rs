//! The file of a laid out document: page contents, structure tree, metadata, objects and their table.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};

use super::layout::{HEIGHT, Layout, Mark, WIDTH};
use super::{Document, Sign, gray};
use crate::model::Sha256Digest;
use crate::pdf::PdfError;
use crate::pdf::serialize::{text_string, write_object};
use crate::pdf::typeface::{NewObjects, Typeface};

/// The objects of a file, numbered from 1.
#[derive(Default)]
struct Objects(Vec<Object>);

impl Objects {
    /// A number to be filled in later.
    fn reserve(&mut self) -> ObjectId {
        self.place(Object::Null)
    }

    fn set(&mut self, id: ObjectId, object: impl Into<Object>) {
        let slot = usize::try_from(id.0)
            .ok()
            .and_then(|number| number.checked_sub(1));
        if let Some(slot) = slot.and_then(|slot| self.0.get_mut(slot)) {
            *slot = object.into();
        }
    }
}

impl NewObjects for Objects {
    fn place(&mut self, object: Object) -> ObjectId {
        self.0.push(object);
        (u32::try_from(self.0.len()).unwrap_or(u32::MAX), 0)
    }
}

/// A piece of content that belongs to an element.
struct Marked {
    page: usize,
    /// Its number within the page.
    number: i64,
    element: usize,
}

/// Writes the file.
pub(super) fn write(
    document: &Document,
    layout: &Layout,
    typeface: &Typeface,
) -> Result<Vec<u8>, PdfError> {
    let mut objects = Objects::default();
    let [catalog, pages] = [objects.reserve(), objects.reserve()];
    let fonts = typeface.embed_into(&mut objects, false);
    let profile = Stream::new(dictionary! { "N" => 1 }, gray::profile());
    let profile = objects.place(profile.into());
    let resources = objects.place(dictionary! { "Font" => fonts.resources() }.into());
    let mut marked = Vec::new();
    let mut kids = Vec::new();
    for (number, marks) in layout.pages.iter().enumerate() {
        let content = content(marks, number, layout, typeface, &mut marked)?;
        let content = objects.place(deflated(&content)?);
        kids.push(
            objects.place(
                dictionary! {
                    "Type" => "Page",
                    "Parent" => Object::Reference(pages),
                    "MediaBox" => vec![
                        0.into(), 0.into(), Object::Real(WIDTH as f32), Object::Real(HEIGHT as f32),
                    ],
                    "Resources" => Object::Reference(resources),
                    "Contents" => Object::Reference(content),
                    "StructParents" => number as i64,
                    "Tabs" => "S",
                }
                .into(),
            ),
        );
    }
    objects.set(
        pages,
        dictionary! {
            "Type" => "Pages",
            "Count" => kids.len() as i64,
            "Kids" => references(&kids),
        },
    );
    let structure = structure(&mut objects, layout, &kids, &marked);
    let metadata = objects.place(
        Stream::new(
            dictionary! { "Type" => "Metadata", "Subtype" => "XML" },
            metadata(document).into_bytes(),
        )
        .into(),
    );
    objects.set(
        catalog,
        dictionary! {
            "Type" => "Catalog",
            "Pages" => Object::Reference(pages),
            "Lang" => Object::string_literal(document.language),
            "MarkInfo" => dictionary! { "Marked" => true },
            "StructTreeRoot" => Object::Reference(structure),
            "Metadata" => Object::Reference(metadata),
            "OutputIntents" => vec![
                dictionary! {
                    "Type" => "OutputIntent",
                    "S" => "GTS_PDFA1",
                    "OutputConditionIdentifier" => Object::string_literal(gray::NAME),
                    "Info" => Object::string_literal(gray::NAME),
                    "DestOutputProfile" => Object::Reference(profile),
                }
                .into(),
            ],
            "ViewerPreferences" => dictionary! { "DisplayDocTitle" => true },
        },
    );
    let information = objects.place(dictionary! { "Title" => text_string(&document.title) }.into());
    Ok(file(&objects, catalog, information))
}

/// The content of a page. Text is marked with its element, everything else is decoration.
fn content(
    marks: &[Mark],
    page: usize,
    layout: &Layout,
    typeface: &Typeface,
    marked: &mut Vec<Marked>,
) -> Result<Vec<u8>, PdfError> {
    let mut out = Vec::new();
    let mut number = 0;
    for mark in marks {
        match mark {
            Mark::Text {
                x,
                y,
                setting,
                text,
                element,
            } => {
                let tag = layout
                    .elements
                    .get(*element)
                    .map_or("P", |element| element.tag);
                out.extend(format!("/{tag} <</MCID {number}>> BDC\n").bytes());
                operator(&mut out, &[setting.gray], "g");
                let font = setting.style.resource_name();
                out.extend(format!("BT /{font} ").bytes());
                operator(&mut out, &[setting.size], "Tf");
                operator(&mut out, &[*x, *y], "Td");
                typeface.show(setting.style, text, &mut out)?;
                out.extend(b" Tj ET\nEMC\n");
                marked.push(Marked {
                    page,
                    number,
                    element: *element,
                });
                number += 1;
            }
            Mark::Area {
                x,
                y,
                width,
                height,
                gray,
            } => {
                out.extend(b"/Artifact BMC\n");
                operator(&mut out, &[*gray], "g");
                operator(&mut out, &[*x, *y, *width, *height], "re");
                out.extend(b"f\nEMC\n");
            }
            Mark::Sign { x, y, side, sign } => draw_sign(&mut out, (*x, *y), *side, *sign),
        }
    }
    Ok(out)
}

/// A black disc with the sign in white.
fn draw_sign(out: &mut Vec<u8>, (x, y): (f64, f64), side: f64, sign: Sign) {
    // Where the handles of a quarter of a circle stand.
    const HANDLE: f64 = 0.552_284_75;
    let radius = side / 2.0;
    out.extend(b"/Artifact BMC q\n");
    operator(
        out,
        &[radius, 0.0, 0.0, radius, x + radius, y + radius],
        "cm",
    );
    operator(out, &[0.0], "g");
    operator(out, &[1.0, 0.0], "m");
    for curve in [
        [1.0, HANDLE, HANDLE, 1.0, 0.0, 1.0],
        [-HANDLE, 1.0, -1.0, HANDLE, -1.0, 0.0],
        [-1.0, -HANDLE, -HANDLE, -1.0, 0.0, -1.0],
        [HANDLE, -1.0, 1.0, -HANDLE, 1.0, 0.0],
    ] {
        operator(out, &curve, "c");
    }
    out.extend(b"f\n");
    operator(out, &[1.0], "G");
    operator(out, &[0.2], "w");
    out.extend(b"1 J 1 j\n");
    let strokes: &[&[(f64, f64)]] = match sign {
        Sign::Good => &[&[(-0.42, 0.02), (-0.12, -0.32), (0.44, 0.34)]],
        Sign::Careful => &[&[(0.0, 0.5), (0.0, -0.08)], &[(0.0, -0.46), (0.0, -0.46)]],
        Sign::Bad => &[
            &[(-0.33, -0.33), (0.33, 0.33)],
            &[(-0.33, 0.33), (0.33, -0.33)],
        ],
    };
    for stroke in strokes {
        for (number, (x, y)) in stroke.iter().enumerate() {
            operator(out, &[*x, *y], if number == 0 { "m" } else { "l" });
        }
        out.extend(b"S\n");
    }
    out.extend(b"Q\nEMC\n");
}

/// Operands with at most three decimals, and their operator.
fn operator(out: &mut Vec<u8>, operands: &[f64], operator: &str) {
    for operand in operands {
        let text = format!("{operand:.3}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        out.extend(if text == "-0" { "0" } else { text }.bytes());
        out.push(b' ');
    }
    out.extend(operator.bytes());
    out.push(b'\n');
}

fn deflated(content: &[u8]) -> Result<Object, PdfError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    let encoded = encoder.write_all(content).and_then(|()| encoder.finish());
    let encoded = encoded.map_err(|_| PdfError::Damaged("page content"))?;
    Ok(Stream::new(dictionary! { "Filter" => "FlateDecode" }, encoded).into())
}

/// The structure tree (ISO 32000-2, 14.7).
fn structure(
    objects: &mut Objects,
    layout: &Layout,
    pages: &[ObjectId],
    marked: &[Marked],
) -> ObjectId {
    let root = objects.reserve();
    let ids: Vec<ObjectId> = layout.elements.iter().map(|_| objects.reserve()).collect();
    let reference = |ids: &[ObjectId], index: usize| match ids.get(index) {
        Some(id) => Object::Reference(*id),
        None => Object::Null,
    };
    for (index, (element, id)) in layout.elements.iter().zip(&ids).enumerate() {
        let inside = layout.elements.iter().zip(&ids);
        let inside = inside.filter(|(other, _)| other.parent == Some(index));
        let mut kids: Vec<Object> = inside.map(|(_, id)| Object::Reference(*id)).collect();
        for piece in marked.iter().filter(|piece| piece.element == index) {
            kids.push(
                dictionary! {
                    "Type" => "MCR",
                    "Pg" => reference(pages, piece.page),
                    "MCID" => piece.number,
                }
                .into(),
            );
        }
        let parent = element
            .parent
            .map_or(Object::Reference(root), |parent| reference(&ids, parent));
        let mut entry = dictionary! {
            "Type" => "StructElem",
            "S" => element.tag,
            "P" => parent,
            "K" => kids,
        };
        if element.tag == "TH" {
            entry.set("A", dictionary! { "O" => "Table", "Scope" => "Row" });
        }
        objects.set(*id, entry);
    }
    let mut numbers = Vec::new();
    for page in 0..pages.len() {
        let on_page = marked.iter().filter(|piece| piece.page == page);
        let parents: Vec<Object> = on_page
            .map(|piece| reference(&ids, piece.element))
            .collect();
        numbers.push(Object::Integer(page as i64));
        numbers.push(Object::Array(parents));
    }
    objects.set(
        root,
        dictionary! {
            "Type" => "StructTreeRoot",
            "K" => vec![reference(&ids, 0)],
            "ParentTree" => dictionary! { "Nums" => numbers },
            "ParentTreeNextKey" => pages.len() as i64,
        },
    );
    root
}

fn references(ids: &[ObjectId]) -> Vec<Object> {
    ids.iter().map(|id| Object::Reference(*id)).collect()
}

/// The metadata (XMP, ISO 16684-1): the title, the language, and to which standard the file keeps.
fn metadata(document: &Document) -> String {
    let title = document
        .title
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    let language = document.language;
    format!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n\
         <x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n\
         <rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n\
         <rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
         xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\">\n\
         <dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">{title}</rdf:li></rdf:Alt></dc:title>\n\
         <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n\
         <pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>\n\
         </rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>"
    )
}

/// Header, objects, table and trailer.
fn file(objects: &Objects, catalog: ObjectId, information: ObjectId) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (object, number) in objects.0.iter().zip(1_u32..) {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend(format!("{number} 0 obj\n").bytes());
        write_object(&mut out, object);
        out.extend(b"\nendobj\n");
    }
    let at = out.len();
    let size = objects.0.len() + 1;
    let name = Sha256Digest::of(&out);
    let name = Object::String(name.as_bytes()[..16].to_vec(), StringFormat::Hexadecimal);
    let trailer: Dictionary = dictionary! {
        "Size" => size as i64,
        "Root" => Object::Reference(catalog),
        "Info" => Object::Reference(information),
        "ID" => vec![name.clone(), name],
    };
    out.extend(format!("xref\n0 {size}\n{table}trailer\n").bytes());
    write_object(&mut out, &trailer.into());
    out.extend(format!("\nstartxref\n{at}\n%%EOF\n").bytes());
    out
}
