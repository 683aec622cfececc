//! Cleaning a drawing: of an SVG only known shapes and known ways to paint them are written anew.
//! Scripts, styles, events, links, fonts, images and foreign content are left out, and whatever is
//! referred to has to be inside.

use roxmltree::{Document, Node, ParsingOptions};

/// Longest drawing accepted and written, in bytes.
const LONGEST: usize = 64 << 10;

/// Deepest nesting of shapes.
const DEEPEST: usize = 32;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements that draw, or that those refer to.
const ELEMENTS: [&str; 18] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "mask",
    "path",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "use",
];

/// Attributes that say where and how to paint.
const ATTRIBUTES: [&str; 59] = [
    "clip-path",
    "clip-rule",
    "clipPathUnits",
    "color",
    "cx",
    "cy",
    "d",
    "display",
    "fill",
    "fill-opacity",
    "fill-rule",
    "fr",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "href",
    "id",
    "mask",
    "maskContentUnits",
    "maskUnits",
    "offset",
    "opacity",
    "overflow",
    "paint-order",
    "pathLength",
    "patternUnits",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rx",
    "ry",
    "shape-rendering",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "transform",
    "transform-origin",
    "vector-effect",
    "version",
    "viewBox",
    "visibility",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
];

/// Why a file is no drawing that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitDrawing {
    /// Too long.
    #[error("it has more than {LONGEST} bytes; simplify the drawing")]
    TooLong,
    /// Not XML.
    #[error("it is not SVG: {0}")]
    NotXml(String),
    /// Its first element is another.
    #[error("it is not SVG: its first element is {0}")]
    NotSvg(String),
    /// Nested too deeply.
    #[error("its shapes are nested more than {DEEPEST} deep")]
    TooDeep,
    /// Nothing to draw.
    #[error("nothing is drawn in it")]
    Empty,
}

/// The drawing, written anew from what is known to be harmless.
pub(super) fn clean(text: &str) -> Result<String, UnfitDrawing> {
    if text.len() > LONGEST {
        return Err(UnfitDrawing::TooLong);
    }
    // Many drawing programs write a document type; entities in it are refused by the parser's limits.
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: 20_000,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| UnfitDrawing::NotXml(error.to_string()))?;
    let root = document.root_element();
    if root.tag_name().namespace() != Some(SVG) || root.tag_name().name() != "svg" {
        return Err(UnfitDrawing::NotSvg(root.tag_name().name().to_owned()));
    }
    let mut out = String::with_capacity(text.len());
    let shapes = write(root, 0, &mut out)?;
    match (shapes, out.len()) {
        (0, _) => Err(UnfitDrawing::Empty),
        (_, LONGEST..) => Err(UnfitDrawing::TooLong),
        _ => Ok(out),
    }
}

