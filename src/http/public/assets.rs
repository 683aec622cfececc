//! The style sheet and the one script, served by the service itself. Their addresses name their
//! content, so browsers may keep them for good.

use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};

use crate::http::problem::{Problem, ProblemCode};
use crate::model::Sha256Digest;

const STYLE: &str = include_str!("assets/site.css");
/// For the one page with pictures; the others do not carry its weight.
const SPREADS: &str = include_str!("assets/spreads.css");
const SCRIPT: &str = include_str!("assets/check.js");

/// A file that every page may refer to.
struct Asset {
    /// Where it is.
    address: String,
    kind: &'static str,
    content: &'static str,
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        asset("css", "text/css; charset=utf-8", STYLE),
        asset("js", "text/javascript; charset=utf-8", SCRIPT),
        asset("css", "text/css; charset=utf-8", SPREADS),
    ]
});

fn asset(ending: &str, kind: &'static str, content: &'static str) -> Asset {
    let digest = Sha256Digest::of(content.as_bytes()).to_string();
    let mark: String = digest.chars().take(12).collect();
    Asset {
        address: format!("/assets/{mark}.{ending}"),
        kind,
        content,
    }
}

/// Where the style sheet is.
pub(super) fn style() -> &'static str {
    let [style, ..] = &*ASSETS;
    &style.address
}

/// Where the script is.
pub(super) fn script() -> &'static str {
    let [_, script, _] = &*ASSETS;
    &script.address
}

/// Where the style sheet of pages side by side is.
pub(super) fn spreads() -> &'static str {
    let [.., spreads] = &*ASSETS;
    &spreads.address
}

/// Gives one out.
pub(crate) async fn give(name: web::Path<String>) -> Result<HttpResponse, Problem> {
    let wanted = format!("/assets/{name}");
    let asset = ASSETS.iter().find(|asset| asset.address == wanted);
    let asset = asset.ok_or(ProblemCode::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(asset.kind)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .body(asset.content))
}
