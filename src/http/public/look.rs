//! How an organ's pages look: one accent colour and a coat of arms, both checked when they are loaded.

use std::fmt;
use std::str::FromStr;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use bytes::Bytes;
use serde::Deserialize;

use super::drawing::{self, UnfitDrawing};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::state::AppState;
use crate::model::Dir3;

/// The least contrast of text against its ground (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// An organ's looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The ground of its buttons and lines, under white text.
    pub accent: Option<Accent>,
    /// Its coat of arms.
    pub coat_of_arms: Option<CoatOfArms>,
}

/// A colour on which white text can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Accent([u8; 3]);

/// Why a text is no accent colour.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum UnfitAccent {
    /// Not a colour.
    #[error("not a colour: # and six hexadecimal digits, such as #7a1f2b")]
    NotAColour,
    /// White text on it could not be read.
    #[error("white text on it has a contrast of {contrast:.1}:1, and 4.5:1 is the least")]
    Contrast {
        /// The contrast.
        contrast: f64,
    },
}

impl FromStr for Accent {
    type Err = UnfitAccent;

    fn from_str(text: &str) -> Result<Self, UnfitAccent> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        let number = digits
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(UnfitAccent::NotAColour)?;
        let [_, red, green, blue] = number.to_be_bytes();
        let accent = Self([red, green, blue]);
        let contrast = accent.contrast_with_white();
        if contrast < LEAST_CONTRAST {
            return Err(UnfitAccent::Contrast { contrast });
        }
        Ok(accent)
    }
}

impl TryFrom<String> for Accent {
    type Error = UnfitAccent;

    fn try_from(text: String) -> Result<Self, UnfitAccent> {
        text.parse()
    }
}

impl Accent {
    /// The contrast ratio of WCAG 2.2.
    fn contrast_with_white(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        });
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        1.05 / (luminance + 0.05)
    }
}

impl fmt::Display for Accent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [red, green, blue] = self.0;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// A coat of arms: a drawing in SVG that can do nothing but be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoatOfArms(Bytes);

impl CoatOfArms {
    /// Keeps of an SVG what draws, and nothing that acts, loads or names something elsewhere.
    ///
    /// # Errors
    /// What cannot be read as SVG, or is too long.
    pub fn of_svg(text: &str) -> Result<Self, UnfitDrawing> {
        drawing::clean(text).map(|svg| Self(svg.into()))
    }
}

/// An organ's accent colour, as a style sheet.
pub(crate) async fn accent(
    state: web::Data<AppState>,
    organ: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let accent = look(&state, &organ).and_then(|look| look.accent);
    let accent = accent.ok_or(ProblemCode::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(format!(":root{{--accent:{accent}}}")))
}

/// An organ's coat of arms. It can do nothing even when it is opened by itself.
pub(crate) async fn coat_of_arms(
    state: web::Data<AppState>,
    organ: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let drawing = look(&state, &organ).and_then(|look| look.coat_of_arms);
    let drawing = drawing.ok_or(ProblemCode::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("image/svg+xml")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; sandbox",
        ))
        .body(drawing.0))
}

fn look(state: &AppState, organ: &str) -> Option<Look> {
    let dir3: Dir3 = organ.parse().ok()?;
    state.site().look(&dir3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_on_which_white_text_cannot_be_read_is_refused() {
        assert_eq!("#1D3F72".parse::<Accent>().unwrap().to_string(), "#1d3f72");
        let pale: UnfitAccent = "#ffcc00".parse::<Accent>().unwrap_err();
        assert!(pale.to_string().contains("contrast of 1.5:1"), "{pale}");
        // Grey at the threshold: 4.54:1 is enough and 4.48:1 is not.
        assert!("#767676".parse::<Accent>().is_ok());
        assert!("#777777".parse::<Accent>().is_err());
    }

    #[test]
    fn what_is_no_colour_is_refused() {
        for text in [
            "", "red", "#12345", "#1234567", "#+12345", "#çé12", "123456",
        ] {
            assert_eq!(
                text.parse::<Accent>(),
                Err(UnfitAccent::NotAColour),
                "{text}"
            );
        }
    }
}