/// Writes an element and what is in it; tells how many shapes there were.
fn write(node: Node<'_, '_>, depth: usize, out: &mut String) -> Result<usize, UnfitDrawing> {
    let name = node.tag_name().name();
    if node.tag_name().namespace() != Some(SVG) || !ELEMENTS.contains(&name) {
        return Ok(0);
    }
    if depth > DEEPEST {
        return Err(UnfitDrawing::TooDeep);
    }
    out.push('<');
    out.push_str(name);
    if depth == 0 {
        out.push_str(" xmlns=\"http://www.w3.org/2000/svg\"");
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        if name == "style" && attribute.namespace().is_none() {
            write_style(value, out);
        } else if ATTRIBUTES.contains(&name) && is_inside(name, value) {
            write_attribute(name, value, out);
        }
    }
    out.push('>');
    let mut shapes = usize::from(!matches!(name, "svg" | "g" | "defs" | "desc" | "stop"));
    for child in node.children().filter(Node::is_element) {
        shapes += write(child, depth + 1, out)?;
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    Ok(shapes)
}

/// What drawing programs put into `style` is written as attributes, which mean the same.
fn write_style(style: &str, out: &mut String) {
    for declaration in style.split(';') {
        if let Some((name, value)) = declaration.split_once(':') {
            let (name, value) = (name.trim(), value.trim());
            let paints =
                name.contains('-') || ["fill", "stroke", "opacity", "display"].contains(&name);
            if paints && ATTRIBUTES.contains(&name) && is_inside(name, value) {
                write_attribute(name, value, out);
            }
        }
    }
}

/// Whether a value refers to nothing outside the drawing.
fn is_inside(name: &str, value: &str) -> bool {
    if name == "href" {
        return value.starts_with('#');
    }
    let lower = value.to_ascii_lowercase();
    let mut references = lower.split("url(").skip(1);
    let inside = references.all(|rest| rest.trim_start_matches([' ', '"', '\'']).starts_with('#'));
    inside && !lower.contains("expression") && !value.contains('\\')
}

fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for letter in value.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 9 9\">{inside}</svg>"
        )
    }

    #[test]
    fn what_draws_is_kept() {
        let drawing = svg(
            "<defs><linearGradient id=\"a\"><stop offset=\"0\" style=\"stop-color:#f00;font-size:9\"/>\
             </linearGradient></defs><g fill=\"url(#a)\"><path d=\"M0 0h9v9z\"/><use xlink:href=\"#b\"/></g>",
        );
        let clean = clean(&drawing).unwrap();
        for kept in [
            "viewBox=\"0 0 9 9\"",
            "d=\"M0 0h9v9z\"",
            "fill=\"url(#a)\"",
            "stop-color=\"#f00\"",
            "href=\"#b\"",
        ] {
            assert!(clean.contains(kept), "{kept}: {clean}");
        }
        assert!(!clean.contains("font-size"), "{clean}");
    }

    #[test]
    fn what_acts_loads_or_leads_elsewhere_is_left_out() {
        let drawing = svg(
            "<script>alert(1)</script><style>*{fill:url(http://x)}</style><path d=\"M0 0\" onload=\"x()\" \
             fill=\"url(http://x/#a)\" style=\"fill:url('//x')\"/><image href=\"http://x\"/><a href=\"http://x\">\
             <path d=\"M1 1\"/></a><use href=\"http://x#a\"/><foreignObject><p/></foreignObject>\
             <animate attributeName=\"href\"/><text>x</text><set/><h:p xmlns:h=\"h\"/>",
        );
        let clean = clean(&drawing).unwrap();
        for gone in [
            "script", "style", "onload", "http:", "//x", "image", "<a", "foreign", "animate",
            "text", "set", "alert",
        ] {
            let without_namespace = clean.replace(SVG, "");
            assert!(!without_namespace.contains(gone), "{gone}: {clean}");
        }
        assert!(clean.contains("<path d=\"M0 0\">"), "{clean}");
    }

    #[test]
    fn what_is_no_drawing_is_refused() {
        assert!(matches!(clean("PNG"), Err(UnfitDrawing::NotXml(_))));
        assert!(matches!(clean("<html/>"), Err(UnfitDrawing::NotSvg(_))));
        assert_eq!(clean(&svg("<g/>")), Err(UnfitDrawing::Empty));
        assert_eq!(clean(&" ".repeat(LONGEST + 1)), Err(UnfitDrawing::TooLong));
        let deep = format!(
            "{}<path d=\"M0 0\"/>{}",
            "<g>".repeat(40),
            "</g>".repeat(40)
        );
        assert_eq!(clean(&svg(&deep)), Err(UnfitDrawing::TooDeep));
    }

    #[test]
    fn entities_cannot_make_a_small_file_large() {
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">\
            <!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \
            \"&d;&d;&d;&d;&d;&d;&d;&d;\">]>";
        let text = format!("{bomb}{}", svg("<path d=\"&e;&e;&e;&e;&e;&e;&e;&e;\"/>"));
        assert!(clean(&text).map_or(true, |clean| clean.len() < LONGEST));
    }
}
